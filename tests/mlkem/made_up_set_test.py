#!/usr/bin/env python3
"""Parameter sets that FIPS 203 does not have agree with the plain ML-KEM of kat/own.

usage: made_up_set_test.py PROGRAM
"""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "kat" / "own"))
import mlkem  # noqa: E402

# made_up_set.cpp has the same list.
SETS = [mlkem.MlKem("made up", *numbers)
        for numbers in ((5, 2, 2, 11, 5), (5, 3, 2, 10, 4), (3, 3, 2, 10, 4))]
ROUNDS = 3


def expected(kem, d, z, m):
    ek, dk = kem.keygen(d, z)
    c, k = kem.encapsulate(ek, m)
    changed = bytes([c[0] ^ 1]) + c[1:]
    return [part.hex() for part in (ek, dk, c, k, kem.decapsulate(dk, changed))]


def main():
    for number, kem in enumerate(SETS):
        for _ in range(ROUNDS):
            inputs = [os.urandom(32) for _ in range(3)]
            words = [str(number), *(part.hex() for part in inputs)]
            result = subprocess.run([sys.argv[1], *words], capture_output=True, text=True,
                                    check=True)
            if result.stdout.split() != expected(kem, *inputs):
                sys.exit(f"different for {' '.join(words)}")
    print(f"{len(SETS)} sets, {ROUNDS} keys each, agree")


if __name__ == "__main__":
    main()
