#!/usr/bin/env python3
"""Every system call of the programs fails once: faults_test.py TOOL RUNNER VECTORS.

TOOL is `latchkey`, RUNNER is `latchkey-kat`, and VECTORS the file that it reads. Either a program
says in one line what it could not do, with the file if it is about one, and exits with a failure,
or the call did not matter and all is as without the fault.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import tracing  # noqa: E402

# The heap takes any answer of brk for an address, and libc aborts where it knows no futex.
NOT_OURS = ("exit_group", "brk", "futex")
REASONS = {"ENOMEM": "Cannot allocate memory", "EPERM": "Operation not permitted",
           "EINTR": "Interrupted system call", "ENOSYS": "Function not implemented",
           "EAGAIN": "Resource temporarily unavailable", "EIO": "Input/output error",
           "ENOSPC": "No space left on device"}


class Program:
    """A command line; what it prints; and where its own calls begin, after the dynamic linker's."""

    def __init__(self, name, command, begin, pattern, file=None):
        self.name, self.command, self.begin, self.file = name, command, begin, file
        self.pattern = pattern
        self.wrong_answer = 1 if file else None  # the runner has exit statuses of its own
        self.failure = 2 if file else 1

    def calls(self):
        run, trace = tracing.traced(self.command)
        if run.returncode != 0 or run.stderr or not re.search(self.pattern, run.stdout):
            sys.exit(f"{self.name} fails without a fault: {run.stdout}{run.stderr}")
        begun = False
        for call in tracing.calls(trace):
            begun = begun or call.name != "execve" and self.begin in call.arguments
            if begun and call.name not in NOT_OURS:
                yield call

    def fault_in(self, run, call, error):
        """What is wrong with a run, or nothing."""
        if run.returncode == 0:
            good = not run.stderr and re.search(self.pattern, run.stdout)
            return None if good else f"exit status 0, and {run.stdout[:200]!r}, {run.stderr!r}"
        about_file = self.file and (call.name == "read" or call.name == "openat" and
                                    f'"{self.file}"' in call.arguments)
        if run.returncode == self.wrong_answer and not about_file:
            # A record could not be checked: the report says which, and why.
            good = (not run.stderr and self.file in run.stdout and
                    re.search(": (the (operating )?system |there is not enough memory)",
                              run.stdout))
            return None if good else f"exit status 1, and {run.stdout[:200]!r}, {run.stderr!r}"
        if run.returncode != self.failure:
            return f"exit status {run.returncode}, {run.stderr!r}"
        if not re.fullmatch(r"latchkey(-kat)?: [^\n]+\n", run.stderr):
            return f"says {run.stderr!r}"
        if about_file and not run.stderr.endswith(
                f" {self.file}: cannot be {'read' if call.name == 'read' else 'opened'}: "
                f"{REASONS[error]}\n"):
            return f"says {run.stderr!r}"
        if call.name == "write" and "output" not in run.stderr and "report" not in run.stderr:
            return f"says {run.stderr!r}"
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("runner")
    parser.add_argument("vectors")
    options = parser.parse_args()
    if not tracing.usable():
        print("skipped: strace is not here, or may not trace")
        return tracing.SKIP
    tool, runner, vectors = map(os.path.abspath, (options.tool, options.runner, options.vectors))
    programs = [
        Program("latchkey demo", [tool, "demo"], "RLIMIT_CORE", r"never prints one\.\n\Z"),
        Program("latchkey selftest", [tool, "selftest"], "RLIMIT_CORE", r"\Aself-test passed"),
        Program("latchkey --version", [tool, "--version"], "RLIMIT_CORE", r"\Alatchkey \d"),
        Program("latchkey-kat", [runner, "--no-accumulated", vectors], f'"{vectors}"',
                r"passed, 0 failed\n\Z", vectors),
        Program("latchkey-kat --json", [runner, "--no-accumulated", "--json", vectors],
                f'"{vectors}"', r'"failed": 0\n\}\n\Z', vectors),
    ]
    cases = []
    for program in programs:
        # The demo makes the same few calls a thousand times.
        for call in [c for c in program.calls() if c.number <= 60]:
            errors = [tracing.ERRORS[len(cases) % len(tracing.ERRORS)]]
            if call.name in ("read", "write", "openat"):
                errors += ["EIO", "ENOSPC"]
            cases += [(program, call, error) for error in errors]

    def outcome(case):
        program, call, error = case
        run, trace = tracing.traced(program.command,
                                    [f"{call.name}:error={error}:when={call.number}"])
        fault = program.fault_in(run, call, error)
        if "(INJECTED)" not in trace:
            fault = "there was no such call"
        return (program.name, call.name, f"{call.name} number {call.number} fails with {error}",
                fault, run.returncode != 0)

    table = tracing.Table()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for one in pool.map(outcome, cases):
            table.add(*one)
    return table.finish(("getrandom", "mmap", "openat", "read", "write", "prctl", "prlimit64"))


if __name__ == "__main__":
    sys.exit(main())
