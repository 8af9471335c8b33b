#!/usr/bin/env python3
"""What `latchkey inspect` says of files: inspect_test.py TOOL MAKE-MESSAGE."""

import base64
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

from tool import SIZES, FilesTest

MAKE_MESSAGE = os.path.abspath(sys.argv.pop(1))
VECTORS = pathlib.Path(__file__).parents[2] / "kat"


class Inspect(FilesTest):
    def setUp(self):
        super().setUp()
        self.make_keys()

    def say(self, *arguments, **more):
        facts = json.loads(self.do("inspect", "--json", *arguments, **more))
        self.assertIs(facts.pop("sound"), True)
        self.assertIs(facts.pop("supported"), True)
        for name in facts:
            self.assertRegex(name, r"\A[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
        return facts

    def assert_unsound(self, fault, name, **expected):
        code, output, errors = self.tool("inspect", "--json", name)
        self.assertEqual((code, errors), (1, f"latchkey: '{name}': {fault}\n"))
        facts = json.loads(output)
        self.assertEqual((facts.pop("sound"), facts.pop("reason")), (False, fault))
        self.assertEqual({name: facts.get(name) for name in expected}, expected)
        code, output, _ = self.tool("inspect", name)
        self.assertEqual(code, 1)
        self.assertIn(", not sound\n", output.decode())

    def assert_unsupported(self, reason, name, sound=None, **expected):
        code, output, errors = self.tool("inspect", "--json", name)
        self.assertEqual((code, errors), (3, f"latchkey: '{name}': {reason}\n"))
        facts = json.loads(output)
        self.assertEqual((facts.pop("sound"), facts.pop("supported"), facts.pop("reason")),
                         (sound, False, reason))
        self.assertEqual({name: facts.get(name) for name in expected}, expected)
        code, output, _ = self.tool("inspect", name)
        self.assertEqual(code, 3)
        self.assertIn(", not supported\n", output.decode())

    def test_for_people_there_is_a_title_and_a_line_for_each_fact(self):
        text = self.do("inspect", "xwing.pub").decode()
        self.assertRegex(text, r"\A'xwing.pub': public key\n  encoding +PEM\n"
                               r"  algorithm +X-Wing\n  fingerprint +SHA256:[\w+/]{43}\n\Z")
        with open(self.folder / "mlkem") as file:
            self.assertRegex(self.do("inspect", stdin=file).decode(),
                             r"\Astandard input: private key\n")

    def test_sealed_files_say_what_they_are_sealed_to_and_how(self):
        self.make_every_key()
        for key, (name, _, _) in SIZES.items():
            self.do("seal", "-r", f"{key}.pub", "-o", f"{key}.sealed", input=b"content")
            facts = self.say(f"{key}.sealed")
            self.assertEqual(facts.pop("file"), f"{key}.sealed")
            self.assertEqual((facts["kind"], facts["recipient"]), ("sealed stream", name))
            self.assertEqual(sorted(facts), ["aead", "kdf", "kind", "recipient"])

    def test_a_file_that_is_cut_is_not_sound(self):
        self.do("seal", "-r", "xwing.pub", "-o", "sealed", input=b"content")
        self.write("cut", self.read("sealed")[:-8])
        code, output, errors = self.tool("inspect", "--json", "cut")
        self.assertEqual(code, 1)
        self.assertRegex(errors, r"\Alatchkey: 'cut': [^\n]+\n\Z")
        facts = json.loads(output)
        self.assert_unsound(facts["reason"], "cut", kind="sealed stream", recipient="X-Wing")
        self.do("seal", "--force", "-r", "mlkem.pub", "-o", "long", input=bytes(3 * 65536))
        sealed = self.read("long")
        box = 65536 + 16
        for rest, sound in ((0, True), (1, False), (16, False), (17, True)):
            self.write("cut", sealed[:len(sealed) - 2 * box + rest])
            self.assertEqual(self.tool("inspect", "cut")[0], 0 if sound else 1)
        self.write("head", self.read("sealed")[:20])
        self.assertEqual(self.tool("inspect", "head")[0], 1)

    def test_messages_are_whole_or_not_even_through_a_pipe(self):
        for size in (0, 1000, 5 << 20):
            sealed = subprocess.run([MAKE_MESSAGE, self.folder / "mlkem.pub", ""],
                                    input=bytes(size), stdout=subprocess.PIPE, check=True).stdout
            self.assertEqual(self.say(input=sealed)["kind"], "sealed message")
            self.write("message", sealed)
            self.assertEqual(self.say("message")["recipient"], "ML-KEM-768")
            for damaged in (sealed[:-1], sealed + b"\0"):
                self.write("message", damaged)
                self.assertEqual(self.tool("inspect", "message")[0], 1)
                self.assertEqual(self.tool("inspect", input=damaged)[0], 1)

    def test_a_head_that_claims_what_no_file_has_is_not_sound(self):
        self.do("seal", "-r", "xwing.pub", "-o", "sealed", input=bytes(100))
        head = self.read("sealed")[:16]
        message = head[:9] + b"\1" + head[10:]
        for claimed in (message + (-1120 % 2**64).to_bytes(8, "big"),
                        message + (5).to_bytes(8, "big") + bytes(1120 + 5),
                        head + (5).to_bytes(8, "big") + bytes(1120 + 100)):
            self.write("claimed", claimed)
            self.assert_unsound("the sealed message was cut off, or bytes were added to it",
                                "claimed")

    def test_age_files_say_how_many_can_open_them(self):
        names = b"".join(self.do("pubkey", "--age", "-i", key) for key in ("xwing", "age"))
        for count in (1, 500):
            self.write("names", names * count)
            self.do("seal", "--force", "-R", "names", "-o", "sealed", input=b"content")
            facts = self.say("sealed")
            self.assertEqual((facts["kind"], facts["armor"]), ("age file", False))
            self.assertEqual(facts["recipients"], 2 * count)
            self.assertEqual(facts["post_quantum_recipients"], 2 * count)
        sealed = self.read("sealed")
        for size in (100, len(sealed) - 7 - 17 - 16, len(sealed) - 7 - 17):
            self.write("cut", sealed[:size])
            self.assert_unsound("the sealed message was cut off, or bytes were added to it", "cut")
        self.do("seal", "-a", "-r", "age.pub", "-o", "text", input=b"content")
        self.assertIs(self.say("text")["armor"], True)
        self.assertEqual(self.say("age")["kind"], "age identity")
        self.assertEqual(self.say("age.pub")["kind"], "age recipient")
        self.assertEqual(self.say("age.pub")["fingerprint"], self.say("age")["fingerprint"])

    def test_bytes_without_a_format_are_told_by_their_size(self):
        self.make_every_key()
        for key, (name, size, sent_size) in SIZES.items():
            self.do("encaps", "--force", "-r", f"{key}.pub", "-s", "secret", "-o", "sent")
            self.assertEqual(len(self.read("sent")), sent_size)
            facts = self.say("sent")
            self.assertEqual((facts["kind"], facts["algorithm"]), ("ciphertext", name))
            self.do("pubkey", "--force", "--der", "-i", key, "-o", "der")
            self.write("raw", self.read("der")[-size:])
            facts = self.say("raw")
            self.assertEqual((facts["kind"], facts["algorithm"]), ("raw public key", name))
            self.assertEqual(facts["fingerprint"], self.say(f"{key}.pub")["fingerprint"])
            # A coefficient that is not below q.
            self.write("raw", b"\xff\xff" + self.read("raw")[2:])
            if size == sent_size:  # which is then no public key, and may be a ciphertext
                self.assertEqual(self.say("raw")["kind"], "ciphertext")
            else:
                self.assertEqual(self.tool("inspect", "raw")[0], 1)

    def test_an_expanded_private_key_is_told_by_its_size_too(self):
        for number, k, head in ((512, 2, "30820332300b06096086480165030404010382032100"),
                                (768, 3, "308204b2300b0609608648016503040402038204a100"),
                                (1024, 4, "30820632300b06096086480165030404030382062100")):
            text = (VECTORS / f"acvp-{number}-decaps.rsp").read_text()
            key = bytes.fromhex(re.search(rf"^dk = ([0-9a-f]{{{2 * (768 * k + 96)}}})$", text,
                                          re.M | re.I)[1])
            self.write("raw", key)
            facts = self.say("raw")
            self.assertEqual((facts["kind"], facts["algorithm"]),
                             ("raw private key", f"ML-KEM-{number}"))
            spki = bytes.fromhex(head) + key[384 * k:-64]
            digest = base64.b64encode(hashlib.sha256(spki).digest()).decode().rstrip("=")
            self.assertEqual(facts["fingerprint"], f"SHA256:{digest}")
            self.write("raw", key[:-64] + bytes(32) + key[-32:])
            self.assert_unsound("the hash in the private key is not that of its public key (FIPS "
                                "203, section 7.3)", "raw", kind="raw private key")

    def test_files_of_other_versions_and_other_recipients_are_told_apart(self):
        self.do("seal", "-r", "xwing.pub", "-o", "sealed", input=b"content")
        sealed = self.read("sealed")
        self.write("other", sealed[:8] + bytes([sealed[8] ^ 0x40]) + sealed[9:])
        self.assert_unsupported("this version of Latchkey does not support the input's version or "
                                "algorithms", "other", kind="sealed file")
        self.do("seal", "-r", "age.pub", "-o", "for-one", input=b"content")
        line, rest = self.read("for-one").split(b"\n", 1)
        self.write("for-two", line + b"\n-> X25519 " + 2 * (43 * b"A" + b"\n") + rest)
        facts = self.say("for-two")
        self.assertEqual((facts["recipients"], facts["post_quantum_recipients"]), (2, 1))

    def test_text_of_a_system_with_other_line_ends_is_read(self):
        for name in ("age", "age.pub"):
            facts = self.say(name)
            self.write("text", self.read(name).replace(b"\n", b"\r\n"))
            self.assertEqual(self.say("text"), {**facts, "file": "text"})

    def test_what_nobody_knows_and_what_is_damaged_is_not_sound(self):
        for content in (b"#", b"#\n", b"\n", b"hello", bytes(100), os.urandom(3 << 20)):
            self.write("unknown", content)
            self.assert_unsound("not a format that Latchkey knows", "unknown", kind="unknown")
        self.write("empty", "")
        self.assert_unsound("it is empty", "empty", kind="unknown")
        self.assert_unsound("not a format that Latchkey knows", "/dev/zero", kind="unknown")  # has no end
        for name, kind in (("xwing", "private key"), ("xwing.pub", "public key"),
                           # which are read no further than to the damage
                           ("age", "age identities"), ("age.pub", "age recipients")):
            content = self.read(name)
            middle = len(content) - (30 if name.startswith("age") else 60)  # not in PEM's END
            self.write("damaged", content[:middle] + content[middle + 4:])
            code, output, errors = self.tool("inspect", "--json", "damaged")
            self.assertEqual((code, json.loads(output)["kind"]), (1, kind))
            self.assertRegex(errors, r"\Alatchkey: 'damaged': [^\n]+\n\Z")

    def test_a_key_under_a_password_tells_no_more_without_it(self):
        self.write("password", "password\n")
        self.write("wrong", "wrong\n")
        self.do("keygen", "--password-file", "password", "-o", "locked")
        self.assertEqual(self.say("locked"), {
            "file": "locked", "kind": "private key", "encoding": "PEM",
            "under_a_password": True})
        self.assertIn("fingerprint", self.say("--password-file", "password", "locked"))
        self.assertEqual(self.tool("inspect", "--password-file", "wrong", "locked")[0], 1)
        for damaged in (b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n@@\n"
                        b"-----END ENCRYPTED PRIVATE KEY-----\n", self.read("locked")[:200]):
            self.write("damaged", damaged)
            self.assertEqual(self.tool("inspect", "damaged")[0], 1)

    def test_no_secret_is_in_what_it_says(self):
        for name in ("xwing", "mlkem", "age"):
            secret = self.read(name).split(b"\n")[-2 if name == "age" else 1]
            for flag in ([], ["--json"]):
                self.assertNotIn(secret, self.do("inspect", *flag, name))

    def test_names_are_quoted_in_json_and_kept_in_one_line_elsewhere(self):
        name = 'a"b\\c\nd\x1be\x7f\u00e9'
        self.write(name, self.read("xwing.pub"))
        self.assertEqual(self.say(name)["file"], name)
        self.assertEqual(self.do("inspect", name).split(b"\n")[0],
                         "'a\"b\\c?d?e?\u00e9': public key".encode())

    def test_json_is_utf_8_without_controls_whatever_the_name_of_a_file_is(self):
        content = self.read("xwing.pub")
        for number, name in enumerate((
                b"\xff", b"cut\xe2\x82", b"overlong\xc0\xaf", b"overlong\xe0\x80\xaf",
                b"overlong\xf0\x80\x80\xaf", b"surrogate\xed\xa0\x80", b"above\xf4\x90\x80\x80")):
            (self.folder / os.fsdecode(name)).write_bytes(content)
            facts = json.loads(self.do("inspect", "--json", name).decode())  # strictly UTF-8
            self.assertEqual(bytes.fromhex(facts["file_hex"]), name)
            self.assertIn("\ufffd", facts["file"], number)
            self.assertNotRegex(self.do("inspect", name), rb"[^\n\x20-\x7e]")
        for name in ("c1\u009b31m", "bidi\u202e\u2066\u200f\u061c", "lines\u2028\u2029", "\x1b[31m"):
            (self.folder / name).write_bytes(content)
            output = self.do("inspect", "--json", name)
            self.assertEqual(json.loads(output)["file"], name)
            self.assertNotIn("file_hex", json.loads(output))
            self.assertNotRegex(output, rb"[^\n\x20-\x7e]")
            self.assertNotRegex(self.do("inspect", name), rb"[^\n\x20-\x7e]")
        name = "\u00e9\u20ac\U0001f511"
        (self.folder / name).write_bytes(content)
        self.assertIn(name.encode(), self.do("inspect", "--json", name))

    def test_keys_for_other_algorithms_are_not_supported_and_not_called_unsound(self):
        for algorithm in ("RSA", "ED25519"):
            subprocess.run(["openssl", "genpkey", "-algorithm", algorithm, "-out", "other"],
                           cwd=self.folder, check=True, stderr=subprocess.DEVNULL)
            subprocess.run(["openssl", "pkey", "-in", "other", "-pubout", "-out", "other.pub"],
                           cwd=self.folder, check=True)
            reason = "the key is for an algorithm other than ML-KEM and X-Wing"
            self.assert_unsupported(reason, "other", kind="private key")
            self.assert_unsupported(reason, "other.pub", kind="public key")


if __name__ == "__main__":
    unittest.main()
