#!/usr/bin/env python3
"""Makes nist-hybrid.rsp: `python3 nist_hybrid.py > nist-hybrid.rsp`; --compare FILE compares instead.

MLKEM768-P256 and MLKEM1024-P384 (draft-irtf-cfrg-concrete-hybrid-kems), on mlkem.py and
nist_curve.py, which share nothing with the library. The vectors of draft-ietf-hpke-pq reject no
candidate for a scalar; these do.
"""

import pathlib
from hashlib import sha3_256, shake_256

import mlkem
from nist_curve import P256, P384
from records import flip, main, record, reject, section


class Hybrid:
    def __init__(self, kem_id, name, kem, curve, candidates):
        self.id, self.name, self.kem, self.curve = kem_id.to_bytes(2, "big"), name, kem, curve
        self.seed_size = candidates * curve.size  # of a scalar

    def scalar(self, seed):
        """RandomScalar(): the first candidate in range."""
        for at in range(0, len(seed), self.curve.size):
            scalar = int.from_bytes(seed[at:at + self.curve.size], "big")
            if 0 < scalar < self.curve.n:
                return scalar
        raise ValueError("no candidate is in range")

    def expand(self, seed):
        """(ek, dk of ML-KEM, scalar)."""
        full = shake_256(seed).digest(64 + self.seed_size)
        ek, dk = self.kem.keygen(full[:32], full[32:64])
        scalar = self.scalar(full[64:])
        return ek + self.curve.public_key(scalar), dk, scalar

    def combine(self, ss_pq, ss_t, ct_t, ek_t):
        return sha3_256(ss_pq + ss_t + ct_t + ek_t + self.name.encode()).digest()

    def split(self, joined):
        at = len(joined) - (1 + 2 * self.curve.size)
        return joined[:at], joined[at:]

    def encapsulate(self, ek, randomness):
        ek_pq, ek_t = self.split(ek)
        ct_pq, ss_pq = self.kem.encapsulate(ek_pq, randomness[:32])
        scalar = self.scalar(randomness[32:])
        ct_t = self.curve.public_key(scalar)
        return ct_pq + ct_t, self.combine(ss_pq, self.curve.shared_secret(scalar, ek_t), ct_t, ek_t)

    def decapsulate(self, seed, ct):
        ek, dk, scalar = self.expand(seed)
        ct_pq, ct_t = self.split(ct)
        return self.combine(self.kem.decapsulate(dk, ct_pq), self.curve.shared_secret(scalar, ct_t),
                            ct_t, self.split(ek)[1])


HYBRIDS = (Hybrid(0x50, "MLKEM768-P256", mlkem.ML_KEM_768, P256, 3),
           Hybrid(0x51, "MLKEM1024-P384", mlkem.ML_KEM_1024, P384, 1))


def check_published():
    """That this is what the published vectors are made by, before anything else is made by it."""
    path = pathlib.Path(__file__).parent.parent / "seal/hpke-pq-kems.rsp"
    by_id = {hybrid.id.hex(): hybrid for hybrid in HYBRIDS}
    for text in path.read_text(encoding="utf-8").split("\n\n"):
        fields = dict(line.split(" = ") for line in text.splitlines() if " = " in line)
        hybrid = by_id.pop(fields.get("kem_id"), None)
        if hybrid:
            sk, pk, ikm, enc, secret = (bytes.fromhex(fields[name]) for name in
                                        ("skRm", "pkRm", "ikmE", "enc", "shared_secret"))
            assert hybrid.expand(sk)[0] == pk and hybrid.encapsulate(pk, ikm) == (enc, secret)
            assert hybrid.decapsulate(sk, enc) == secret
    assert not by_id


def random(hybrid, what, size):
    """Bytes that are the same in every run."""
    return shake_256(f"nist-hybrid.rsp {hybrid.name} {what}".encode()).digest(size)


def number(hybrid, n):
    return n.to_bytes(hybrid.curve.size, "big")


def bad_points(hybrid, point):
    """(what, bytes) that are no uncompressed point of the curve."""
    curve = hybrid.curve
    x, y = curve.decode(point)
    yield "not on the curve", flip(point, -1)
    yield "of zeros", bytes(len(point))
    yield "at infinity, filled up", b"\4" + bytes(2 * curve.size)
    yield "compressed, filled up", bytes([2 + y % 2]) + number(hybrid, x) + bytes(curve.size)
    yield "hybrid form", bytes([6 + y % 2]) + point[1:]
    yield "x is p", b"\4" + number(hybrid, curve.p) + point[1 + curve.size:]
    yield "y is p", b"\4" + point[1:1 + curve.size] + number(hybrid, curve.p)
    yield "x of all ones", b"\4" + b"\xff" * curve.size + point[1 + curve.size:]


