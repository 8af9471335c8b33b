"""Programs under strace, which makes their system calls fail."""

import collections
import os
import re
import shutil
import subprocess
import tempfile

ERRORS = ("ENOMEM", "EPERM", "EINTR", "ENOSYS", "EAGAIN")
SKIP = 77

Call = collections.namedtuple("Call", "name number arguments result")


def usable():
    """Whether strace is here, and may trace."""
    return shutil.which("strace") is not None and subprocess.run(
        ["strace", "-qq", "-o", os.devnull, "true"], check=False).returncode == 0


def traced(command, faults=(), timeout=120, whole=True, **more):
    """The finished process, and its trace. Each of the faults is as strace's `inject` has it.

    Without `whole` the trace has only the calls that the faults name, and takes a fifth of the
    time; but a filter of the process's own hides from strace what it refuses.
    """
    with tempfile.NamedTemporaryFile("r") as log:
        options = [option for fault in faults for option in ("-e", "inject=" + fault)]
        if not whole:
            names = ",".join(sorted({fault.partition(":")[0] for fault in faults}))
            options = ["--seccomp-bpf", "-e", "trace=" + names, *options]
        run = subprocess.run(["strace", "-f", "-qq", "-o", log.name, *options, *command],
                             capture_output=True, text=True, timeout=timeout, check=False,
                             stdin=subprocess.DEVNULL, **more)
        return run, log.read()


def calls(trace):
    """Its calls; `number` counts those of one name from 1 on, as `when` does."""
    numbers = collections.Counter()
    for name, arguments, result in re.findall(r"^\d+ +(\w+)\((.*)\) += (\S+)", trace, re.M):
        numbers[name] += 1
        yield Call(name, numbers[name], arguments, result)


class Table:
    """What came of the failures, by what was run and which call failed."""

    def __init__(self):
        self.rows = collections.defaultdict(collections.Counter)
        self.faults = []

    def add(self, what, call, described, fault, was_error):
        row = self.rows[what, call]
        row["runs"] += 1
        row["errors"] += was_error
        if fault:
            row["faults"] += 1
            self.faults.append(f"FAILED: {what}: {described}: {fault}")

    def finish(self, must_be_errors):
        """Prints the table. Failures of these calls must have been errors at least once."""
        print(f"{'':24}{'call':14}{'failures':>9}{'errors':>8}{'faults':>8}")
        for (what, call), row in self.rows.items():
            print(f"{what:24}{call:14}{row['runs']:9}{row['errors']:8}{row['faults']:8}")
        for name in must_be_errors:
            if not any(row["errors"] for (_, call), row in self.rows.items() if call == name):
                self.faults.append(f"FAILED: no failure of {name} was ever an error")
        for fault in self.faults[:20]:
            print(fault)
        total = sum(row["runs"] for row in self.rows.values())
        print(f"{total - len(self.faults)} passed, {len(self.faults)} failed")
        return 1 if self.faults or not total else 0
