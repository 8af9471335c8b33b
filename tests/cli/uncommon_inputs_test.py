#!/usr/bin/env python3
"""What happens to few: odd names, files and terminals, one call that fails: uncommon_inputs_test.py TOOL."""

import json
import os
import pathlib
import signal
import socket
import sys
import tempfile
import threading
import unittest

from terminal import Terminal
from tool import TOOL, FilesTest, without_fingerprint

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import tracing  # noqa: E402

needs_strace = unittest.skipUnless(tracing.usable(), "strace is not here, or may not trace")


class Places(FilesTest):
    def setUp(self):
        super().setUp()
        self.make_keys()
        self.encaps = ["encaps", "-r", "xwing.pub"]

    def test_a_name_that_is_too_long_for_a_file_is_said_so(self):
        name = "./" * 2048 + "out"
        code, _, errors = self.tool("keygen", "-o", name)
        self.assertEqual((code, errors),
                         (1, f"latchkey: cannot create '{name}': File name too long\n"))

    def test_what_is_no_file_and_takes_no_bytes_is_said_so(self):
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(str(self.folder / "socket"))
            self.refuse("cannot write 'socket': No such device", "keygen", "-o", "socket")

    def test_a_name_twice_is_one_file_only_in_one_folder(self):
        (self.folder / "one").mkdir()
        self.refuse("cannot go to the same place", *self.encaps, "-o", "x", "-s", "./x")
        self.do(*self.encaps, "-o", "one/x", "-s", "x")
        self.do("decaps", "-i", "xwing", "-o", "again", "one/x")
        self.assertEqual(self.read("again"), self.read("x"))
        shared = pathlib.Path("/dev/shm")
        if shared.is_dir() and shared.stat().st_dev != self.folder.stat().st_dev:
            with tempfile.TemporaryDirectory(dir=shared) as other:
                self.do(*self.encaps, "-o", f"{other}/y", "-s", "y")
                self.assertEqual(os.listdir(other), ["y"])

    def test_names_that_are_no_text_are_in_one_line_of_what_is_said(self):
        for name, shown in (
                (b"\xff", "?"), (b"a\xe2\x82", "a??"), (b"\xc2\x85x", "?x"), (b"\x80", "?"),
                (b"\xc2\xa0", "\u00a0"), (b"\xf0\x9f\x94\x91", "\U0001f511"), (b"\xe2x", "?x"),
                (b"\xc1\x81", "??"), (b"\xf5\x80\x80\x80", "????"),
                (b"\xe0\x9f\xbf", "???"), (b"\xf0\x8f\xbf\xbf", "????"),
                (b"\xed\xa0\x80", "???"), (b"\xf4\x90\x80\x80", "????"),
                (b"\xc2\x9b2Jx", "?2Jx"), ("a\u202eb\u2066".encode(), "a?b?")):
            code, _, errors = self.tool("open", "-i", "xwing", os.fsdecode(name))
            self.assertEqual((code, errors), (
                1, f"latchkey: cannot open '{shown}': No such file or directory\n"))

    def test_json_is_utf_8_whatever_the_file_is_called(self):
        for name, shown in ((b"\xff\xc2\x9b\xe2\x80\xae", "\ufffd\x9b\u202e"),
                            (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"), ("\u00e9\"".encode(), "\u00e9\"")):
            (self.folder / os.fsdecode(name)).write_bytes(self.read("xwing.pub"))
            line = self.do("inspect", "--json", os.fsdecode(name))
            self.assertEqual(json.loads(line.decode())["file"], shown)
            self.assertNotRegex(line.decode(), "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")

    def test_what_is_too_long_to_be_it_is_said_so(self):
        self.write("long", bytes((64 << 10) + 1))
        self.refuse("'long' is too long: more than 65536 bytes", "decaps", "-i", "xwing", "long")

    def test_recipients_of_other_systems_are_read_and_damaged_ones_are_not(self):
        names = self.read("age.pub").replace(b"\n", b" \r\n")
        self.write("names", b"# mine\r\n" + 2 * names)
        self.do("seal", "-R", "names", "-o", "sealed", input=b"content")
        self.assertEqual(self.do("open", "-i", "age", "sealed"), b"content")
        public = self.read("xwing.pub")
        self.write("damaged", public[:100] + public[104:])
        self.refuse("cannot use 'damaged': ", "seal", "-r", "damaged", "-o", "out", input=b"x")

    def test_of_several_keys_none_opens_what_is_cut_at_its_beginning(self):
        self.do("seal", "-r", "mlkem.pub", "-o", "sealed", input=b"content")
        keys = ["-i", "xwing", "-i", "mlkem"]
        self.assertEqual(self.do("open", *keys, "sealed"), b"content")
        sealed = self.read("sealed")
        for size in (100, len(sealed) - 7 - 16, len(sealed) - 7 - 1):
            self.write("cut", sealed[:size])
            self.refuse("cannot open 'cut': the sealed message was cut off" if size < len(sealed) - 7
                        else "cannot open 'cut': decryption failed", "open", *keys,
                        "-o", "out", "cut")

    def test_a_password_comes_through_a_pipe_with_a_name(self):
        os.mkfifo(self.folder / "pipe")
        writer = threading.Thread(target=lambda: (self.folder / "pipe").write_text("my word\n"))
        writer.start()
        self.do("keygen", "--password-file", "pipe", "-o", "key")
        writer.join()
        self.write("password", "my word\n")
        self.do("pubkey", "-i", "key", "--password-file", "password")


