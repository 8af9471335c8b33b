#!/usr/bin/env python3
"""Prints the accumulated figure of N rounds of ML-KEM-SET, by Python's arithmetic and hashlib:
accumulate.py SET N.

Slow, about 20 rounds a second; what the library's figures are compared with.
"""

import hashlib
import sys

from mlkem import SETS


def accumulate(kem, rounds):
    size = 64 + 32 + kem.ciphertext_size  # a round's part of the input stream
    inputs = hashlib.shake_128(b"").digest(rounds * size)
    outputs = hashlib.shake_128()
    for start in range(0, len(inputs), size):
        d, z, m = (inputs[start + i:start + i + 32] for i in (0, 32, 64))
        ek, dk = kem.keygen(d, z)
        c, k = kem.encapsulate(ek, m)
        for part in (ek, c, k, kem.decapsulate(dk, inputs[start + 96:start + size])):
            outputs.update(part)
        if kem.decapsulate(dk, c) != k:
            sys.exit("decapsulation gave another secret")
    return outputs.hexdigest(32)


if __name__ == "__main__":
    if len(sys.argv) != 3 or not all(word.isdigit() for word in sys.argv[1:]):
        sys.exit(__doc__)
    print(accumulate(SETS[int(sys.argv[1])], int(sys.argv[2])))
