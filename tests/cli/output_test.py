#!/usr/bin/env python3
"""Where output goes, and on which file systems: output_test.py PATH-OF-LATCHKEY."""

import errno
import os
import pathlib
import sys
import tempfile
import unittest

from tool import TOOL, FilesTest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import refusing  # noqa: E402
import tracing  # noqa: E402

CONTENT = b"what only the owner of the key may read\n" * 10_000
COPY_ERRORS = (errno.EINVAL, errno.ENOSYS, errno.EPERM, errno.EOPNOTSUPP)
LINK_ERRORS = (errno.EPERM, errno.EIO, errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EMLINK,
               errno.EOPNOTSUPP)
needs_filter = unittest.skipUnless(refusing.usable, "the system call numbers are those of x86-64")


class Output(FilesTest):
    def setUp(self):
        super().setUp()
        self.key_pair()
        self.do("seal", "-r", "key.pub", "-o", "sealed", input=CONTENT)
        self.open = ["open", "-i", "key", "sealed"]


class Names(Output):
    def test_a_file_name_may_be_as_long_as_the_system_allows(self):
        for size in range(249, 256):
            for force in ([], ["--force"]):
                self.do(*self.open, *force, "-o", "k" * size)
                self.assertEqual(self.read("k" * size), CONTENT)
        self.refuse("cannot create 'kkk", *self.open, "-o", "k" * 256)
        self.refuse("File name too long", *self.open, "-o", "k" * 256)

    @needs_filter
    def test_a_long_name_needs_no_unnamed_file(self):
        self.do(*self.open, "-o", "k" * 255, **refusing.refusing(unnamed_files=False))
        self.assertEqual(self.read("k" * 255), CONTENT)

    def test_the_names_of_standard_output_are_standard_output_whatever_it_is(self):
        for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            with self.subTest(name):
                self.write("log", "first\n")
                with open(self.folder / "log", "ab") as log:
                    self.do(*self.open, "-o", name, stdout=log)
                self.assertEqual(self.read("log"), b"first\n" + CONTENT)
                self.assertEqual(self.do(*self.open, "-o", name), CONTENT)
        self.refuse("the same place", "encaps", "-r", "key.pub", "-o", "/dev/stdout", "-s", "-")

    def test_other_descriptors_have_names_too(self):
        with open(self.folder / "other", "wb") as other:
            self.do(*self.open, "-o", f"/dev/fd/{other.fileno()}", pass_fds=[other.fileno()])
        self.assertEqual(self.read("other"), CONTENT)
        for closed in ("/dev/fd/99", "/proc/self/fd/99"):
            self.refuse(f"cannot write '{closed}': Bad file descriptor", *self.open, "-o", closed)
        self.refuse("cannot write '/dev/stdin': Bad file descriptor", *self.open, "-o",
                    "/dev/stdin", input=b"")  # which can only be read

    def test_a_link_of_ones_own_leads_to_devices_and_pipes(self):
        for target in ("/dev/null", "/dev/../dev/null", "../" * 30 + "dev/null", "again"):
            (self.folder / "again").unlink(missing_ok=True)
            (self.folder / "again").symlink_to("/dev/null")
            (self.folder / "link").unlink(missing_ok=True)
            (self.folder / "link").symlink_to(target)
            self.do(*self.open, "-o", "link")
        (self.folder / "link").unlink()
        (self.folder / "link").symlink_to("/dev/stdout")
        self.assertEqual(self.do(*self.open, "-o", "link"), CONTENT)
        for number in (1, 2):
            (self.folder / f"round{number}").symlink_to(f"round{3 - number}")
        self.refuse("'round1' is a symbolic link", *self.open, "-o", "round1")


