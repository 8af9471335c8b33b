#!/usr/bin/env python3
"""`latchkey convert` and `latchkey fingerprint`: convert_test.py TOOL."""

import base64
import hashlib
import os
import shutil
import subprocess
import unittest

from tool import SIZES, FilesTest

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../age/cases")
# The sizes of expanded keys.
EXPANDED = {"ml-kem-512": 1632, "ml-kem-768": 2400, "ml-kem-1024": 3168}


class Convert(FilesTest):
    def setUp(self):
        super().setUp()
        self.make_keys()
        self.write("password", "secret\n")

    def convert(self, source, to, target, *more):
        self.do("convert", "-i", source, "--to", to, "-o", target, *more)

    def test_a_key_is_the_same_key_in_every_form_that_it_has(self):
        for key, forms in {"xwing": ("pem", "der", "age", "seed"),
                           "mlkem": ("pem", "der", "seed")}.items():
            expected = self.do("pubkey", "-i", key, "--der")
            for first in forms:
                for second in forms:
                    with self.subTest(key=key, first=first, second=second):
                        self.convert(key, first, "first", "--force")
                        self.assertEqual(self.mode("first"), 0o600)
                        read = ("--from", "seed") if first == "seed" else ()
                        self.convert("first", second, "second", "--force", *read)
                        last = ("--from", "seed") if second == "seed" else ()
                        self.convert("second", "pem", "third", "--force", *last)
                        self.assertEqual(self.do("pubkey", "-i", "third", "--der"), expected)

    def test_a_converted_key_has_the_bytes_that_keygen_writes(self):
        for key in ("xwing", "mlkem"):
            for form in ("der", "seed"):
                self.convert(key, form, form, "--force")
            self.convert("der", "pem", "pem", "--force")
            self.assertEqual(self.read("pem"), self.read(key))
            self.assertTrue(self.read("der").endswith(self.read("seed")))
            self.assertEqual(len(self.read("seed")), 32 if key == "xwing" else 64)
        self.convert("age", "pem", "from-age")
        self.convert("from-age", "age", "again")
        self.assertIn(self.read("again").splitlines()[-1], self.read("age").splitlines())

    def test_an_expanded_key_keeps_its_bytes_and_has_no_other_form(self):
        self.convert("mlkem", "expanded", "raw")
        self.assertEqual(len(self.read("raw")), 2400)
        self.convert("raw", "expanded", "again", "--from", "expanded")
        self.assertEqual(self.read("again"), self.read("raw"))
        for form in ("pem", "der", "seed"):
            self.refuse("seed is not known", "convert", "-i", "raw", "--from", "expanded", "--to",
                        form, "-o", "new")
        self.refuse("ML-KEM-768 key cannot be an identity", "convert", "-i", "raw", "--from",
                    "expanded", "--to", "age", "-o", "new")

    def test_a_key_of_every_set_is_the_same_key_in_every_form_that_it_has(self):
        for kind, size in EXPANDED.items():
            self.do("keygen", "--force", "-t", kind, "-o", "key")
            expected = self.do("pubkey", "-i", "key", "--der")
            for form, options in (("der", ()), ("seed", ("--from", "seed", "-t", kind))):
                self.convert("key", form, "other", "--force")
                self.convert("other", "pem", "again", "--force", *options)
                self.assertEqual(self.read("again"), self.read("key"))
            self.assertEqual(len(self.read("other")), 64)
            self.convert("key", "expanded", "raw", "--force")
            self.assertEqual(len(self.read("raw")), size)
            for options in ((), ("-t", kind)):
                self.convert("raw", "expanded", "again", "--force", "--from", "expanded", *options)
                self.assertEqual(self.read("again"), self.read("raw"))
            self.assertIn(expected[-100:], self.read("raw"))
            self.refuse(f"an {SIZES[kind][0]} key cannot be an identity of age", "convert", "-i",
                        "key", "--to", "age", "-o", "new")

    def test_a_seed_is_one_of_ml_kem_768_unless_the_type_is_named(self):
        self.convert("mlkem", "seed", "seed")
        self.convert("seed", "pem", "default", "--from", "seed")
        self.assertEqual(self.read("default"), self.read("mlkem"))
        keys = {self.read("default")}
        for kind in EXPANDED:
            self.convert("seed", "pem", kind, "--from", "seed", "--type", kind)
            keys.add(self.read(kind))
        self.assertEqual(len(keys), 3)
        for options, words in (
                (("--from", "seed", "-t", "x-wing"), "32 for X-Wing"),
                (("--from", "expanded", "-t", "ml-kem-512"), "1632 bytes for ML-KEM-512"),
                (("--from", "expanded", "-t", "x-wing"), "X-Wing has no expanded form")):
            self.refuse(words, "convert", "-i", "seed", *options, "--to", "der", "-o", "new")
        self.convert("xwing", "seed", "short")
        self.refuse("it needs 64 bytes for ML-KEM", "convert", "-i", "short", "--from", "seed", "-t",
                    "ml-kem-1024", "--to", "der", "-o", "new")
        self.refuse("use -t only with --from", "convert", "-i", "mlkem", "-t", "ml-kem-512", "--to",
                    "der", "-o", "new", status=2)

    def test_a_form_that_a_key_does_not_have_is_refused(self):
        self.refuse("ML-KEM-768 key cannot be an identity", "convert", "-i", "mlkem",
                    "--to", "age", "-o", "new")
        self.refuse("X-Wing has no expanded form", "convert", "-i", "xwing", "--to", "expanded",
                    "-o", "new")
        self.refuse("public key", "convert", "-i", "xwing.pub", "--to", "der", "-o", "new")
        self.write("short", bytes(31))
        self.refuse("seed", "convert", "-i", "short", "--from", "seed", "--to", "pem", "-o", "new")
        self.refuse("2400", "convert", "-i", "short", "--from", "expanded", "--to", "pem", "-o",
                    "new")
        self.write("pair", self.read("age") * 2)
        self.refuse("contains several keys", "convert", "-i", "pair", "--to", "pem", "-o", "new")

    def test_a_converted_key_keeps_its_password_or_is_asked_to_lose_it(self):
        self.do("passwd", "-i", "xwing", "--new-password-file", "password")
        given = ("--password-file", "password")
        self.convert("xwing", "der", "locked", *given)
        self.refuse("password", "pubkey", "-i", "locked", start_new_session=True)
        public = self.read("xwing.pub")
        self.assertEqual(self.do("pubkey", "-i", "locked", *given), public)
        for form in ("age", "seed"):
            self.refuse("--no-password", "convert", "-i", "xwing", "--to", form, "-o", "new", *given)
        self.convert("locked", "pem", "open", "--no-password", *given)
        self.assertEqual(self.do("pubkey", "-i", "open"), public)
        self.convert("locked", "age", "as-age", "--no-password", *given)
        self.assertEqual(self.do("pubkey", "-i", "as-age", "--der"),
                         self.do("pubkey", "-i", "open", "--der"))

    def test_an_identity_under_a_passphrase_keeps_it_or_is_asked_to_lose_it(self):
        shutil.copy(os.path.join(CASES, "identity-under-password.age"), self.folder / "identity")
        os.chmod(self.folder / "identity", 0o600)
        given = ("--password-file", "password")
        for to in ("age", "seed"):
            self.refuse("use --no-password", "convert", "-i", "identity", "--to", to, "-o", "out",
                        *given)
            self.convert("identity", to, f"out.{to}", "--no-password", *given)
        expected = self.do("pubkey", "-i", "out.age", "--der")
        for to in ("pem", "der"):
            self.convert("identity", to, f"out.{to}", *given)
            self.refuse("password", "pubkey", "-i", f"out.{to}", stdin=subprocess.DEVNULL)
            self.assertEqual(self.do("pubkey", "-i", f"out.{to}", "--der", *given), expected)
        self.convert("identity", "pem", "plain.pem", "--no-password", *given)
        self.assertEqual(self.do("pubkey", "-i", "plain.pem", "--der"), expected)

    def test_a_key_that_others_may_read_is_not_converted_and_no_file_is_replaced_unasked(self):
        (self.folder / "xwing").chmod(0o644)
        self.refuse("chmod 600", "convert", "-i", "xwing", "--to", "der", "-o", "new")
        self.refuse("chmod 600", "convert", "-i", "xwing", "--from", "seed", "--to", "der", "-o",
                    "new")
        self.refuse("exists already", "convert", "-i", "age", "--to", "pem", "-o", "mlkem")

    def test_a_key_is_read_from_standard_input(self):
        key = self.do("convert", "--to", "der", input=self.read("xwing"))
        self.convert("xwing", "der", "file")
        self.assertEqual(key, self.read("file"))

    def test_an_unknown_form_is_a_wrong_command_line(self):
        self.refuse("jks", "convert", "-i", "xwing", "--to", "jks", "-o", "new", status=2)
        self.refuse("jks", "convert", "-i", "xwing", "--from", "jks", "--to", "pem", status=2)
        self.refuse("--to", "convert", "-i", "xwing", status=2)


