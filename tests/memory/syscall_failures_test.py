#!/usr/bin/env python3
"""Every system call of a process with secrets fails once: syscall_failures_test.py PROBE [--all].

The probe does all that the library can do, four times over, while strace makes one call fail. That
may be an error of that pass, of the kind that the call is about, or no error where there is another
way; then the passes after it must be as if nothing had happened. Each call of the first two passes
(the others repeat the second one) fails with one of the errors below in turn; with --all, which
takes minutes, each call of all four passes fails with each of them.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import tracing  # noqa: E402

# By what the library says: the system calls whose failure may be an error, and of which kind.
NO_MEMORY = "there is not enough memory"
NOT_LOCKED = "the system locks no"
NOT_PROTECTED = "the system refuses to keep memory"
NOT_HARDENED = "the system refuses to keep this process"
NO_ENTROPY = "the operating system gave no randomness"
MAY_FAIL = {"mmap": NO_MEMORY, "madvise": NOT_PROTECTED, "mlock": NOT_LOCKED,
            "mprotect": f"{NOT_PROTECTED}|{NOT_LOCKED}",
            "pkey_mprotect": NOT_PROTECTED,  # in its place, where CPU and kernel have keys
            "getrandom": NO_ENTROPY, "openat": NO_ENTROPY, "read": NO_ENTROPY, "poll": NO_ENTROPY,
            "ppoll": NO_ENTROPY, "prctl": NOT_HARDENED, "prlimit64": NOT_HARDENED}
# Those that are repeated when they are interrupted.
REPEATED = ("getrandom", "read", "poll", "ppoll")
# The library has another way, or needs no answer.
HARMLESS = ("memfd_secret", "ftruncate", "mremap", "munmap", "close", "sysinfo",
            "pkey_alloc", "rt_sigprocmask", "newfstatat", "fstat", "gettid", "getpid")
# The probe's own, and the end; the heap's, which takes any answer for an address: a heap that gives
# nothing is in tests/api/heap_test.cpp; and libc's between threads, which ends the process itself
# when the kernel answers what it may not.
NOT_OURS = ("write", "exit_group", "brk", "futex")

# What holds for a whole run, and the calls that are there because of it.
WORLDS = {
    "as it is": ((), None),
    "without memfd_secret": (("memfd_secret:error=ENOSYS",), ("mprotect", "mlock")),
    "without getrandom": (("getrandom:error=ENOSYS",),
                          ("openat", "read", "poll", "ppoll", "close")),
}


def library_calls(trace):
    """The library's calls once the probe has begun, and the number of the pass that makes them."""
    begun, number, file = False, 0, None
    for call in tracing.calls(trace):
        begun = begun or call.arguments.startswith('1, "begin')
        number += call.arguments.startswith('1, "pass')
        if '"/proc/self/' in call.arguments:
            file = call.result  # the probe looks at itself
        elif file and (call.arguments.startswith(file) or call.name == "newfstatat"):
            file = None if call.name == "close" else file
        elif begun and call.name not in NOT_OURS:
            yield number, call


def fault_in(run, trace, name, error):
    """What is wrong with a run, or nothing; and whether the fault was an error."""
    counts = [int(count) for count in re.findall(r"^pass \d: (\d+) errors$", run.stdout, re.M)]
    failed = any(counts)
    if run.returncode != 0 or run.stderr:
        return f"exit status {run.returncode}, {run.stderr!r}", failed
    if "(INJECTED)" not in trace:
        return "there was no such call", failed
    if len(counts) != 4 or sum(count > 0 for count in counts) > 1:
        return f"errors in these passes: {counts}", failed
    allowed = MAY_FAIL.get(name, "nothing") if name not in HARMLESS else "nothing"
    if error == "EINTR" and name in REPEATED:
        allowed = "nothing"
    for line in run.stdout.splitlines():
        if not re.match(r"pass|leaked|begin", line) and not re.search(allowed, line):
            return f"said {line!r}", failed
    if counts[2] == counts[3] == 0 and name not in ("munmap", "close"):
        if "leaked: 0 mappings, 0 KiB" not in run.stdout:
            return run.stdout.splitlines()[-1], failed
    return None, failed


def cases(command, every_error):
    """All failures to try, as (world, name, what, faults, error)."""
    turn = 0
    for world, (always, only) in WORLDS.items():
        run, trace = tracing.traced(command, always)
        if run.returncode != 0 or run.stdout.count(": 0 errors") != 4:
            sys.exit(f"{world}: the probe fails without a fault: {run.stdout}{run.stderr}")
        for number, call in library_calls(trace):
            if only and call.name not in only:
                continue
            if number > 1 and not every_error:
                continue
            turn += 1
            chosen = tracing.ERRORS[turn % len(tracing.ERRORS)]
            for error in tracing.ERRORS if every_error else (chosen,):
                yield (world, call.name, f"{call.name} number {call.number} fails with {error}",
                       (*always, f"{call.name}:error={error}:when={call.number}"), error)


def special_cases(probe):
    """On kernels before 4.14 a handler does for children what one madvise asks for."""
    _, trace = tracing.traced([probe, "fork"])
    for advice, handled in (("MADV_WIPEONFORK", True), ("MADV_DONTDUMP", False)):
        number, *_ = [call.number for call in tracing.calls(trace)
                      if call.name == "madvise" and advice in call.arguments]
        run, _ = tracing.traced([probe, "fork"], [f"madvise:error=EINVAL:when={number}"])
        good = run.returncode == 0 and not run.stdout + run.stderr
        yield (f"in a child, madvise of {advice}",
               None if good == handled else f"exit status {run.returncode}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("probe")
    parser.add_argument("--passes", default="passes", help="what the probe does four times over")
    parser.add_argument("--all", action="store_true", help="every call with every error")
    options = parser.parse_args()
    if not tracing.usable():
        print("skipped: strace is not here, or may not trace")
        return tracing.SKIP
    probe = os.path.abspath(options.probe)
    command = [probe, options.passes]
    table = tracing.Table()

    def outcome(case):
        world, name, what, faults, error = case
        run, trace = tracing.traced(command, faults, whole=False)
        return world, name, what, *fault_in(run, trace, name, error)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for one in pool.map(outcome, cases(command, options.all)):
            table.add(*one)
    for what, fault in special_cases(probe):
        table.add("as it is", "madvise", what, fault, False)
    return table.finish(("mmap", "madvise", "mprotect", "mlock", "getrandom", "openat", "read"))


if __name__ == "__main__":
    sys.exit(main())
