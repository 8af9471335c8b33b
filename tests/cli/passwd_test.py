#!/usr/bin/env python3
"""`latchkey passwd`: passwd_test.py TOOL."""

import errno
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import unittest

from tool import FilesTest, TOOL

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import refusing  # noqa: E402

OLD, NEW = ("--password-file", "old"), ("--new-password-file", "new")


class Passwd(FilesTest):
    def setUp(self):
        super().setUp()
        self.key_pair()
        self.plain, self.public = self.read("key"), self.read("key.pub")
        self.write("old", "old password\n")
        self.write("new", "new password\n")

    def protect(self):
        self.do("passwd", "-i", "key", "--new-password-file", "old")

    def public_key(self, *options):
        return self.do("pubkey", "-i", "key", *options)

    def test_a_password_is_added_changed_and_removed(self):
        self.protect()
        self.assertEqual(self.public_key(*OLD), self.public)
        self.do("passwd", "-i", "key", *OLD, *NEW)
        self.refuse("password", "pubkey", "-i", "key", *OLD)
        self.assertEqual(self.public_key("--password-file", "new"), self.public)
        self.do("passwd", "-i", "key", "--remove", "--password-file", "new")
        self.assertEqual(self.read("key"), self.plain)

    def test_both_passwords_may_be_lines_of_one_descriptor(self):
        self.protect()
        reader, writer = os.pipe()
        os.write(writer, b"old password\nnew password\n")
        os.close(writer)
        self.do("passwd", "-i", "key", "--password-fd", str(reader), "--new-password-fd", str(reader),
                pass_fds=[reader])
        os.close(reader)
        self.assertEqual(self.public_key("--password-file", "new"), self.public)

    def test_the_mode_of_the_file_stays(self):
        for mode in (0o600, 0o400):
            (self.folder / "key").chmod(mode)
            self.do("passwd", "-i", "key", *NEW)
            self.assertEqual(self.mode("key"), mode)
            self.do("passwd", "-i", "key", "--remove", "--password-file", "new")
            self.assertEqual(self.mode("key"), mode)

    def test_all_bits_of_the_mode_stay_for_an_owner_who_is_not_root(self):
        """The system takes the set-user-ID bit from a file that such an owner writes to."""
        owner = {}
        if os.geteuid() == 0:
            owner = {"user": 65534, "group": 65534}
            for path in self.folder, *self.folder.iterdir():
                os.chown(path, 65534, 65534)
        (self.folder / "key").chmod(0o4700)
        self.do("passwd", "-i", "key", *NEW, **owner)
        self.assertEqual(self.mode("key"), 0o4700)

    @unittest.skipIf(os.geteuid() != 0, "only root has files of others")
    def test_the_owner_of_the_file_stays(self):
        os.chown(self.folder / "key", 65534, 65534)
        self.do("passwd", "-i", "key", *NEW)
        status = (self.folder / "key").stat()
        self.assertEqual((status.st_uid, status.st_gid), (65534, 65534))

    @unittest.skipIf(os.geteuid() != 0, "only root has files of others")
    @unittest.skipUnless(refusing.usable, "the system call numbers are those of x86-64")
    def test_the_owner_stays_where_the_new_file_has_to_be_copied(self):
        os.chown(self.folder / "key", 65534, 65534)
        self.do("passwd", "-i", "key", *NEW, **refusing.refusing({"linkat": errno.EPERM}))
        status = (self.folder / "key").stat()
        self.assertEqual((status.st_uid, status.st_gid, self.mode("key")), (65534, 65534, 0o600))

    def test_text_and_other_objects_in_the_file_stay(self):
        self.write("key", b"a key of mine\n" + self.plain + self.public + b"the end")
        whole = self.read("key")
        self.protect()
        self.assertTrue(self.read("key").startswith(b"a key of mine\n-----BEGIN ENCRYPTED"))
        self.assertTrue(self.read("key").endswith(self.public + b"the end"))
        self.do("passwd", "-i", "key", "--remove", *OLD)
        self.assertEqual(self.read("key"), whole)

    def test_the_hash_is_the_one_that_is_asked_for(self):
        self.do("passwd", "-i", "key", "--pbkdf2", *NEW)
        self.assertEqual(self.public_key("--password-file", "new"), self.public)
        text = subprocess.run(["openssl", "asn1parse", "-in", self.folder / "key"],
                              capture_output=True, text=True, check=True).stdout
        self.assertIn("PBKDF2", text)

    def test_a_file_in_der_stays_one(self):
        self.do("convert", "-i", "key", "--to", "der", "-o", "der")
        der = self.read("der")
        self.do("passwd", "-i", "der", *NEW)
        self.assertEqual(self.read("der")[0], 0x30)
        self.do("passwd", "-i", "der", "--remove", "--password-file", "new")
        self.assertEqual(self.read("der"), der)

    def test_a_command_that_fails_changes_no_file(self):
        self.refuse("is not encrypted with a password", "passwd", "-i", "key", "--remove")
        self.protect()
        self.refuse("password", "passwd", "-i", "key", "--password-file", "new", *NEW)
        self.refuse("password", "passwd", "-i", "key", "--remove", "--password-file", "new")
        self.refuse("no terminal", "passwd", "-i", "key", *OLD, start_new_session=True)
        self.refuse("key.pub", "passwd", "-i", "key.pub", *NEW)
        self.refuse("standard input is not a file", "passwd", "-i", "-", *NEW)
        self.refuse("No such file", "passwd", "-i", "missing", *NEW)
        (self.folder / "link").symlink_to("key")
        self.refuse("not a regular file", "passwd", "-i", "link", *OLD, *NEW)
        self.do("keygen", "--age", "-o", "age")
        self.refuse("age", "passwd", "-i", "age", *NEW)
        (self.folder / "key").chmod(0o644)
        self.refuse("chmod 600", "passwd", "-i", "key", *OLD, *NEW)

    def test_a_key_that_came_into_the_place_of_the_file_meanwhile_is_not_lost(self):
        self.do("keygen", "-o", "other")
        reader, writer = os.pipe()
        process = subprocess.Popen(
            [TOOL, "passwd", "-i", "key", "--new-password-fd", str(reader)], cwd=self.folder,
            pass_fds=[reader], stderr=subprocess.PIPE, text=True)
        os.close(reader)
        place = pathlib.Path(f"/proc/{process.pid}/syscall")
        waits = re.compile(rf"0 {hex(reader)} ")  # read(2) of the password
        deadline = time.monotonic() + 30
        while not waits.match(place.read_text()) and time.monotonic() < deadline:
            time.sleep(0.01)
        other = self.read("other")
        os.rename(self.folder / "other", self.folder / "key")
        os.write(writer, b"new password\n")
        os.close(writer)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertIn("the file was changed meanwhile", errors)
        self.assertEqual(self.read("key"), other)

    @unittest.skipIf(os.geteuid() == 0, "root writes everywhere")
    def test_a_folder_that_cannot_be_written_is_an_error(self):
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        self.refuse("Permission denied", "passwd", "-i", "key", *NEW)

    def test_a_signal_before_the_end_leaves_the_old_file_and_no_other(self):
        before = self.files()
        reader, writer = os.pipe()
        with self.started("passwd", "-i", "key", "--new-password-fd", str(reader),
                          pass_fds=[reader]) as tool:
            os.close(reader)
            os.write(writer, b"half")
            tool.send_signal(signal.SIGTERM)
            tool.wait(timeout=30)
        os.close(writer)
        self.assertEqual(self.files(), before)

    def test_a_failing_write_or_rename_leaves_the_old_file_and_no_other(self):
        before = self.files()
        for call in ("write", "fsync", "rename,renameat,renameat2,linkat"):
            for error in ("ENOSPC", "EIO"):
                command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e",
                           f"inject={call}:error={error}", TOOL, "passwd", "-i", "key", *NEW]
                done = subprocess.run(command, cwd=self.folder, capture_output=True, timeout=60,
                                      env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
                with self.subTest(call=call, error=error):
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.assertEqual(self.files(), before)


if __name__ == "__main__":
    unittest.main()
