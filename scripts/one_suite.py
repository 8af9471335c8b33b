#!/usr/bin/env python3
"""Builds and runs one suite of tests: one_suite.py BUILD-FOLDER SUITE [PATTERN].

Of a program of Catch2 tests, the tests whose names contain PATTERN run, and of the others, those
whose own names contain it.
"""

import json
import os
import pathlib
import subprocess
import sys
import time


def main():
    build, suite = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    pattern = sys.argv[3] if len(sys.argv) > 3 else ""
    info = build / "meson-info"
    tests = json.loads((info / "intro-tests.json").read_text())
    chosen = [test for test in tests if f"latchkey:{suite}" in test["suite"]]
    if not chosen:
        names = sorted({name.partition(":")[2] for test in tests for name in test["suite"]})
        sys.exit(f"dev: there is no suite '{suite}'; there are {', '.join(names)}")
    files = {target["id"]: target["filename"]
             for target in json.loads((info / "intro-targets.json").read_text())}
    wanted = sorted({os.path.relpath(name, build) for test in chosen for target in test["depends"]
                     for name in files[target]})
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    if subprocess.run(["ninja", *quiet, "-C", build, *wanted]).returncode != 0:
        return 1
    failed, ran = [], 0
    for test in chosen:
        command, name = list(test["cmd"]), test["name"]
        if pattern and command[0].endswith("-tests") and len(command) == 1:
            command.append(f"*{pattern}*")
        elif pattern.lower() not in name.lower():
            continue
        start = time.monotonic()
        done = subprocess.run(command, env=os.environ | test["env"], cwd=test["workdir"] or build,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode == 0 and "No test cases matched" in done.stdout:
            continue
        good = done.returncode in (0, 77)  # which says that it was skipped
        ran += 1
        print(f"{'pass' if good else 'FAIL'} {time.monotonic() - start:6.1f} s  {name}", flush=True)
        if not good:
            failed.append(name)
            print(done.stdout, flush=True)
    if not ran:
        sys.exit(f"dev: no test of suite '{suite}' has '{pattern}' in its name")
    print(f"\n{ran - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
