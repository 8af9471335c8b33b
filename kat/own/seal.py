#!/usr/bin/env python3
"""Makes ../seal/seal.rsp: `python3 seal.py > ../seal/seal.rsp`; --compare FILE compares instead.

The containers come from container.py, the secrets of ML-KEM from mlkem.py and those of X-Wing
from ../seal/xwing.rsp: nothing is shared with the library.
"""

import pathlib
from hashlib import shake_256

from mlkem import SETS
from container import (AES_128_GCM, AES_256_GCM, CHACHA20_POLY1305, CHUNK, HKDF_SHA256, MESSAGE,
                       ML_KEM_1024, ML_KEM_512, ML_KEM_768, SHAKE128, SHAKE256, STREAM, X_WING,
                       number, sealed)
from records import flip, main, record, reject, section

KDFS = {HKDF_SHA256: "HKDF-SHA256", SHAKE128: "SHAKE128", SHAKE256: "SHAKE256"}
AEADS = {AES_128_GCM: "AES-128-GCM", AES_256_GCM: "AES-256-GCM",
         CHACHA20_POLY1305: "ChaCha20-Poly1305"}
HEADER, COMMITMENT = 24, 32
ENC = {ML_KEM_512: 768, ML_KEM_768: 1088, ML_KEM_1024: 1568, X_WING: 1120}


def random(name, size):
    """Bytes that are the same in every run."""
    return shake_256(b"seal.rsp " + name.encode()).digest(size)


def first_of_xwing():
    text = (pathlib.Path(__file__).parent.parent / "seal/xwing.rsp").read_text(encoding="utf-8")
    fields = dict(line.split(" = ") for line in text.split("\n\n")[2].strip().splitlines())
    return {name: bytes.fromhex(fields[name]) for name in ("sk", "pk", "eseed", "ct", "ss")}


def key_of_mlkem(kem, name=""):
    seed, m = random(name + "d", 32) + random(name + "z", 32), random(name + "m", 32)
    ek, _ = kem.keygen(seed[:32], seed[32:])
    enc, secret = kem.encapsulate(ek, m)
    return {"sk": seed, "pk": ek, "eseed": m, "ct": enc, "ss": secret}


KEYS = {ML_KEM_512: key_of_mlkem(SETS[512], "512 "), ML_KEM_768: key_of_mlkem(SETS[768]),
        ML_KEM_1024: key_of_mlkem(SETS[1024], "1024 "), X_WING: first_of_xwing()}
# These have fewer records.
OTHER_SETS = {ML_KEM_512: "ML-KEM-512", ML_KEM_1024: "ML-KEM-1024"}
AAD, CONTEXT = b"order 17", b"orders, version 2, " + random("context", 20)


class Sealed:
    """A container with all that it was made from."""

    def __init__(self, kem_id=X_WING, kdf_id=HKDF_SHA256, aead_id=CHACHA20_POLY1305, kind=MESSAGE,
                 aad=AAD, context=CONTEXT, content=b"ten barrels"):
        self.key, self.kind, self.suite = KEYS[kem_id], kind, (kem_id, kdf_id, aead_id)
        self.aad, self.context, self.content = aad, context, content
        self.bytes = sealed(kind, self.suite, self.key["pk"], self.key["ct"], self.key["ss"], aad,
                            context, content)

    def sealing(self):
        kem_id, kdf_id, aead_id = (number(n, 2) for n in self.suite)
        return {"kind": bytes([self.kind]), "kem_id": kem_id, "kdf_id": kdf_id, "aead_id": aead_id,
                "sk": self.key["sk"], "eseed": self.key["eseed"], "aad": self.aad,
                "context": self.context, "content": self.content}

    def opening(self, **changes):
        return {"kem_id": number(self.suite[0], 2), "sk": self.key["sk"], "sealed": self.bytes,
                "aad": self.aad, "context": self.context, **changes}

    def commitment(self):
        end = HEADER + ENC[self.suite[0]] + COMMITMENT
        return self.bytes[end - COMMITMENT:end]


def good(what, **parts):
    made = Sealed(**parts)
    record(what, **made.sealing(), commitment=made.commitment(), sealed=made.bytes)


