#!/usr/bin/env python3
"""Plugins with static copies of the library that come and go: unload_test.py LOAD PLUGIN [SHARED].

SHARED is the shared library.
"""

import ctypes
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

LOAD, PLUGIN, *SHARED = sys.argv[1:]


class Unloading(unittest.TestCase):
    def run_load(self, *arguments):
        run = subprocess.run([LOAD, *arguments], capture_output=True, text=True, timeout=240)
        self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)
        return run.stdout

    def test_2100_loads_and_unloads_leave_no_memory_behind(self):
        self.assertEqual(self.run_load("cycles", "2100", PLUGIN), "0 mappings and 0 KiB more\n")

    def test_protection_keys_are_given_back(self):
        self.assertEqual(self.run_load("protected", "40", PLUGIN), "0 mappings and 0 KiB more\n")

    def test_16_plugins_have_a_copy_each(self):
        with tempfile.TemporaryDirectory() as folder:
            copies = [shutil.copy(PLUGIN, pathlib.Path(folder, f"{i}.so")) for i in range(16)]
            self.assertEqual(self.run_load("many", *copies), "16 copies\n")

    def test_a_copy_takes_no_static_tls(self):
        headers = subprocess.run(["readelf", "-lW", PLUGIN], capture_output=True, text=True,
                                 check=True).stdout
        self.assertNotIn("TLS", headers)

    def test_secrets_that_live_when_their_copy_is_unloaded_are_wiped_first(self):
        self.assertEqual(self.run_load("alive", PLUGIN), "0 unwiped bytes, all unmapped\n")

    def test_a_process_forks_after_a_copy_is_gone(self):
        self.assertEqual(self.run_load("fork", PLUGIN), "forked\n")

    def test_secrets_are_wiped_at_exit_after_static_objects_and_stay_mapped(self):
        self.assertEqual(self.run_load("exit", PLUGIN), "used\nwiped\n")

    def test_threads_that_use_secrets_while_the_process_exits_do_no_harm(self):
        for _ in range(20):
            self.assertEqual(self.run_load("threads", PLUGIN), "exits\n")

    @unittest.skipUnless(SHARED, "there is no shared library")
    def test_the_shared_library_stays_loaded(self):
        library = ctypes.CDLL(SHARED[0])
        close = ctypes.CDLL(None).dlclose
        close.argtypes = [ctypes.c_void_p]
        self.assertEqual(close(library._handle), 0)
        self.assertIn(pathlib.Path(SHARED[0]).resolve().name,
                      pathlib.Path("/proc/self/maps").read_text())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
