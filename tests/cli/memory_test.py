#!/usr/bin/env python3
"""The tool where the system locks little memory: memory_test.py PATH-OF-LATCHKEY."""

import ctypes
import errno
import os
import pathlib
import resource
import sys
import unittest

from tool import FilesTest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import refusing  # noqa: E402

PR_CAPBSET_DROP, CAP_IPC_LOCK = 24, 14


def lock_at_most(size):
    """For the child before it becomes the tool. Root's, too, from then on."""
    def limit():
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (size, size))
        if os.geteuid() == 0:
            ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0)
    return {"preexec_fn": limit}


class Memory(FilesTest):
    def setUp(self):
        super().setUp()
        self.do("keygen", "-o", "key")
        self.do("pubkey", "-i", "key", "-o", "key.pub")
        self.write("in", os.urandom(200_000))
        self.do("seal", "-r", "key.pub", "-o", "sealed", "in")
        self.do("keygen", "--age", "-o", "age")
        self.do("seal", "-r", self.do("pubkey", "-i", "age").decode().strip(), "-o", "in.age", "in")

    def test_64_kib_are_enough_for_everything(self):
        little = lock_at_most(64 << 10)
        self.do("seal", "-r", "key.pub", "-o", "again", "in", **little)
        self.do("seal", "-R", "-", "-o", "again.age", "in", input=self.do("pubkey", "-i", "age"),
                **little)
        self.do("keygen", "-o", "other")
        for keys, sealed in ((["key"], "again"), (["other", "key"], "again"), (["age"], "again.age")):
            identities = [word for key in keys for word in ("-i", key)]
            self.assertEqual(self.do("open", *identities, sealed, **little), self.read("in"))
        self.do("encaps", "-r", "key.pub", "-o", "ct", "--secret", "sent", **little)
        self.assertEqual(self.do("decaps", "-i", "key", "ct", **little), self.read("sent"))
        self.do("selftest", **little)
        self.do("demo", **little)

    def test_keys_need_no_more_than_64_kib_and_neither_does_looking_at_files(self):
        self.do("keygen", "-o", "other", **lock_at_most(64 << 10))
        self.do("pubkey", "-i", "other", **lock_at_most(64 << 10))
        self.do("pubkey", input=self.read("other"), **lock_at_most(64 << 10))
        for name in ("key", "key.pub", "sealed", "age", "in.age"):
            said = self.do("inspect", name)
            self.assertEqual(self.do("inspect", name, **lock_at_most(64 << 10)), said)
            # Of a pipe, the size is not known.
            self.assertEqual(self.do("inspect", input=self.read(name), **lock_at_most(64 << 10)),
                             said.replace(f"'{name}'".encode(), b"standard input"))

    def test_too_little_is_said_with_the_way_out(self):
        for arguments in (["seal", "-r", "key.pub", "-o", "out", "in"],
                          ["open", "-i", "key", "-o", "out", "sealed"],
                          ["open", "-i", "age", "-o", "out", "in.age"]):
            self.refuse("locks no more memory for secrets: raise RLIMIT_MEMLOCK (ulimit -l); "
                        "set LATCHKEY_MEMORY=unlocked to allow memory that is not locked", *arguments,
                        **lock_at_most(4 << 10))

    def test_the_file_that_memory_is_needed_for_is_not_blamed(self):
        for arguments in (["seal", "-r", "key.pub", "in"], ["open", "-i", "key", "sealed"]):
            code, _, errors = self.tool(*arguments, **lock_at_most(0))
            self.assertEqual((code, errors[:49]),
                             (1, "latchkey: the system locks no more memory for sec"))

    @unittest.skipUnless(refusing.usable, "the filter is for x86-64")
    def test_inspect_needs_protected_memory_for_private_keys_alone(self):
        self.do("encaps", "-r", "key.pub", "-o", "ct", "--secret", "secret")
        self.do("pubkey", "-i", "key", "--der", "-o", "der")
        self.do("pubkey", "-i", "age", "-o", "recipient")
        self.do("seal", "-a", "-R", "recipient", "-o", "armored.age", "in")
        self.write("both", self.read("key.pub") + self.read("key"))
        self.write("mixed", self.read("recipient") + self.read("age"))
        for refused in (lock_at_most(0), refusing.refusing({"madvise": errno.EPERM})):
            for name in ("key.pub", "der", "recipient", "ct", "sealed", "in.age", "armored.age"):
                with self.subTest(name):
                    self.assertEqual(self.do("inspect", name, **refused), self.do("inspect", name))
            for name in ("key", "age", "both", "mixed", "secret"):
                with self.subTest(name):
                    self.refuse("LATCHKEY_MEMORY=unlocked", "inspect", name, **refused)

    def test_who_asks_for_it_gets_ordinary_memory(self):
        unlocked = {"env": {**os.environ, "LATCHKEY_MEMORY": "unlocked"}, **lock_at_most(0)}
        self.do("seal", "-r", "key.pub", "-o", "again", "in", **unlocked)
        self.assertEqual(self.do("open", "-i", "key", "again", **unlocked), self.read("in"))
        self.assertIn(b"locked memory no, and done without", self.do("version", **unlocked))

    @unittest.skipUnless(refusing.usable, "the filter is for x86-64")
    def test_where_the_process_cannot_be_hardened_what_needs_no_secret_works(self):
        for call in ("prlimit64", "prctl"):
            refused = refusing.refusing({call: errno.EPERM})
            for arguments in (["version"], ["--help"], ["selftest"], ["inspect", "key.pub"],
                              ["inspect", "sealed"], ["speed", "--help"]):
                with self.subTest(call=call, arguments=arguments):
                    self.do(*arguments, **refused)
            words = "debuggers; set LATCHKEY_MEMORY=unlocked to continue without this protection"
            for arguments in (["keygen"], ["pubkey", "-i", "key"], ["inspect", "key"],
                              ["open", "-i", "key", "sealed"], ["seal", "-r", "key.pub", "in"]):
                with self.subTest(call=call, arguments=arguments):
                    self.refuse(words, *arguments, **refused)

    @unittest.skipUnless(refusing.usable, "the filter is for x86-64")
    def test_with_memory_unlocked_the_tool_continues_where_the_system_refuses(self):
        for call in ("prlimit64", "prctl", "madvise"):
            with self.subTest(call=call):
                refused = refusing.refusing({call: errno.EPERM})
                allowed = {"env": {**os.environ, "LATCHKEY_MEMORY": "unlocked"}, **refused}
                self.do("seal", "-r", "key.pub", "-o", f"again.{call}", "in", **allowed)
                self.assertEqual(self.do("open", "-i", "key", f"again.{call}", **allowed),
                                 self.read("in"))
        self.refuse("or to protect it; set LATCHKEY_MEMORY=unlocked to continue without this "
                    "protection", "keygen", **refusing.refusing({"madvise": errno.EPERM}))

    def test_an_unknown_value_is_refused_and_an_empty_one_counts_as_unset(self):
        for wish, words in (("best", "LATCHKEY_MEMORY must be 'unlocked'"),
                            ("", "locks no more memory for secrets")):
            self.refuse(words, "keygen", env={**os.environ, "LATCHKEY_MEMORY": wish},
                        **lock_at_most(0))


if __name__ == "__main__":
    unittest.main()