class Fingerprint(FilesTest):
    def test_a_key_has_one_fingerprint_however_it_is_given(self):
        self.make_keys()
        for name in ("xwing", "mlkem", "age"):
            der = self.do("pubkey", "-i", name, "--der")
            digest = base64.b64encode(hashlib.sha256(der).digest()).decode().rstrip("=")
            expected = f"SHA256:{digest}\n".encode()
            self.write("der", der)
            given = [[name], [name + ".pub"], ["der"]]
            if name != "mlkem":
                given.append([self.do("pubkey", "-i", name, "--age").decode().strip()])
            for words in given:
                with self.subTest(words=words):
                    self.assertEqual(self.do("fingerprint", *words), expected)
            self.assertEqual(self.do("fingerprint", input=self.read(name)), expected)
            self.assertEqual(self.do("fingerprint", input=der), expected)

    def test_a_key_under_a_password_needs_it(self):
        self.write("password", "secret\n")
        self.key_pair()
        shown = self.do("fingerprint", "key")
        self.do("passwd", "-i", "key", "--new-password-file", "password")
        self.refuse("password", "fingerprint", "key", start_new_session=True)
        self.assertEqual(self.do("fingerprint", "key", "--password-file", "password"), shown)

    def test_several_keys_of_age_have_a_line_each(self):
        self.make_keys()
        both = self.read("age.pub") + self.do("pubkey", "-i", "xwing", "--age")
        self.write("both", both)
        self.assertEqual(self.do("fingerprint", "both"),
                         self.do("fingerprint", "age") + self.do("fingerprint", "xwing"))

    def test_keygen_shows_the_fingerprint_on_standard_error(self):
        for options, kind in (([], "X-Wing"), (["--age"], "X-Wing"),
                              *((["-t", kind], sizes[0]) for kind, sizes in SIZES.items())):
            code, key, errors = self.tool("keygen", *options)
            self.assertEqual(code, 0)
            shown = self.do("fingerprint", input=key).decode().strip()
            self.assertEqual(errors, f"fingerprint: {shown} ({kind})\n")

    def test_a_file_that_is_not_a_key_has_no_fingerprint(self):
        self.write("text", "hello\n")
        self.refuse("'text'", "fingerprint", "text")
        self.refuse("No such file", "fingerprint", "missing")


if __name__ == "__main__":
    unittest.main()
