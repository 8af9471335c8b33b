#!/usr/bin/env python3
"""Has z3 prove what the library's arithmetic claims: claims_test.py GENERATOR COUNT.

GENERATOR prints COUNT claims as SMT-LIB, with the constants of the library. The controls: with any of
these constants one more or one less, z3 must find a number for which a claim is false.
"""

import argparse
import re
import shutil
import subprocess
import sys

SKIP = 77
# ceil(2^40 / q) + 1 is as exact for all the numbers that are compressed: see mlkem/reduce.hpp.
EQUIVALENT = {("reciprocal", 1)}


def claims(generator, *change):
    """The name and the text of each claim, with the prelude that each needs."""
    text = subprocess.run([generator, *change], capture_output=True, text=True, check=True).stdout
    prelude, *bodies = text.split("(push)\n")
    for body in bodies:
        yield re.search(r'echo "(.*)"', body)[1], prelude, body.replace("(pop)", "")


def z3(*texts):
    run = subprocess.run(["z3", "-in"], input="".join(texts), capture_output=True, text=True,
                         check=False, timeout=250)
    return " ".join(run.stdout.splitlines()[1:])


def broken(generator, constant, change):
    """The first claim that a changed constant makes false, among those that have it in them."""
    bodies = {body for _, _, body in claims(generator)}
    for name, prelude, body in claims(generator, constant, str(change)):
        has_it = body not in bodies or re.search(rf"[ (]{constant}[ )]", body)
        if has_it and z3(prelude, body) == "sat":
            return name
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("generator")
    parser.add_argument("count", type=int)
    arguments = parser.parse_args()
    generator = arguments.generator
    if shutil.which("z3") is None:
        print("skipped: z3 is not here")
        return SKIP
    passed = failed = 0

    def judge(good, what, detail):
        nonlocal passed, failed
        passed, failed = passed + good, failed + (not good)
        print(f"{'passed' if good else 'FAILED'}  {what:64}{detail}")

    for name, prelude, body in claims(generator):
        answer = z3(prelude, body)
        judge(answer == "unsat", name, "proved" if answer == "unsat" else answer)
    judge(passed + failed == arguments.count, "number of claims", passed + failed)
    names = subprocess.run([generator, "list"], capture_output=True, text=True, check=True).stdout
    for constant in names.split():
        for change in (1, -1):
            if (constant, change) not in EQUIVALENT:
                false = broken(generator, constant, change)
                judge(bool(false), f"control: {constant} {change:+}",
                      f"{false}: refuted" if false else "nothing noticed")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