class FileSystems(Output):
    """Of the ways to give a file its name, each may be refused."""

    def put(self, *options, **more):
        self.do(*self.open, "-o", "out", *options, **more)
        self.assertEqual(self.read("out"), CONTENT)
        self.assertEqual(self.mode("out"), 0o600)
        self.assertEqual(self.names(), ["key", "key.pub", "out", "sealed"])
        self.refuse("'out' exists already", *self.open, "-o", "out", **more)

    @needs_filter
    def test_a_file_gets_its_name_where_links_are_refused_for_whatever_reason(self):
        refusals = [{"linkat": errno.EPERM}]
        refusals += [{"linkat": error, "renameat2": error} for error in LINK_ERRORS]
        for refusal in refusals:
            for unnamed in (False, True):
                with self.subTest(refusal, unnamed=unnamed):
                    refused = refusing.refusing(refusal, unnamed)
                    self.put(**refused)
                    self.put("--force", **refused)
                    (self.folder / "out").unlink()
        self.put("--force", **refused)

    @needs_filter
    def test_a_file_is_copied_without_the_kernel_where_that_is_refused(self):
        for error in COPY_ERRORS:
            with self.subTest(error):
                refused = refusing.refusing({"linkat": errno.EPERM, "sendfile": error})
                self.put(**refused)
                self.do("pubkey", "-i", "key", "-o", "public", **refused)
                self.assertEqual(self.read("public"), self.read("key.pub"))
                for name in ("out", "public"):
                    (self.folder / name).unlink()

    @needs_filter
    def test_nothing_is_left_where_no_way_gives_a_file_its_name(self):
        for unnamed in (False, True):
            refused = refusing.refusing({"linkat": errno.EPERM, "renameat2": errno.EINVAL,
                                         "renameat": errno.EIO, "rename": errno.EIO}, unnamed)
            self.refuse("cannot create 'out': Input/output error", *self.open, "-o", "out",
                        **refused)
            self.refuse("cannot create 'key.pub': Input/output error", *self.open, "--force",
                        "-o", "key.pub", **refused)
        self.refuse("cannot write 'out': Input/output error", *self.open, "-o", "out",
                    **refusing.refusing({"linkat": errno.EPERM, "sendfile": errno.EIO}))

    @needs_filter
    def test_a_file_that_comes_first_is_not_replaced_by_any_way(self):
        for names in ([], ["linkat"], ["linkat", "renameat2"]):
            for unnamed in (False, True):
                reader, writer = os.pipe()
                refused = refusing.refusing(dict.fromkeys(names, errno.EPERM), unnamed)
                with self.subTest(names, unnamed=unnamed), self.started(
                        "open", "-i", "key", "-o", "out", stdin=reader, **refused) as tool:
                    os.close(reader)
                    sealed = self.read("sealed")
                    os.write(writer, sealed[:-1])  # more than a pipe holds: the output is open
                    self.write("out", "precious")
                    os.write(writer, sealed[-1:])
                    os.close(writer)
                    self.assertEqual(tool.wait(timeout=30), 1)
                    self.assertIn(b"cannot create 'out': File exists", tool.stderr.read())
                self.assertEqual(self.read("out"), b"precious")
                self.assertEqual(self.names(), ["key", "key.pub", "out", "sealed"])
                (self.folder / "out").unlink()

    def test_a_folder_that_is_moved_takes_its_file_along(self):
        (self.folder / "one").mkdir()
        reader, writer = os.pipe()
        with self.started("open", "-i", "key", "-o", "one/out", stdin=reader) as tool:
            os.close(reader)
            sealed = self.read("sealed")
            os.write(writer, sealed[:-1])
            (self.folder / "one").rename(self.folder / "two")
            os.write(writer, sealed[-1:])
            os.close(writer)
            self.assertEqual(tool.wait(timeout=30), 0)
        self.assertEqual((self.folder / "two" / "out").read_bytes(), CONTENT)


@unittest.skipUnless(tracing.usable(), "strace is not here, or may not trace")
class Killed(Output):
    def calls_of_open(self, folder, *options):
        _, trace = tracing.traced([TOOL, *self.open, *options, "-o", f"{folder}/out"],
                                  cwd=self.folder)
        (folder / "out").unlink()
        begun = False
        for call in tracing.calls(trace):
            begun = begun or '"sealed"' in call.arguments
            if begun and call.name not in ("exit_group", "execve"):
                yield call

    def kill_at_each_call(self, folder):
        killed = 0
        for call in list(self.calls_of_open(folder)):
            run, _ = tracing.traced(
                [TOOL, *self.open, "-o", f"{folder}/out"], cwd=self.folder,
                faults=[f"{call.name}:signal=KILL:when={call.number}"])
            killed += run.returncode != 0
            with self.subTest(folder=folder, call=call.name, number=call.number):
                self.assertIn(os.listdir(folder), ([], ["out"]))
                if (folder / "out").exists():
                    self.assertEqual((folder / "out").read_bytes(), CONTENT)
                    (folder / "out").unlink()
        self.assertGreater(killed, 20)

    def test_replacing_a_file_leaves_the_old_one_or_the_whole_new_one(self):
        there = self.folder / "there"
        there.mkdir()
        (there / "out").write_bytes(b"old")
        calls = list(self.calls_of_open(there, "--force"))
        self.assertIn("renameat", [call.name for call in calls])
        for call in calls:
            (there / "out").write_bytes(b"old")
            tracing.traced([TOOL, *self.open, "--force", "-o", "there/out"], cwd=self.folder,
                           faults=[f"{call.name}:signal=KILL:when={call.number}"])
            with self.subTest(call=call.name, number=call.number):
                self.assertIn((there / "out").read_bytes(), (b"old", CONTENT))
                for other in set(there.iterdir()) - {there / "out"}:
                    self.assertRegex(other.name, r"\A\.latchkey-[0-9a-f]{16}\Z")
                    self.assertEqual(other.read_bytes(), CONTENT)
                    other.unlink()

    def test_no_part_of_the_content_stays_when_the_process_is_killed_at_any_call(self):
        (self.folder / "there").mkdir()
        self.kill_at_each_call(self.folder / "there")
        if os.path.isdir("/dev/shm"):
            with tempfile.TemporaryDirectory(dir="/dev/shm") as shared:
                self.kill_at_each_call(pathlib.Path(shared))


if __name__ == "__main__":
    unittest.main()
