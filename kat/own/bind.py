#!/usr/bin/env python3
"""Makes ../seal/bind.rsp: `python3 bind.py > ../seal/bind.rsp`; --compare FILE compares instead.

The keys come from hashlib and hmac, the secrets of ML-KEM from mlkem.py and those of X-Wing from
../seal/xwing.rsp: nothing is shared with the library.
"""

import hmac
import pathlib
from hashlib import sha256, shake_256

from mlkem import SETS
from records import flip, main, record, reject, section

LABEL = b"latchkey-bind-v1"
HKDF_SHA256, SHAKE256 = 1, 2
MOST = 255 * 32  # of HKDF-SHA256
ML_KEM, X_WING = "0041", "647a"
OTHER_SETS = {512: "0040", 1024: "0042"}


def random(name, size):
    """Bytes that are the same in every run."""
    return shake_256(b"bind.rsp " + name.encode()).digest(size)


def lp(data):
    return len(data).to_bytes(8, "big") + data


def hmac_sha256(key, data):
    return hmac.new(key, data, sha256).digest()


def hkdf_expand(root, info, size):
    """RFC 5869, section 2.3."""
    key, block, i = b"", b"", 1
    while len(key) < size:
        block = hmac_sha256(root, block + info + bytes([i]))
        key, i = key + block, i + 1
    return key[:size]


def session_key(kdf, ss, ct, ek, context, label, size):
    """docs/formats.md."""
    bound = LABEL + bytes([kdf]) + lp(ss) + lp(ct) + lp(ek) + lp(context)
    info = LABEL + lp(label) + size.to_bytes(8, "big")
    if kdf == HKDF_SHA256:
        return hkdf_expand(hmac_sha256(b"", bound), info, size)
    return shake_256(lp(shake_256(bound).digest(64)) + info).digest(size)


def xwing_records():
    text = (pathlib.Path(__file__).parent.parent / "seal/xwing.rsp").read_text(encoding="utf-8")
    for part in text.split("\n\n")[2:]:
        fields = dict(line.split(" = ") for line in part.strip().splitlines())
        yield {name: bytes.fromhex(fields[name]) for name in ("sk", "pk", "ct", "ss")}


kem = SETS[768]
SEED = random("d", 32) + random("z", 32)
EK, DK = kem.keygen(SEED[:32], SEED[32:])
CT, SS = kem.encapsulate(EK, random("m", 32))
CHANGED = flip(CT, 500)
CONTEXT = b"protocol 7, responder, transcript " + random("transcript", 32)
XWING = list(xwing_records())


def inputs(kem_id, sk, ct, kdf=HKDF_SHA256, context=CONTEXT, label=b"client to server", length=32):
    return {"kem_id": kem_id, "kdf": bytes([kdf]), "sk": sk, "ct": ct, "context": context,
            "label": label, "length": length.to_bytes(2, "big")}


def good(what, ek, ss, *arguments, **changes):
    given = inputs(*arguments, **changes)
    key = session_key(given["kdf"][0], ss, given["ct"], ek, given["context"], given["label"],
                      int.from_bytes(given["length"], "big"))
    record(what, **given, ek=ek, ss=ss, key=key)


def bind():
    section("bind")
    for kdf, name in ((HKDF_SHA256, "HKDF-SHA256"), (SHAKE256, "SHAKE256")):
        mlkem = (EK, SS, ML_KEM, SEED, CT, kdf)
        good(f"ML-KEM-768, {name}", *mlkem)
        good(f"ML-KEM-768, {name}, another label", *mlkem, label=b"server to client")
        good(f"ML-KEM-768, {name}, no context, no label", *mlkem, context=b"", label=b"")
        good(f"ML-KEM-768, {name}, 16 bytes", *mlkem, length=16)
        good(f"ML-KEM-768, {name}, 100 bytes", *mlkem, length=100)
        good(f"ML-KEM-768, {name}, 300 bytes of context", *mlkem, context=random("long", 300))
        good(f"ML-KEM-768, {name}, rejected implicitly", EK, kem.decapsulate(DK, CHANGED), ML_KEM,
             SEED, CHANGED, kdf)
        for i, x in enumerate(XWING):
            good(f"X-Wing {i + 1}, {name}", x["pk"], x["ss"], X_WING, x["sk"], x["ct"], kdf)
        for size, kem_id in OTHER_SETS.items():
            other, seed = SETS[size], random(f"{size} d", 32) + random(f"{size} z", 32)
            ek, dk = other.keygen(seed[:32], seed[32:])
            ct, ss = other.encapsulate(ek, random(f"{size} m", 32))
            good(f"{other.name}, {name}", ek, ss, kem_id, seed, ct, kdf)
            changed = flip(ct, len(ct) - 1)
            good(f"{other.name}, {name}, rejected implicitly", ek, other.decapsulate(dk, changed),
                 kem_id, seed, changed, kdf)
            reject(f"{other.name}, {name}, ciphertext a byte short",
                   **inputs(kem_id, seed, ct[:-1], kdf))
            reject(f"{other.name}, {name}, a ciphertext of ML-KEM-768",
                   **inputs(kem_id, seed, CT, kdf))
    good("the longest key of HKDF-SHA256", EK, SS, ML_KEM, SEED, CT, length=MOST)
    reject("a longer key of HKDF-SHA256", **inputs(ML_KEM, SEED, CT, length=MOST + 1))
    reject("no such KDF", **inputs(ML_KEM, SEED, CT, kdf=3))
    reject("a KDF of two bytes", **{**inputs(ML_KEM, SEED, CT), "kdf": b"\0\1"})
    reject("no such KEM", **inputs("0043", SEED, CT))
    reject("the key of the other KEM", **inputs(X_WING, SEED, CT))
    reject("ciphertext a byte short", **inputs(ML_KEM, SEED, CT[:-1]))
    reject("the ciphertext of the other KEM", **inputs(ML_KEM, SEED, XWING[0]["ct"]))


main("Session keys of bind.hpp. docs/formats.md has their encoding.", "bind.py", [bind])
