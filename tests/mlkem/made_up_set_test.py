#!/usr/bin/env python3
"""A parameter set that FIPS 203 does not have agrees with the plain ML-KEM of kat/own.

usage: made_up_set_test.py PROGRAM
"""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "kat" / "own"))
import mlkem  # noqa: E402

MADE_UP = mlkem.MlKem("made up", 5, 2, 2, 11, 5)
ROUNDS = 5


def expected(d, z, m):
    ek, dk = MADE_UP.keygen(d, z)
    c, k = MADE_UP.encapsulate(ek, m)
    changed = bytes([c[0] ^ 1]) + c[1:]
    return [part.hex() for part in (ek, dk, c, k, MADE_UP.decapsulate(dk, changed))]


def main():
    for _ in range(ROUNDS):
        inputs = [os.urandom(32) for _ in range(3)]
        words = [part.hex() for part in inputs]
        result = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, check=True)
        if result.stdout.split() != expected(*inputs):
            sys.exit(f"different for {' '.join(words)}")
    print(f"{ROUNDS} keys agree")


if __name__ == "__main__":
    main()
