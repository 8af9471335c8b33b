#!/usr/bin/env python3
"""Files that the real `age` and `openssl` write, and those that they are to read.

usage: files.py LATCHKEY FOLDER [--large]

LATCHKEY is the tool; FOLDER has the two programs as `./dev interop` unpacks them. --large adds files
of 1 GiB. The last line is `N passed, M failed`. Exits with 77 if a program is not there.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from parties import with_libraries_of  # noqa: E402

SKIP = 77
SIZES = [0, 1, 65_535, 65_536, 65_537, 1_000_000]  # around a chunk
LARGE = 1 << 30
KEYS = 20  # of each kind
SETS = ["ml-kem-512", "ml-kem-768", "ml-kem-1024"]

# How OpenSSL writes a private key, and what of it is read: the forms of RFC 9935, and a seed without
# its tag.
FORMATS = {"seed-only": True, "priv-only": True, "seed-priv": True,
           "bare-seed": True, "bare-priv": False, "oqskeypair": False}
# How it protects one.
PROTECTIONS = ["-scrypt", "-v2 aes-256-cbc", "-v2 aes-192-cbc", "-v2 aes-128-cbc -iter 100000",
               "-v2 aes-256-cbc -v2prf hmacWithSHA1", "-v2 aes-256-cbc -v2prf hmacWithSHA512"]


class Failed(Exception):
    """A program that did not do what it was to do."""


class Files:
    def __init__(self, latchkey, folder, work):
        self.latchkey, self.work = [str(latchkey)], pathlib.Path(work)
        self.age = with_libraries_of(folder, [str(folder / "usr/bin/age")])
        self.plugins = folder / "usr/bin"  # age finds them by PATH
        self.age_keygen = with_libraries_of(folder, [str(folder / "usr/bin/age-keygen")])
        self.openssl = with_libraries_of(folder, [str(folder / "usr/bin/openssl")])
        # Of its own, not those of the system, which are another version's.
        self.environment = {**os.environ, "OPENSSL_CONF": os.devnull,
                            "OPENSSL_MODULES": str(next(folder.rglob("ossl-modules")))}
        self.passed = self.failed = 0

    def run(self, *words, ok=True, **options):
        done = subprocess.run([str(word) for word in words], cwd=self.work, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, **options)
        if ok != (done.returncode == 0):
            raise Failed(f"{pathlib.Path(words[0]).name} {' '.join(map(str, words[-6:]))}: "
                         f"exit status {done.returncode}, {done.stderr.decode()[-200:].strip()}")
        return done.stdout

    def ours(self, *words, **options):
        return self.run(*self.latchkey, *words, **options)

    def same(self, left, right, what):
        if left != right:
            raise Failed(f"{what} differ")

    def same_file(self, name, content):
        with open(self.work / name, "rb") as left, open(self.work / content, "rb") as right:
            while True:
                block = left.read(1 << 20)
                self.same(block, right.read(1 << 20), f"{name} and {content}")
                if not block:
                    return

    def secret(self, name, content):
        path = self.work / name
        path.write_bytes(content)
        path.chmod(0o600)

    def row(self, name, count, case):
        """One line of the table: `case` for each of the numbers below `count`."""
        good, fault = 0, ""
        for i in range(count):
            try:
                case(i)
                good += 1
            except Failed as failure:
                fault = fault or f"  {failure}"
        self.passed += good == count
        self.failed += good != count
        print(f"{name:60} {good:4} of {count:4}{fault}", flush=True)

    # ---- age

    def age_keys(self):
        self.ours("keygen", "--age", "-o", "our.key", "--force")
        self.secret("their.key", self.run(*self.age_keygen, "-pq"))
        for name in ("our", "their"):
            key = self.work / f"{name}.key"
            self.secret(f"{name}.pub", self.ours("pubkey", "-i", key))
            self.same(self.ours("pubkey", "-i", key), self.run(*self.age_keygen, "-y", key),
                      f"the recipients of {name} key")

    def recipient(self, name):
        return (self.work / f"{name}.pub").read_text().strip()

    def age_file(self, size, armor):
        self.make_content(size)
        options = ["-a"] if armor else []
        self.ours("seal", *options, "-r", self.recipient("their"), "-r", self.recipient("our"),
                  "-o", "sealed", "--force", "content")
        self.run(*self.age, *options, "-r", self.recipient("our"), "-r", self.recipient("their"),
                 "-o", "encrypted", "content")
        for name in ("sealed", "encrypted"):
            self.run(*self.age, "-d", "-i", "their.key", "-o", "decrypted", name)
            self.same_file("decrypted", "content")
            self.ours("open", "-i", "our.key", "-o", "opened", "--force", name)
            self.same_file("opened", "content")

    def damaged_age_file(self, i):
        """Both refuse a file with a bit changed."""
        self.secret("content", b"content")
        self.ours("seal", "-r", self.recipient("our"), "-o", "sealed", "--force", "content")
        sealed = bytearray((self.work / "sealed").read_bytes())
        sealed[len(sealed) * i // KEYS] ^= 1 << i % 8
        self.secret("changed", sealed)
        self.run(*self.age, "-d", "-i", "our.key", "changed", ok=False)
        self.ours("open", "-i", "our.key", "changed", ok=False)

    def several_identities(self, i):
        """A file of identities of both, beside one for X25519: the same recipients, and it opens what
        is for either."""
        count = 2 + 10 * i
        keys = [self.run(*self.age_keygen, "-pq") if n % 2 else self.ours("keygen", "--age")
                for n in range(count)]
        self.secret("many.key", b"".join(keys))
        self.same(self.ours("pubkey", "-i", "many.key"),
                  self.run(*self.age_keygen, "-y", "many.key"), "the recipients of several")
        self.secret("last.key", keys[-1])
        self.secret("content", b"content")
        self.run(*self.age, "-R", self.made("last.pub", self.ours("pubkey", "-i", "last.key")),
                 "-o", "encrypted", "content")
        classic = self.run(*self.age_keygen)
        self.secret("many.key", classic + b"".join(keys))
        self.same(self.ours("open", "-i", "many.key", "encrypted"), b"content", "contents")
        self.classic_key(classic)
        self.run(*self.age, "-R", "classic.pub", "-o", "encrypted", "content")
        self.same(self.ours("open", "-i", "many.key", "encrypted"), b"content", "contents")

    def made(self, name, content):
        self.secret(name, content)
        return name

    def encrypt_with_passphrase(self, factor, options, output, content):
        """What `age -p` writes; its plugin takes the passphrase from the environment."""
        self.secret("passphrase", b"correct horse\n")
        environment = {"AGE_PASSPHRASE": "correct horse", "AGE_PASSPHRASE_WORK_FACTOR": str(factor),
                       "PATH": f"{self.plugins}:{os.environ['PATH']}"}
        self.environment, before = {**self.environment, **environment}, self.environment
        try:
            self.run(*self.age, "-e", "-j", "batchpass", *options, "-o", output, content)
        finally:
            self.environment = before
        (self.work / output).chmod(0o600)

    def identity_under_passphrase(self, factor):
        self.age_keys()
        # Beside one for X25519, with which a file for that opens.
        self.classic_key(self.run(*self.age_keygen))
        both = (self.work / "their.key").read_bytes() + (self.work / "classic.key").read_bytes()
        self.secret("both.key", both)
        self.encrypt_with_passphrase(factor, ["-a"] if factor % 2 else [], "locked.key", "both.key")
        password = ["--password-file", "passphrase"]
        if factor > 18:
            self.ours("pubkey", "-i", "locked.key", *password, ok=False)
            return
        self.same(self.ours("pubkey", "-i", "locked.key", *password),
                  (self.work / "their.pub").read_bytes(), "recipients")
        for options in [], password:
            self.ours("inspect", *options, "locked.key")
        self.ours("open", "-i", "their.key", "locked.key", ok=False)
        self.secret("content", b"content")
        self.run(*self.age, "-R", "classic.pub", "-o", "encrypted", "content")
        self.same(self.ours("open", "-i", "locked.key", *password, "encrypted"), b"content",
                  "contents")

    def classic_key(self, identity):
        self.secret("classic.key", identity)
        self.secret("classic.pub", self.run(*self.age_keygen, "-y", "classic.key"))

    def make_content(self, size):
        with open(self.work / "content", "wb") as content:
            for _ in range(size >> 20):
                content.write(os.urandom(1 << 20))
            content.write(os.urandom(size & 0xfffff))

    def classic_file(self, size, armor):
        """For two X25519 recipients: each identity opens it, and others do not."""
        self.make_content(size)
        options = ["-a"] if armor else []
        keys = [self.run(*self.age_keygen) for _ in range(3)]
        for i, key in enumerate(keys):
            self.classic_key(key)
            for end in "key", "pub":
                (self.work / f"classic.{end}").rename(self.work / f"classic{i}.{end}")
        self.run(*self.age, *options, "-R", "classic0.pub", "-R", "classic1.pub", "-o", "encrypted",
                 "content")
        self.ours("inspect", "encrypted")
        for i in range(2):
            self.ours("open", "-i", f"classic{i}.key", "-o", "opened", "--force", "encrypted")
            self.same_file("opened", "content")
        for name in "classic2.key", "our.key":
            self.ours("open", "-i", name, "encrypted", ok=False)

    def passphrase_file(self, size, armor):
        self.make_content(size)
        self.encrypt_with_passphrase(10, ["-a"] if armor else [], "encrypted", "content")
        password = ["--password-file", "passphrase"]
        for options in [], password:
            self.ours("inspect", *options, "encrypted")
        self.ours("open", *password, "-o", "opened", "--force", "encrypted")
        self.same_file("opened", "content")
        self.secret("wrong", b"correct hoarse\n")
        self.ours("open", "--password-file", "wrong", "encrypted", ok=False)

    def damaged_old_file(self, i):
        """A file for X25519, then one with a passphrase, with a bit changed."""
        self.secret("content", b"content")
        self.classic_key(self.run(*self.age_keygen))
        self.run(*self.age, "-R", "classic.pub", "-o", "classic", "content")
        self.encrypt_with_passphrase(10, [], "locked", "content")
        for name, options in ("classic", ["-i", "classic.key"]), ("locked", ["--password-file", "passphrase"]):
            self.same(self.ours("open", *options, name), b"content", "contents")
            changed = bytearray((self.work / name).read_bytes())
            changed[len(changed) * i // KEYS] ^= 1 << i % 8
            self.secret("changed", changed)
            self.ours("open", *options, "changed", ok=False)

    def refused_recipient(self, _):
        """X25519: nothing is sealed to it, and no public key is written for it."""
        self.classic_key(self.run(*self.age_keygen))
        self.secret("content", b"content")
        self.ours("seal", "-R", "classic.pub", "content", ok=False)
        self.ours("pubkey", "-i", "classic.key", ok=False)

    # ---- OpenSSL's key files

    def public_of(self, name, *password):
        return self.run(*self.openssl, "pkey", "-in", name, "-pubout", *password)

    def our_key(self, kind):
        for encoding in ([], ["--der"]):
            self.ours("keygen", "-t", kind, *encoding, "-o", "key", "--force")
            public = self.ours("pubkey", "-i", "key")
            self.same(public, self.public_of("key"), "public keys")
            self.secret("key.pub", public)
            self.run(*self.openssl, "pkey", "-pubin", "-in", "key.pub", "-noout")

    def our_expanded_key(self, kind):
        """The bytes of an expanded key, which OpenSSL wrote, are ours of the same seed."""
        self.ours("keygen", "-t", kind, "-o", "key", "--force")
        self.ours("convert", "-i", "key", "--to", "expanded", "-o", "expanded", "--force")
        self.run(*self.openssl, "pkey", "-in", "key", "-provparam",
                 "ml-kem.output_formats=priv-only", "-outform", "DER", "-out", "key.der")
        theirs = (self.work / "key.der").read_bytes()
        self.same(theirs[-len((self.work / "expanded").read_bytes()):],
                  (self.work / "expanded").read_bytes(), "expanded keys")

    def their_key(self, kind, form):
        self.run(*self.openssl, "genpkey", "-algorithm", kind.upper(), "-provparam",
                 f"ml-kem.output_formats={form}", "-out", "key")
        (self.work / "key").chmod(0o600)
        if FORMATS[form]:
            self.same(self.ours("pubkey", "-i", "key"), self.public_of("key"), "public keys")
        else:
            self.ours("pubkey", "-i", "key", ok=False)

    def our_protection(self, kind, words):
        self.ours("keygen", "-t", kind, "--password-file", "password", *words, "-o", "key",
                  "--force")
        self.same(self.ours("pubkey", "-i", "key", "--password-file", "password"),
                  self.public_of("key", "-passin", "file:password"), "public keys")

    def their_protection(self, kind, words):
        self.run(*self.openssl, "genpkey", "-algorithm", kind.upper(), "-out", "plain")
        self.run(*self.openssl, "pkcs8", "-topk8", "-in", "plain", *words.split(), "-passout",
                 "file:password", "-out", "key")
        (self.work / "key").chmod(0o600)
        self.same(self.ours("pubkey", "-i", "key", "--password-file", "password"),
                  self.public_of("plain"), "public keys")

    def all(self, large):
        self.secret("password", b"correct horse battery staple\n")
        self.row("age: keys of both have the same recipients", KEYS, lambda _: self.age_keys())
        for size in SIZES + ([LARGE] if large else []):
            for armor in (False, True):
                self.row(f"age: {size} bytes{', armored' if armor else ''}, four ways", 1,
                         lambda _, size=size, armor=armor: self.age_file(size, armor))
            for kind, case in ("X25519 recipients", self.classic_file), ("a passphrase", self.passphrase_file):
                self.row(f"age: {size} bytes for {kind}, armored or not", 2,
                         lambda i, size=size, case=case: case(size, i == 1))
        self.row("age: changed files, which both refuse", KEYS, self.damaged_age_file)
        self.row("age: changed files of these kinds, which are refused", KEYS, self.damaged_old_file)
        self.row("age: files of 2, 12 and 22 identities", 3, self.several_identities)
        for factor in (10, 17, 18, 19):
            self.row(f"age: an identity under a passphrase, work factor {factor}"
                     f"{', refused' if factor > 18 else ''}", 1,
                     lambda _, factor=factor: self.identity_under_passphrase(factor))
        self.row("age: an X25519 recipient, to which nothing is sealed", 1, self.refused_recipient)
        self.key_files()

    def key_files(self):
        for kind in SETS:
            name = kind.upper()
            self.row(f"OpenSSL reads our {name} keys, PEM and DER", KEYS,
                     lambda _, kind=kind: self.our_key(kind))
            self.row(f"OpenSSL expands our {name} keys as we do", KEYS,
                     lambda _, kind=kind: self.our_expanded_key(kind))
            for form, taken in FORMATS.items():
                self.row(f"OpenSSL's {name}, {form}{'' if taken else ', not read: refused'}", KEYS,
                         lambda _, kind=kind, form=form: self.their_key(kind, form))
            for words in ([], ["--pbkdf2"]):
                self.row(f"OpenSSL reads our {name} keys under a password {' '.join(words)}", 2,
                         lambda _, kind=kind, words=words: self.our_protection(kind, words))
            for words in PROTECTIONS:
                self.row(f"{name} under OpenSSL's {words}", 2,
                         lambda _, kind=kind, words=words: self.their_protection(kind, words))


def main():
    parser = argparse.ArgumentParser(usage="files.py LATCHKEY FOLDER [--large]")
    parser.add_argument("latchkey", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--large", action="store_true")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    if not (folder / "usr/bin/age").exists() or not (folder / "usr/bin/openssl").exists():
        print("age and openssl are not there: ./dev interop brings them")
        return SKIP
    with tempfile.TemporaryDirectory(prefix="latchkey-files-") as work:
        files = Files(arguments.latchkey.resolve(), folder, work)
        for name, command in (("age", [*files.age, "--version"]),
                              ("openssl", [*files.openssl, "version"])):
            print(f"{name}: {files.run(*command).decode().strip()}")
        files.all(arguments.large)
    print(f"{files.passed} passed, {files.failed} failed")
    return 0 if files.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