def seal():
    section("seal")
    for kem_id, name in ((ML_KEM_768, "ML-KEM-768"), (X_WING, "X-Wing")):
        for kdf_id, kdf in KDFS.items():
            for aead_id, aead in AEADS.items():
                good(f"message, {name}, {kdf}, {aead}", kem_id=kem_id, kdf_id=kdf_id,
                     aead_id=aead_id)
    good("message, empty, without aad and context", aad=b"", context=b"", content=b"")
    good("message, 300 bytes of aad, 500 of context", aad=random("aad", 300),
         context=random("long context", 500), content=random("content", 100))
    for kdf_id, kdf in KDFS.items():
        good(f"stream, {kdf}", kind=STREAM, kdf_id=kdf_id)
    good("stream, ML-KEM-768", kind=STREAM, kem_id=ML_KEM_768)
    for kem_id, name in OTHER_SETS.items():
        for kdf_id, aead_id in zip(KDFS, AEADS):
            good(f"message, {name}, {KDFS[kdf_id]}, {AEADS[aead_id]}", kem_id=kem_id,
                 kdf_id=kdf_id, aead_id=aead_id)
        good(f"stream, {name}", kind=STREAM, kem_id=kem_id)
    good("stream, empty, without aad and context", kind=STREAM, aad=b"", context=b"", content=b"")
    good("stream, two chunks", kind=STREAM, content=random("chunks", CHUNK + 1))
    reject("export-only AEAD", **{**Sealed().sealing(), "aead_id": b"\xff\xff"})
    reject("no such KDF", **{**Sealed().sealing(), "kdf_id": number(3, 2)})
    reject("context of 60,001 bytes", **{**Sealed().sealing(), "context": bytes(60_001)})


def opened():
    section("open-sealed")
    other = random("another", 20)
    for kind, name in ((MESSAGE, "message"), (STREAM, "stream")):
        made = Sealed(kind=kind)
        end = HEADER + ENC[X_WING] + COMMITMENT
        record(f"{name}, unchanged", **made.opening(), content=made.content)
        for what, at in (("magic", 0), ("kind", 9), ("KEM", 11), ("KDF", 13), ("AEAD", 15),
                         ("size", 23), ("enc, ML-KEM's part", 24), ("enc, X25519's part", 1143),
                         ("commitment, first byte", end - COMMITMENT),
                         ("commitment, last byte", end - 1), ("encrypted content", end),
                         ("tag", -1)):
            reject(f"{name}, changed: {what}", **made.opening(sealed=flip(made.bytes, at)))
        for version in (1, 3):
            changed = made.bytes[:8] + bytes([version]) + made.bytes[9:]
            reject(f"{name}, version {version}", **made.opening(sealed=changed))
        export_only = made.bytes[:14] + b"\xff\xff" + made.bytes[16:]
        reject(f"{name}, export-only AEAD", **made.opening(sealed=export_only))
        reject(f"{name}, another key", **made.opening(sk=random("sk", 32)))
        reject(f"{name}, another aad", **made.opening(aad=other))
        reject(f"{name}, another context", **made.opening(context=other))
        reject(f"{name}, aad and context exchanged", **made.opening(aad=CONTEXT, context=AAD))
        reject(f"{name}, without its commitment",
               **made.opening(sealed=made.bytes[:end - COMMITMENT] + made.bytes[end:]))
        reject(f"{name}, a byte short", **made.opening(sealed=made.bytes[:-1]))
        reject(f"{name}, a byte long", **made.opening(sealed=made.bytes + b"\0"))
        for kem_id, kem in OTHER_SETS.items():
            made = Sealed(kind=kind, kem_id=kem_id)
            end = HEADER + ENC[kem_id] + COMMITMENT
            record(f"{name}, {kem}, unchanged", **made.opening(), content=made.content)
            for what, at in (("KEM", 11), ("enc, the last byte", end - COMMITMENT - 1),
                             ("commitment, last byte", end - 1), ("tag", -1)):
                reject(f"{name}, {kem}, changed: {what}",
                       **made.opening(sealed=flip(made.bytes, at)))
            # A seed is one of every set, but the container is for one of them.
            reject(f"{name}, {kem}, the same seed in ML-KEM-768",
                   **made.opening(kem_id=number(ML_KEM_768, 2)))


main("Sealed messages and streams of seal.hpp and stream.hpp. docs/formats.md has their encoding.",
     "seal.py", [seal, opened])
