#!/usr/bin/env python3
"""Making keys, and the files that they are in: keys_test.py PATH-OF-LATCHKEY."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

from tool import SIZES, FilesTest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import refusing  # noqa: E402

TYPES = {kind: sizes[0] for kind, sizes in SIZES.items()}


def descriptor_with(content):
    reader, writer = os.pipe()
    os.write(writer, content)
    os.close(writer)
    return reader


class Keys(FilesTest):
    def facts(self, *arguments):
        return json.loads(self.do("inspect", "--json", *arguments))

    def test_a_key_of_each_kind_is_sound_and_so_is_its_public_key(self):
        self.write("password", "correct horse\nnot this line\n")
        protections = {"no": [], "yes": ["--password-file", "password"],
                       "pbkdf2": ["--pbkdf2", "--password-file", "password"]}
        for kind, name in TYPES.items():
            for encoding, flags in {"PEM": [], "DER": ["--der"]}.items():
                for protected, protection in protections.items():
                    # What a password costs is the same in each.
                    if protection and kind in ("ml-kem-512", "ml-kem-1024") and (
                            (encoding, protected) != ("DER", "yes")):
                        continue
                    with self.subTest(kind=kind, encoding=encoding, protected=protected):
                        password = ["--password-file", "password"] if protection else []
                        self.do("keygen", "--force", "-t", kind, *flags, *protection, "-o", "key")
                        self.assertEqual(self.mode("key"), 0o600)
                        self.do("pubkey", "--force", *flags, *password, "-i", "key", "-o", "pub")
                        self.assertEqual(self.mode("pub"), 0o644)
                        key, public = self.facts(*password, "key"), self.facts("pub")
                        self.assertEqual(key, {
                            "file": "key", "kind": "private key", "encoding": encoding,
                            "under_a_password": bool(protection), "supported": True,
                            "algorithm": name, "fingerprint": public["fingerprint"], "sound": True})
                        self.assertEqual(public, {
                            "file": "pub", "kind": "public key", "encoding": encoding,
                            "supported": True,
                            "algorithm": name, "fingerprint": key["fingerprint"], "sound": True})

    def test_a_key_for_age_is_as_age_keygen_writes_it(self):
        text = self.do("keygen", "--age").decode()
        match = re.fullmatch(r"# created: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n"
                             r"# public key: (age1pq1[02-9ac-hj-np-z]{1952})\n"
                             r"AGE-SECRET-KEY-PQ-1[02-9AC-HJ-NP-Z]{58}\n", text)
        self.assertTrue(match, text)
        recipient = match[1].encode() + b"\n"
        self.assertEqual(self.do("pubkey", input=text.encode()), recipient)
        self.write("key", text)
        self.do("pubkey", "--der", "-i", "key", "-o", "pub.der")
        self.assertEqual(self.facts("pub.der")["algorithm"], "X-Wing")
        self.write("recipient", recipient)
        self.assertEqual(self.facts("recipient")["fingerprint"], self.facts("key")["fingerprint"])

    def test_x_wing_keys_have_a_name_in_age_and_ml_kem_keys_have_none(self):
        self.key_pair()
        self.assertRegex(self.do("pubkey", "--age", "-i", "key"), rb"\Aage1pq1[0-9a-z]{1952}\n\Z")
        for kind, name in list(TYPES.items())[1:]:
            self.key_pair(kind, f"{kind}.pub", "-t", kind)
            self.refuse(f"recipients of age are X-Wing keys, and this key is an {name} key",
                        "pubkey", "--age", "-i", kind)

    def test_every_key_is_another_one(self):
        self.assertEqual(len({self.do("keygen", "-t", kind) for kind in TYPES for _ in range(3)}),
                         3 * len(TYPES))

    def test_a_password_is_the_first_line_of_a_file_or_descriptor(self):
        def given(content):
            reader = descriptor_with(content)
            self.addCleanup(os.close, reader)
            return {"pass_fds": [reader]}, ["--password-fd", str(reader)]

        pipe, option = given(b"first\r\nsecond\n")
        self.do("keygen", *option, "-o", "key", **pipe)
        self.assertIn(b"BEGIN ENCRYPTED PRIVATE KEY", self.read("key"))
        for content in (b"first\n", b"first", b"first\r\n", b"first\nmore"):
            with self.subTest(content):
                pipe, option = given(content)
                self.do("pubkey", *option, "-i", "key", **pipe)
        self.do("pubkey", "--password-file", "-", "-i", "key", input=b"first\n")
        # What follows the line is left to who reads on.
        self.do("pubkey", "-i", "key", "--password-fd", "0", "-o", "pub", input=b"first\n")
        self.do("seal", "-r", "pub", "-o", "sealed", input=b"content")
        self.assertEqual(self.do("open", "-i", "key", "--password-fd", "0",
                                 input=b"first\n" + self.read("sealed")), b"content")

    def test_a_password_and_the_file_that_it_is_for_may_share_standard_input(self):
        self.write("word", "word\n")
        self.do("keygen", "-o", "key", "--password-file", "word")
        public = self.do("pubkey", "-i", "key", "--password-file", "word")
        both = b"word\n" + self.read("key")
        self.write("both", both)
        for option in (["--password-fd", "0"], ["--password-file", "-"],
                       ["--password-file", "/dev/stdin"]):
            for key in ([], ["-i", "-"], ["-i", "/dev/stdin"]):
                with self.subTest(option, key=key):
                    self.assertEqual(self.do("pubkey", *option, *key, input=both), public)
            self.assertIn(b"X-Wing", self.do("inspect", *option, input=both))
        for option in (["--password-fd", "0"], ["--password-file", "-"]):
            with open(self.folder / "both", "rb") as file:
                self.assertEqual(self.do("pubkey", *option, stdin=file), public)

    def test_a_password_has_at_most_1024_bytes(self):
        for end in ("", "\n", "\r\n"):
            self.write("password", 1024 * "x" + end)
            self.do("keygen", "--force", "--password-file", "password", "-o", "key")
            self.do("pubkey", "--password-file", "password", "-i", "key")
            self.write("longer", 1025 * "x" + end)
            self.refuse("the password has more than 1024 bytes", "pubkey", "--password-file",
                        "longer", "-i", "key")

    def test_a_wrong_password_or_none_is_said_so(self):
        self.write("password", "right\n")
        self.do("keygen", "--password-file", "password", "-o", "key")
        self.write("wrong", "wrong\n")
        self.write("empty", "\nright\n")
        self.write("long", "a" * 1025)
        for file, words in {"wrong": "cannot use 'key': wrong password",
                            "empty": "the password is empty", "long": "the password has more than 1024",
                            "absent": "cannot open 'absent': No such file",
                            ".": "cannot read the password from '.': Is a directory"}.items():
            with self.subTest(file):
                self.refuse(words, "pubkey", "-i", "key", "--password-file", file)
        self.write("open", "right\n")
        (self.folder / "open").chmod(0o644)
        self.refuse("chmod 600 'open'", "pubkey", "-i", "key", "--password-file", "open")
        self.refuse("cannot read the password from descriptor 99: Bad file descriptor",
                    "pubkey", "-i", "key", "--password-fd", "99")
        self.refuse("there is no terminal to ask for it: use --password-file",
                    "pubkey", "-i", "key", start_new_session=True)
        self.refuse("there is no terminal", "keygen", "-p", "-o", "new", start_new_session=True)
        # Or the key would be protected by nothing.
        self.refuse("there is no terminal", "keygen", "--pbkdf2", start_new_session=True)
        self.refuse("must not be empty", "keygen", "--password-file", "", status=2)

    def test_a_file_that_exists_stays_unless_told_otherwise(self):
        self.key_pair()
        self.refuse("'key' exists already; --force replaces it", "keygen", "-o", "key")
        self.refuse("'key' exists already", "pubkey", "-i", "key", "-o", "key")
        old = self.read("key")
        (self.folder / "key").chmod(0o666)
        self.do("keygen", "--force", "-o", "key")
        self.assertNotEqual(self.read("key"), old)
        self.assertEqual(self.mode("key"), 0o600)
        self.assertEqual(self.names(), ["key", "key.pub"])

    def test_no_umask_opens_a_private_key_to_others(self):
        os.umask(0)
        self.key_pair()
        self.assertEqual((self.mode("key"), self.mode("key.pub")), (0o600, 0o666))
        os.umask(0o077)
        self.key_pair("other", "other.pub")
        self.assertEqual((self.mode("other"), self.mode("other.pub")), (0o600, 0o600))

    def test_symbolic_links_are_not_followed_to_files(self):
        self.write("target", "precious")
        (self.folder / "link").symlink_to("target")
        (self.folder / "dangling").symlink_to("nowhere")
        for name in ("link", "dangling"):
            for force in ([], ["--force"]):
                self.refuse(f"'{name}' is a symbolic link", "keygen", "-o", name, *force)
        self.assertEqual(self.read("target"), b"precious")
        self.assertEqual(self.names(), ["dangling", "link", "target"])

    def test_what_can_be_no_file_is_named(self):
        (self.folder / "folder").mkdir()
        self.refuse("cannot write 'folder': Is a directory", "keygen", "-o", "folder")
        self.refuse("cannot write 'folder': Is a directory", "keygen", "--force", "-o", "folder")
        self.refuse("cannot create 'no/key': No such file", "keygen", "-o", "no/key")
        self.refuse("cannot write '/dev/full': No space left", "keygen", "-o", "/dev/full")
        self.refuse("File name too long", "keygen", "-o", "k" * 300)
        self.refuse("must not be empty", "keygen", "-o", "", status=2)
        self.assertEqual(self.names(), ["folder"])

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_folder_of_others_is_refused(self):
        self.folder.chmod(0o500)
        self.refuse("cannot create 'key': Permission denied", "keygen", "-o", "key")

    def test_pipes_and_devices_are_written_as_they_are(self):
        self.do("keygen", "-o", "/dev/null")
        os.mkfifo(self.folder / "pipe", 0o600)
        with self.started("keygen", "-o", "pipe"):
            self.assertTrue(self.read("pipe").startswith(b"-----BEGIN PRIVATE KEY-----\n"))
        self.assertEqual(self.names(), ["pipe"])
        self.assertEqual(self.do("keygen", "-o", "/dev/stdout")[:10], b"-----BEGIN")

    @unittest.skipUnless(refusing.usable, "the system call numbers are those of x86-64")
    def test_a_file_appears_when_it_is_whole_and_never_over_another(self):
        reader, writer = os.pipe()
        # A file without a name cannot be seen from here.
        with self.started("keygen", "-o", "key", "--password-fd", str(reader), pass_fds=[reader],
                          **refusing.refusing(unnamed_files=False)) as tool:
            os.close(reader)
            while not self.names():
                self.assertIsNone(tool.poll())
            name, = self.names()
            self.assertRegex(name, r"\A\.latchkey-[0-9a-f]{16}\Z")
            self.assertEqual(self.mode(name), 0o600)
            self.write("key", "came first")
            os.write(writer, b"password\n")
            os.close(writer)
            self.assertIn(b"cannot create 'key': File exists\n", tool.stderr.read())
            self.assertEqual(tool.wait(timeout=30), 1)
        self.assertEqual(self.files(), {"key": b"came first"})

    def test_a_key_that_others_may_read_is_refused_with_what_mends_it(self):
        name = "it's a key"
        self.key_pair(name)
        for mode in (0o640, 0o604, 0o620, 0o601, 0o666):
            (self.folder / name).chmod(mode)
            code, output, errors = self.tool("pubkey", "-i", name)
            self.assertEqual((code, output), (1, b""))
            command = re.search(r"is a secret that others may (?:read|change).* to fix this: "
                                r"(chmod .*)\n\Z", errors)[1]
            subprocess.run(["sh", "-c", command], cwd=self.folder, check=True)
            self.assertEqual(self.mode(name), 0o600)
            self.do("pubkey", "-i", name)
        (self.folder / name).chmod(0o644)
        with open(self.folder / name) as key:
            self.refuse("standard input is a secret that others may read", "pubkey", stdin=key)
        self.do("inspect", name)

    def test_the_wrong_kind_of_file_is_told_from_the_right_one(self):
        self.key_pair()
        self.write("names", self.do("pubkey", "--age", "-i", "key") * 2)
        self.write("keys", self.do("keygen", "--age") + self.do("keygen", "--age"))
        self.write("other", "x" * 100)
        (self.folder / "other").chmod(0o644)  # which is no secret, and no fault
        self.write("two", self.read("key") * 2)
        self.write("empty", "")
        self.write("huge", b"\0" * (64 << 10) + b"\0")
        for words, arguments in {
                "'key.pub' is a public key, and a private key": ["pubkey", "-i", "key.pub"],
                "'names' is a public key, and a private key": ["pubkey", "-i", "names"],
                "'keys' contains several keys": ["decaps", "-i", "keys"],
                "'names' contains several keys": ["encaps", "-r", "names", "-s", "s"],
                "'key' is a private key; 'latchkey pubkey' makes": ["seal", "-r", "key"],
                "'keys' is a private key; 'latchkey pubkey' makes": ["seal", "-r", "keys"],
                "'keys' is a private key; 'latchkey pubkey' makes the": ["seal", "-R", "keys"],
                "cannot use 'other': it has no private key": ["pubkey", "-i", "other"],
                "cannot use 'other': it has no public key": ["seal", "-r", "other"],
                "cannot use 'two': the file contains several keys": ["pubkey", "-i", "two"],
                "'huge' is too long": ["pubkey", "-i", "huge"],
                "'key.pub' is a public key, not a list of recipients of age: use -r":
                    ["seal", "-R", "key.pub"],
                "cannot use 'empty': it is empty, and a public key is needed": ["seal", "-r", "empty"],
                "'empty' contains no recipient": ["seal", "-R", "empty"],
                "cannot use 'empty': it is empty, and a private key is needed": ["decaps", "-i", "empty"],
                "cannot open 'empty': it is empty": ["open", "-i", "key", "empty"],
                "cannot open 'absent': No such file": ["pubkey", "-i", "absent"],
                "cannot read '.': Is a directory": ["pubkey", "-i", "."],
                "cannot use the recipient 'age1?[31m'": ["seal", "-r", "age1\x1b[31m"]}.items():
            with self.subTest(words):
                self.refuse(words, *arguments)

    def test_the_fault_of_a_mistyped_recipient_is_named(self):
        name = self.do("pubkey", "--age", input=self.do("keygen")).decode().strip()
        beginning = "cannot use the recipient 'age1pq1" + name[7:20] + "...': "
        self.write("in", "content")
        for typed, fault in {
                name[:100] + "b" + name[101:]: "character 101, 'b', cannot occur in a recipient",
                name[:100] + "é" + name[101:]: "character 101, 'é', cannot occur in a recipient",
                name[:50] + name[50:].upper(): "is in upper case, and recipients are in lower",
                name[:-1]: "it has 1958 characters, and a recipient age1pq1... has 1959",
                name + "q": "it has 1960 characters, and a recipient age1pq1... has 1959",
                name[:60] + name[61] + name[60] + name[62:] if name[60] != name[61] else
                name[:60] + ("q" if name[60] != "q" else "p") + name[61:]:
                    "its checksum is wrong, so it was mistyped"}.items():
            with self.subTest(fault):
                self.refuse(beginning + fault if typed[50:60] == name[50:60] else fault,
                            "seal", "-r", typed, "in")
                self.write("list", f"# list\n{name}\n{typed}\n")
                self.refuse("cannot use line 3 of 'list': ", "seal", "-R", "list", "in")
                self.refuse(fault, "seal", "-R", "list", "in")
        self.refuse("cannot use the recipient 'age1pq1xyz': it has 10 characters", "seal", "-r",
                    "age1pq1xyz", "in")
        self.refuse("it is an X25519 recipient, and a quantum computer could open later", "seal", "-r",
                    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", "in")

    def test_a_ciphertext_for_another_algorithm_is_named(self):
        self.key_pair()
        self.key_pair("mlkem", "mlkem.pub", "-t", "ml-kem-768")
        for key, own, size, other, other_size in (
                ("mlkem", "ML-KEM-768", 1088, "X-Wing", 1120),
                ("key", "X-Wing", 1120, "ML-KEM-768", 1088)):
            fault = (f"cannot decapsulate standard input: it has %d bytes, and the ciphertext for a "
                     f"key of {own} has {size}")
            self.refuse(fault % other_size + f"; this is a ciphertext for {other}, by its size",
                        "decaps", "-i", key, input=bytes(other_size))
            self.refuse(fault % 7 + "\n", "decaps", "-i", key, input=bytes(7))

    def test_standard_input_is_one_thing_only(self):
        self.key_pair()
        words = "standard input is given for two inputs, and can be read only once"
        self.refuse(words, "seal", "-r", "-", input=self.read("key.pub"))
        self.refuse(words, "open", "-i", "-", input=self.read("key"))
        self.refuse(words, "seal", "-R", "-", "-r", "-", "key", input=self.do(
            "pubkey", "--age", "-i", "key"))


if __name__ == "__main__":
    unittest.main()
