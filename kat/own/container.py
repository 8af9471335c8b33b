"""Sealed messages and streams as docs/formats.md has them, on HPKE's key schedule (RFC 9180, section
5.1, and draft-ietf-hpke-pq). Python's hashlib and hmac, and aead.py: nothing is shared with the
library."""

import hmac
from hashlib import sha256, sha3_256, shake_128, shake_256

from aead import AEADS

HKDF_SHA256, SHAKE128, SHAKE256 = 0x0001, 0x0010, 0x0011
AES_128_GCM, AES_256_GCM, CHACHA20_POLY1305 = 1, 2, 3
ML_KEM_512, ML_KEM_768, ML_KEM_1024, X_WING = 0x0040, 0x0041, 0x0042, 0x647a
MESSAGE, STREAM = 1, 2
CHUNK, TAG = 65_536, 16


def number(n, size):
    return n.to_bytes(size, "big")


def lp(data, size=8):
    return number(len(data), size) + data


class Context:
    """A sender's context in base mode."""

    def __init__(self, kem_id, kdf_id, aead_id, shared_secret, info):
        self.kdf_id = kdf_id
        self.suite_id = b"HPKE" + b"".join(number(n, 2) for n in (kem_id, kdf_id, aead_id))
        key_size, self.aead = AEADS[aead_id]
        if kdf_id == HKDF_SHA256:
            context = b"\0" + self.extract(b"", "psk_id_hash", b"")
            context += self.extract(b"", "info_hash", info)
            secret = self.extract(shared_secret, "secret", b"")
            self.key, self.base_nonce, self.exporter_secret = (
                self.expand(secret, label, context, size)
                for label, size in (("key", key_size), ("base_nonce", 12), ("exp", 32)))
        else:
            exporter_size = 32 if kdf_id == SHAKE128 else 64
            secrets = self.derive(lp(b"", 2) + lp(shared_secret, 2), "secret",
                                  b"\0" + lp(b"", 2) + lp(info, 2), key_size + 12 + exporter_size)
            self.key, self.base_nonce = secrets[:key_size], secrets[key_size:key_size + 12]
            self.exporter_secret = secrets[key_size + 12:]
        self.sequence = 0

    def extract(self, salt, label, ikm):
        labeled = b"HPKE-v1" + self.suite_id + label.encode() + ikm
        return hmac.new(salt or bytes(32), labeled, sha256).digest()

    def expand(self, key, label, info, size):
        labeled = number(size, 2) + b"HPKE-v1" + self.suite_id + label.encode() + info
        output, block, i = b"", b"", 1
        while len(output) < size:
            block = hmac.new(key, block + labeled + bytes([i]), sha256).digest()
            output, i = output + block, i + 1
        return output[:size]

    def derive(self, ikm, label, context, size):
        hashed = (shake_128 if self.kdf_id == SHAKE128 else shake_256)()
        hashed.update(ikm + b"HPKE-v1" + self.suite_id + lp(label.encode(), 2) + number(size, 2))
        hashed.update(context)
        return hashed.digest(size)

    def export(self, exporter_context, size):
        how = self.expand if self.kdf_id == HKDF_SHA256 else self.derive
        return how(self.exporter_secret, "sec", exporter_context, size)

    def seal(self, aad, plaintext):
        nonce = bytes(a ^ b for a, b in zip(self.base_nonce, number(self.sequence, 12)))
        self.sequence += 1
        return self.aead(self.key, nonce, aad, plaintext)


def header(kind, kem_id, kdf_id, aead_id, size, version=2):
    return (b"LATCHKEY" + bytes([version, kind]) + number(kem_id, 2) + number(kdf_id, 2)
            + number(aead_id, 2) + number(size, 8))


def sealed(kind, suite, ek, enc, shared_secret, aad, context, content):
    """A whole container; suite is (kem_id, kdf_id, aead_id)."""
    label = b"latchkey-seal-v2" if kind == MESSAGE else b"latchkey-seal-stream-v2"
    sender = Context(*suite, shared_secret, label + lp(ek) + lp(context))
    beginning = header(kind, *suite, len(content) + TAG if kind == MESSAGE else CHUNK) + enc
    digest = sha3_256(beginning + aad).digest()
    commitment = sender.export(b"latchkey-commitment-v2" + digest, 32)
    container = beginning + commitment
    if kind == MESSAGE:
        return container + sender.seal(container + aad, content)
    for at in range(0, len(content) or 1, CHUNK):
        last = bytes([at + CHUNK >= len(content)])
        container += sender.seal(last + digest + commitment, content[at:at + CHUNK])
    return container
