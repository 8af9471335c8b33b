#!/usr/bin/env python3
"""Tests by statistics whether an operation's time depends on a secret (Welch's t, |t| < 4.5).

A test fails if |t| reaches the limit in three runs out of three. Chance or a disturbance seldom
does so thrice, while a difference that is there grows with the root of the number of samples: what
gives |t| = 7 shows in all three runs nearly always.
"""

import argparse
import collections
import random
import re
import subprocess
import sys

LIMIT = 4.5
SAMPLES = 500_000
RUNS = 3
TESTS = ["decaps-validity", "decaps-key", "encaps-message"]

# Whether the stopwatch must see it, with fewer samples. None: as the CPU has it. A table that is in
# the cache takes as long for each index, more or less; some CPUs divide all numbers in equal time.
CONTROLS = {"clean": False, "branch": True, "index": None, "gather": None, "early_exit": True,
            "division": None, "ladder_branch": None, "comb_index": None}
CONTROL_SAMPLES = 100_000

Timing = collections.namedtuple("Timing", "test values")


def measure(program, backend, test, samples):
    """Returns t."""
    seed = random.getrandbits(40)
    result = subprocess.run([program, backend, test, str(samples), str(seed)],
                            capture_output=True, text=True)
    found = re.match(r"t = (\S+), means", result.stdout)
    if result.returncode != 0 or not found:
        raise RuntimeError(f"{test}: {result.stdout}{result.stderr}")
    return float(found[1]), result.stdout.strip()


def repeat(program, backend, test, samples):
    """Up to three runs; the test passes with the first whose |t| is below the limit."""
    values = []
    while len(values) < RUNS and not (values and abs(values[-1]) < LIMIT):
        value, text = measure(program, backend, test, samples)
        values.append(value)
        print(f"{backend:8} {test:16} {text}", flush=True)
    return Timing(test, values)


def differs(timing):
    return all(abs(value) >= LIMIT for value in timing.values)


def time_controls(program, backend):
    """{control: whether its time depends on the secret}"""
    return {name: differs(repeat(program, backend, name, CONTROL_SAMPLES)) for name in CONTROLS}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="tests/ct/timing of a build")
    parser.add_argument("backend", nargs="+")
    parser.add_argument("--samples", type=int, default=SAMPLES)
    arguments = parser.parse_args()
    timings = [repeat(arguments.program, backend, test, arguments.samples)
               for backend in arguments.backend for test in TESTS]
    controls = time_controls(arguments.program, arguments.backend[0])
    wrong = [name for name, seen in controls.items() if CONTROLS[name] not in (None, seen)]
    failed = sum(differs(timing) for timing in timings) + len(wrong)
    print(f"{len(timings) + len(controls) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
