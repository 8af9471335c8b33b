#!/usr/bin/env python3
"""Secrets that others can get at, and file systems that keep no modes: exposure_test.py TOOL."""

import contextlib
import os
import shutil
import subprocess
import time
import unittest

from tool import TOOL, FilesTest

NOBODY = 65534
OPTION = "--allow-readable-secrets"
SFTP_SERVER = "/usr/lib/openssh/sftp-server"
is_root = os.geteuid() == 0


class Exposure(FilesTest):
    def setUp(self):
        super().setUp()
        self.key_pair()
        self.write("password", "my word\n")
        self.do("keygen", "--password-file", "password", "-o", "encrypted")
        self.do("seal", "-r", "key.pub", "-o", "sealed", input=b"content")
        self.do("encaps", "-r", "key.pub", "-s", "secret", "-o", "sent")

    def warned(self, name, *arguments, **more):
        code, output, errors = self.tool(*arguments, **more)
        self.assertEqual((code, errors), (
            0, f"latchkey: warning: {name} is a secret that others may read\n"))
        return output

    def test_a_key_that_others_may_read_is_used_if_the_command_line_says_so(self):
        for mode in (0o440, 0o444, 0o644, 0o604, 0o601):
            (self.folder / "key").chmod(mode)
            for command in (["pubkey", "-i", "key"], ["open", "-i", "key", "sealed"],
                            ["decaps", "-i", "key", "sent"]):
                self.refuse(f"'key' is a secret that others may read; {OPTION} permits that; "
                            "to fix this: chmod 600 'key'", *command)
                for _ in range(2):  # each time
                    self.warned("'key'", *command, OPTION)
        self.assertEqual(self.warned("'key'", "open", OPTION, "-i", "key", "sealed"), b"content")
        with open(self.folder / "key", "rb") as key:
            self.warned("standard input", "pubkey", OPTION, stdin=key)

    def test_the_command_of_a_message_names_the_file_or_none(self):
        for name in ("it's", "-key", "a\n", "a\x1b[31m", "a\u202e", b"a\xff", "a\u00e9"):
            path = os.path.join(os.fsencode(self.folder), os.fsencode(name))
            shutil.copy(self.folder / "key", path)
            os.chmod(path, 0o644)
            code, _, errors = self.tool("pubkey", b"--identity=" + os.fsencode(name))
            self.assertEqual(code, 1)
            command = errors[errors.index("chmod 600 "):]
            if command != "chmod 600 its name\n":
                subprocess.run(["sh", "-c", command], cwd=self.folder, check=True)
                self.do("pubkey", b"--identity=" + os.fsencode(name))
            self.assertEqual(command == "chmod 600 its name\n", name in ("a\n", "a\x1b[31m",
                                                                         "a\u202e", b"a\xff"))
            os.unlink(path)

    def test_a_password_file_that_others_may_read_is_used_if_the_command_line_says_so(self):
        (self.folder / "password").chmod(0o444)
        for command in (["pubkey", "-i", "encrypted"], ["keygen", "-q"], ["inspect", "encrypted"]):
            command += ["--password-file", "password"]
            self.refuse(f"'password' is a secret that others may read; {OPTION} permits",
                        *command)
            self.warned("'password'", *command, OPTION)

    def test_nothing_permits_a_key_that_others_may_change(self):
        for mode in (0o620, 0o602, 0o666, 0o777):
            (self.folder / "key").chmod(mode)
            for option in ([], [OPTION]):
                self.refuse("'key' is a secret that others may change, or that others may read and "
                            "another user owns; to fix this: chmod 600 'key'", "pubkey", *option,
                            "-i", "key")

    @unittest.skipUnless(is_root, "only root gives files away")
    def test_nothing_permits_a_readable_key_of_another_user(self):
        (self.folder / "key").chmod(0o444)
        os.chown(self.folder / "key", NOBODY, NOBODY)
        self.refuse("'key' is a secret that others may change, or that others may read and another "
                    "user owns", "pubkey", OPTION, "-i", "key")

    @unittest.skipUnless(is_root, "only root runs programs as others")
    def test_a_key_that_root_mounts_for_everybody_is_used_as_in_a_container(self):
        self.folder.chmod(0o755)
        (self.folder / "key").chmod(0o444)
        shutil.copy(TOOL, self.folder / "tool")
        command = [self.folder / "tool", "pubkey", "-i", "key"]
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": self.folder,
                 "capture_output": True, "text": True}
        self.assertEqual(subprocess.run(command, **other).returncode, 1)
        done = subprocess.run([*command, OPTION], **other)
        self.assertEqual((done.returncode, done.stderr), (
            0, "latchkey: warning: 'key' is a secret that others may read\n"))

    def test_a_secret_that_the_shell_writes_to_a_readable_file_is_warned_of(self):
        for command in (["keygen", "-q"], ["keygen", "-q", "-o", "/dev/stdout"],
                        ["decaps", "-i", "key", "sent"]):
            for mode, words in ((0o644, "; to use it, add " + OPTION),
                                (0o666, "; every command will refuse it as a key file")):
                self.write("out", "")
                (self.folder / "out").chmod(mode)
                with open(self.folder / "out", "wb") as out:
                    code, _, errors = self.tool(*command, stdout=out)
                name = "'/dev/stdout'" if "-o" in command else "standard output"
                self.assertEqual((code, errors), (
                    0, f"latchkey: warning: others may read {name}: use -o, or set umask 077 "
                       f"before the file is made{words}\n"))
            (self.folder / "out").chmod(0o600)
            with open(self.folder / "out", "wb") as out:
                self.assertEqual(self.tool(*command, stdout=out)[::2], (0, ""))
        with open(self.folder / "public", "wb") as out:
            self.assertEqual(self.tool("pubkey", "-i", "key", stdout=out)[::2], (0, ""))


