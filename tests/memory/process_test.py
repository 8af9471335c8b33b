#!/usr/bin/env python3
"""Looks at a process with secrets from outside: process_test.py PROBE.

Its limits, its mappings, its memory as a debugger sees it, its core dump. What it does when the
system refuses what it asks for is in syscall_failures_test.py.
"""

import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

PROBE = sys.argv[1]
MIB = 1024 * 1024
NOBODY = 65534
# Names of the one kind of memory that nobody else can read, in /proc/PID/maps.
SECRET_FILE = "secretmem"


class Process(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)
        self.probe = os.path.join(self.folder, "probe")  # where an unprivileged user can read it
        shutil.copy(PROBE, self.probe)

    def limited(self, limit, *arguments, hard=None):
        """The probe as a user without privileges, with such a limit on locked memory, in bytes."""
        def prepare():
            resource.setrlimit(resource.RLIMIT_MEMLOCK, (limit, hard or limit))
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
        run = subprocess.run([self.probe, *arguments], capture_output=True, text=True,
                             preexec_fn=prepare, timeout=120)
        self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)
        return dict(re.findall(r"^(.*?): (.*)$", run.stdout, re.M))

    def start(self, task, **options):
        process = subprocess.Popen([self.probe, task], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True, cwd=self.folder, **options)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        places = []
        for line in process.stdout:
            if line == "ready\n":
                return process, places
            name, place, digits = line.split()
            places.append((name.rstrip(":"), int(place, 16), bytes.fromhex(digits)))
        self.fail(f"the probe ended: {process.wait()}")


def counts_secret_files():
    """Whether locked memory is counted. Some 6.1 kernels do not count that of memfd_secret: it
    cannot be swapped out either, but no limit applies."""
    run = subprocess.run([PROBE, "keys", "3"], capture_output=True, text=True, check=True)
    return "VmLck: 0" not in run.stdout


@unittest.skipUnless(counts_secret_files(), "this kernel does not count secret memory as locked")
class Limits(Process):
    def test_under_8_mib_3000_keys_live_and_then_there_is_an_error(self):
        said = self.limited(8 * MIB, "keys", "100000")
        print(f"8 MiB: {said['made']} keys, {said['VmLck']} KiB locked")
        self.assertGreaterEqual(int(said["made"]), 3000)
        self.assertEqual(said["locked"], said["made"])
        self.assertIn("raise RLIMIT_MEMLOCK", said["error"])
        self.assertLessEqual(int(said["VmLck"]), 8192)
        self.assertGreaterEqual(int(said["VmLck"]), int(said["made"]) * 1600 // 1024)
        self.assertEqual(said["mappings after errors"], "0 more")
        self.assertEqual(said["after one was freed"], "ok")

    def test_under_64_kib_20_keys_live(self):
        said = self.limited(64 * 1024, "keys", "100000")
        print(f"64 KiB: {said['made']} keys")
        self.assertGreaterEqual(int(said["made"]), 20)
        self.assertIn("raise RLIMIT_MEMLOCK", said["error"])
        self.assertEqual(said["after one was freed"], "ok")

    def test_the_soft_limit_is_raised_to_the_hard_one(self):
        said = self.limited(64 * 1024, "keys", "1000", hard=8 * MIB)
        self.assertEqual((said["made"], said["error"]), ("1000", "none"))

    def test_without_locked_memory_there_is_no_key(self):
        def prepare():
            resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
            if os.getuid() == 0:
                os.setuid(NOBODY)
        run = subprocess.run([self.probe, "passes"], capture_output=True, text=True,
                             preexec_fn=prepare)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("generate: the system locks no more memory for secrets: raise "
                      "RLIMIT_MEMLOCK", run.stdout)
        self.assertNotIn(": 0 errors", run.stdout)

    def test_what_is_refused_takes_no_memory_from_other_threads(self):
        for limit in (0, 16 * 1024):
            said = self.limited(limit, "crowded")
            self.assertEqual(said["errors"], "20000")
            self.assertGreater(int(said["mapped"]), 1000)

    def test_best_effort_goes_on_and_says_what_is_not_locked(self):
        said = self.limited(64 * 1024, "keys", "500", "best-effort")
        self.assertEqual((said["made"], said["error"]), ("500", "none"))
        self.assertTrue(20 <= int(said["locked"]) < 500, said)
        self.assertLessEqual(int(said["VmLck"]), 64)


class Memory(Process):
    def test_every_secret_is_in_a_mapping_that_is_locked_hidden_and_not_for_children(self):
        process, places = self.start("hold")
        secrets = [place for name, place, _ in places if name == "secret"]
        self.assertEqual(len(secrets), 3)
        smaps = pathlib.Path(f"/proc/{process.pid}/smaps").read_text()
        regions = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) .*?^VmFlags: (.*?)$", smaps,
                             re.M | re.S)
        for secret in secrets:
            ((start, end, rights, flags),) = [region for region in regions
                                              if int(region[0], 16) <= secret < int(region[1], 16)]
            self.assertTrue(rights.startswith("rw-"), rights)
            # Locked, not dumped, not copied on fork.
            for flag in ("lo", "dd", "dc") if counts_secret_files() else ("dd", "dc"):
                self.assertIn(flag, flags.split())
            guards = [region[2] for region in regions if region[1] == start or region[0] == end]
            self.assertEqual(guards, ["---p", "---p"])

    def test_another_process_cannot_read_it_even_as_root(self):
        process, places = self.start("hold")
        maps = pathlib.Path(f"/proc/{process.pid}/maps").read_text()
        if SECRET_FILE not in maps:
            self.skipTest("this kernel has no memfd_secret, or has it disabled")
        with open(f"/proc/{process.pid}/mem", "rb", buffering=0) as memory:
            for name, place, value in places:
                memory.seek(place)
                if name == "control":
                    self.assertEqual(memory.read(len(value)), value)
                else:
                    with self.assertRaises(OSError) as caught:
                        memory.read(len(value))
                    self.assertEqual(os.strerror(caught.exception.errno), "Input/output error")

    def core_of(self, task, line):
        if pathlib.Path("/proc/sys/kernel/core_pattern").read_text().startswith("|"):
            self.skipTest("core dumps of this system go to a program")
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        try:
            process, places = self.start(
                task, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, unlimited))
        except subprocess.SubprocessError:
            self.skipTest("this user may not have core dumps")
        if line:
            process.stdin.write(line)
            process.stdin.flush()
        self.assertEqual(process.wait(), -signal.SIGABRT)
        return [path for path in pathlib.Path(self.folder).iterdir() if path.name != "probe"], places

    def test_a_core_dump_has_no_eight_bytes_of_a_secret(self):
        cores, places = self.core_of("hold", "abort\n")
        if not cores:
            self.skipTest("the core dump went elsewhere")
        (core,) = cores
        image = core.read_bytes()
        for name, _, value in places:
            windows = [value[i:i + 8] for i in range(len(value) - 7)]
            found = sum(window in image for window in windows[:200])
            if name == "control":
                self.assertEqual(found, len(windows), "the search finds nothing")
            else:
                self.assertEqual(found, 0)

    def test_a_hardened_process_leaves_no_core_dump(self):
        cores, _ = self.core_of("harden", None)
        self.assertEqual(cores, [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