def keygen():
    section("nist-hybrid-keygen")
    for hybrid in HYBRIDS:
        for what, seed in (("random", random(hybrid, "seed", 32)), ("zeros", bytes(32)),
                           ("ones", b"\xff" * 32)):
            record(f"{hybrid.name}, {what}", kem_id=hybrid.id, seed=seed, ek=hybrid.expand(seed)[0])
        for size in (0, 31, 33, 64):
            reject(f"{hybrid.name}, {size} bytes", kem_id=hybrid.id,
                   seed=random(hybrid, "seed", size))


def encaps():
    section("nist-hybrid-encaps")
    for hybrid in HYBRIDS:
        ek = hybrid.expand(random(hybrid, "seed", 32))[0]
        m, n = random(hybrid, "m", 32), hybrid.curve.n
        good = number(hybrid, int.from_bytes(random(hybrid, "scalar", hybrid.curve.size), "big") % n)
        zero, ones = bytes(hybrid.curve.size), b"\xff" * hybrid.curve.size
        spare = hybrid.seed_size // hybrid.curve.size - 1

        def accepted(what, candidates, ek=ek):
            c, k = hybrid.encapsulate(ek, m + candidates)
            record(f"{hybrid.name}, {what}", kem_id=hybrid.id, ek=ek, randomness=m + candidates, c=c,
                   k=k)

        def rejected(what, candidates, ek=ek):
            reject(f"{hybrid.name}, {what}", kem_id=hybrid.id, ek=ek, randomness=m + candidates)

        filled = random(hybrid, "unused candidates", spare * hybrid.curve.size)
        accepted("the first candidate of several", good + filled)
        for what, scalar in (("1", 1), ("2", 2), ("n - 1", n - 1)):
            accepted(f"scalar {what}", number(hybrid, scalar) + filled)
        for rejects in range(1, spare + 1):
            rest = filled[rejects * hybrid.curve.size:]
            for what, out in (("0", zero), ("n", number(hybrid, n)), ("n + 1", number(hybrid, n + 1)),
                              ("all ones", ones)):
                accepted(f"{rejects} rejected, {what}", out * rejects + good + rest)
        for what, out in (("0", zero), ("n", number(hybrid, n)), ("all ones", ones)):
            rejected(f"all rejected, {what}", out * (spare + 1))
        if spare:
            rejected("all rejected, each for a reason of its own", zero + number(hybrid, n) + ones)
        ek_pq, ek_t = hybrid.split(ek)
        for what, point in bad_points(hybrid, ek_t):
            rejected(f"the key's point {what}", good + filled, ek_pq + point)
        rejected("an ML-KEM key that is not reduced", good + filled, b"\xff" * 3 + ek[3:])
        rejected("a key a byte short", good + filled, ek[:-1])
        rejected("a key a byte long", good + filled, ek + b"\0")
        rejected("randomness a byte short", (good + filled)[:-1])
        rejected("randomness a byte long", good + filled + b"\1")


def decaps():
    section("nist-hybrid-decaps")
    for hybrid in HYBRIDS:
        seed = random(hybrid, "seed", 32)
        ek = hybrid.expand(seed)[0]
        randomness = random(hybrid, "randomness", 32 + hybrid.seed_size)
        c, k = hybrid.encapsulate(ek, randomness)
        assert hybrid.decapsulate(seed, c) == k
        record(f"{hybrid.name}, fits", kem_id=hybrid.id, seed=seed, c=c, k=k)
        c_pq, c_t = hybrid.split(c)
        for at in (0, len(c_pq) - 1):
            changed = flip(c, at)
            record(f"{hybrid.name}, ML-KEM's half changed at {at}", kem_id=hybrid.id, seed=seed,
                   c=changed, k=hybrid.decapsulate(seed, changed))
        other = c_pq + hybrid.curve.public_key(2)
        record(f"{hybrid.name}, another point", kem_id=hybrid.id, seed=seed, c=other,
               k=hybrid.decapsulate(seed, other))
        x, y = hybrid.curve.decode(c_t)
        other = c_pq + hybrid.curve.encode((x, hybrid.curve.p - y))
        record(f"{hybrid.name}, the negative point: one x, another secret", kem_id=hybrid.id,
               seed=seed, c=other, k=hybrid.decapsulate(seed, other))
        for what, point in bad_points(hybrid, c_t):
            reject(f"{hybrid.name}, the point {what}", kem_id=hybrid.id, seed=seed, c=c_pq + point)
        reject(f"{hybrid.name}, a byte short", kem_id=hybrid.id, seed=seed, c=c[:-1])
        reject(f"{hybrid.name}, a byte long", kem_id=hybrid.id, seed=seed, c=c + b"\0")
        reject(f"{hybrid.name}, empty", kem_id=hybrid.id, seed=seed, c=b"")
        reject(f"{hybrid.name}, ML-KEM's half alone", kem_id=hybrid.id, seed=seed, c=c_pq)
        reject(f"{hybrid.name}, the point first", kem_id=hybrid.id, seed=seed, c=c_t + c_pq)


if __name__ == "__main__":
    check_published()
    main("MLKEM768-P256 and MLKEM1024-P384: rejected candidates for a scalar, and bad points.",
         "own/nist_hybrid.py", [keygen, encaps, decaps])
