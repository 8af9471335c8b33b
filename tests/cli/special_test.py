#!/usr/bin/env python3
"""Terminals, pipes and devices of this user and of others: special_test.py PATH-OF-LATCHKEY."""

import os
import stat
import unittest

from terminal import Terminal
from tool import TOOL, FilesTest

NOBODY = 65534


class SpecialTest(FilesTest):
    def setUp(self):
        super().setUp()
        self.key_pair()
        self.do("seal", "-r", "key.pub", "-o", "sealed", input=b"content")
        # Commands whose output is for nobody else.
        self.private = [["keygen"], ["open", "-i", "key", "sealed"],
                        ["encaps", "-r", "key.pub", "-o", "sent", "-s"]]

    def refuse_private(self, words, place, *options):
        for command in self.private:
            *command, option = command if command[-1] == "-s" else [*command, "-o"]
            self.refuse(words, *command, option, place, *options)

    def pipe(self, name, mode):
        os.mkfifo(self.folder / name)
        (self.folder / name).chmod(mode)


class Own(SpecialTest):
    def test_a_pipe_of_ones_own_that_others_may_read_is_refused_for_what_is_private(self):
        for mode in (0o640, 0o604, 0o644, 0o666):
            self.pipe("pipe", mode)
            for force in ([], ["--force"]):
                self.refuse_private("'pipe' is a pipe that others may read; to fix this: "
                                    "chmod 600 'pipe'", "pipe", *force)
            with self.started("pubkey", "-i", "key", "-o", "pipe"):
                self.assertIn(b"BEGIN PUBLIC KEY", self.read("pipe"))
            (self.folder / "pipe").unlink()
        self.pipe("pipe", 0o622)
        with self.started("open", "-i", "key", "-o", "pipe", "sealed"):
            self.assertEqual(self.read("pipe"), b"content")

    def test_devices_that_nobody_reads_take_everything(self):
        for name in ("/dev/null", "/dev/zero"):
            for command in (["keygen"], ["open", "-i", "key", "sealed"], ["pubkey", "-i", "key"]):
                self.do(*command, "-o", name)
        self.do("encaps", "-r", "key.pub", "-s", "/dev/null", "-o", "/dev/zero")


@unittest.skipUnless(os.geteuid() == 0, "only root makes files of other users")
class OfOthers(SpecialTest):
    def link_of_another(self, name, target):
        (self.folder / name).symlink_to(target)
        os.lchown(self.folder / name, NOBODY, NOBODY)

    def test_a_link_of_another_user_is_not_followed(self):
        self.folder.chmod(0o1777)
        self.pipe("pipe", 0o600)
        for target in ("/dev/null", "/dev/tty", "pipe", "/dev/stdout"):
            self.link_of_another("out", target)
            (self.folder / "mine").symlink_to("out")
            for name in ("out", "mine"):
                for force in ([], ["--force"]):
                    words = f"'{name}' leads through a symbolic link of another user, which is not"
                    self.refuse_private(words, name, *force)
                    self.refuse(words, "pubkey", "-i", "key", "-o", name, *force)
            (self.folder / "out").unlink()
            (self.folder / "mine").unlink()

    def test_a_link_of_another_user_to_a_folder_leads_to_no_device(self):
        self.link_of_another("devices", "/dev")
        self.refuse_private("leads through a symbolic link of another user", "devices/null")
        # A file that is made there is for nobody else, wherever it is.
        (self.folder / "real").mkdir()
        self.link_of_another("folder", "real")
        self.do("keygen", "-o", "folder/new")
        self.assertEqual(self.mode("real/new"), 0o600)

    def test_a_pipe_of_another_user_is_refused_for_what_is_private(self):
        self.pipe("pipe", 0o600)
        os.chown(self.folder / "pipe", NOBODY, NOBODY)
        self.refuse_private("'pipe' belongs to another user, who could read the output",
                            "pipe")
        with self.started("pubkey", "-i", "key", "-o", "pipe"):
            self.assertIn(b"BEGIN PUBLIC KEY", self.read("pipe"))

    def test_a_terminal_of_another_user_is_refused_for_what_is_private(self):
        master, slave = os.openpty()
        self.addCleanup(os.close, master)
        self.addCleanup(os.close, slave)
        name = os.ttyname(slave)
        self.do("open", "-i", "key", "-o", name, "sealed")
        self.assertEqual(os.read(master, 100), b"content")
        os.fchown(slave, NOBODY, NOBODY)
        (self.folder / "link").symlink_to(name)
        for place in (name, "link"):
            self.refuse_private(f"'{place}' belongs to another user", place, "--force")

    def test_the_terminal_of_the_process_itself_may_belong_to_another_user(self):
        # As under sudo.
        command = 'chown 65534 "$(tty)" && exec "$0" open -i key -o "$(tty)" sealed'
        with Terminal(["sh", "-c", command, TOOL], cwd=self.folder) as terminal:
            self.assertEqual(terminal.end(), (0, "content"))

    def test_a_block_device_is_written_only_by_force(self):
        try:
            os.mknod(self.folder / "disk", stat.S_IFBLK | 0o600, os.makedev(240, 0))
        except PermissionError:
            self.skipTest("no devices can be made here")
        for command in (["pubkey", "-i", "key"], ["open", "-i", "key", "sealed"], ["keygen"]):
            self.refuse("'disk' is a block device; --force overwrites it", *command, "-o", "disk")
            # Nothing has that number.
            self.refuse("cannot write 'disk': No such device", *command, "-o", "disk", "--force")


if __name__ == "__main__":
    unittest.main()
