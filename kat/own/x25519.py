#!/usr/bin/env python3
"""Makes x25519.rsp: `python3 x25519.py > x25519.rsp`; --compare FILE compares instead.

The answers come from curve25519.py, which shares nothing with the library.
"""

from hashlib import shake_256

from curve25519 import BASE, ORDER, P, x25519
from records import main, record, reject, section


def random(name):
    """Bytes that are the same in every run."""
    return shake_256(b"x25519.rsp " + name.encode()).digest(32)


def number(n):
    return (n % 2 ** 256).to_bytes(32, "little")


def exchange(what, secret, peer):
    shared = x25519(secret, peer)
    if shared == bytes(32):
        reject(what, secret=secret, peer=peer)
    else:
        record(what, secret=secret, peer=peer, pub=x25519(secret, BASE), shared=shared)


def rfc7748():
    section("x25519")
    for i, (secret, peer) in enumerate((
            ("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
             "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"),
            ("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
             "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"))):
        exchange(f"RFC 7748, section 5.2, vector {i + 1}", bytes.fromhex(secret), bytes.fromhex(peer))
    alice = bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    bob = bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    exchange("RFC 7748, section 6.1, Alice", alice, x25519(bob, BASE))
    exchange("RFC 7748, section 6.1, Bob", bob, x25519(alice, BASE))


def scalars():
    """Those whose digits in radix 16 make carries, or none, when they become digits from -8 to 8."""
    for digits in ("0", "1", "7", "8", "9", "f", "78", "87", "0f", "f0", "7777777777777778",
                   "8777777777777777"):
        secret = bytes.fromhex(digits * (64 // len(digits)))[::-1]
        exchange(f"secret of digits {digits}", secret, random(digits))
    sevens = 7 * (16 ** 64 - 1) // 15
    exchange("secret with a carry from the lowest digit to the highest", number(sevens + 1), random("carry"))
    for at in (15, 16, 31, 32, 47, 48, 62):
        exchange(f"secret whose carries end at digit {at}", number(sevens + 1 - 16 ** at), random(f"end {at}"))
        exchange(f"secret whose carries begin at digit {at}", number(sevens + 16 ** at), random(f"begin {at}"))
    for j in range(-8, 9):
        for m in range(4, 8):
            if (m * ORDER + j) % 8 == 0:
                exchange(f"secret that makes the public key {j} B", number(m * ORDER + j), random(f"{j}"))


def peers():
    def both(what, u):
        exchange(what, random(what), number(u))
        exchange(f"{what}, with bit 255", random(what + "'"), number(u ^ 1 << 255))

    for u in (0, 1, 2, 9, P - 2, P - 1):
        both(f"peer {u if u < 10 else f'p - {P - u}'}", u)
    for u in range(P, 2 ** 255):
        both(f"peer p + {u - P}", u)
    # Of order 8, on the curve.
    for u in ("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
              "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"):
        both(f"peer {u[:8]}... of order 8", int.from_bytes(bytes.fromhex(u), "little"))
    for size in (51, 64):
        for first in range(0, 255, size):
            ones = (2 ** size - 1 << first) % 2 ** 255
            both(f"peer with ones in the {size} bits from {first} on", ones)
            both(f"peer with zeros in the {size} bits from {first} on", 2 ** 255 - 1 - ones)


def lengths():
    secret, peer = random("secret"), random("peer")
    for what, size in (("a byte short", 31), ("a byte long", 33), ("empty", 0)):
        reject(f"secret {what}", secret=(secret * 2)[:size], peer=peer)
        reject(f"peer {what}", secret=secret, peer=(peer * 2)[:size])


main("Records of our own for X25519: edges of the arithmetic, and inputs that must be rejected.",
     "x25519.py", [rfc7748, scalars, peers, lengths])
