#!/usr/bin/env python3
"""Runs an example and compares what it prints with what the document shows below its call:
example_test.py DOCUMENT PROGRAM."""

import pathlib
import subprocess
import sys

import pages

document, program = map(pathlib.Path, sys.argv[1:])
shown = [output for block in pages.split(document.read_text())[0] if block.tag == "console"
         for command, output in pages.session(block.text)
         if command == f"build/examples/{program.name}"]
if len(shown) != 1:
    sys.exit(f"{document.name} shows {program.name} {len(shown)} times")
run = subprocess.run([program], capture_output=True, text=True)
if (run.returncode, run.stdout, run.stderr) != (0, shown[0], ""):
    sys.exit(f"{program.name} ended with {run.returncode} and printed\n{run.stdout}{run.stderr}"
             f"instead of\n{shown[0]}")
print(f"{program.name} prints what {document.name} shows")
