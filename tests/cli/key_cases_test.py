#!/usr/bin/env python3
"""Key files that others have: key_cases_test.py TOOL CASES.

The files of tests/keyfile/cases were found in the wild or made to attack. Private keys among them are
test keys, whose seed is 00 01 02 ... OpenSSL 3.6.5 wrote those of openssl-*.pem (`genpkey -pkeyopt
hexseed:...`), in each of its forms (`-provparam ml-kem.output_formats=...`).
"""

import hashlib
import pathlib
import shutil
import sys
import time
import unittest

from tool import FilesTest

CASES = pathlib.Path(sys.argv.pop(1)).resolve()
# SHA-256 of the public key in DER that belongs to the seed 00 01 ... 3f.
KNOWN = "SHA256:wj4j3T1IWpJWzaCTWKSihuALNz2xB2Hq35n3EGScoxw"


class KeyCases(FilesTest):
    def setUp(self):
        super().setUp()
        for path in CASES.iterdir():
            shutil.copy(path, self.folder / path.name)
            (self.folder / path.name).chmod(0o600)

    def public_key_of(self, name, *options):
        return self.do("pubkey", "-i", name, *options)

    def test_keys_that_other_programs_write_are_read_and_are_the_same_key(self):
        expected = self.public_key_of("pkcs8-bare-seed.pem")
        for name in ("pkcs8-v1-with-attributes.pem", "pkcs8-v2-with-public-key.pem",
                     "key-then-public-key.pem"):
            with self.subTest(name):
                self.assertEqual(self.public_key_of(name), expected)
        self.assertEqual(
            self.public_key_of("pkcs8-scrypt-n32768.pem", "--password-file", "password"), expected)
        der = self.public_key_of("pkcs8-bare-seed.pem", "--der")
        self.assertEqual(hashlib.sha256(der).hexdigest(), hashlib.sha256(
            bytes.fromhex("308204b2300b0609608648016503040402038204a100")
            + der[-1184:]).hexdigest())

    def test_keys_of_the_other_sets_that_openssl_writes_are_the_keys_that_it_says(self):
        for name, known in (("512", "DjyLibVCAtJUX3q6LiqqPP+nthkZGa1zj6s1tPMTz3E"),
                            ("1024", "0rdICuAGoUs3weio5F6jkCLjKpsae5DVlMhNhpxqxCA")):
            for form in ("seed-only", "priv-only", "seed-priv"):
                with self.subTest(name, form=form):
                    file = f"openssl-mlkem{name}-{form}.pem"
                    self.assertEqual(self.do("fingerprint", file).decode(), f"SHA256:{known}\n")
                    self.assertIn(f"ML-KEM-{name}", self.do("inspect", file).decode())
                    self.write("content", b"secret")
                    self.do("pubkey", "-i", file, "-o", "pub", "--force")
                    self.do("seal", "-r", "pub", "-o", "sealed", "--force", "content")
                    self.assertEqual(self.do("open", "-i", file, "sealed"), b"secret")

    def test_a_file_with_private_and_public_key_is_a_recipient_too(self):
        self.write("content", b"secret")
        self.do("seal", "-r", "key-then-public-key.pem", "-o", "sealed", "content")
        self.assertEqual(self.do("open", "-i", "key-then-public-key.pem", "sealed"), b"secret")

    def test_a_comment_behind_a_key_does_not_matter(self):
        key = self.read("pkcs8-bare-seed.pem")
        self.write("commented", b"# made today\n" + key + b"# of Alice\n")
        self.assertEqual(self.public_key_of("commented"), self.public_key_of("pkcs8-bare-seed.pem"))

    def test_a_file_with_two_private_keys_is_refused_and_the_message_says_so(self):
        self.write("two", self.read("pkcs8-bare-seed.pem") + self.read("xwing-key.pem"))
        self.refuse("several keys", "pubkey", "-i", "two")

    def test_an_expanded_key_that_is_not_reduced_is_refused(self):
        self.refuse("3329", "pubkey", "-i", "pkcs8-expanded-unreduced-s.pem")

    def test_a_file_that_asks_for_a_long_salt_is_refused_at_once(self):
        before = time.monotonic()
        self.refuse("more time or memory", "pubkey", "-i", "pkcs8-scrypt-salt-4000.der", "--password-file",
                    "password")
        self.assertLess(time.monotonic() - before, 3)

    def test_two_keys_that_begin_alike_are_told_apart(self):
        shown = [self.do("inspect", name) for name in ("first16-alice.pub",
                                                       "first16-mallory.pub.der")]
        lines = [[line for line in text.decode().splitlines() if "SHA256:" in line]
                 for text in shown]
        self.assertEqual([len(found) for found in lines], [1, 1])
        self.assertNotEqual(*lines)


if __name__ == "__main__":
    unittest.main()
