#!/usr/bin/env python3
"""Runs entropy_probe under strace, which makes its system calls fail, and checks what it does.

strace fakes the answer and not the bytes, and follows one rule a system call: what needs more is in
entropy_test.cpp.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile

CALLS = "trace=getrandom,openat,read,?poll,?ppoll"
NO_ENTROPY = "the operating system gave no randomness"
TASKS = {"buffer": 64, "generate": 64, "encapsulate": 32}  # bytes that each asks for
SKIP = 77

passed = failed = 0


class Trace:
    """One run: what the probe said, and its system calls as (name, arguments, result)."""

    def __init__(self, probe, task, faults=()):
        with tempfile.NamedTemporaryFile("r") as log:
            command = ["strace", "-f", "-o", log.name, "-e", CALLS]
            for fault in faults:
                command += ["-e", "inject=" + fault]
            # The leak checker of AddressSanitizer does not work below strace.
            environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
            run = subprocess.Popen(command + [probe, task], stdout=subprocess.PIPE, text=True,
                                   env=environment, start_new_session=True)
            try:
                self.said, self.status = run.communicate(timeout=30)[0].strip(), run.returncode
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, signal.SIGKILL)  # strace alone would leave the probe behind
                self.said, self.status = "nothing, it hangs", run.wait()
            self.calls = re.findall(r"^\d+ +(\w+)\((.*)\) += (.*)$", log.read(), re.M)

    def numbers(self, name, pattern=""):
        """Which of the calls of `name`, counted from 1, have arguments like that."""
        arguments = [a for n, a, _ in self.calls if n == name]
        return [i for i, a in enumerate(arguments, 1) if re.search(pattern, a)]

    def sizes(self, name):
        """The sizes that the task's calls asked for, after that for canaries, which is the first.
        libc's own calls have flags."""
        pattern = r", (\d+), 0$" if name == "getrandom" else r", (\d+)$"
        found = [re.search(pattern, a) for n, a, _ in self.calls if n == name]
        return [int(f[1]) for f in found if f][name == "getrandom":]


def check(what, condition, trace):
    global passed, failed
    if condition:
        passed += 1
        return
    failed += 1
    print(f"FAILED: {what}\n  said {trace.said!r}, exit status {trace.status}")
    for call in trace.calls[-8:]:
        print("  {}({}) = {}".format(*call))


def succeeds(what, trace):
    check(what, trace.said == "ok" and trace.status == 0, trace)


def fails(what, task, trace):
    expected = "failed, zeroed" if task == "buffer" else NO_ENTROPY
    check(what, trace.said == expected and trace.status == 1, trace)


def test_getrandom(probe, task, size, first):
    """`first` is the number of the first call of getrandom that is ours."""

    def run(*faults):
        return Trace(probe, task, faults)

    for times in (1, 5):
        trace = run(f"getrandom:error=EINTR:when={first}..{first + times - 1}")
        succeeds(f"{task}: {times} EINTR are retried", trace)
        check(f"{task}: a retry asks for all", trace.sizes("getrandom") == [size] * (times + 1),
              trace)
    for error in ("EAGAIN", "EIO", "EFAULT", "EPERM"):
        trace = run(f"getrandom:error={error}:when={first}+")
        fails(f"{task}: {error} is an error", task, trace)
        check(f"{task}: {error} opens no device", not trace.numbers("openat", "random"), trace)
    trace = run(f"getrandom:retval=0:when={first}+")
    fails(f"{task}: a call that gives nothing is an error", task, trace)

    trace = run(f"getrandom:retval=5:when={first}")
    check(f"{task}: a short call is continued", trace.sizes("getrandom") == [size, size - 5]
          and trace.status == 0, trace)
    trace = run(f"getrandom:retval=1:when={first}+")
    check(f"{task}: so are many", trace.sizes("getrandom") == list(range(size, 0, -1)), trace)


def test_device(probe, task, size, first):
    """Without the system call: /dev/random is waited for, /dev/urandom is read."""
    no_call = f"getrandom:error=ENOSYS:when={first}+"

    def run(*faults):
        return Trace(probe, task, (no_call, *faults))

    trace = run()
    succeeds(f"{task}: ENOSYS falls back to the device", trace)
    waited = trace.numbers("openat", '"/dev/random"')
    opened = trace.numbers("openat", '"/dev/urandom"')
    poll = next((n for n, _, _ in trace.calls if n in ("poll", "ppoll")), None)
    check(f"{task}: it waits for /dev/random and reads /dev/urandom",
          len(waited) == len(opened) == 1 and waited < opened and poll is not None
          and trace.sizes("read")[-1] == size, trace)
    if not (waited and opened and poll):
        return
    waited, opened, polled = waited[0], opened[0], len(trace.numbers(poll))
    read = len(trace.numbers("read"))

    fails(f"{task}: no /dev/random", task, run(f"openat:error=ENOENT:when={waited}"))
    fails(f"{task}: no /dev/urandom", task, run(f"openat:error=EACCES:when={opened}"))
    succeeds(f"{task}: poll is retried after EINTR", run(f"{poll}:error=EINTR:when={polled}"))
    trace = run(f"{poll}:error=ENOMEM:when={polled}")
    fails(f"{task}: poll fails", task, trace)
    check(f"{task}: an unseeded /dev/urandom is not read",
          not trace.numbers("openat", '"/dev/urandom"'), trace)
    for ready in (0, 1):  # descriptors; the one that is asked about has nothing to say
        fails(f"{task}: poll finds nothing to read", task,
              run(f"{poll}:retval={ready}:when={polled}"))
    trace = run(f"read:error=EINTR:when={read}")
    succeeds(f"{task}: read is retried after EINTR", trace)
    trace = run(f"read:retval=5:when={read}")
    check(f"{task}: a short read is continued",
          trace.sizes("read")[-2:] == [size, size - 5] and trace.status == 0, trace)
    fails(f"{task}: read fails", task, run(f"read:error=EIO:when={read}+"))
    fails(f"{task}: end of file", task, run(f"read:retval=0:when={read}+"))


def main():
    probe = sys.argv[1]
    try:
        usable = subprocess.run(["strace", "-e", "trace=getrandom", "true"],
                                capture_output=True).returncode == 0
    except FileNotFoundError:
        usable = False
    if not usable:
        print("skipped: strace is not here, or may not trace")
        return SKIP
    for task, size in TASKS.items():
        trace = Trace(probe, task)
        succeeds(f"{task}: without a fault", trace)
        ours = trace.numbers("getrandom", rf", {size}, 0$")
        check(f"{task}: one call without flags asks for {size} bytes", len(ours) == 1, trace)
        if len(ours) == 1:
            test_getrandom(probe, task, size, ours[0])
            test_device(probe, task, size, ours[0])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
