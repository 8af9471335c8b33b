"""Inputs that nobody should take: who does?"""

from exchanges import SEED, TLS, X25519
from parties import Refused


class Material:
    """A key pair, and a ciphertext for it; of TLS, a client's share."""

    def __init__(self, random, ours, scheme):
        if scheme in TLS:
            self.ek, = ours.must(scheme, "start")
            return
        self.seed = random.randbytes(SEED[scheme])
        self.ek, = ours.must(scheme, "public", self.seed)
        self.ciphertext, _ = ours.must(scheme, "encaps", self.ek)
        if scheme.startswith("mlkem"):
            self.dk, = ours.must(scheme, "expand", self.seed)


def not_reduced(random, ek, k=3):
    """ByteEncode12 with one of the 256 k coefficients q or more."""
    changed, i = bytearray(ek), random.randrange(256 * k)
    number, at, shift = random.randrange(3329, 4096), i * 12 // 8, i * 12 % 8
    pair = int.from_bytes(changed[at:at + 2], "little")
    changed[at:at + 2] = (pair & ~(0xfff << shift) | number << shift).to_bytes(2, "little")
    return bytes(changed)


def bad_mlkem(scheme, k):
    """Of a parameter set, as in BAD."""
    return [
        (scheme, [scheme], "encapsulation key with a coefficient of q or more",
         lambda random, one, two: ["encaps", not_reduced(random, one.ek, k)]),
        (scheme, [scheme, "expanded"], "expanded key with another hash",
         lambda random, one, two: ["decaps-expanded", one.dk[:-64] + two.dk[-64:-32] + one.dk[-32:],
                                   one.ciphertext]),
        (scheme, [scheme, "expanded"], "expanded key with the s_hat of another",
         lambda random, one, two: ["decaps-expanded", two.dk[:384 * k] + one.dk[384 * k:],
                                   one.ciphertext])]


# The scheme, what a party must know to be asked, a name, and the question made of two keys.
BAD = [
    *bad_mlkem("mlkem512", 2), *bad_mlkem("mlkem768", 3), *bad_mlkem("mlkem1024", 4),
    ("xwing", ["xwing"], "encapsulation key with a coefficient of q or more",
     lambda random, one, two: ["encaps", not_reduced(random, one.ek)]),
    ("xwing", ["xwing"], "encapsulation key with an X25519 half of zeros",
     lambda random, one, two: ["encaps", one.ek[:-X25519] + bytes(X25519)]),
    ("xwing", ["xwing"], "ciphertext with an X25519 half of zeros",
     lambda random, one, two: ["decaps", one.seed, one.ciphertext[:-X25519] + bytes(X25519)]),
    ("x25519mlkem768", ["x25519mlkem768"], "client share with a coefficient of q or more",
     lambda random, one, two: ["answer", not_reduced(random, one.ek)]),
    ("x25519mlkem768", ["x25519mlkem768"], "client share with an X25519 half of zeros",
     lambda random, one, two: ["answer", one.ek[:-X25519] + bytes(X25519)]),
    ("tls-mlkem768", ["tls-mlkem768"], "client share with a coefficient of q or more",
     lambda random, one, two: ["answer", not_reduced(random, one.ek)]),
    *((group, [group], name, lambda random, one, two, group=group, change=change: [
        "answer", change(random, one.ek[:TLS[group][0]]) + one.ek[TLS[group][0]:]])
      for group in ("secp256r1mlkem768", "secp384r1mlkem1024")
      for name, change in (
          ("client share with a point off the curve",
           lambda random, point: point[:-1] + bytes([point[-1] ^ 1 << random.randrange(8)])),
          ("client share with a point of zeros", lambda random, point: bytes(len(point))),
          ("client share with a point of hybrid form",
           lambda random, point: bytes([6 | point[-1] & 1]) + point[1:]))),
]


def taken(random, ours, party, scheme, question, count):
    """Of `count` such inputs, those that `party` takes."""
    total = 0
    for _ in range(count):
        pair = Material(random, ours, scheme), Material(random, ours, scheme)
        total += not isinstance(party.ask(scheme, *question(random, *pair)), Refused)
    return total
