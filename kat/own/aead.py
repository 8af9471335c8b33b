"""ChaCha20-Poly1305 (RFC 8439) and AES-GCM (NIST SP 800-38D) by the letter of their standards: slow,
not constant-time, and shared with nothing else. `python3 aead.py` checks them with vectors of the
standards."""


# ---- ChaCha20-Poly1305

def chacha20_block(key, counter, nonce):
    """RFC 8439, section 2.3."""
    words = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]
    words += [int.from_bytes(key[i:i + 4], "little") for i in range(0, 32, 4)]
    words += [counter] + [int.from_bytes(nonce[i:i + 4], "little") for i in range(0, 12, 4)]
    x = list(words)

    def quarter_round(a, b, c, d):
        for i, j, k, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            x[i] = (x[i] + x[j]) & 0xffffffff
            word = x[k] ^ x[i]
            x[k] = (word << bits | word >> 32 - bits) & 0xffffffff

    for _ in range(10):
        for column in range(4):
            quarter_round(column, 4 + column, 8 + column, 12 + column)
        for i in range(4):
            quarter_round(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return b"".join(((a + b) & 0xffffffff).to_bytes(4, "little") for a, b in zip(x, words))


def poly1305(key, message):
    """RFC 8439, section 2.5."""
    r = int.from_bytes(key[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
    total = 0
    for i in range(0, len(message), 16):
        block = message[i:i + 16] + b"\1"
        total = (total + int.from_bytes(block, "little")) * r % ((1 << 130) - 5)
    return ((total + int.from_bytes(key[16:], "little")) % (1 << 128)).to_bytes(16, "little")


def chacha20_poly1305(key, nonce, aad, plaintext):
    """RFC 8439, section 2.8: ciphertext || tag."""
    stream = b"".join(chacha20_block(key, 1 + i, nonce) for i in range((len(plaintext) + 63) // 64))
    ciphertext = bytes(a ^ b for a, b in zip(plaintext, stream))
    sizes = len(aad).to_bytes(8, "little") + len(ciphertext).to_bytes(8, "little")
    message = aad + bytes(-len(aad) % 16) + ciphertext + bytes(-len(ciphertext) % 16) + sizes
    return ciphertext + poly1305(chacha20_block(key, 0, nonce)[:32], message)


# ---- AES-GCM

def xtime(a):
    """Multiplication by x in GF(2^8) of FIPS 197."""
    return (a << 1 ^ 0x11b) & 0xff if a & 0x80 else a << 1


def multiplied(a, b):
    total = 0
    while b:
        total ^= a if b & 1 else 0
        a, b = xtime(a), b >> 1
    return total


def make_sbox():
    """FIPS 197, section 5.1.1: the inverse, then an affine map."""
    inverse = {a: next((b for b in range(256) if multiplied(a, b) == 1), 0) for a in range(256)}
    sbox = []
    for a in range(256):
        b = inverse[a] * 0x101  # so that a rotation is a shift
        sbox.append((b ^ b >> 4 ^ b >> 5 ^ b >> 6 ^ b >> 7 ^ 0x63) & 0xff)
    return sbox


SBOX = make_sbox()


def round_keys(key):
    """FIPS 197, section 5.2."""
    words = [list(key[i:i + 4]) for i in range(0, len(key), 4)]
    count, constant = len(words), 1
    while len(words) < 4 * (count + 7):
        word = list(words[-1])
        if len(words) % count == 0:
            word = [SBOX[b] for b in word[1:] + word[:1]]
            word[0] ^= constant
            constant = xtime(constant)
        elif count == 8 and len(words) % 8 == 4:
            word = [SBOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[-count], word)])
    return [sum(words[i:i + 4], []) for i in range(0, len(words), 4)]


def aes_block(keys, block):
    """FIPS 197, section 5.1."""
    state = [a ^ b for a, b in zip(block, keys[0])]
    for number, key in enumerate(keys[1:], 1):
        state = [SBOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]  # SubBytes, ShiftRows
        if number < len(keys) - 1:
            columns = [state[i:i + 4] for i in range(0, 16, 4)]
            state = [xtime(c[i]) ^ xtime(c[(i + 1) % 4]) ^ c[(i + 1) % 4] ^ c[(i + 2) % 4]
                     ^ c[(i + 3) % 4] for c in columns for i in range(4)]
        state = [a ^ b for a, b in zip(state, key)]
    return bytes(state)


def ghash(h, message):
    """SP 800-38D, section 6.4."""
    h, total = int.from_bytes(h, "big"), 0
    for i in range(0, len(message), 16):
        x, v, product = total ^ int.from_bytes(message[i:i + 16], "big"), h, 0
        for bit in range(127, -1, -1):
            if x >> bit & 1:
                product ^= v
            v = v >> 1 ^ (0xe1 << 120 if v & 1 else 0)
        total = product
    return total.to_bytes(16, "big")


def aes_gcm(key, nonce, aad, plaintext):
    """SP 800-38D, section 7.1: ciphertext || tag."""
    keys = round_keys(key)

    def stream(i):
        return aes_block(keys, nonce + i.to_bytes(4, "big"))

    keystream = b"".join(stream(2 + i) for i in range((len(plaintext) + 15) // 16))
    ciphertext = bytes(a ^ b for a, b in zip(plaintext, keystream))
    sizes = (8 * len(aad)).to_bytes(8, "big") + (8 * len(ciphertext)).to_bytes(8, "big")
    message = aad + bytes(-len(aad) % 16) + ciphertext + bytes(-len(ciphertext) % 16) + sizes
    tag = bytes(a ^ b for a, b in zip(ghash(aes_block(keys, bytes(16)), message), stream(1)))
    return ciphertext + tag


# By HPKE's numbers: the size of the key, and the function.
AEADS = {1: (16, aes_gcm), 2: (32, aes_gcm), 3: (32, chacha20_poly1305)}


def check():
    # RFC 8439, section 2.8.2.
    sealed = chacha20_poly1305(
        bytes(range(0x80, 0xa0)), bytes.fromhex("070000004041424344454647"),
        bytes.fromhex("50515253c0c1c2c3c4c5c6c7"),
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
        b"future, sunscreen would be it.")
    assert sealed[-16:].hex() == "1ae10b594f09e26a7e902ecbd0600691", sealed.hex()
    # FIPS 197, appendix C.1 and C.3.
    block = bytes.fromhex("00112233445566778899aabbccddeeff")
    for size, answer in ((16, "69c4e0d86a7b0430d8cdb78070b4c55a"),
                         (32, "8ea2b7ca516745bfeafc49904b496089")):
        assert aes_block(round_keys(bytes(range(size))), block).hex() == answer
    # The GCM specification that SP 800-38D builds on, appendix B, test case 4.
    sealed = aes_gcm(
        bytes.fromhex("feffe9928665731c6d6a8f9467308308"),
        bytes.fromhex("cafebabefacedbaddecaf888"),
        bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        bytes.fromhex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"))
    assert sealed[-16:].hex() == "5bc94fbc3221a5db94fae95ae7121a47", sealed.hex()


if __name__ == "__main__":
    check()
