#!/usr/bin/env python3
"""A library of the system as one party of exchanges: native.py sodium|openssl. The protocol is that
of driver.cpp. Without hashlib, or anything else that loads a libcrypto of its own.
"""

import ctypes
import ctypes.util
import sys


class Refused(Exception):
    pass


class Absent(Exception):
    pass


def library(name):
    """The newest of that name that the loader finds."""
    for version in {"sodium": (".26", ""), "crypto": (".3",)}[name]:
        try:
            return ctypes.CDLL(f"lib{name}.so{version}")
        except OSError:
            pass
    found = ctypes.util.find_library(name)
    if found is None:
        raise Absent(f"lib{name} is not here")
    return ctypes.CDLL(found)


def text(function, *arguments):
    function.restype = ctypes.c_char_p
    return function(*arguments).decode()


class Sodium:
    """libsodium: bytes to bytes. Lengths are the caller's affair."""

    SIZES = {"mlkem768": (1184, 2400, 1088), "xwing": (1216, 32, 1120)}
    SCHEMES = "mlkem768 expanded xwing"

    def __init__(self):
        self.lib = library("sodium")
        self.name = "libsodium " + text(self.lib.sodium_version_string)
        if not hasattr(self.lib, "crypto_kem_xwing_enc"):
            raise Absent(f"{self.name} has no ML-KEM")
        if self.lib.sodium_init() < 0:
            raise Absent(f"{self.name} does not start")

    def call(self, scheme, function, *arguments):
        if getattr(self.lib, f"crypto_kem_{scheme}_{function}")(*arguments) != 0:
            raise Refused(f"{function} failed")

    def keypair(self, scheme, seed):
        public, private, _ = self.SIZES[scheme]
        ek, dk = ctypes.create_string_buffer(public), ctypes.create_string_buffer(private)
        self.call(scheme, "seed_keypair", ek, dk, seed)
        return ek.raw, dk.raw

    def public(self, scheme, seed):
        return [self.keypair(scheme, seed)[0]]

    def expand(self, scheme, seed):
        return [self.keypair(scheme, seed)[1]]

    def encaps(self, scheme, ek):
        ciphertext = ctypes.create_string_buffer(self.SIZES[scheme][2])
        secret = ctypes.create_string_buffer(32)
        self.call(scheme, "enc", ciphertext, secret, ek)
        return [ciphertext.raw, secret.raw]

    def decaps(self, scheme, seed, ciphertext):
        return self.decaps_expanded(scheme, self.keypair(scheme, seed)[1], ciphertext)

    def decaps_expanded(self, scheme, dk, ciphertext):
        secret = ctypes.create_string_buffer(32)
        self.call(scheme, "dec", secret, ciphertext, dk)
        return [secret.raw]


class Parameter(ctypes.Structure):  # OSSL_PARAM
    _fields_ = [("key", ctypes.c_char_p), ("type", ctypes.c_uint), ("data", ctypes.c_char_p),
                ("size", ctypes.c_size_t), ("returned", ctypes.c_size_t)]


