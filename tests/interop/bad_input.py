"""Inputs that nobody should take: who does?"""

from exchanges import SEED, X25519
from parties import Refused


class Material:
    """A key pair, and a ciphertext for it."""

    def __init__(self, random, ours, scheme):
        self.seed = random.randbytes(SEED[scheme])
        self.ek, = ours.must(scheme, "public", self.seed)
        self.ciphertext, _ = ours.must(scheme, "encaps", self.ek)
        if scheme == "mlkem768":
            self.dk, = ours.must(scheme, "expand", self.seed)


def not_reduced(random, ek):
    """ByteEncode12 with one of the 768 coefficients q or more."""
    changed, i = bytearray(ek), random.randrange(768)
    number, at, shift = random.randrange(3329, 4096), i * 12 // 8, i * 12 % 8
    pair = int.from_bytes(changed[at:at + 2], "little")
    changed[at:at + 2] = (pair & ~(0xfff << shift) | number << shift).to_bytes(2, "little")
    return bytes(changed)


# The scheme, what else a party must know to be asked, a name, and the question made of two keys.
BAD = [
    ("mlkem768", "mlkem768", "encapsulation key with a coefficient of q or more",
     lambda random, one, two: ["encaps", not_reduced(random, one.ek)]),
    ("mlkem768", "expanded", "expanded key with another hash",
     lambda random, one, two: ["decaps-expanded",
                               one.dk[:2336] + two.dk[2336:2368] + one.dk[2368:],
                               one.ciphertext]),
    ("mlkem768", "expanded", "expanded key with the s_hat of another",
     lambda random, one, two: ["decaps-expanded", two.dk[:1152] + one.dk[1152:], one.ciphertext]),
    ("xwing", "xwing", "encapsulation key with a coefficient of q or more",
     lambda random, one, two: ["encaps", not_reduced(random, one.ek)]),
    ("xwing", "xwing", "encapsulation key with an X25519 half of zeros",
     lambda random, one, two: ["encaps", one.ek[:-X25519] + bytes(X25519)]),
    ("xwing", "xwing", "ciphertext with an X25519 half of zeros",
     lambda random, one, two: ["decaps", one.seed, one.ciphertext[:-X25519] + bytes(X25519)]),
]


def taken(random, ours, party, scheme, question, count):
    """Of `count` such inputs, those that `party` takes."""
    total = 0
    for _ in range(count):
        pair = Material(random, ours, scheme), Material(random, ours, scheme)
        total += not isinstance(party.ask(scheme, *question(random, *pair)), Refused)
    return total
