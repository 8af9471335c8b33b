#!/usr/bin/env python3
"""Writes report.md and report.svg from the JSON of latchkey-bench.

usage: report.py [--baseline NAME] [--out FOLDER] RESULTS.json

Ratios are to the yardstick, and to one implementation: the row or peer called NAME, or else
mlkem-native, if it was measured.
"""

import argparse
import pathlib
import sys

from chart import chosen, draw
from results import BACKENDS, STREAM_UNIT, BadInput, Results

USUAL_BASELINE = "mlkem-native"
SINGLE = ("keygen", "encaps", "decaps")
SHAKE128_X4_BYTES = 4 * 168  # of one call of keccak_x4
CONTEXT = (("CPU", "cpu"), ("Kernel", "kernel"), ("Latchkey", "version"), ("Compiler", "compiler"),
           ("Flags", "flags"), ("Yardstick", "libcrypto"), ("System peers", "system_peers"),
           ("Peers", "peers"),
           ("Left out", "left_out"), ("Date", "date"))


def report(results, baseline, title="# Measured"):
    """The Markdown, in lines."""
    yield title
    yield ""
    yield from table(["", ""], ((name, results.context[key]) for name, key in CONTEXT
                                if key in results.context))
    yield ""
    yield (f"The core ran at {results.clock:.2f} GHz. Figures are for one operation; medians, "
           "quartiles and minima are those of the quiet bursts, whose number is in the last "
           "column. A tenth of them took no more cycles than the lowest tenth, which stays the same "
           "where a busy machine moves the median. One yardstick is SHA3-256 of 1184 bytes by libcrypto"
           + (f": {results.yardstick.median:,.0f} ns, {results.yardstick.cycles:,.0f} cycles, "
              f"{results.yardstick.kept} of {results.yardstick.total} bursts quiet."
              if results.yardstick else ", which was not measured."))
    if any(not figure.enough for figure in results.figures.values()):
        yield ""
        yield "**Not to be relied on: what is marked with ! had too few quiet bursts; all are used."
        yield "Measure again when the machine is quiet.**"
    yield ""
    yield f"#{title.split()[0]} Operations"
    yield ""
    yield from operations(results, baseline)
    exchanges = list(exchange_rows(results))
    if exchanges:
        yield ""
        yield f"#{title.split()[0]} Whole exchanges, core cycles"
        yield ""
        yield ("What both sides compute together. Of X25519: two public keys and two shared secrets; of "
               "X-Wing: key generation, encapsulation and decapsulation.")
        yield ""
        yield from table(["Exchange", "By", "Median", "Lowest tenth"], exchanges)
    memory = results.memory()
    if memory:
        yield ""
        yield f"#{title.split()[0]} Memory for secrets"
        yield ""
        yield from table(["Operation", "By", "Median, ns", "Fastest", "Quiet"],
                         ([figure.operation, figure.implementation, f"{figure.median:,.1f}",
                           f"{figure.fastest:,.1f}",
                           f"{figure.kept} of {figure.total}" + mark(figure)]
                          for figure in memory))
    streams = results.streams()
    if streams:
        yield ""
        yield f"#{title.split()[0]} Streams"
        yield ""
        yield ("Chunks of 64 KiB, and the AEAD alone with 16 KiB, in GB a second; and what the stream "
               "has of that.")
        yield ""
        yield from table(["Operation", "AEAD", "Stream", "AEAD alone", "Ratio", "Quiet"],
                         ([figure.operation, figure.implementation, throughput(figure),
                           throughput(alone), f"{alone.cycles / figure.cycles:.2f}",
                           f"{figure.kept} of {figure.total}, {alone.kept} of {alone.total}"
                           + (mark(figure) or mark(alone))]
                          for figure, alone in streams))
    kernels = results.kernels()
    if kernels:
        yield ""
        yield f"#{title.split()[0]} Kernels, core cycles"
        yield ""
        yield from kernel_table(kernels)


