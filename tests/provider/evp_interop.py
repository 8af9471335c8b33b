#!/usr/bin/env python3
"""Keys and ciphertexts of EVP, between the provider and OpenSSL's own ML-KEM, both ways.

usage: evp_interop.py PEER FOLDER [--keys N]

PEER is evp_peer; FOLDER has a libcrypto with ML-KEM, as `./dev interop` unpacks it. OPENSSL_MODULES
says where the provider is. Each of N keys a set (100) goes in every form of a private key to the
other side, which has to have the same public key, write the same file again, and open what is sent to
it; and the same under a passphrase. The last line is `N passed, M failed`. Exits with 77 if there is
no such libcrypto.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "interop"))
from parties import Absent, with_libraries_of  # noqa: E402

SETS = ["ML-KEM-512", "ML-KEM-768", "ML-KEM-1024"]
FORMS = ["seed-priv", "priv-only", "seed-only", "oqskeypair", "bare-seed", "bare-priv"]
CONFIGURATION = """openssl_conf = start
[start]
providers = providers
[providers]
default = of_default
{latchkey}
[of_default]
activate = 1
ml-kem.output_formats = {form}
[of_latchkey]
activate = 1
ml-kem.output_formats = {form}
"""


class Failed(Exception):
    """An answer that is not the expected one."""


class Peer:
    def __init__(self, command, work, form, with_provider, modules):
        path = pathlib.Path(work) / f"{form}-{with_provider}.cnf"
        path.write_text(CONFIGURATION.format(
            form=form, latchkey="latchkey = of_latchkey" if with_provider else ""))
        environment = {**os.environ, "OPENSSL_CONF": str(path), "OPENSSL_MODULES": str(modules)}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=environment, text=True)
        self.name = self.process.stdout.readline().strip()

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().split()
        if not answer or answer == ["refused"]:
            raise Failed(f"{self.name}: {words[0]}: refused")
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def check(what, left, right):
    if left != right:
        raise Failed(f"{what} differ")


def one_key(maker, user, which):
    """A key of `maker` at `user`."""
    key, = maker.ask("generate", which)
    public, = maker.ask("public", key)
    check("public keys", [public], user.ask("public", key))
    check("private keys", [key], user.ask("copy", key))
    encrypted, = maker.ask("encrypt", key)
    check("private keys under a passphrase", [key], user.ask("copy", encrypted))
    for sender, receiver in ((maker, user), (user, maker)):
        ciphertext, secret = sender.ask("encapsulate", public)
        check("secrets", [secret], receiver.ask("decapsulate", key, ciphertext))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("peer")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--keys", type=int, default=100)
    words = parser.parse_args()
    try:
        native = with_libraries_of(words.folder, [words.peer])
    except Absent as absent:
        print(absent)
        sys.exit(77)
    passed = failed = 0
    with tempfile.TemporaryDirectory() as work:
        for form in FORMS:
            ours = Peer([words.peer], work, form, True, os.environ["OPENSSL_MODULES"])
            theirs = Peer(native, work, form, False, next(words.folder.rglob("ossl-modules")))
            if "latchkey" not in ours.name or "default" not in theirs.name:
                sys.exit(f"'{ours.name}' and '{theirs.name}' are not the provider and OpenSSL")
            for which in SETS:
                for maker, user in ((ours, theirs), (theirs, ours)):
                    good, fault = 0, ""
                    for _ in range(words.keys):
                        try:
                            one_key(maker, user, which)
                            good += 1
                        except Failed as failure:
                            fault = fault or f"  {failure}"
                    passed += good == words.keys
                    failed += good != words.keys
                    print(f"{which:12} {form:11} made by {maker.name:18} {good:4} of "
                          f"{words.keys:4}{fault}", flush=True)
            ours.close()
            theirs.close()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