class Mounted(FilesTest):
    @contextlib.contextmanager
    def mounted(self, command):
        """The mount point of a FUSE file system over the folder `real`."""
        if not all(map(shutil.which, (command[0], "fusermount3"))):
            self.skipTest(f"needs {command[0]} and fusermount3")
        (self.folder / "real").mkdir()
        mount = self.folder / "mount"
        mount.mkdir()
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=30,
                              stdin=subprocess.DEVNULL)
        end = time.monotonic() + 5
        while done.returncode == 0 and not os.path.ismount(mount) and time.monotonic() < end:
            time.sleep(0.05)
        if not os.path.ismount(mount):
            self.skipTest(f"{command[0]} cannot mount here: {done.stderr.strip()}")
        try:
            yield mount
        finally:
            subprocess.run(["fusermount3", "-u", mount], check=True)

    def test_where_no_modes_are_kept_a_new_key_is_warned_of_and_can_be_used(self):
        with self.mounted(["bindfs", "-p", "0755", "--chmod-ignore", "real", "mount"]):
            for options in ([], ["--age"]):
                code, _, errors = self.tool("keygen", "-q", *options, "--force", "-o", "mount/key")
                self.assertEqual((code, errors), (
                    0, "latchkey: warning: others may read 'mount/key': its file system does "
                       f"not keep modes or owners; to use it, add {OPTION}\n"))
                self.refuse(OPTION, "pubkey", "-i", "mount/key")
                code, output, errors = self.tool("pubkey", OPTION, "-i", "mount/key")
                self.assertEqual(code, 0, errors)
                self.assertTrue(output)

    def test_where_everybody_may_write_a_new_key_is_said_to_be_of_no_use(self):
        with self.mounted(["bindfs", "-p", "0777", "--chmod-ignore", "real", "mount"]):
            code, _, errors = self.tool("keygen", "-o", "mount/key")
            self.assertEqual(code, 0)
            self.assertIn("; every command will refuse it as a key file\n", errors)
            self.refuse("others may change", "pubkey", OPTION, "-i", "mount/key")

    def test_over_sshfs_without_links_a_file_gets_its_name(self):
        if not os.path.exists(SFTP_SERVER):
            self.skipTest(f"needs {SFTP_SERVER}")
        self.write("server", f"#!/bin/sh\nexec {SFTP_SERVER}\n")
        (self.folder / "server").chmod(0o700)
        self.key_pair()
        self.do("seal", "-r", "key.pub", "-o", "sealed", input=100_000 * b"x")
        # The name of the host is not used.
        with self.mounted(["sshfs", "-o", f"disable_hardlink,ssh_command={self.folder}/server",
                           f"nowhere:{self.folder}/real", "mount"]) as mount:
            for force in ([], ["--force"]):
                self.do("open", "-i", "key", *force, "-o", "mount/out", "sealed")
                self.assertEqual((mount / "out").read_bytes(), 100_000 * b"x")
                self.refuse("'mount/out' exists already", "open", "-i", "key", "-o", "mount/out",
                            "sealed")
            self.assertEqual(os.listdir(mount), ["out"])


if __name__ == "__main__":
    unittest.main()
