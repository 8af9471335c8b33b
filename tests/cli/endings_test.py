#!/usr/bin/env python3
"""What is left when a command cannot finish: endings_test.py PATH-OF-LATCHKEY."""

import contextlib
import os
import pathlib
import resource
import signal
import subprocess
import sys
import unittest

from tool import TOOL, FilesTest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import refusing  # noqa: E402

SIZE = 3 * 65536 + 100


class Endings(FilesTest):
    def setUp(self):
        super().setUp()
        self.make_keys()
        self.write("in", os.urandom(SIZE))
        for key in ("xwing", "mlkem", "age"):
            self.do("seal", "-r", f"{key}.pub", "-o", f"{key}.sealed", "in")
        self.do("seal", "-a", "-r", "age.pub", "-o", "text.sealed", "in")
        self.keys = ["-i", "age", "-i", "xwing"]
        self.key_of = {"xwing": ["-i", "xwing"], "mlkem": ["-i", "mlkem"], "age": self.keys,
                       "text": self.keys}

    def test_a_file_that_is_cut_or_goes_on_leaves_nothing_behind(self):
        for name, keys in self.key_of.items():
            sealed = self.read(f"{name}.sealed")
            sizes = {0, 1, 7, 8, 9, 23, 24, 500, 1200, 65536, len(sealed) // 2, len(sealed) - 17,
                     len(sealed) - 16, len(sealed) - 2}
            for damaged in [sealed[:size] for size in sorted(sizes)] + [sealed + b"x"]:
                with self.subTest(name, size=len(damaged)):
                    self.write("damaged", damaged)
                    self.refuse("cannot open 'damaged': ", "open", *keys, "-o", "out", "damaged")
                    self.write("out", "precious")
                    self.refuse("cannot open 'damaged': ", "open", *keys, "--force", "-o", "out",
                                "damaged")
                    (self.folder / "out").unlink()

    def test_what_is_no_sealed_file_is_said_so(self):
        for name in ("in", "xwing.pub", "xwing", "age"):
            self.refuse(f"cannot open '{name}': this is no", "open", "-i", "xwing", "-o", "out",
                        name)
        self.refuse("cannot open 'absent': No such file", "open", "-i", "xwing", "absent")
        self.refuse("cannot read '.': Is a directory", "open", "-i", "xwing", ".")
        self.refuse("cannot open 'absent': No such file", "seal", "-r", "xwing.pub", "-o", "out",
                    "absent")

    def test_a_closed_descriptor_is_no_file_of_a_command(self):
        closed = {n: {"preexec_fn": lambda n=n: os.close(n)} for n in (0, 1, 2)}
        words = "cannot write standard output: Bad file descriptor"
        self.refuse(words, "encaps", "-r", "xwing.pub", "-s", "-", "-o", "out", **closed[1])
        self.refuse(words, "encaps", "-r", "xwing.pub", "-s", "out", **closed[1])
        self.refuse(words, "open", "-i", "xwing", "xwing.sealed", **closed[1])
        self.refuse("cannot read standard input: Bad file descriptor", "seal", "-r", "xwing.pub",
                    "-o", "out", **closed[0])
        for number, name in enumerate(("one", "two", "three")):
            self.do("open", "-i", "xwing", "-o", name, "xwing.sealed", **closed[number])
            self.assertEqual(self.read(name), self.read("in"))
        code, _, _ = self.tool("open", "-i", "age", "-o", "out", "xwing.sealed", **closed[2])
        self.assertEqual((code, "out" in self.names()), (1, False))

    def test_a_full_disk_is_said_so(self):
        for arguments in (["seal", "-r", "xwing.pub", "in"], ["seal", "-r", "age.pub", "in"],
                          ["open", "-i", "mlkem", "mlkem.sealed"], ["open", "-i", "age",
                          "text.sealed"], ["keygen"], ["pubkey", "-i", "age"],
                          ["encaps", "-r", "mlkem.pub", "-s", "/dev/null"],
                          ["inspect", "in.txt"]):
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                self.write("in.txt", self.read("xwing.pub"))
                self.refuse("standard output: No space left", *arguments, stdout=full)
                if arguments[0] != "inspect":
                    self.refuse("'/dev/full': No space left", *arguments, "-o", "/dev/full")

    def test_a_file_that_may_not_grow_leaves_nothing_behind(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        before = self.files()
        code, _, errors = self.tool("seal", "-r", "xwing.pub", "-o", "out", "in",
                                    preexec_fn=limit)
        self.assertEqual((code, errors), (-signal.SIGXFSZ, ""))
        self.assertEqual(self.files(), before)

    def test_a_reader_that_goes_away_ends_it(self):
        for arguments in (["seal", "-r", "xwing.pub", "in"], ["open", "-i", "age", "age.sealed"]):
            for ignored, ending in ((False, (-signal.SIGPIPE, "")), (True, (
                    1, "latchkey: cannot write standard output: Broken pipe\n"))):
                reader, writer = os.pipe()
                os.close(reader)
                code, _, errors = self.tool(*arguments, stdout=writer,
                                            restore_signals=not ignored)
                os.close(writer)
                self.assertEqual((code, errors), ending)

    @contextlib.contextmanager
    def half_done(self, *arguments, temporary=(), **more):
        """A command that has read a part of the pipe `fifo`, and waits for more of it."""
        os.mkfifo(self.folder / "fifo")
        before = self.names()
        with self.started(*arguments, "-o", "out", "fifo", **more) as tool, \
                open(self.folder / "fifo", "wb") as feed:
            # As much is read as a pipe does not hold.
            name = "age.sealed" if arguments[0] == "open" else "in"
            feed.write(self.read(name)[:SIZE - 1000])
            feed.flush()
            names = set(self.names()) - set(before)
            self.assertEqual(len(names), len(temporary), names)
            for name, pattern in zip(names, temporary):
                self.assertRegex(name, pattern)
            yield tool, feed
        (self.folder / "fifo").unlink()

    def test_a_file_has_no_name_until_it_is_whole_whatever_ends_the_command(self):
        before = self.files()
        for arguments in (["seal", "-r", "xwing.pub"], ["open", "-i", "age"],
                          ["open", "-i", "age", "--force"]):
            for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGALRM):
                with self.subTest(arguments, signal=number), self.half_done(*arguments) as (
                        tool, _):
                    tool.send_signal(number)
                    self.assertEqual(tool.wait(timeout=30), -number)
                    self.assertEqual(self.files(), before)

    @unittest.skipUnless(refusing.usable, "the system call numbers are those of x86-64")
    def test_where_a_file_needs_a_name_every_signal_removes_it(self):
        harmless = {signal.SIGCHLD, signal.SIGCONT, signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN,
                    signal.SIGTTOU, signal.SIGURG, signal.SIGWINCH}
        ending = signal.valid_signals() - harmless - {signal.SIGKILL}
        # A sanitizer would report faults, and not leave them to the program.
        faults = ":".join(f"handle_{name}=0" for name in (
            "segv", "sigbus", "sigfpe", "sigill", "sigtrap", "abort"))
        env = dict(os.environ)
        for name in ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"):
            env[name] = env.get(name, "") + ":" + faults
        self.assertGreater(len(ending), 50)
        before = self.files()
        for number in sorted(ending):
            arguments = ["open", "-i", "age"] if number % 2 else ["seal", "-r", "xwing.pub"]
            with self.subTest(arguments, signal=number), self.half_done(
                    *arguments, temporary=[r"\A\.latchkey-[0-9a-f]{16}\Z"], env=env,
                    **refusing.refusing(unnamed_files=False)) as (tool, _):
                tool.send_signal(number)
                self.assertEqual(tool.wait(timeout=30), -number)
                self.assertEqual(self.files(), before)

    @unittest.skipUnless(refusing.usable, "the system call numbers are those of x86-64")
    def test_what_nohup_ignores_stays_ignored(self):
        install = refusing.refusing(unnamed_files=False)["preexec_fn"]

        def ignore():
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            install()
        with self.half_done("seal", "-r", "xwing.pub", temporary=[r"\.latchkey-"],
                            preexec_fn=ignore) as (tool, feed):
            tool.send_signal(signal.SIGHUP)
            feed.close()
            self.assertEqual(tool.wait(timeout=30), 0)
        self.assertEqual(self.do("open", "-i", "xwing", "out"), self.read("in")[:SIZE - 1000])

    def test_a_file_that_comes_first_is_not_written_over(self):
        with self.half_done("seal", "-r", "xwing.pub") as (tool, feed):
            self.write("out", "precious")
            feed.close()
            self.assertEqual(tool.wait(timeout=30), 1)
            self.assertIn(b"cannot create 'out': File exists", tool.stderr.read())
        self.assertEqual(self.read("out"), b"precious")

    def test_one_of_many_makes_the_file(self):
        tools = [subprocess.Popen([TOOL, "keygen", "-o", "one"], cwd=self.folder,
                                  stderr=subprocess.DEVNULL) for _ in range(8)]
        self.assertEqual(sorted(tool.wait(timeout=30) for tool in tools), [0] + 7 * [1])
        self.do("pubkey", "-i", "one")
        self.assertFalse([name for name in self.names() if name.startswith(".latchkey-")])


if __name__ == "__main__":
    unittest.main()
