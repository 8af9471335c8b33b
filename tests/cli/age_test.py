#!/usr/bin/env python3
"""Identities, recipients and files of age: age_test.py TOOL."""

import base64
import json
import pathlib
import resource
import time
import unittest

from tool import FilesTest

CASES = pathlib.Path(__file__).resolve().parents[1] / "age" / "cases"
MIB = 1 << 20


class Age(FilesTest):
    def setUp(self):
        super().setUp()
        for path in CASES.iterdir():
            self.write(path.name, path.read_bytes())
        self.write("password", "secret\n")
        self.write("wrong", "sesame\n")

    def identities(self, count):
        """Lines of as many identities, each another one."""
        lines = [line for line in self.read("identities-32.txt").splitlines(True)
                 if line.startswith(b"AGE-")]
        return (lines * (count // len(lines) + 1))[:count]

    def inspect(self, name, *options, status=0):
        code, output, errors = self.tool("inspect", "--json", *options, name)
        self.assertEqual(code, status, errors)
        return json.loads(output)

    # ---- Identities

    def test_a_file_of_32_identities_opens_what_is_for_the_last_of_them(self):
        content = self.do("open", "-i", "identity-last.txt", "for-the-last.age")
        self.assertTrue(content)
        self.assertEqual(self.do("open", "-i", "identities-32.txt", "for-the-last.age"), content)
        self.assertEqual(self.do("open", "-i", "-", "for-the-last.age",
                                 input=self.read("identities-32.txt")), content)

    def test_a_file_of_identities_may_have_16_mib_and_no_more(self):
        last, content = self.identities(32)[-1], self.do("open", "-i", "identity-last.txt",
                                                         "for-the-last.age")
        remark = b"# " + bytes(65) * 1000 + b"\r\n\r\n\n"
        remarks = remark * ((16 * MIB - len(last)) // len(remark))
        self.write("long", remarks + b"#" * (16 * MIB - len(last) - len(remarks) - 1) + b"\n" + last)
        self.assertEqual(len(self.read("long")), 16 * MIB)
        self.assertEqual(self.do("open", "-i", "long", "for-the-last.age"), content)
        self.assertEqual(self.inspect("long")["identities"], 1)
        self.write("longer", b"#" + self.read("long"))
        self.refuse("'longer' is too long", "open", "-i", "longer", "for-the-last.age")
        self.write("line", last[:-1] + bytes(5000))
        self.refuse("line 1 of 'line' is too long", "open", "-i", "line", "for-the-last.age")

    def test_a_list_behind_many_comments_is_what_its_first_line_says(self):
        recipient, identity = self.do("pubkey", "-i", "identity-last.txt"), self.identities(32)[-1]
        fingerprint = self.do("fingerprint", "identity-last.txt")
        # The comments end where the tool reads on, or elsewhere.
        for before in (b"# a\r\n" * 20_000, b"#" * 200_000 + b"\n\n\r\n",
                       *(b"#" * (64 * 1024 + more) + b"\r\n" for more in range(-4, 2)),
                       b"#" * (68 * 1024 - 20) + b"\n"):
            self.write("list", before + recipient * 2)
            (self.folder / "list").chmod(0o644)
            self.assertEqual(self.inspect("list")["kind"], "age recipients")
            self.assertEqual(self.do("fingerprint", "list"), fingerprint * 2)
            self.write("list", before + identity)
            self.assertEqual(self.inspect("list")["kind"], "age identity")
            self.assertEqual(self.do("fingerprint", "list"), fingerprint)
            (self.folder / "list").chmod(0o644)
            self.refuse("is a secret that others may read", "fingerprint", "list")
        number = before.count(b"\n") + 1
        self.write("list", before + b"age1pq1typo\n" + recipient)
        self.refuse(f"line {number} of 'list'", "fingerprint", "list")
        for behind, words in ((b"", "has no key behind its comments"),
                              (b"-----BEGIN PUBLIC KEY-----\n", "is too long")):
            self.write("list", before + behind)
            for command in "fingerprint", "inspect":
                self.refuse(f"'list' {words}", command, "list")

    def test_a_file_of_1000_identities_is_used_and_one_more_refused(self):
        many = self.identities(999)
        self.write("many", b"".join(many) + self.identities(32)[-1])
        begin = time.monotonic()
        self.assertEqual(self.do("open", "-i", "many", "for-the-last.age"),
                         self.do("open", "-i", "identity-last.txt", "for-the-last.age"))
        self.assertLess(time.monotonic() - begin, 30)
        self.write("more", self.read("many") + many[0])
        self.refuse("'more' has more than 1000 identities", "open", "-i", "more",
                    "for-the-last.age")

    def test_pubkey_prints_a_recipient_for_each_identity(self):
        first, last = self.identities(32)[0], self.identities(32)[-1]
        self.write("two", b"# remark\n" + first + b"\r\n" + last)
        recipients = self.do("pubkey", "-i", "two").splitlines()
        self.write("first", first)
        self.assertEqual(recipients, [self.do("pubkey", "-i", name).strip()
                                      for name in ("first", "identity-last.txt")])
        self.assertEqual(len(self.do("pubkey", "-i", "identities-32.txt").split()), 32)
        self.refuse("'two' contains several keys", "pubkey", "--der", "-i", "two")
        self.refuse("contains several keys", "decaps", "-i", "two", "password")

    def test_an_identity_of_another_kind_is_named_and_beside_ours_passed_over(self):
        self.write("plugin", "AGE-PLUGIN-YUBIKEY-1QQQQ\n")
        for command in ("pubkey", "-i", "plugin"), ("open", "-i", "plugin", "for-the-last.age"):
            self.refuse("'plugin': its identities are for plugins of age", *command)
        self.write("mixed", b"AGE-PLUGIN-YUBIKEY-1QQQQ\n" + self.read("identity-x25519.txt") +
                   self.identities(32)[-1])
        self.do("open", "-i", "mixed", "for-the-last.age")
        self.write("mistyped", self.identities(32)[-1].replace(b"PQ-1R", b"PQ-1Q"))
        self.refuse("cannot use line 1 of 'mistyped'", "pubkey", "-i", "mistyped")

    def test_identities_for_x25519_open_files_beside_others_and_are_not_used_otherwise(self):
        classic = self.read("identity-x25519.txt")
        for_last = self.do("open", "-i", "identity-last.txt", "for-the-last.age")
        for name, before, behind in (("classic", b"", b""), ("first", b"", self.identities(32)[-1]),
                                     ("last", b"".join(self.identities(32)), b"")):
            self.write(name, before + classic + behind)
            self.assertEqual(self.do("open", "-i", name, "hello-x25519.age"), b"hello\n")
            if name != "classic":
                self.assertEqual(self.do("open", "-i", name, "for-the-last.age"), for_last)
                self.assertEqual(len(self.do("pubkey", "-i", name).split()),
                                 1 if name == "first" else 32)
        self.assertEqual(self.do("open", "-i", "identity-last.txt", "-i", "classic",
                                 "hello-x25519.age"), b"hello\n")
        self.refuse("none of the given private keys", "open", "-i", "classic", "for-the-last.age")
        self.write("plugin", b"AGE-PLUGIN-YUBIKEY-1QQQQ\n" + classic)
        for name, more in ("classic", ""), ("plugin", " and for plugins of age"):
            for command in (["pubkey", "-i"], ["fingerprint"], ["convert", "--to", "pem", "-i"],
                            ["decaps", "-i"]):
                self.refuse(f"'{name}': its identities are for X25519{more}, and only 'latchkey "
                            "open' uses those", *command, name)
        self.do("keygen", "-o", "key")
        self.write("pub", self.do("pubkey", "-i", "key"))
        self.do("seal", "-r", "pub", "-o", "sealed", input=b"content")
        self.refuse("'sealed': it is not an age file, and X25519 identities open only those",
                    "open", "-i", "classic", "sealed")
        for wrong in (b"AGE-SECRET-KEY-1Q", classic.strip()[:-1],
                      classic.replace(b"KEY-1", b"KEY-1Q")):
            self.write("mistyped", self.identities(1)[0] + wrong.splitlines()[-1])
            self.refuse("cannot use line 2 of 'mistyped'", "open", "-i", "mistyped",
                        "hello-x25519.age")
        self.write("many", b"".join(self.identities(999)) + classic)
        self.assertEqual(self.do("open", "-i", "many", "hello-x25519.age"), b"hello\n")
        self.write("more", self.read("many") + classic)
        self.refuse("'more' has more than 1000 identities", "open", "-i", "more",
                    "hello-x25519.age")

    # ---- Under a passphrase

    def test_identities_under_a_passphrase_are_read_with_it(self):
        for name in ("identity-under-password.age", "identity-2-18.age"):
            recipient = self.do("pubkey", "-i", name, "--password-file", "password")
            self.assertTrue(recipient.startswith(b"age1pq1"))
            self.write("recipient", recipient)
            self.do("seal", "--force", "-R", "recipient", "-o", "sealed", input=b"content")
            self.assertEqual(self.do("open", "-i", name, "--password-file", "password", "sealed"),
                             b"content")
            facts = self.inspect(name, "--password-file", "password")
            self.assertEqual((facts["kind"], facts["identities"]), ("age file", 1))
            self.refuse("wrong password", "open", "-i", name, "--password-file", "wrong", "sealed")
        self.refuse("the password of 'identity-2-18.age' is needed", "open", "-i",
                    "identity-2-18.age", "sealed", prefix=["setsid"])

    def test_a_passphrase_that_costs_too_much_is_refused_at_once(self):
        for command in ("open", "pubkey"):
            begin = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            self.refuse("'identity-2-19.age': the scrypt work factor of the age file is above 18",
                        command, "-i", "identity-2-19.age", "--password-file", "password")
            self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begin, 0.5)
        facts = self.inspect("identity-2-19.age", status=3)
        self.assertEqual((facts["work_factor"], facts["sound"], facts["supported"]),
                         (19, True, False))

    def test_a_work_factor_is_shown_as_the_file_has_it(self):
        text = self.read("identity-2-19.age")
        for factor, shown in ((1_001, "1001"), ((1 << 32) - 2, "4294967294"),
                              ((1 << 32) - 1, "4294967295 or more"), (10**30, "4294967295 or more")):
            self.write("costly", text.replace(b" 19\n", b" %d\n" % factor, 1))
            for command in (["open", "-i", "costly"], ["inspect", "costly"]):
                self.assertIn(f"above 18 ({shown})", "".join(map(str, self.tool(*command))))

    def test_an_age_file_that_holds_no_identities_is_named_as_what_it_is(self):
        self.refuse("'hello-passphrase.age': it is an age file with a passphrase, but what it "
                    "holds are not identities (line 1)", "open", "-i", "hello-passphrase.age",
                    "--password-file", "password", "for-the-last.age")
        self.refuse("'for-the-last.age': the age file is encrypted to keys, not with a passphrase",
                    "pubkey", "-i", "for-the-last.age", "--password-file", "password")
        self.refuse("'hello-x25519.age': the age file is encrypted to keys", "pubkey", "-i",
                    "hello-x25519.age", "--password-file", "password")
        self.refuse("'armored-cut.age': ", "pubkey", "-i", "armored-cut.age")
        self.write("recipients", self.do("pubkey", "-i", "identity-last.txt"))
        self.refuse("is a public key, and a private key is needed", "open", "-i", "recipients", "for-the-last.age")

    def test_a_file_under_a_passphrase_is_opened_with_it_and_without_a_key(self):
        name, file = "hello-passphrase.age", self.read("hello-passphrase.age")
        with_password = ["open", "--password-file", "password"]
        self.assertEqual(self.do(*with_password, name), b"hello\n")
        self.assertEqual(self.do(*with_password, input=file), b"hello\n")
        for options in ["--password-file", "-"], ["--password-fd", "0"]:
            self.assertEqual(self.do("open", *options, name, input=b"secret\n"), b"hello\n")
            self.assertEqual(self.do("open", *options, input=b"secret\n" + file), b"hello\n")
        text = base64.b64encode(file).decode()
        self.write("armored", " " * 900 + "-----BEGIN AGE ENCRYPTED FILE-----\n" + "".join(
            text[i:i + 64] + "\n" for i in range(0, len(text), 64)) +
            "-----END AGE ENCRYPTED FILE-----\n")
        self.assertEqual(self.do(*with_password, "armored"), b"hello\n")
        self.refuse("wrong password", "open", "--password-file", "wrong", "-o", "new", name)
        self.write("changed", file[:-1] + bytes([file[-1] ^ 1]))
        self.refuse("'changed': decryption failed", *with_password, "-o", "new", "changed")
        self.assertFalse((self.folder / "new").exists())
        self.refuse(f"the password of '{name}' is needed, and there is no terminal", "open", name,
                    prefix=["setsid"])
        self.refuse("age files have no context", *with_password, "-c", "context", name)
        begin = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        self.refuse("cannot open 'identity-2-19.age': the scrypt work factor of the age file is "
                    "above 18", *with_password, "identity-2-19.age")
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begin, 0.5)

    def test_a_file_that_needs_a_key_is_told_from_one_with_a_passphrase(self):
        with_password = ["open", "--password-file", "password"]
        line, rest = self.read("for-the-last.age").split(b"\n", 1)
        self.write("long", line + b"\n" + b"-> a b c\n\n" * 1_000 + rest)
        for name in "for-the-last.age", "hello-x25519.age", "long":
            self.refuse("'latchkey open' needs -i FILE, unless it opens an age file that is "
                        "encrypted with a passphrase", *with_password, name, status=2)
        self.write("cut", self.read("hello-passphrase.age")[:100])
        self.refuse("cannot open 'cut': the sealed message was cut off", *with_password, "cut")
        self.write("bad", self.read("hello-passphrase.age").replace(b"scrypt ", b"scrypt  "))
        self.refuse("cannot open 'bad': the header or the armor of the age file is malformed",
                    *with_password, "bad")
        self.write("none", b"")
        self.refuse("cannot open 'none': it is empty", *with_password, "none")

    # ---- Files for others

    def test_a_file_that_is_for_no_key_of_ours_says_for_what_it_is(self):
        for name, words in (
                ("hello-passphrase.age", "the age file is encrypted with a passphrase, not to a key: leave out -i\n"),
                ("hello-x25519.age", "none of the given private keys is for a recipient")):
            self.refuse(f"cannot open '{name}': {words}", "open", "-i", "identity-last.txt", name)

    def test_a_recipient_of_another_kind_is_named(self):
        x25519 = self.read("identity-x25519.txt").split(b"public key: ")[1].split()[0].decode()
        later = "an X25519 recipient, and a quantum computer could open later what is sealed to it now"
        for recipient, words in ((x25519, later),
                                 ("age1yubikey1qqqq", "a recipient of a plugin"),
                                 ("ssh-ed25519 AAAA me", "an SSH key")):
            self.write("recipients", recipient + "\n")
            self.refuse(f"cannot use line 1 of 'recipients': it is {words}", "seal", "-R",
                        "recipients", "password")
        self.refuse(f"it is {later}: use a post-quantum recipient, age1pq1...", "seal", "-r",
                    x25519, "password")

    def test_a_mistyped_recipient_is_named_as_one_whatever_was_typed(self):
        for typed, shown in (("\x1b[31m", r"8, '\x1b'"), ("qq1qq", "10, '1'"),
                             ("\u202eq", r"8, '\xe2\x80\xae'"), ("q\u00e9", "9, '\u00e9'")):
            self.refuse(f"character {shown}, cannot occur in a recipient", "seal", "-r",
                        "age1pq1" + typed, "password")

    # ---- inspect

    def test_an_armored_file_that_is_cut_is_not_sound(self):
        self.assertIs(self.inspect("armored-cut.age", status=1)["sound"], False)
        self.do("seal", "-a", "-r", self.do("pubkey", "-i", "identity-last.txt").decode().strip(),
                "-o", "armored", input=bytes(10_000))
        facts = self.inspect("armored")
        self.assertEqual((facts["armor"], facts["recipients"], facts["post_quantum_recipients"]),
                         (True, 1, 1))
        whole = self.read("armored")
        for cut in (whole[:-2], whole[:-40], whole[:5000], whole + b"x"):
            self.write("cut", cut)
            facts = self.inspect("cut", status=1)
            self.assertEqual((facts["sound"], facts["recipients"]), (False, 1))

    def test_a_file_for_x25519_is_sound_and_supported_and_recipients_for_it_are_not(self):
        facts = self.inspect("hello-x25519.age")
        self.assertEqual((facts["sound"], facts["supported"], facts["recipients"],
                          facts["post_quantum_recipients"], facts["x25519_recipients"]),
                         (True, True, 1, 0, 1))
        facts = self.inspect("identity-x25519.txt")
        self.assertEqual((facts["kind"], facts["sound"], facts["supported"], facts["algorithm"],
                          facts["post_quantum_identities"], facts["x25519_identities"]),
                         ("age identity", True, True, "X25519", 0, 1))
        self.write("recipient", self.read("identity-x25519.txt").split(b"public key: ")[1].split()[0])
        facts = self.inspect("recipient", status=3)
        self.assertEqual((facts["sound"], facts["supported"], facts["x25519_recipients"]),
                         (None, False, 1))
        self.assertIn("quantum computer", facts["reason"])
        line, rest = self.read("hello-x25519.age").split(b"-> X25519 ")
        self.write("other", line + b"-> ssh-ed25519 " + rest)
        facts = self.inspect("other", status=3)
        self.assertEqual((facts["sound"], facts["supported"], facts["other_recipients"]),
                         (True, False, 1))

    def test_a_file_under_a_passphrase_is_decrypted_to_be_inspected_if_it_is_given(self):
        name, password = "hello-passphrase.age", ["--password-file", "password"]
        for options in [], password:
            facts = self.inspect(name, *options)
            self.assertEqual((facts["sound"], facts["supported"], facts["under_a_password"],
                              facts["work_factor"], "identities" in facts),
                             (True, True, True, 10, False))
        file = self.read(name)
        self.write("changed", file[:-1] + bytes([file[-1] ^ 1]))
        self.assertIs(self.inspect("changed")["sound"], True)
        self.assertIs(self.inspect("changed", *password, status=1)["sound"], False)
        self.write("cut", file[:-8])
        self.assertIs(self.inspect("cut", *password, status=1)["sound"], False)
        self.refuse("wrong password", "inspect", "--password-file", "wrong", name)

    def test_headers_of_more_than_2_mib_are_inspected_as_they_are_opened(self):
        recipient = self.do("pubkey", "-i", "identity-last.txt")
        self.do("seal", "-r", recipient.decode().strip(), "-o", "sealed", input=b"content")
        line, rest = self.read("sealed").split(b"\n", 1)
        self.write("long", line + b"\n" + b"-> a b c\n\n" * 300_000 + rest)
        self.assertGreater(len(self.read("long")), 2 * MIB)
        facts = self.inspect("long")
        self.assertEqual((facts["recipients"], facts["other_recipients"]), (300_001, 300_000))
        # The MAC is of the other header, so it opens no more; but that is all.
        self.refuse("changed", "open", "-i", "identity-last.txt", "long")

    def test_identities_with_crlf_and_empty_lines_are_inspected_as_they_are_used(self):
        text = b"\r\n# remark\r\n\r\n" + b"\r\n\r\n".join(
            line.strip() for line in self.identities(2)) + b"\r\n"
        self.write("text", text)
        facts = self.inspect("text")
        self.assertEqual((facts["kind"], facts["identities"], len(facts["fingerprints"])),
                         ("age identities", 2, 2))
        self.assertEqual(len(self.do("pubkey", "-i", "text").split()), 2)
        self.write("recipients", self.do("pubkey", "-i", "text"))
        both = self.inspect("recipients")
        self.assertEqual((both["kind"], both["recipients"], both["fingerprints"]),
                         ("age recipients", 2, facts["fingerprints"]))
        self.assertEqual(self.inspect("identities-32.txt")["identities"], 32)


if __name__ == "__main__":
    unittest.main()
