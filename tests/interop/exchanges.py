"""Exchanges between two parties, and what has to come out of them."""

from parties import Refused

SEED = {"mlkem512": 64, "mlkem768": 64, "mlkem1024": 64, "xwing": 32}
NAMES = {"mlkem512": "ML-KEM-512", "mlkem768": "ML-KEM-768", "mlkem1024": "ML-KEM-1024",
         "xwing": "X-Wing", "x25519mlkem768": "X25519MLKEM768",
         "secp256r1mlkem768": "SecP256r1MLKEM768", "secp384r1mlkem1024": "SecP384r1MLKEM1024",
         "tls-mlkem512": "MLKEM512 of TLS", "tls-mlkem768": "MLKEM768 of TLS",
         "tls-mlkem1024": "MLKEM1024 of TLS"}
# Groups of TLS: the bytes of the curve's half in a share and in the secret, and whether it is first.
TLS = {"x25519mlkem768": (32, 32, False), "secp256r1mlkem768": (65, 32, True),
       "secp384r1mlkem1024": (97, 48, True), "tls-mlkem512": (0, 0, True),
       "tls-mlkem768": (0, 0, True), "tls-mlkem1024": (0, 0, True)}
HKDF_SHA256 = 0x0001
AEAD = {"AES-128-GCM": 0x0001, "AES-256-GCM": 0x0002, "ChaCha20-Poly1305": 0x0003}
X25519 = 32  # bytes, at the end of keys, ciphertexts and shares that have both
MESSAGES = 3  # through one HPKE context


class Row:
    """One line of the table: so many attempts, of which so many came out right."""

    def __init__(self, scheme, what):
        self.scheme, self.what = scheme, what
        self.tried = self.good = 0
        self.fault = None

    def judge(self, good, *evidence):
        self.tried += 1
        self.good += good
        if not good and self.fault is None:
            self.fault = " ".join(shown(item) for item in evidence)

    @property
    def passed(self):
        return self.tried > 0 and self.good == self.tried


def shown(item):
    """Everything that repeats a fault, in hexadecimal."""
    if isinstance(item, bytes):
        return item.hex() or "-"
    if isinstance(item, list):
        return "[" + " ".join(shown(part) for part in item) + "]"
    return str(item)


def flipped(random, data, low=0, high=None):
    """With one bit changed, of the bytes from `low` to `high`."""
    changed = bytearray(data)
    changed[random.choice(range(len(data))[low:high])] ^= 1 << random.randrange(8)
    return bytes(changed)


def rows(random, ours, theirs, scheme, count):
    """Yields every row of two parties in a scheme, with `count` keys."""
    if scheme in TLS:
        yield from tls_rows(random, ours, theirs, scheme, count)
        return
    same, pairs = keys(random, ours, theirs, scheme, count)
    yield same
    if scheme.startswith("mlkem") and "expanded" in theirs.schemes:
        yield expanded_row(ours, theirs, scheme, pairs)
    yield from kem_rows(random, ours, theirs, scheme, pairs)
    if "hpke" in theirs.schemes:
        for aead in AEAD:
            yield from hpke_rows(random, ours, theirs, scheme, aead, False, pairs)
        yield from hpke_rows(random, ours, theirs, scheme, "AES-128-GCM", True, pairs)


def keys(random, ours, theirs, scheme, count):
    """A row, and `count` seeds with their encapsulation keys."""
    row = Row(NAMES[scheme], "the same key of a seed")
    pairs = []
    for _ in range(count):
        seed = random.randbytes(SEED[scheme])
        mine, yours = (party.must(scheme, "public", seed) for party in (ours, theirs))
        row.judge(mine == yours, seed, mine, yours)
        pairs.append((seed, mine[0]))
    return row, pairs


def expanded_row(ours, theirs, scheme, pairs):
    row = Row(NAMES[scheme], "the same expanded key, and both use it")
    for seed, ek in pairs:
        mine, yours = (party.must(scheme, "expand", seed) for party in (ours, theirs))
        ciphertext, secret = ours.must(scheme, "encaps", ek)
        both = [party.ask(scheme, "decaps-expanded", *mine, ciphertext) for party in (ours, theirs)]
        row.judge(mine == yours and both == [[secret], [secret]], seed, ciphertext, mine, yours,
                  secret, *both)
    return row


def kem_rows(random, ours, theirs, scheme, pairs):
    name = NAMES[scheme]
    to_us = Row(name, "they encapsulate, we decapsulate")
    to_them = Row(name, "we encapsulate, they decapsulate")
    changed = Row(name, "a flipped bit: both get the same other secret")
    strange = Row(name, "another's key: both get the same other secret")
    for i, (seed, ek) in enumerate(pairs):
        for row, sender, receiver in ((to_us, theirs, ours), (to_them, ours, theirs)):
            ciphertext, secret = sender.must(scheme, "encaps", ek)
            got = receiver.ask(scheme, "decaps", seed, ciphertext)
            row.judge(got == [secret], seed, ciphertext, secret, got)
            half = -X25519 if scheme == "xwing" and i % 2 else 0
            both_get_another(changed, ours, theirs, secret, scheme, seed,
                             flipped(random, ciphertext, half))
            both_get_another(strange, ours, theirs, secret, scheme,
                             random.randbytes(SEED[scheme]), ciphertext)
    return to_us, to_them, changed, strange