class OpenSsl:
    """libcrypto, by EVP. Frees nothing, as the process is short."""

    # Of each its name, and the size of a ciphertext.
    ALGORITHMS = {"mlkem512": (b"ML-KEM-512", 768), "mlkem768": (b"ML-KEM-768", 1088),
                  "mlkem1024": (b"ML-KEM-1024", 1568)}
    # Groups of TLS: its name here, and the sizes of the server's share and of the secret.
    GROUPS = {
        "x25519mlkem768": (b"X25519MLKEM768", 1120, 64),
        "secp256r1mlkem768": (b"SecP256r1MLKEM768", 1153, 64),
        "secp384r1mlkem1024": (b"SecP384r1MLKEM1024", 1665, 80),
        "tls-mlkem512": (b"ML-KEM-512", 768, 32),
        "tls-mlkem768": (b"ML-KEM-768", 1088, 32),
        "tls-mlkem1024": (b"ML-KEM-1024", 1568, 32),
    }
    SCHEMES = " ".join([*ALGORITHMS, "expanded", *GROUPS])
    KEYPAIR = 0x87      # EVP_PKEY_KEYPAIR
    OCTET_STRING = 5    # OSSL_PARAM_OCTET_STRING

    def __init__(self):
        self.lib = library("crypto")
        self.name = " ".join(text(self.lib.OpenSSL_version, 0).split()[:2])
        self.client = None
        for function in ("EVP_PKEY_CTX_new_from_name", "EVP_PKEY_CTX_new_from_pkey",
                         "EVP_PKEY_Q_keygen", "EVP_PKEY_new", "EVP_PKEY_new_raw_public_key_ex",
                         "EVP_PKEY_new_raw_private_key_ex"):
            getattr(self.lib, function).restype = ctypes.c_void_p
        self.lib.EVP_PKEY_get1_encoded_public_key.restype = ctypes.c_size_t
        if not self.lib.EVP_PKEY_CTX_new_from_name(None, b"ML-KEM-768", None):
            raise Absent(f"{self.name} has no ML-KEM")

    def call(self, function, *arguments):
        if getattr(self.lib, function)(*arguments) != 1:
            raise Refused(f"{function} failed")

    def from_seed(self, scheme, seed):
        algorithm, _ = self.ALGORITHMS[scheme]
        context = ctypes.c_void_p(self.lib.EVP_PKEY_CTX_new_from_name(None, algorithm, None))
        parameters = (Parameter * 2)(Parameter(b"seed", self.OCTET_STRING, seed, len(seed), 0))
        key = ctypes.c_void_p()
        self.call("EVP_PKEY_fromdata_init", context)
        self.call("EVP_PKEY_fromdata", context, ctypes.byref(key), self.KEYPAIR, parameters)
        return key

    def from_raw(self, kind, raw, algorithm):
        make = getattr(self.lib, f"EVP_PKEY_new_raw_{kind}_key_ex")
        key = ctypes.c_void_p(make(None, algorithm, None, raw, ctypes.c_size_t(len(raw))))
        if not key:
            raise Refused(f"{kind} key not taken")
        return key

    def raw(self, kind, key):
        size = ctypes.c_size_t(4096)
        out = ctypes.create_string_buffer(size.value)
        self.call(f"EVP_PKEY_get_raw_{kind}_key", key, out, ctypes.byref(size))
        return [out.raw[:size.value]]

    def operate(self, operation, key, *arguments):
        context = ctypes.c_void_p(self.lib.EVP_PKEY_CTX_new_from_pkey(None, key, None))
        self.call(f"EVP_PKEY_{operation}_init", context, None)
        self.call(f"EVP_PKEY_{operation}", context, *arguments)

    def sent_to(self, key, *sizes):
        """A ciphertext and a secret, of these sizes."""
        out = [ctypes.create_string_buffer(size) for size in sizes]
        (ciphertext, secret), (size, secret_size) = out, map(ctypes.c_size_t, sizes)
        self.operate("encapsulate", key, ciphertext, ctypes.byref(size), secret,
                     ctypes.byref(secret_size))
        return [ciphertext.raw, secret.raw]

    def opened(self, key, ciphertext, secret_size=32):
        secret, size = ctypes.create_string_buffer(secret_size), ctypes.c_size_t(secret_size)
        self.operate("decapsulate", key, secret, ctypes.byref(size), ciphertext,
                     ctypes.c_size_t(len(ciphertext)))
        return [secret.raw]

    def public(self, scheme, seed):
        return self.raw("public", self.from_seed(scheme, seed))

    def expand(self, scheme, seed):
        return self.raw("private", self.from_seed(scheme, seed))

    def encaps(self, scheme, ek):
        algorithm, size = self.ALGORITHMS[scheme]
        return self.sent_to(self.from_raw("public", ek, algorithm), size, 32)

    def decaps(self, scheme, seed, ciphertext):
        return self.opened(self.from_seed(scheme, seed), ciphertext)

    def decaps_expanded(self, scheme, dk, ciphertext):
        return self.opened(self.from_raw("private", dk, self.ALGORITHMS[scheme][0]), ciphertext)

    def start(self, group):
        self.client = self.new_client(group)
        encoded = ctypes.c_void_p()
        size = self.lib.EVP_PKEY_get1_encoded_public_key(self.client, ctypes.byref(encoded))
        return [ctypes.string_at(encoded, size)]

    def new_client(self, group):
        return ctypes.c_void_p(self.lib.EVP_PKEY_Q_keygen(None, None, self.GROUPS[group][0]))

    def answer(self, group, client_share):
        _, *sizes = self.GROUPS[group]
        # As libssl does it: groups with P-256 and P-384 have no raw keys.
        client = ctypes.c_void_p(self.lib.EVP_PKEY_new())
        self.call("EVP_PKEY_copy_parameters", client, self.new_client(group))
        self.call("EVP_PKEY_set1_encoded_public_key", client, client_share,
                  ctypes.c_size_t(len(client_share)))
        return self.sent_to(client, *sizes)

    def finish(self, group, server_share):
        return self.opened(self.client, server_share, self.GROUPS[group][2])


def reply(party, line):
    scheme, command, *words = line.split()
    if scheme not in party.SCHEMES.split():
        sys.exit(f"{party.name} does not know {scheme}")
    words = [b"" if word == "-" else bytes.fromhex(word) for word in words]
    try:
        out = getattr(party, command.replace("-", "_"))(scheme, *words)
    except Refused as refused:
        return f"refused {refused}"
    return " ".join(["ok", *(word.hex() or "-" for word in out)])


def main():
    try:
        party = {"sodium": Sodium, "openssl": OpenSsl}[sys.argv[1]]()
    except Absent as absent:
        print(f"absent\t{absent}")
        return
    print(f"ready\t{party.name}\t{party.SCHEMES}", flush=True)
    for line in sys.stdin:
        print(reply(party, line), flush=True)


if __name__ == "__main__":
    main()
