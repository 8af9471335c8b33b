#!/usr/bin/env python3
"""The tool on a terminal: prompts, secrets and the progress bar. terminal_test.py TOOL."""

import os
import pathlib
import re
import signal
import subprocess
import time
import unittest

from terminal import Terminal
from tool import TOOL, FilesTest, without_fingerprint

AGE_CASES = pathlib.Path(__file__).resolve().parents[1] / "age" / "cases"
MIB = 1 << 20


class OnTerminal(FilesTest):
    def terminal(self, *arguments, **more):
        return Terminal([TOOL, *arguments], cwd=self.folder, **more)

    def answer(self, terminal, question, password):
        terminal.expect(question)
        self.assertFalse(terminal.echoes())
        terminal.type(password)

    def test_a_password_is_asked_for_twice_and_not_shown(self):
        with self.terminal("keygen", "-p", "-o", "key") as terminal:
            self.answer(terminal, "Password of the new key: ", "my word\n")
            self.answer(terminal, "The same again: ", "my word\n")
            code, text = terminal.end()
            self.assertRegex(text.splitlines()[-1], r"\Afingerprint: SHA256:[\w+/]{43} \(X-Wing\)\Z")
            self.assertEqual((code, without_fingerprint(text)),
                             (0, "Password of the new key: \nThe same again: \n"))
            self.assertTrue(terminal.echoes())
        self.assertIn(b"BEGIN ENCRYPTED PRIVATE KEY", self.read("key"))
        with self.terminal("pubkey", "-i", "key", "-o", "pub") as terminal:
            self.answer(terminal, "Password of 'key': ", "my word\n")
            self.assertEqual(terminal.end(), (0, "Password of 'key': \n"))
        self.write("password", "my word\n")
        self.do("pubkey", "-i", "key", "--password-file", "password")

    def test_what_is_sealed_is_no_text_for_a_terminal(self):
        self.key_pair("key", "pub", "--age")
        self.write("content", "content")
        words = ("latchkey: a sealed file is not text, and is not written to a terminal: name a file "
                 "with -o, or use --force\n")
        with self.terminal("seal", "-r", "pub", "content") as terminal:
            self.assertEqual(terminal.end(), (1, words))
        with self.terminal("seal", "-r", "pub", "-a", "content") as terminal:
            code, text = terminal.end()
        self.assertEqual((code, self.do("open", "-i", "key", input=text.encode())), (0, b"content"))

    def test_the_question_is_on_the_terminal_while_data_go_through_pipes(self):
        self.write("password", "my word\n")
        self.do("keygen", "-o", "key", "--password-file", "password")
        self.do("pubkey", "-i", "key", "--password-file", "password", "-o", "pub")
        self.write("sealed", self.do("seal", "-r", "pub", input=b"content"))
        with open(self.folder / "sealed", "rb") as sealed, \
                self.terminal("open", "-i", "key", stdin=sealed,
                              stdout=subprocess.PIPE) as terminal:
            self.answer(terminal, "Password of 'key': ", "my word\n")
            self.assertEqual(terminal.end(), (0, "Password of 'key': \n"))
            self.assertEqual(terminal.process.stdout.read(), b"content")
            terminal.process.stdout.close()

    def test_the_passphrase_of_an_age_file_is_asked_for_where_no_key_is_given(self):
        self.write("file.age", (AGE_CASES / "hello-passphrase.age").read_bytes())
        with self.terminal("open", "file.age", stdout=subprocess.PIPE) as terminal:
            self.answer(terminal, "Password of 'file.age': ", "secret\n")
            self.assertEqual(terminal.end(), (0, "Password of 'file.age': \n"))
            self.assertEqual(terminal.process.stdout.read(), b"hello\n")
            terminal.process.stdout.close()
        with self.terminal("open") as terminal:
            code, text = terminal.end()
        self.assertEqual(code, 2)
        self.assertIn("'latchkey open' needs -i FILE, unless", text)

    def test_what_is_typed_ends_with_one_end_of_file(self):
        typed = self.do("keygen").decode()
        with self.terminal("inspect", stdout=subprocess.PIPE) as terminal:
            terminal.type(typed + "\x04")
            self.assertEqual(terminal.end()[0], 0)
            self.assertIn(b"standard input: private key\n", terminal.process.stdout.read())
            terminal.process.stdout.close()

    def test_passwords_that_differ_or_are_none_make_no_key(self):
        with self.terminal("keygen", "-p", "-o", "key") as terminal:
            self.answer(terminal, "Password of the new key: ", "my word\n")
            self.answer(terminal, "The same again: ", "my world\n")
            code, text = terminal.end()
            self.assertEqual(code, 1)
            self.assertIn("latchkey: the passwords are not the same\n", text)
        for nothing in ("\n", "\x04"):
            with self.terminal("keygen", "-p", "-o", "key") as terminal:
                self.answer(terminal, "Password of the new key: ", nothing)
                code, text = terminal.end()
                self.assertEqual(code, 1)
                self.assertIn("latchkey: the password is empty\n", text)
                self.assertTrue(terminal.echoes())
        self.assertEqual(self.names(), [])

    def test_whoever_interrupts_the_question_has_his_terminal_back(self):
        ways = [("\x03", signal.SIGINT), ("\x1c", signal.SIGQUIT), (None, signal.SIGTERM),
                (None, signal.SIGHUP)]
        for key, number in ways:
            for typed in ("", "half a wo"):
                with self.subTest(signal=number, typed=typed), \
                        self.terminal("keygen", "-p", "-o", "key") as terminal:
                    self.answer(terminal, "Password of the new key: ", typed)
                    if key:
                        terminal.type(key)
                    else:
                        terminal.process.send_signal(number)
                    self.assertEqual(terminal.end(), (-number, "Password of the new key: \n"))
                    self.assertTrue(terminal.echoes())
                    self.assertEqual(self.names(), [])

    def test_the_second_question_can_be_interrupted_too(self):
        with self.terminal("keygen", "-p", "-o", "key") as terminal:
            self.answer(terminal, "Password of the new key: ", "my word\n")
            self.answer(terminal, "The same again: ", "\x03")
            self.assertEqual(terminal.end()[0], -signal.SIGINT)
            self.assertTrue(terminal.echoes())
        self.assertEqual(self.names(), [])

    def test_a_secret_is_not_shown_unless_told_so(self):
        self.key_pair()
        self.do("encaps", "-r", "key.pub", "-s", "secret", "-o", "sent")
        for arguments in (["keygen"], ["keygen", "--age"], ["keygen", "-o", "/dev/tty"],
                          ["keygen", "-o", "/dev/stdout"], ["decaps", "-i", "key", "sent"],
                          ["encaps", "-r", "key.pub", "-s", "-", "-o", "other"],
                          ["encaps", "-r", "key.pub", "-s", "/dev/tty", "-o", "other"]):
            with self.subTest(arguments):
                with self.terminal(*arguments) as terminal:
                    self.assertEqual(terminal.end(), (
                        1, "latchkey: a secret is not written to a terminal: name a file with -o, "
                           "or use --force\n"))
                self.assertNotIn("other", self.names())
        for place in ([], ["-o", "/dev/tty"]):
            with self.terminal("keygen", "--force", *place) as terminal:
                code, text = terminal.end()
                self.assertEqual(code, 0)
                self.assertRegex(without_fingerprint(text), r"\A-----BEGIN PRIVATE KEY-----\n[^-]+-----END [^\n]+\n\Z")
        with self.terminal("pubkey", "-i", "key") as terminal:
            self.assertRegex(terminal.end()[1], r"\A-----BEGIN PUBLIC KEY-----\n")

    def slow_seal(self, terminal, reader, seconds=1.2):
        """Takes what is sealed so slowly that there is something to show."""
        for _ in range(3):
            left = MIB
            while left:
                left -= len(os.read(reader, min(left, 65536)))
            terminal.show(seconds / 3)
        while os.read(reader, 65536):
            pass
        return terminal.end()

    def test_long_work_shows_how_far_it_is(self):
        self.key_pair()
        self.write("in", bytes(8 * MIB))
        for columns in (80, 60, 30):
            reader, writer = os.pipe()
            with self.subTest(columns), self.terminal(
                    "seal", "-r", "key.pub", "in", stdout=writer, columns=columns) as terminal:
                os.close(writer)
                code, text = self.slow_seal(terminal, reader)
                os.close(reader)
                self.assertEqual(code, 0, text)
                # Each stands over the one before, and the last is wiped.
                self.assertTrue(text.endswith("\r\x1b[K"), text)
                lines = [line for line in re.split("\r|\x1b\\[K", text) if line]
                self.assertGreater(len(lines), 1)
                for line in lines:
                    self.assertLess(len(line), columns + 1)
                    bar = r" \[#*\.*\]" if columns > 70 else r"( \[#*\.*\])?"
                    rest = r" [0-9.]+ MiB of 8\.0 MiB, [0-9.]+ [KM]iB/s, \d+:\d\d left"
                    if columns == 30:
                        rest = r" [0-9.]+ MiB of 8\.0 MiB, .*"
                    self.assertRegex(line, rf"\A *\d+%{bar}{rest}\Z")
                parts = [int(line.split("%")[0]) for line in lines]
                self.assertEqual(parts, sorted(parts))
                self.assertTrue(0 < parts[0] < 100, parts)

    def test_where_the_size_is_not_known_it_shows_how_much_is_done(self):
        self.key_pair()
        reader, writer = os.pipe()
        source, feed = os.pipe()
        with self.terminal("seal", "-r", "key.pub", stdin=source, stdout=writer) as terminal:
            os.close(writer)
            os.close(source)
            with subprocess.Popen(["head", "-c", str(8 * MIB), "/dev/zero"], stdout=feed):
                os.close(feed)
                code, text = self.slow_seal(terminal, reader)
            os.close(reader)
            self.assertEqual(code, 0, text)
            self.assertRegex(text, r"\A\r[0-9.]+ MiB, [0-9.]+ [KM]iB/s, \d+:\d\d\x1b\[K")

    def test_without_escape_sequences_or_a_wish_for_it_there_is_no_bar(self):
        self.key_pair()
        self.write("in", bytes(8 * MIB))
        for options, kind in (["--quiet"], "xterm"), (["-q"], "xterm"), ([], "dumb"), ([], ""):
            reader, writer = os.pipe()
            with self.subTest(options, kind=kind), self.terminal(
                    "seal", "-r", "key.pub", *options, "in", stdout=writer,
                    env={**os.environ, "TERM": kind}) as terminal:
                os.close(writer)
                self.assertEqual(self.slow_seal(terminal, reader), (0, ""))
                os.close(reader)

    def test_short_work_and_work_that_nobody_watches_show_nothing(self):
        self.key_pair()
        self.write("small", b"content")
        with self.terminal("seal", "-r", "key.pub", "-o", "sealed", "small") as terminal:
            self.assertEqual(terminal.end(), (0, ""))
        reader, writer = os.pipe()
        with subprocess.Popen([TOOL, "seal", "-r", "key.pub"], cwd=self.folder, stdin=reader,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as tool:
            os.close(reader)
            for _ in range(8):
                os.write(writer, bytes(65536))
                time.sleep(0.1)
            os.close(writer)
            self.assertEqual((tool.wait(), tool.stderr.read()), (0, b""))

    def test_where_text_appears_on_the_terminal_no_bar_does(self):
        self.key_pair()
        with self.terminal("seal", "-r", "key.pub", "-o", "sealed") as terminal:
            for _ in range(4):
                terminal.type("words that are typed\n")
                terminal.show(0.25)
            terminal.type("\x04")
            code, text = terminal.end()
            self.assertEqual((code, text), (0, 4 * "words that are typed\n"))


if __name__ == "__main__":
    unittest.main()