def both_get_another(row, ours, theirs, secret, scheme, seed, ciphertext):
    """Implicit rejection, which is part of the standard: not only do both fail, they agree."""
    mine, yours = (party.ask(scheme, "decaps", seed, ciphertext) for party in (ours, theirs))
    row.judge(mine == yours and mine != [secret], seed, ciphertext, mine, yours)


def hpke_rows(random, ours, theirs, scheme, aead, with_psk, pairs):
    suite = [number.to_bytes(2, "big") for number in (HKDF_SHA256, AEAD[aead])]
    name = f"HPKE {NAMES[scheme]}, {aead}{', PSK' if with_psk else ''}"
    to_us = Row(name, "they seal, we open and export")
    to_them = Row(name, "we seal, they open and export")
    refused = Row(name, "something changed: both refuse")
    for i, (seed, ek) in enumerate(pairs):
        for row, sender, receiver in ((to_us, theirs, ours), (to_them, ours, theirs)):
            psk = [random.randbytes(32 + i), random.randbytes(1 + i)] if with_psk else [b"", b""]
            agreed = [*suite, random.randbytes(i % 50), *psk]
            context = random.randbytes(i % 9)
            aads = [random.randbytes(i % 40 * j) for j in range(MESSAGES)]
            texts = [random.randbytes(i * j % 300) for j in range(MESSAGES)]
            enc, exported, *boxes = sender.must(scheme, "seal", *agreed, ek, context,
                                                *woven(aads, texts))
            question = [*agreed, seed, enc, context, *woven(aads, boxes)]
            got = receiver.ask(scheme, "open", *question)
            row.judge(got == [exported, *texts], *question, got)
            forged = spoilt(random, i, question)
            both = [party.ask(scheme, "open", *forged) for party in (ours, theirs)]
            refused.judge(all(isinstance(got, Refused) for got in both), *forged, *both)
    return to_us, to_them, refused


def tls_rows(random, ours, theirs, scheme, count):
    """Key exchanges of TLS 1.3. A client's private half never leaves it, so nobody else can be
    asked for the secret of a changed share; but each half of it must come from that half, and what
    is no point of its curve is refused."""
    point, scalar, is_first = TLS[scheme]
    in_share, in_secret = ((slice(size), slice(size, None)) if is_first else
                           (slice(-size, None), slice(-size)) for size in (point, scalar))
    to_us = Row(NAMES[scheme], "they answer, we finish")
    to_them = Row(NAMES[scheme], "we answer, they finish")
    changed = Row(NAMES[scheme], "a flipped bit: that half of the secret is another")
    refused = Row(NAMES[scheme], "a point with a flipped bit: refused")
    for i in range(count):
        for row, server, client in ((to_us, theirs, ours), (to_them, ours, theirs)):
            question, answer, secret, got = handshake(server, client, scheme, lambda share: share)
            row.judge(got == [secret], question, answer, secret, got)
            in_curve = point > 0 and i % 2 == 1
            low, high = in_share[not in_curve].start, in_share[not in_curve].stop
            if in_curve and not is_first:
                high = -1  # X25519 ignores its highest bit, in the last byte
            if in_curve and is_first:
                low = 1  # a first byte of 6 or 7 is the hybrid form, which some take: bad_input.py
            question, answer, secret, got = handshake(
                server, client, scheme, lambda share: flipped(random, share, low, high))
            if in_curve and is_first:
                refused.judge(isinstance(got, Refused), question, answer, secret, got)
                continue
            same = [not isinstance(got, Refused) and got[0][half] == secret[half]
                    for half in in_secret]
            changed.judge(same == [not in_curve, in_curve], question, answer, secret, got)
    return (to_us, to_them, changed, refused)[:4 if point > 0 and is_first else 3]


def handshake(server, client, scheme, carry):
    """The client's share, what `carry` made of the server's, and the secret of each."""
    question, = client.must(scheme, "start")
    answer, secret = server.must(scheme, "answer", question)
    answer = carry(answer)
    return question, answer, secret, client.ask(scheme, "finish", answer)


def woven(left, right):
    return [item for pair in zip(left, right) for item in pair]


def spoilt(random, i, question):
    """What nobody may open, made of what both open, in the i-th of eight ways."""
    kdf, aead, info, psk, psk_id, seed, enc, context, *rest = question
    way = i % 8
    if way == 0:
        enc = flipped(random, enc)
    elif way == 1 or (way < 4 and not psk):
        info += b"\0"
    elif way == 2:
        psk = flipped(random, psk)
    elif way == 3:
        psk_id += b"\0"
    elif way == 4:
        seed = random.randbytes(len(seed))
    elif way == 5:
        rest[0] += b"\0"  # the first aad
    elif way == 6:
        rest[-1] = flipped(random, rest[-1])
    else:
        rest = rest[2:] + rest[:2]  # the second message before the first
    return [kdf, aead, info, psk, psk_id, seed, enc, context, *rest]