@needs_strace
class Faults(FilesTest):
    def traced(self, *arguments, faults=()):
        run, trace = tracing.traced([TOOL, *arguments], faults, cwd=self.folder)
        return run.returncode, run.stderr, trace

    def test_a_secret_whose_ciphertext_cannot_be_written_is_taken_back(self):
        self.key_pair()
        arguments = ["encaps", "-r", "key.pub", "-s", "secret", "-o", "out"]
        # The first is of the secret, the second of its folder.
        fault = ["fsync:error=EIO:when=3"]
        for before in ([], ["secret"]):
            for name in before:
                self.write(name, "precious")
            for force in ([], ["--force"]):
                if before and not force:
                    continue
                code, errors, _ = self.traced(*arguments, *force, faults=fault)
                self.assertEqual((code, errors),
                                 (1, "latchkey: cannot write 'out': Input/output error\n"))
                # What it replaced cannot come back.
                self.assertEqual(self.names(), ["key", "key.pub"] + before)

    def test_reading_a_password_goes_on_where_it_was_interrupted(self):
        self.write("password", "my word\n")
        arguments = ["keygen", "--password-file", "password", "-o"]
        *_, trace = self.traced(*arguments, "first")
        descriptor = next(call.result for call in tracing.calls(trace)
                          if call.name == "openat" and '"password"' in call.arguments)
        begun = False
        for call in tracing.calls(trace):
            begun = begun or call.name == "openat" and '"password"' in call.arguments
            if begun and call.name == "read" and call.arguments.startswith(descriptor + ", "):
                break
        for number in (call.number, call.number + 3):
            code, errors, _ = self.traced(*arguments, f"key{number}",
                                          faults=[f"read:error=EINTR:when={number}"])
            self.assertEqual((code, without_fingerprint(errors)), (0, ""))
            self.do("pubkey", "--password-file", "password", "-i", f"key{number}")
        self.assertEqual(
            self.traced(*arguments, "out", faults=[f"read:error=EIO:when={call.number}"])[:2],
            (1, "latchkey: cannot read the password from 'password': Input/output error\n"))

    def ask(self, *faults, words=None, log=os.devnull):
        """A question under faults: all is well or the words are said, and all is shown again."""
        options = [word for fault in faults for word in ("-e", "inject=" + fault)]
        command = ["strace", "-f", "-qq", "-o", log, *options, TOOL, "keygen", "-p", "-o", "key"]
        with Terminal(command, cwd=self.folder) as terminal:
            if words is None:
                for question in ("Password of the new key: ", "The same again: "):
                    terminal.expect(question)
                    terminal.type("my word\n")
            code, text = terminal.end()
            self.assertEqual(code, 0 if words is None else 1, text)
            if words is not None:
                self.assertIn(f"latchkey: {words}\n", text)
            self.assertTrue(terminal.echoes())
        self.assertEqual(self.names(), ["key"] if words is None else [])

    def test_a_terminal_that_does_not_obey_is_said_so(self):
        self.ask("ioctl:error=EIO:when=1+", words="cannot hide what is typed: Input/output error")
        self.ask("ioctl:error=EIO:when=2+", words="cannot hide what is typed: Input/output error")
        with tempfile.NamedTemporaryFile("r") as log:
            self.ask(log=log.name)
            question = next(call for call in tracing.calls(log.read())
                            if call.name == "write" and '"Password of' in call.arguments)
        (self.folder / "key").unlink()
        self.ask(f"write:error=EIO:when={question.number}",
                 words="cannot ask for the password: Input/output error")

    def test_waiting_for_a_password_goes_on_where_it_was_interrupted(self):
        self.ask("ppoll:error=EINTR:when=1")


class Terminals(FilesTest):
    def test_who_ignores_a_signal_is_not_ended_by_it_at_a_question(self):
        command = ["sh", "-c", 'trap "" HUP; exec "$0" keygen -p -o key', TOOL]
        with Terminal(command, cwd=self.folder) as terminal:
            terminal.expect("Password of the new key: ")
            terminal.process.send_signal(signal.SIGHUP)
            terminal.show(0.2)
            terminal.type("my word\n")
            terminal.expect("The same again: ")
            terminal.type("my word\n")
            self.assertEqual(terminal.end()[0], 0)
        self.assertEqual(self.names(), ["key"])

    def test_a_terminal_that_does_not_know_its_width_has_80_columns(self):
        self.key_pair()
        reader, writer = os.pipe()
        source, feed = os.pipe()
        with Terminal([TOOL, "seal", "-r", "key.pub"], cwd=self.folder, columns=0, stdin=source,
                      stdout=writer) as terminal:
            os.close(writer)
            os.close(source)
            drain = threading.Thread(target=lambda: [None for _ in iter(
                lambda: os.read(reader, 65536), b"")])
            drain.start()
            for _ in range(8):
                os.write(feed, bytes(65536))
                terminal.show(0.1)
            os.close(feed)
            code, text = terminal.end()
            drain.join()
            os.close(reader)
        self.assertEqual(code, 0, text)
        self.assertRegex(text, r"\A\r[0-9.]+ KiB, [0-9.]+ [KM]iB/s, 0:0\d\x1b\[K")


if __name__ == "__main__":
    unittest.main()
