#!/usr/bin/env python3
"""Latchkey's exchanges with the other implementations that are here, both ways, and with bad input.

LATCHKEY_TEST_SEED=N repeats the keys and the changes of the run that printed N; encapsulations are
random. The last line is `N passed, M failed`.
"""

import argparse
import os
import pathlib
import random
import sys

import bad_input
import exchanges
import parties

SKIP = 77


class Report:
    def __init__(self):
        self.passed, self.failed = [], []  # what each row is about

    def line(self, good, peer, scheme, what, counts=""):
        (self.passed if good else self.failed).append(what)
        print(f"{'passed' if good else 'FAILED'}  {peer:30}{scheme:36}{what:52}{counts}",
              flush=True)

    def row(self, peer, row):
        self.line(row.passed, peer, row.scheme, row.what, f"{row.good} of {row.tried}")
        if row.fault is not None:
            print(f"        {row.fault}")


def latchkey(driver):
    """Us. Without us nothing is tested, so that is never just absent."""
    try:
        return parties.Party(driver)
    except parties.Absent as absent:
        raise parties.Broken(f"Latchkey: {absent}") from None


def exchange(report, driver, label, party, generator, count):
    """All rows of one peer."""
    with latchkey(driver) as ours:
        for scheme in (word for word in party.schemes if word in exchanges.NAMES):
            for row in exchanges.rows(generator, ours, party, scheme, count):
                report.row(label, row)


def refusals(report, driver, present, generator, count):
    """Who takes what is to be refused. We are judged; of the others it is told."""
    with latchkey(driver) as ours:
        for scheme, needed, name, question in bad_input.BAD:
            for label, party in {"us": ours, **present}.items():
                if not set(needed) <= set(party.schemes):
                    continue
                number = bad_input.taken(generator, ours, party, scheme, question, count)
                if party is ours:
                    report.line(number == 0, "bad input", exchanges.NAMES[scheme], name,
                                f"{count - number} of {count} refused")
                else:
                    print(f"        {label} refuses {count - number} of {count}")


def run(report, driver, peers, count, every=False):
    """The exit status. peers: a name, what makes the command or raises Absent, and whether `every`
    means this one."""
    present = {}
    seed = int(os.environ.get("LATCHKEY_TEST_SEED", random.SystemRandom().getrandbits(32)))
    print(f"LATCHKEY_TEST_SEED={seed}")
    with latchkey(driver) as ours:
        print(f"us: {ours.name}")
    for label, command, brought in peers:
        try:
            party = parties.Party(command())
            print(f"{label}: {party.name}")
            exchange(report, driver, label, party, random.Random(f"{seed} {label}"), count)
            present[label] = party
        except parties.Absent as absent:
            print(f"{label}: absent: {absent}")
            if every and brought:
                report.line(False, label, "", "absent")
        except parties.Broken as broken:
            report.line(False, label, "", "the protocol")
            print(f"        {broken}")
    if present:
        refusals(report, driver, present, random.Random(f"{seed} bad"), min(count, 20))
    for party in present.values():
        party.close()
    if not report.passed and not report.failed:
        print("skipped: no other implementation is here; ./dev interop brings some")
        return SKIP
    print(f"{len(report.passed)} passed, {len(report.failed)} failed")
    return 1 if report.failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("driver", help="interop-driver")
    parser.add_argument("folder", type=pathlib.Path, help="what ./dev interop filled")
    parser.add_argument("--keys", type=int, default=100, help="of each scheme and peer")
    parser.add_argument("--all", action="store_true", help="a peer that is absent is a failure")
    options = parser.parse_args()
    try:
        return run(Report(), [options.driver], parties.peers(options.driver, options.folder),
                   options.keys, options.all)
    except parties.Broken as broken:
        sys.exit(f"broken: {broken}")


if __name__ == "__main__":
    sys.exit(main())