def summary(results, baseline):
    """The three operations by everybody, in lines: cycles, and the ratio to `baseline`."""
    def cell(operation, name, batch):
        figure = results.figures.get(f"{operation}/{name}{batch}")
        if figure is None:
            return ""
        ratio = results.ratio(figure, baseline) if baseline else None
        return f"{figure.cycles:,.0f}" + (f" ({ratio:.2f})" if ratio is not None else "")

    def row(label, name, suffix="", batch=""):
        return [label] + [cell(operation + suffix, name, batch) for operation in SINGLE]

    ranked = sorted((name for name in results.implementations
                     if all(f"{operation}/{name}" in results.figures for operation in SINGLE)),
                    key=lambda name: sum(results.figures[f"{operation}/{name}"].cycles
                                         for operation in SINGLE))
    rows = []
    for name in ranked:
        rows.append(row(f"**latchkey {name}**" if name in BACKENDS else name, name))
        if name in BACKENDS[1:]:
            rows.append(row("the same, precomputed key", name, suffix="_precomputed"))
            rows.append(row("the same, one of 64", name, suffix="_batch", batch="/64"))
    yield from table(["Core cycles", "keygen", "encaps", "decaps"], rows)


def operations(results, baseline):
    head = ["Operation", "By", "Cycles", "Lowest tenth", "Yardsticks", "Median, ns", "Fastest",
            "Quartiles", "Quiet"]
    if baseline:
        head[5:5] = [f"To {baseline}", "Tenth to its"]
    rows = []
    for (operation, batch), figures in results.operations():
        for figure in figures:
            row = [operation + (f", {batch} at once" if batch else ""), figure.implementation,
                   f"{figure.cycles:,.0f}", f"{figure.lowest_tenth:,.0f}",
                   number(results.yardstick and figure.cycles / results.yardstick.cycles),
                   f"{figure.median:,.0f}", f"{figure.fastest:,.0f}",
                   f"{figure.quarter:,.0f} to {figure.three_quarters:,.0f}",
                   f"{figure.kept} of {figure.total}" + mark(figure)]
            if baseline:
                row[5:5] = [number(results.ratio(figure, baseline)),
                            number(results.lowest_tenth_ratio(figure, baseline))]
            rows.append(row)
    yield from table(head, rows)


def exchange_rows(results):
    for name, exchanges in results.exchanges().items():
        for who, parts in exchanges:
            yield [name, who, f"{sum(part.cycles for part in parts):,.0f}",
                   f"{sum(part.lowest_tenth for part in parts):,.0f}"
                   + ("" if all(part.enough for part in parts) else " !")]


def kernel_table(kernels):
    names = [row for row in BACKENDS if any(row in figures for figures in kernels.values())]
    rows = []
    for kernel, figures in kernels.items():
        rows.append([kernel] + [f"{figures[row].cycles:,.0f}{mark(figures[row])}"
                                if row in figures else "" for row in names])
        if kernel == "keccak_x4":
            rows.append(["a byte of SHAKE128, four at once"]
                        + [f"{figures[row].cycles / SHAKE128_X4_BYTES:.2f}"
                           if row in figures else "" for row in names])
    yield from table(["Kernel"] + names, rows)


def table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "|---|" + "---:|" * (len(head) - 1) if head[0] else "|---|---|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def number(value):
    return "" if value is None else f"{value:.2f}"


def throughput(figure):
    return f"{STREAM_UNIT / figure.median:.2f}"


def mark(figure):
    return "" if figure.enough else " !"


def usual_baseline(results):
    return USUAL_BASELINE if USUAL_BASELINE in results.implementations else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--baseline", metavar="NAME",
                        help=f"the row or peer for ratios (default: {USUAL_BASELINE}, if there)")
    parser.add_argument("--out", metavar="FOLDER", type=pathlib.Path, default=pathlib.Path("."))
    parser.add_argument("results", metavar="RESULTS.json")
    arguments = parser.parse_args()
    try:
        results = Results(arguments.results)
        baseline = arguments.baseline
        if baseline and baseline not in results.implementations:
            raise BadInput(f"--baseline: '{baseline}' was not measured; these were: "
                           + ", ".join(results.implementations))
        baseline = baseline or usual_baseline(results)
        (arguments.out / "report.svg").unlink(missing_ok=True)
        files = {"report.md": "\n".join(report(results, baseline)) + "\n"}
        if list(chosen(results)):
            files["report.svg"] = draw(results, baseline)
        for name, content in files.items():
            (arguments.out / name).write_text(content, encoding="utf-8")
    except BadInput as error:
        sys.exit(f"report.py: {error}")
    except OSError as error:
        sys.exit(f"report.py: cannot write {error.filename}: {error.strerror}")


if __name__ == "__main__":
    main()
