#!/usr/bin/env python3
"""Prints the accumulated figure of N rounds, by Python's arithmetic and hashlib: accumulate.py N.

Slow, about 20 rounds a second; what the library's figures are compared with.
"""

import hashlib
import sys

from mlkem768 import decapsulate, encapsulate, keygen

ROUND = 64 + 32 + 1088  # bytes of the input stream


def accumulate(rounds):
    inputs = hashlib.shake_128(b"").digest(rounds * ROUND)
    outputs = hashlib.shake_128()
    for start in range(0, len(inputs), ROUND):
        d, z, m = (inputs[start + i:start + i + 32] for i in (0, 32, 64))
        ek, dk = keygen(d, z)
        c, k = encapsulate(ek, m)
        for part in (ek, c, k, decapsulate(dk, inputs[start + 96:start + ROUND])):
            outputs.update(part)
        if decapsulate(dk, c) != k:
            sys.exit("decapsulation gave another secret")
    return outputs.hexdigest(32)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    print(accumulate(int(sys.argv[1])))
