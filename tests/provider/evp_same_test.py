#!/usr/bin/env python3
"""EVP with ML-KEM behaves with the provider as OpenSSL 3.6 does by itself, but for what the page of
the provider lists.

usage: evp_same_test.py PROGRAM PAGE [--native FOLDER]

PROGRAM is evp_same. Its lines are compared with cases/evp_same.openssl-3.6, and the table of PAGE has
all that differ: what, OpenSSL's value and ours. OPENSSL_CONF and OPENSSL_MODULES load the provider.
With --native, the program runs with the libcrypto of FOLDER, without the provider, and has to print
the recorded lines: then they are still true.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "interop"))
from parties import Absent, with_libraries_of  # noqa: E402

RECORDED = HERE / "cases" / "evp_same.openssl-3.6"
ROW = re.compile(r"\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \|")
LINE = re.compile(r"\[([^]]+)\] (.*?) = (.*)")


def table_of(page):
    """What differs: {what: (theirs, ours)}, with * for any digits."""
    return {what: (theirs, ours) for what, theirs, ours in ROW.findall(page.read_text())}


def fits(pattern, value):
    return re.fullmatch(re.escape(pattern).replace(r"\*", r"\d+"), value) is not None


def faults_of(printed, recorded, table):
    """Lines that differ although the table has no such row, and rows that nothing is like."""
    used = set()
    if len(printed) != len(recorded):
        yield f"{len(printed)} lines were printed, and {len(recorded)} recorded"
    for line, theirs in zip(printed, recorded):
        if line == theirs:
            continue
        ours, native = LINE.fullmatch(line), LINE.fullmatch(theirs)
        row = table.get(ours[2]) if ours else None
        if row and native and ours[2] == native[2] and fits(row[0], native[3]) and \
                fits(row[1], ours[3]):
            used.add(ours[2])
        else:
            yield f"{line}\n    OpenSSL: {theirs}"
    for what in sorted(table.keys() - used):
        yield f"the table has '{what}', which does not differ"


def run(command, environment):
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[-1]}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout.splitlines()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--native", type=pathlib.Path)
    words = parser.parse_args()
    environment = dict(os.environ)
    command, table = [words.program], table_of(words.page)
    if words.native is not None:
        try:
            command = with_libraries_of(words.native, command)
        except Absent as absent:
            print(absent)
            sys.exit(77)
        environment["OPENSSL_CONF"] = os.devnull
        environment["OPENSSL_MODULES"] = str(next(words.native.rglob("ossl-modules")))
    version = run([*command, "--version"], environment)[0]
    if tuple(map(int, version.split(".")[:2])) >= (3, 5):
        table = {}  # it is OpenSSL's own
    printed = run(command, environment)
    recorded = RECORDED.read_text().splitlines()
    faults = list(faults_of(printed, recorded, table))
    for fault in faults[:40]:
        print(fault)
    print(f"OpenSSL {version}: {len(printed)} lines, {len(table)} kinds of lines that may differ, "
          f"{len(faults)} faults")
    sys.exit(1 if faults or not printed else 0)


if __name__ == "__main__":
    main()
