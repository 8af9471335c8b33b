#!/usr/bin/env python3
"""Checks the known answers on some machine, and which backends ran there.

usage: known_answers.py [--rounds N] BACKENDS KAT_FOLDER COMMAND...

BACKENDS are all those that must run, joined by commas. COMMAND starts latchkey-kat there. N rounds
are accumulated, 100 unless told.
"""

import json
import pathlib
import subprocess
import sys

ROUNDS = 100
SETS = ("ML-KEM-512", "ML-KEM-768", "ML-KEM-1024")


def vectors(folder, sealed):
    """Those of ML-KEM, and those of the sealing layer: emulated machines have no libcrypto for it.
    """
    return [str(path) for path in sorted(pathlib.Path(folder).rglob("*.rsp"))
            if sealed or path.parent.name != "seal"]


def run(command, *arguments, env=None):
    """What latchkey-kat reports, or a sentence on what went wrong."""
    result = subprocess.run([*command, "--json", *arguments], env=env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, text=True)
    try:
        report = json.loads(result.stdout)
    except ValueError:
        return f"exit status {result.returncode}, and no report: {result.stdout[-2000:]}"
    if result.returncode != 0:
        return f"exit status {result.returncode}: {result.stdout[-2000:]}"
    return report


def backends_of(command, *arguments, env=None):
    """The backends that ran, once they had the known figure right."""
    report = run(command, *arguments, "--accumulated", str(ROUNDS), env=env)
    if isinstance(report, str):
        raise AssertionError(f"{' '.join(command)}: {report}")
    return report["backends"]


def faults_in(report, backends, files, rounds):
    """Yields what is wrong with a report of all backends on all files."""
    if isinstance(report, str):
        yield report
        return
    if report["backends"] != backends:
        yield f"ran {report['backends']}, not {backends}"
    expected = {(file, backend) for file in files for backend in backends}
    passed = {(entry["file"], entry["backend"]) for entry in report["files"]
              if entry["passed"] > 0 and entry["failed"] == 0}
    for file, backend in sorted(expected - passed):
        yield f"{file}: did not pass on {backend}"
    accumulated = [(entry["set"], entry["n"], entry["backend"]) for entry in report["accumulated"]
                   if entry["known"] and entry["passed"]]
    if accumulated != [(name, rounds, backend) for backend in backends for name in SETS]:
        yield f"accumulated figures passed for {accumulated}"
    if report["failed"] != 0:
        yield f"{report['failed']} failed"


def check(backends, folder, command, rounds=ROUNDS, sealed=False):
    """Returns the faults and the number of answers that were right."""
    files = vectors(folder, sealed)
    if not files:
        return ["no vectors in " + folder], 0
    report = run(command, "--backend", "all", "--accumulated", str(rounds), *files)
    faults = list(faults_in(report, backends, files, rounds))
    return faults, 0 if faults else report["passed"]


def main():
    arguments, rounds = sys.argv[1:], ROUNDS
    if arguments[0] == "--rounds":
        rounds, arguments = int(arguments[1]), arguments[2:]
    backends, folder, command = arguments[0].split(","), arguments[1], arguments[2:]
    faults, passed = check(backends, folder, command, rounds)
    print("\n".join(faults) or f"{', '.join(backends)}: {passed} answers are right")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
