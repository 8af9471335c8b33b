#!/usr/bin/env python3
"""Handles of another kind and handles that were freed end a program with one clear line.

usage: misuse.py PROGRAM, which is misuse.c
"""

import signal
import subprocess
import sys

# What the line names, by the number of the mistake.
MISTAKES = ["private key", "public key", "secret", "private key", "private key", "public key",
            "secret", "private key", "enclave", "enclave", "stream's opener", "HPKE sender", "secret",
            "public key"]


def main():
    faults = 0
    for number, what in enumerate(MISTAKES):
        done = subprocess.run([sys.argv[1], str(number)], capture_output=True, text=True,
                              check=False, timeout=60)
        line = f"latchkey: a handle is no {what}, or was freed already: the program ends\n"
        if done.returncode != -signal.SIGABRT or done.stderr != line or done.stdout:
            print(f"mistake {number}: {done.returncode}, {done.stdout!r}, {done.stderr!r}")
            faults += 1
    last = subprocess.run([sys.argv[1], str(len(MISTAKES))], check=False)
    if last.returncode != 4:
        print(f"misuse.c has more than {len(MISTAKES)} mistakes")
        faults += 1
    print(f"{len(MISTAKES)} mistakes, {faults} with another end")
    return 1 if faults else 0


sys.exit(main())
