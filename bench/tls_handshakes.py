#!/usr/bin/env python3
"""Compares TLS 1.3 handshakes of several libraries and groups, in interleaved rounds on one core.

    tls_handshakes.py [--rounds N] [--seconds S] NAME COMMAND...

Each COMMAND is one argument, a program of tls_handshakes.cpp with its configuration and group, which
gets the seconds behind it; a dynamic linker of another system may stand before it. Prints the median
of handshakes a second of each, and the ratio of the second to it: above 1 where the second is faster.
"""

import argparse
import os
import shlex
import statistics
import subprocess


def measure(command, seconds):
    done = subprocess.run(shlex.split(command) + [str(seconds)], stdout=subprocess.PIPE, text=True,
                          check=True)
    return float(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--core", type=int, help="run on this core alone")
    parser.add_argument("pairs", nargs="+", metavar="NAME COMMAND")
    options = parser.parse_args()
    if len(options.pairs) % 2 != 0:
        parser.error("each command needs a name before it")
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    commands = dict(zip(options.pairs[::2], options.pairs[1::2]))
    rates = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, command in commands.items():
            rates[name].append(measure(command, options.seconds))
    names = list(commands)
    ours = rates[names[min(1, len(names) - 1)]]
    for name in names:
        ratios = [mine / theirs for mine, theirs in zip(ours, rates[name])]
        print(f"{name:<40} {statistics.median(rates[name]):>8.0f}/s "
              f"{statistics.median(ratios):>6.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
