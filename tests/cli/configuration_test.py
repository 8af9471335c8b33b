#!/usr/bin/env python3
"""The tool under foreign configurations of libcrypto: configuration_test.py TOOL FOLDER, which has
the files openssl-*.cnf."""

import os
import sys
import unittest

CONFIGURATIONS = os.path.abspath(sys.argv.pop(2))

from tool import FilesTest  # noqa: E402


def under(name):
    return {"env": dict(os.environ, OPENSSL_CONF=f"{CONFIGURATIONS}/openssl-{name}.cnf")}


class Configuration(FilesTest):
    def test_without_the_default_provider_all_commands_work(self):
        this = under("without-default")
        self.write("password", "secret\n")
        self.write("letter", "Dear Alice")
        for name, options in (("key", ()), ("age", ("--age",)), ("small", ("-t", "ml-kem-768")),
                              ("locked", ("--password-file", "password"))):
            self.do("keygen", *options, "-o", name, **this)
            password = options if name == "locked" else ()
            self.do("pubkey", "-i", name, *password, "-o", name + ".pub", **this)
            self.do("seal", "-r", name + ".pub", "-o", "sealed", "--force", "letter", **this)
            opened = self.do("open", "-i", name, *password, "sealed", **this)
            self.assertEqual(opened, b"Dear Alice")
        self.do("selftest", **this)

    def test_a_policy_is_named_with_its_reason(self):
        this = under("fips-properties")
        self.make_keys()
        self.write("letter", "Dear Alice")
        self.do("seal", "-r", "xwing.pub", "-o", "sealed", "letter")
        words = "(libcrypto: ChaCha20-Poly1305: unsupported"
        for command in (("selftest",),
                        ("seal", "-r", "xwing.pub", "letter"), ("open", "-i", "xwing", "sealed")):
            with self.subTest(command=command):
                self.refuse("default_properties in openssl.cnf", *command, **this)
                self.refuse(words, *command, **this)

    def test_commands_that_need_no_libcrypto_work_under_a_policy(self):
        this = under("fips-properties")
        for kind in ("ml-kem-768", "x-wing"):
            with self.subTest(kind=kind):
                code, _, errors = self.tool("keygen", "-t", kind, "--force", "-o", "key", **this)
                self.assertEqual(code, 0, errors)
                self.assertIn("warning", errors)  # there is no SHA-256 for the fingerprint
                self.do("pubkey", "-i", "key", "--force", "-o", "key.pub", **this)
                self.do("encaps", "-r", "key.pub", "--force", "-o", "c", "-s", "s", **this)
                self.do("decaps", "-i", "key", "--force", "-o", "again", "c", **this)
                self.assertEqual(self.read("s"), self.read("again"))
        self.do("version", **this)


if __name__ == "__main__":
    unittest.main()
