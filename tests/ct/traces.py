#!/usr/bin/env python3
"""Traces the library's operations step by step, for several secrets: the traces must be the same.

A trace is the address of each instruction that runs and of all memory that it touches, of a static
program that holds the library as it is shipped.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import queue
import random
import re
import subprocess
import sys
import tempfile

SECRETS = 8
# Its input is rho, which is public but follows from d: where d varies, its steps are left out.
VARTIME = "reject_vartime"

# (operation of subject.cpp, what is left out, number of runs for a number of secrets)
OPERATIONS = [
    ("keygen", VARTIME, lambda n: n),
    ("keygen-same-rho", "", lambda n: min(n, 2)),
    ("encaps", "", lambda n: n),
    ("encaps-once", "", lambda n: max(n // 2, 2)),
    ("encaps-begin", "", lambda n: max(n // 2, 2)),
    ("encaps-finish", "", lambda n: max(n // 2, 2)),
    ("decaps", "", lambda n: 2 * n),       # as many valid as invalid ones, all compared
    ("decaps-once", "", lambda n: max(n // 2, 2)),
]
# As many of its own ciphertexts as of others. By the best backend: the others' halves are in OPERATIONS
# and FORM_OPERATIONS.
HYBRID = [("xwing-encaps", "", lambda n: max(n // 2, 2)),
          ("xwing-decaps", "", lambda n: max(n // 2, 2))]
# Of each form of X25519. Every second peer is of low order.
FORM_OPERATIONS = [
    ("x25519-public", "", lambda n: n),
    ("x25519-shared", "", lambda n: n),
    ("x25519-both", "", lambda n: max(n // 2, 2)),
    ("x25519-jobs", "", lambda n: max(n // 2, 2)),
]
# decaps-once is decaps, encaps-once is encaps, encaps-begin is half of it, and what else they do is public: they are traced
# on the vector backends alone.
TOO_LONG = {("ref", "decaps-once"), ("ref", "encaps-once"), ("ref", "encaps-begin")}

# Whether the tracer must see it. A division takes the same steps whatever it divides.
CONTROLS = {"clean": False, "branch": True, "index": True, "gather": True, "early_exit": True,
            "division": False, "ladder_branch": True, "comb_index": True}

free_cores = queue.SimpleQueue()
for number in os.sched_getaffinity(0):
    free_cores.put(number)

Trace = collections.namedtuple("Trace", "backend operation runs steps left_out same text")


class Tracer:
    def __init__(self, tracer, subject, folder, seed, machine=None):
        self.tracer, self.subject, self.seed = str(tracer), str(subject), str(seed)
        self.machine = machine  # a script that runs a program elsewhere
        self.disassembly = str(pathlib.Path(folder) / (pathlib.Path(subject).name + ".txt"))
        with open(self.disassembly, "w", encoding="utf-8") as file:
            subprocess.run(["objdump", "-d", "-C", "--no-show-raw-insn", subject], stdout=file,
                           check=True)

    def names(self, what):
        """The backends, or the forms, that run here."""
        return subprocess.run([self.subject, what], capture_output=True, text=True,
                              check=True).stdout.split()

    def trace(self, backend, operation, left_out, runs):
        # On one core, and alone there: a stop is two switches between the tracer and the program,
        # and each would wake up the other core.
        core = free_cores.get()
        try:
            place = [self.machine] if self.machine else ["taskset", "-c", str(core)]
            result = subprocess.run([*place, self.tracer, self.disassembly, left_out, str(runs),
                                     self.subject, backend, operation, self.seed],
                                    capture_output=True, text=True)
        finally:
            free_cores.put(core)
        text = (result.stdout + result.stderr).strip()
        found = re.match(r"identical: \d+ runs of (\d+) steps, (\d+) left out", text)
        steps, skipped = map(int, found.groups()) if found else (0, 0)
        return Trace(backend, operation, runs, steps, skipped, result.returncode == 0, text)


def sees(trace):
    """Whether the tracer found a control out: it took another way, or cannot be traced at all."""
    return trace.text.startswith("differs") or "touches memory by" in trace.text


def trace_controls(tracer, names=tuple(CONTROLS), secrets=SECRETS):
    """{control: whether it is seen}"""
    traces = [tracer.trace("ref", name, "", secrets) for name in names]
    for trace in traces:
        print(f"control {trace.operation:14} {trace.text}")
    return {trace.operation: sees(trace) for trace in traces}


def trace_library(tracer, backends, secrets, jobs, operations=OPERATIONS):
    """Prints a line a trace, and returns them all."""
    work = [(backend, name, left_out, runs(secrets)) for name, left_out, runs in operations
            for backend in backends if (backend, name) not in TOO_LONG]
    print(f"seed {tracer.seed}")
    print("backend  operation        runs    steps  left out")
    traces = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as workers:
        for trace in workers.map(lambda arguments: tracer.trace(*arguments), work):
            print(f"{trace.backend:8} {trace.operation:15} {trace.runs:5} {trace.steps:8} "
                  f"{trace.left_out:9}  {'the same' if trace.same else trace.text}", flush=True)
            traces.append(trace)
    return traces


def chosen(operations, name):
    return [entry for entry in operations if entry[0] == name]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tracer")
    parser.add_argument("subject")
    parser.add_argument("--secrets", type=int, default=SECRETS, help="for each operation")
    parser.add_argument("--jobs", type=int, default=2, help="traces at a time")
    parser.add_argument("--seed", type=int, default=random.getrandbits(40))
    parser.add_argument("--short", action="store_true",
                        help="two operations by the best backend and form, and the controls")
    parser.add_argument("--machine", help="a script that runs a program on another CPU, such as "
                        "tests/platforms/bochs.sh; with --backends and --forms")
    parser.add_argument("--backends", nargs="+", help="all that run here, unless named")
    parser.add_argument("--forms", nargs="+", help="so, too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tracer = Tracer(arguments.tracer, arguments.subject, folder, arguments.seed,
                        arguments.machine)
        backends = arguments.backends or tracer.names("backends")
        forms = arguments.forms or tracer.names("forms")
        if arguments.short:
            controls = trace_controls(tracer, secrets=3)
            traces = trace_library(tracer, backends[-1:], 2, 1, chosen(OPERATIONS, "encaps"))
            traces += trace_library(tracer, forms[-1:], 2, 1, chosen(FORM_OPERATIONS, "x25519-both"))
        else:
            controls = trace_controls(tracer) if not arguments.machine else {}
            traces = trace_library(tracer, backends, arguments.secrets, arguments.jobs)
            traces += trace_library(tracer, backends[-1:], arguments.secrets, arguments.jobs, HYBRID)
            traces += trace_library(tracer, forms, arguments.secrets, arguments.jobs,
                                    FORM_OPERATIONS)
    failed = sum(not trace.same for trace in traces)
    failed += sum(seen != CONTROLS[name] for name, seen in controls.items())
    print(f"{len(traces) + len(controls) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
