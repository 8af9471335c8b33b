#!/usr/bin/env python3
"""Every system call of the programs fails once: syscall_failures_test.py TOOL RUNNER VECTORS.

TOOL is `latchkey`, RUNNER is `latchkey-kat`, and VECTORS the file that it reads. Either a program
says in one line what it could not do, with the file if it is about one, and exits with a failure,
or the call did not matter and all is as without the fault.
"""

import argparse
import collections
import concurrent.futures
import errno
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import refusing  # noqa: E402
import tracing  # noqa: E402

# The heap takes any answer of brk for an address, libc aborts where it knows no futex, and geteuid
# cannot fail.
NOT_OURS = ("exit_group", "brk", "futex", "geteuid")
REASONS = {"ENOMEM": "Cannot allocate memory", "EPERM": "Operation not permitted",
           "EINTR": "Interrupted system call", "ENOSYS": "Function not implemented",
           "EAGAIN": "Resource temporarily unavailable", "EIO": "Input/output error",
           "ENOSPC": "No space left on device"}


class Program:
    """A command line; what it prints; and where its own calls begin, after the dynamic linker's."""

    def __init__(self, name, command, begin, pattern, file=None):
        self.name, self.command, self.begin, self.file = name, command, begin, file
        self.pattern = pattern
        self.written = "output|report"
        self.by_chance = ()

    def traced(self, faults=()):
        return tracing.traced(self.command, faults, whole=not faults)

    def calls(self):
        run, trace = self.traced()
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
        if run.returncode == 1 and self.file and run.stdout and not about_file:
            # A record could not be checked: the report says which, and why.
            good = (not run.stderr and self.file in run.stdout and
                    re.search(": (the (operating )?system |there is not enough memory)",
                              run.stdout))
            return None if good else f"exit status 1, and {run.stdout[:200]!r}, {run.stderr!r}"
        if run.returncode != 1:
            return f"exit status {run.returncode}, {run.stderr!r}"
        if not re.fullmatch(r"latchkey(-kat)?: [^\n]+\n", run.stderr):
            return f"says {run.stderr!r}"
        if about_file and not run.stderr.endswith(
                f" {self.file}: cannot be {'read' if call.name == 'read' else 'opened'}: "
                f"{REASONS[error]}\n"):
            return f"says {run.stderr!r}"
        if call.name == "write" and not re.search(self.written, run.stderr):
            return f"says {run.stderr!r}"
        return None


class FileProgram(Program):
    """One that reads files of a folder, and makes the file `out` there, or none."""

    def __init__(self, name, command, pattern, files, **more):
        super().__init__(name, command, "RLIMIT_CORE", pattern)
        self.files, self.written, self.more = files, "'out'", more

    def traced(self, faults=()):
        """The process, whose output is what `out` has, and what else it left behind."""
        with tempfile.TemporaryDirectory(prefix="latchkey-faults-") as folder:
            folder = pathlib.Path(folder)
            for name, content in self.files.items():
                (folder / name).touch(0o600)
                (folder / name).write_bytes(content)
            whole = bool(self.more) or not faults
            run, trace = tracing.traced(self.command, faults, cwd=folder, whole=whole, **self.more)
            made = {path.name: path.read_text() for path in folder.iterdir()
                    if path.name not in self.files}
        run.stdout += made.pop("out", "")
        run.stderr = re.sub(r"\Afingerprint: SHA256:\S{43} \(X-Wing\)\n", "", run.stderr)
        run.stdout += "".join(f"left {name}" for name in made)
        return run, trace

    def fault_in(self, run, call, error):
        if run.returncode == 0 or not run.stdout:
            return super().fault_in(run, call, error)
        return f"leaves {run.stdout!r}"


def file_programs(tool):
    def output(*arguments, **more):
        return subprocess.run([tool, *arguments], stdout=subprocess.PIPE, check=True,
                              **more).stdout
    key = output("keygen")
    public = output("pubkey", input=key)
    with tempfile.TemporaryDirectory() as folder:
        recipient = pathlib.Path(folder) / "recipient"
        recipient.write_bytes(public)
        sealed = output("seal", "-r", recipient, input=b"content")
    opening = ([tool, "open", "-i", "key", "-o", "out", "sealed"], r"\Acontent\Z",
               {"key": key, "sealed": sealed})
    programs = [
        FileProgram("latchkey keygen", [tool, "keygen", "-o", "out"],
                    r"\A-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n\Z", {}),
        FileProgram("latchkey open", *opening),
    ]
    if refusing.usable:
        programs += [
            FileProgram("open, temporary name", *opening, **refusing.refusing(unnamed_files=False)),
            FileProgram("open, no links", *opening, **refusing.refusing(
                {"linkat": errno.EPERM, "renameat2": errno.EINVAL})),
        ]
    return programs


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
                f'"{vectors}"', r'"failed": 0,\n  "not_compared": 0\n\}\n\Z', vectors),
    ]
    programs += file_programs(tool)
    cases = []
    for program in programs:
        made = collections.Counter()
        for call in program.calls():
            made[call.name] += 1
            if made[call.name] > 20:  # the demo makes the same few calls a thousand times
                continue
            errors = [tracing.ERRORS[len(cases) % len(tracing.ERRORS)]]
            if call.name in ("read", "write", "openat", "linkat", "renameat", "sendfile", "fsync"):
                errors += ["EIO", "ENOSPC"]
            cases += [(program, call, error) for error in errors]

    def outcome(case):
        program, call, error = case
        run, trace = program.traced([f"{call.name}:error={error}:when={call.number}"])
        fault = program.fault_in(run, call, error)
        if "(INJECTED)" not in trace and call.name not in program.by_chance:
            fault = "there was no such call"
        return (program.name, call.name, f"{call.name} number {call.number} fails with {error}",
                fault, run.returncode != 0)

    table = tracing.Table()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for one in pool.map(outcome, cases):
            table.add(*one)
    # A link that fails is replaced by another way to the name.
    return table.finish(("getrandom", "mmap", "openat", "read", "write", "prctl", "prlimit64",
                         "fsync"))


if __name__ == "__main__":
    sys.exit(main())
