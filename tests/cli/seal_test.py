#!/usr/bin/env python3
"""Sealing and opening, to every kind of recipient: seal_test.py TOOL MAKE-MESSAGE."""

import os
import pathlib
import subprocess
import sys
import unittest

from tool import SIZES, FilesTest

MAKE_MESSAGE = os.path.abspath(sys.argv.pop(1))
CASES = pathlib.Path(__file__).parents[1] / "seal/cases"
CHUNK = 65536


def content_of(size):
    return bytes(range(251)) * (size // 251) + bytes(size % 251)


class Seal(FilesTest):
    def setUp(self):
        super().setUp()
        self.make_keys("--der")
        self.recipient = self.read("age.pub").decode().strip()

    def test_what_is_sealed_opens_for_every_kind_of_recipient(self):
        self.write("names", b"# two\n\n" + self.read("age.pub") +
                   self.do("pubkey", "--age", "-i", "xwing"))
        ways = {"to an X-Wing key": (["-r", "xwing.pub"], ["xwing"]),
                "to an ML-KEM key": (["-r", "mlkem.pub"], ["mlkem"]),
                "to a name of age's": (["-r", self.recipient], ["age"]),
                "to a file with it": (["-r", "age.pub", "-a"], ["age"]),
                "to a list": (["-R", "names"], ["age", "xwing"]),
                "to a list and a key": (["-R", "names", "-r", "xwing.pub"], ["age", "xwing"]),
                "for age": (["--age", "-r", "xwing.pub", "-r", self.recipient], ["age", "xwing"]),
                "as text": (["--age", "--armor", "-r", "xwing.pub"], ["xwing"])}
        for way, (options, keys) in ways.items():
            for size in (0, 1, CHUNK, 3 * CHUNK + 7):
                with self.subTest(way, size=size):
                    self.write("in", content_of(size))
                    self.do("seal", "--force", *options, "-o", "sealed", "in")
                    for key in keys:
                        self.do("open", "--force", "-i", key, "-o", "out", "sealed")
                        self.assertEqual(self.read("out"), self.read("in"))
                    others = {"xwing", "mlkem", "age"} - set(keys)
                    for key in others:
                        self.refuse("cannot open 'sealed': ", "open", "-i", key, "-o", "o",
                                    "sealed")
            self.do("inspect", "sealed")

    def test_sizes_around_a_chunk_through_pipes(self):
        for options, key in ((["-r", "mlkem.pub"], "mlkem"), (["-r", "age.pub"], "age"),
                             (["-r", "age.pub", "-a"], "age")):
            for size in (CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK):
                with self.subTest(options, size=size):
                    content = content_of(size)
                    sealed = self.do("seal", *options, "-o", "-", input=content)
                    self.assertEqual(self.do("open", "-i", key, "-", input=sealed), content)

    def test_a_text_for_age_is_text_and_every_seal_is_another(self):
        text = self.do("seal", "-a", "-r", "age.pub", input=b"content")
        self.assertTrue(text.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n"))
        self.assertTrue(text.endswith(b"-----END AGE ENCRYPTED FILE-----\n"))
        for recipient in ("age.pub", "xwing.pub", "mlkem.pub"):
            one, other = (self.do("seal", "-r", recipient, input=b"content") for _ in range(2))
            self.assertNotEqual(one, other)
            self.assertNotIn(b"content", one)

    def test_the_key_that_fits_is_found_among_several(self):
        self.write("password", "password\n")
        self.do("keygen", "--password-file", "password", "-o", "locked")
        self.write("both", self.read("age") + self.do("keygen", "--age"))
        keys = ["--password-file", "password"]
        for key in ("locked", "both", "mlkem", "xwing"):
            keys += ["-i", key]
        for recipient in ("xwing.pub", "mlkem.pub", "age.pub"):
            for size in (0, 1, CHUNK, CHUNK + 1):
                with self.subTest(recipient, size=size):
                    sealed = self.do("seal", "-r", recipient, input=content_of(size))
                    self.assertEqual(self.do("open", *keys, input=sealed), content_of(size))
        for kind in ([], ["-t", "ml-kem-768"]):
            self.key_pair("other", "other.pub", *kind)
            sealed = self.do("seal", "-r", "other.pub", input=b"content")
            self.refuse("cannot open standard input: decryption failed: wrong key, context",
                        "open", *keys, input=sealed)
            unlike = ["xwing", "age"] if kind else ["mlkem", "mlkem"]
            message = subprocess.run([MAKE_MESSAGE, self.folder / "other.pub", ""], input=b"content",
                                     stdout=subprocess.PIPE, check=True).stdout
            for file in (sealed, message):
                self.refuse("cannot open standard input: none of the given private keys", "open",
                            "-i", unlike[0], "-i", unlike[1], input=file)
                self.refuse("cannot open standard input: it was sealed to a key of",
                            "open", "-i", unlike[0], input=file)
            (self.folder / "other").unlink()
            (self.folder / "other.pub").unlink()

    def test_a_wrong_password_of_one_key_does_not_stop_the_search(self):
        self.write("word", "word\n")
        self.write("other word", "other\n")
        for name, word in ("one", "other word"), ("two", "word"), ("three", "other word"):
            self.do("keygen", "-o", name, "--password-file", word)
        self.do("pubkey", "-i", "two", "--password-file", "word", "-o", "two.pub")
        password = ["--password-file", "word"]
        for sealed in (self.do("seal", "-r", "two.pub", input=b"content"),
                       self.do("seal", "--age", "-r", "two.pub", input=b"content")):
            for keys in (["one", "two"], ["two", "one"], ["one", "two", "three", "xwing"]):
                options = [word for key in keys for word in ("-i", key)]
                self.assertEqual(self.do("open", *options, *password, input=sealed), b"content")
            # If none of them does it, both reasons are named.
            self.refuse("cannot use 'one': wrong password, or the file was changed", "open",
                        "-i", "one", "-i", "xwing", *password, input=sealed)
            self.refuse("cannot open standard input: ", "open",
                        "-i", "one", "-i", "xwing", *password, input=sealed)
            self.refuse("'one': wrong password, or the file was changed; cannot use 'three': wrong",
                        "open", "-i", "one", "-i", "three", *password, input=sealed)
        # What is wrong with a key besides stops it.
        self.write("no key", "nothing")
        self.refuse("cannot use 'no key'", "open", "-i", "no key", "-i", "two", *password,
                    input=sealed)

    def test_the_context_has_to_be_the_same(self):
        for key in ("xwing", "mlkem"):
            options = ["-r", f"{key}.pub", "--context", "backup 1"]
            sealed = self.do("seal", *options, input=b"content")
            self.assertEqual(self.do("open", "-i", key, "-c", "backup 1", input=sealed),
                             b"content")
            for context in (["-c", "backup 2"], []):
                self.refuse("cannot open standard input: ", "open", "-i", key, *context,
                            input=sealed)
                for keys in (["age", key], [key, "age"], ["mlkem", key], [key, "mlkem"]):
                    self.refuse("decryption failed: wrong key, context", "open", "-i", keys[0],
                                "-i", keys[1], *context, input=sealed)
            self.refuse("option '-c' takes at most 60000 bytes, and the text given has 60001",
                        "seal", "-r", f"{key}.pub", "-c", "x" * 60_001, status=2)
            self.do("seal", "-r", f"{key}.pub", "-c", "x" * 60_000)
        self.refuse("age files have no context: leave out -c", "seal", "-r", "age.pub", "-c", "x")
        sealed = self.do("seal", "-r", "age.pub", input=b"content")
        self.refuse("age files have no context: leave out -c", "open", "-i", "age", "-c", "x",
                    input=sealed)

    def test_the_aad_has_to_be_the_same(self):
        for key in ("xwing", "mlkem"):
            sealed = self.do("seal", "-r", f"{key}.pub", "-c", "a", "--aad", "order 17",
                             input=b"content")
            message = subprocess.run([MAKE_MESSAGE, self.folder / f"{key}.pub", "a", "order 17"],
                                     input=b"content", stdout=subprocess.PIPE, check=True).stdout
            for file in (sealed, message):
                for keys in (["-i", key], ["-i", "age", "-i", key]):
                    self.assertEqual(self.do("open", *keys, "-c", "a", "--aad", "order 17",
                                             input=file), b"content")
                    for options in (["-c", "a"], ["-c", "a", "--aad", "order 18"],
                                    ["-c", "order 17", "--aad", "a"], ["--aad", "aorder 17"]):
                        self.refuse("cannot open standard input: ", "open", *keys, *options,
                                    "-o", "out", input=file)
        self.refuse("age files have no associated data: leave out --aad", "seal", "-r", "age.pub", "--aad", "x")
        sealed = self.do("seal", "-r", "age.pub", input=b"content")
        self.refuse("age files have no associated data: leave out --aad", "open", "-i", "age", "--aad", "x", input=sealed)

    def test_a_file_of_version_1_is_refused_and_said_to_be_one(self):
        # Each opens with the contexts "invoice" and "refund", and other content, in version 1.
        self.write("key", (CASES / "two-faced.key").read_bytes())
        for name in ("two-faced.sealed", "two-faced-stream.sealed"):
            self.write(name, (CASES / name).read_bytes())
            for context in ("invoice", "refund"):
                self.refuse(f"cannot open '{name}': a sealed file of version 1", "open", "-i",
                            "key", "-c", context, "-o", "out", name)
            status, _, errors = self.tool("inspect", name)
            self.assertEqual(status, 3)  # not supported
            self.assertIn("a sealed file of version 1", errors)

    def test_white_space_may_be_before_a_text_for_age(self):
        text = self.do("seal", "-a", "-r", "age.pub", input=b"content")
        for size in (1, 9, 10, 100, 1023 - 14):
            self.assertEqual(self.do("open", "-i", "age", input=size * b"\n" + text), b"content")

    def test_an_identity_of_another_kind_is_passed_over(self):
        other = b"AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n"
        plugin = b"AGE-PLUGIN-YUBIKEY-17XYZ\n"
        sealed = self.do("seal", "-r", "age.pub", input=b"content")
        for before, after in ((other, b""), (b"", plugin), (other + plugin, other)):
            self.write("keys", before + self.read("age") + after)
            self.assertEqual(self.do("open", "-i", "keys", input=sealed), b"content")
        self.write("keys", other + plugin)
        self.refuse("none of the given private keys is for a recipient", "open", "-i", "keys", input=sealed)
        self.write("keys", plugin)
        self.refuse("cannot use 'keys': its identities are for plugins of age", "open", "-i", "keys", input=sealed)
        self.write("keys", self.read("age") + b"AGE-SECRET-KEY-PQ-1X\n")
        self.refuse("of 'keys': ", "open", "-i", "keys", input=sealed)

    def test_messages_of_programs_open_too(self):
        for key in ("xwing", "mlkem"):
            for size in (0, 1, 64 << 10, 300_000):
                with self.subTest(key, size=size):
                    content = content_of(size)
                    sealed = subprocess.run(
                        [MAKE_MESSAGE, self.folder / f"{key}.pub", "letters"], input=content,
                        stdout=subprocess.PIPE, check=True).stdout
                    options = ["-i", "age", "-i", "xwing", "-i", "mlkem", "-c", "letters"]
                    self.assertEqual(self.do("open", *options, input=sealed), content)
                    self.refuse("cannot open standard input: ", "open", "-i", "age",
                                "-c", "letters", input=sealed)
                    for damaged in (sealed[:-1], sealed + b"\0",
                                    sealed[:-9] + bytes([sealed[-9] ^ 1]) + sealed[-8:]):
                        self.refuse("cannot open standard input: ", "open", *options,
                                    "-o", "out", input=damaged)

    def test_what_was_opened_is_for_nobody_else(self):
        self.write("content", "content")
        self.do("seal", "-r", "xwing.pub", "-o", "sealed", "content")
        self.do("open", "-i", "xwing", "-o", "opened", "sealed")
        self.assertEqual((self.mode("sealed"), self.mode("opened")), (0o644, 0o600))

    @unittest.skipUnless(os.geteuid() == 0, "only root can give a pipe away")
    def test_a_file_that_is_read_is_not_written_to(self):
        """Each byte that was written would be read again: the command would never end."""
        content = content_of(2 * CHUNK)
        for options, key in ((["-r", "xwing.pub"], "xwing"), (["-r", "age.pub"], "age"),
                             (["--age", "-a", "-r", "xwing.pub"], "xwing")):
            sealed = self.do("seal", *options, input=content)
            seal, open_it = ["seal", *options], ["open", "-i", key]
            for command, given in ((seal, content), (open_it, sealed)):
                for more in ["file"], [], ["-o", "/dev/stdout", "file"]:
                    for mode in "ab", "r+b":
                        self.write("file", given)
                        with open(self.folder / "file", mode) as output, \
                                open(self.folder / "file", "rb") as source:
                            code, _, errors = self.tool(*command, *more, stdout=output,
                                                        stdin=source)
                        shown = "'file'" if more else "standard input"
                        self.assertEqual((code, errors), (
                            1, f"latchkey: {shown} and the output are the same file; name another "
                            "file with -o\n"))
                        self.assertEqual(self.read("file"), given)
            # A file that replaces its input is a new one.
            self.write("file", content)
            self.do(*seal, "--force", "-o", "file", "file")
            self.do(*open_it, "--force", "-o", "file", "file")
            self.assertEqual(self.read("file"), content)

    def test_another_users_pipe_gets_nothing_secret(self):
        self.write("content", "content")
        self.do("seal", "-r", "xwing.pub", "-o", "sealed", "content")
        os.mkfifo(self.folder / "pipe")
        os.chown(self.folder / "pipe", 65534, 65534)
        reader = os.open(self.folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        for words in (["keygen", "-o", "pipe"], ["open", "-i", "xwing", "-o", "pipe", "sealed"]):
            self.assert_fails(self.tool(*words), 1, "belongs to another user, who could read")
        self.assertEqual(os.read(reader, 1), b"")
        self.do("pubkey", "-i", "xwing", "-o", "pipe")

    def test_what_does_not_go_together_is_said(self):
        for words, options in {
                "only age files can have several recipients: add --age":
                    ["-r", "xwing.pub", "-r", "mlkem.pub"],
                "age files are for X-Wing keys": ["-r", "mlkem.pub", "-r", "age.pub"],
                "only age files can be text (-a): add --age": ["-a", "-r", "xwing.pub"],
                "'in' contains no recipient of age": ["-R", "in"]}.items():
            self.write("in", "# nothing\n")
            self.refuse(words, "seal", *options, "in")
        self.refuse("needs -r KEY or -R FILE", "seal", "in", status=2)
        self.do("seal", "-r", "xwing.pub", "-o", "sealed", "in")
        self.do("seal", "-r", "age.pub", "-o", "sealed.age", "in")
        for sealed in "sealed", "sealed.age":
            self.refuse("needs -i FILE, unless", "open", sealed, status=2)
        self.refuse("unexpected argument 'more'", "open", "-i", "age", "in", "more", status=2)
        for option in ("-r", "-R", "-o"):
            self.refuse("must not be empty",
                        "seal", "-r", "age.pub", option, "", status=2)

    def test_both_sides_of_an_encapsulation_have_the_same_secret(self):
        self.do("pubkey", "--age", "-i", "xwing", "-o", "xwing.name")
        self.make_every_key()
        for key, recipient, size in (("xwing", "xwing.pub", 1120), ("age", self.recipient, 1120),
                                     ("xwing", "xwing.name", 1120),
                                     *((kind, f"{kind}.pub", sizes[2])
                                       for kind, sizes in SIZES.items())):
            with self.subTest(recipient):
                self.do("encaps", "--force", "-r", recipient, "-s", "secret", "-o", "sent")
                self.assertEqual((len(self.read("secret")), self.mode("secret")), (32, 0o600))
                self.assertEqual((len(self.read("sent")), self.mode("sent")), (size, 0o644))
                self.do("decaps", "--force", "-i", key, "-o", "received", "sent")
                self.assertEqual(self.read("received"), self.read("secret"))
                self.assertEqual(self.mode("received"), 0o600)
                changed = bytes([self.read("sent")[0] ^ 1]) + self.read("sent")[1:]
                # No error: who receives it cannot tell.
                other = self.do("decaps", "-i", key, input=changed)
                self.assertEqual(len(other), 32)
                self.assertNotEqual(other, self.read("secret"))
                self.refuse("cannot decapsulate standard input: ", "decaps", "-i", key,
                            "-o", "out", input=changed[:-1])

    def test_a_ciphertext_of_another_algorithm_is_told_by_its_size(self):
        self.make_every_key()
        for sender, (name, _, size) in SIZES.items():
            sent = self.do("encaps", "--force", "-r", f"{sender}.pub", "-s", "secret")
            for receiver, (wanted, _, right) in SIZES.items():
                if sender != receiver:
                    self.refuse(f"it has {size} bytes, and the ciphertext for a key of {wanted} has "
                                f"{right}; this is a ciphertext for {name}, by its size", "decaps",
                                "-i", receiver, "-o", "new", input=sent)

    def test_a_file_to_a_key_of_each_algorithm_opens_with_that_key_and_no_other(self):
        self.make_every_key()
        for sender, (name, _, _) in SIZES.items():
            sealed = self.do("seal", "-r", f"{sender}.pub", input=b"content")
            message = subprocess.run([MAKE_MESSAGE, self.folder / f"{sender}.pub", ""],
                                     input=b"content", stdout=subprocess.PIPE, check=True).stdout
            for file in (sealed, message):
                every = [word for kind in SIZES for word in ("-i", kind)]
                for keys in (["-i", sender], every):
                    self.assertEqual(self.do("open", *keys, input=file), b"content")
                for receiver, (other, _, _) in SIZES.items():
                    if receiver != sender:
                        self.refuse(f"it was sealed to a key of {name}, and the private key is one "
                                    f"of {other}", "open", "-i", receiver, input=file)
            for receiver in list(SIZES)[1:]:
                self.refuse(f"one of the recipients is an {SIZES[receiver][0]} key", "seal", "--age",
                            "-r", f"{receiver}.pub", input=b"content")

    def test_a_secret_and_its_ciphertext_go_to_different_places(self):
        sent = self.do("encaps", "-r", "xwing.pub", "-s", "secret")
        self.assertEqual(self.do("decaps", "-i", "xwing", input=sent), self.read("secret"))
        secret = self.do("encaps", "-r", "xwing.pub", "-s", "-", "-o", "sent")
        self.assertEqual(self.do("decaps", "-i", "xwing", "sent"), secret)
        for places in (["-s", "-"], ["-s", "-", "-o", "-"], ["-s", "x", "-o", "x"]):
            self.refuse("cannot go to the same place", "encaps", "-r", "xwing.pub", *places)
        self.refuse("cannot go to the same place", "encaps", "-r", "xwing.pub", "--force",
                    "-s", "new", "-o", "./new")
        self.refuse("'sent' exists already", "encaps", "-r", "xwing.pub", "-s", "new",
                    "-o", "sent")
        self.refuse("needs -s FILE", "encaps", "-r", "xwing.pub", status=2)


if __name__ == "__main__":
    unittest.main()
