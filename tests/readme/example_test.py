#!/usr/bin/env python3
"""Runs an example and compares what it prints with the block of the document that begins with its
call: example_test.py DOCUMENT PROGRAM."""

import pathlib
import re
import subprocess
import sys

document, program = map(pathlib.Path, sys.argv[1:])
blocks = re.findall(rf"^    \$ build/examples/{program.name}\n((?:    .*\n)+)", document.read_text(), re.M)
if len(blocks) != 1:
    sys.exit(f"{document.name} shows {program.name} {len(blocks)} times")
shown = re.sub("^    ", "", blocks[0], flags=re.M)
run = subprocess.run([program], capture_output=True, text=True)
if (run.returncode, run.stdout, run.stderr) != (0, shown, ""):
    sys.exit(f"{program.name} ended with {run.returncode} and printed\n{run.stdout}{run.stderr}"
             f"instead of\n{shown}")
print(f"{program.name} prints what {document.name} shows")
