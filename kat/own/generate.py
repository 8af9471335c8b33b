#!/usr/bin/env python3
"""Makes latchkey.rsp: `python3 generate.py > latchkey.rsp`; --compare FILE compares instead.

The answers come from mlkem.py, which shares nothing with the library.
"""

from hashlib import shake_256

from mlkem import H, ML_KEM_768 as kem, Q, byte_decode
from records import flip, main, record, reject, section


def random(name, size):
    """Bytes that are the same in every run."""
    return shake_256(b"latchkey.rsp " + name.encode()).digest(size)


def with_number(encoded, i, number):
    """With the i-th number of ByteEncode_12's output replaced."""
    word = int.from_bytes(encoded, "little")
    word ^= ((word >> 12 * i & 0xfff) ^ number) << 12 * i
    return word.to_bytes(len(encoded), "little")


D, Z, M = random("d", 32), random("z", 32), random("m", 32)
EK, DK = kem.keygen(D, Z)
C, SHARED = kem.encapsulate(EK, M)
ZEROS, ONES = b"\0" * 32, b"\xff" * 32


def keygen():
    section("mlkem768-keygen")
    for what, d, z in (("random", D, Z), ("all zeros", ZEROS, ZEROS), ("all ones", ONES, ONES)):
        ek, dk = kem.keygen(d, z)
        record(what, d=d, z=z, ek=ek, dk=dk)
    reject("d a byte short", d=D[:-1], z=Z)
    reject("d a byte long", d=D + b"\0", z=Z)
    reject("z a byte short, d a byte long", d=D + b"\0", z=Z[:-1])
    reject("z empty", d=D, z=b"")


def encaps():
    section("mlkem768-encaps")
    largest = EK
    for i in range(768):
        largest = with_number(largest[:1152], i, Q - 1) + EK[1152:]
    for what, ek, m in (("random", EK, M), ("m all zeros", EK, ZEROS), ("m all ones", EK, ONES),
                        ("every coefficient is q - 1", largest, M)):
        c, k = kem.encapsulate(ek, m)
        record(what, ek=ek, m=m, c=c, k=k)
    for i, number in ((0, Q), (1, Q), (255, Q), (256, Q + 1), (512, Q),
                      (767, Q), (766, 4095)):
        unreduced = with_number(EK[:1152], i, number) + EK[1152:]
        reject(f"coefficient {i} is {number}", ek=unreduced, m=M)
    reject("ek a byte short", ek=EK[:-1], m=M)
    reject("ek a byte long", ek=EK + b"\0", m=M)
    reject("ek empty", ek=b"", m=M)
    reject("ek of ML-KEM-512's length", ek=EK[:800], m=M)
    reject("m a byte short", ek=EK, m=M[:-1])


def decaps():
    section("mlkem768-decaps")
    record("fits", dk=DK, c=C, k=SHARED)
    for at in (0, 319, 320, 959, 960, 1056, 1087):
        changed = flip(C, at)
        record(f"ciphertext changed at {at}", dk=DK, c=changed, k=kem.decapsulate(DK, changed))
    for what, byte in (("zeros", b"\0"), ("ones", b"\xff")):
        c = byte * 1088
        record(f"ciphertext all {what}", dk=DK, c=c, k=kem.decapsulate(DK, c))
    other_z = DK[:-32] + random("another z", 32)
    record("z replaced, which the hash does not cover", dk=other_z, c=flip(C, 0),
           k=kem.decapsulate(other_z, flip(C, 0)))
    s_hat = byte_decode(12, DK[768:1152])
    small = next(i for i in range(256) if s_hat[i] + Q < 4096)
    unreduced = with_number(DK[:1152], 512 + small, s_hat[small] + Q) + DK[1152:]
    # The standard takes it modulo q. Latchkey refuses it on purpose: no KeyGen makes such a key.
    reject("a coefficient of s_hat plus q", dk=unreduced, c=C)
    for i in (0, 255, 256, 767):
        reject(f"coefficient {i} of s_hat is q", dk=with_number(DK[:1152], i, Q) + DK[1152:], c=C)
    for at in (1152, 2303, 2304, 2335, 2336, 2367):
        reject(f"dk changed at {at}: ek or its hash", dk=flip(DK, at), c=C)
    reject("dk with the hash of another ek", dk=DK[:2336] + H(b"another") + Z, c=C)
    reject("dk a byte short", dk=DK[:-1], c=C)
    reject("dk a byte long", dk=DK + b"\0", c=C)
    reject("dk empty", dk=b"", c=C)
    reject("dk is a seed", dk=D + Z, c=C)
    reject("ciphertext a byte short", dk=DK, c=C[:-1])
    reject("ciphertext a byte long", dk=DK, c=C + b"\0")
    reject("ciphertext empty", dk=DK, c=b"")
    reject("ciphertext of ML-KEM-512's length", dk=DK, c=C[:768])


def seed_decaps():
    section("mlkem768-seed-decaps")
    seed = D + Z
    record("fits", seed=seed, c=C, ek=EK, k=SHARED)
    record("without ek", seed=seed, c=C, k=SHARED)
    for at in (0, 960, 1087):
        record(f"ciphertext changed at {at}", seed=seed, c=flip(C, at), ek=EK,
               k=kem.decapsulate(DK, flip(C, at)))
    reject("seed a byte short", seed=seed[:-1], c=C)
    reject("seed a byte long", seed=seed + b"\0", c=C)
    reject("seed is d alone", seed=D, c=C)
    reject("seed empty", seed=b"", c=C)
    reject("ciphertext a byte short", seed=seed, c=C[:-1])
    reject("ciphertext a byte long", seed=seed, c=C + b"\0")


main("Latchkey's own records: edges, implicit rejection, and inputs that must be rejected.",
     "generate.py", [keygen, encaps, decaps, seed_decaps])
