#!/usr/bin/env python3
"""All constant-time checks: `./dev ct`.

Four tools that see different things. memcheck: branches and addresses that depend on a secret, in
every cell of a matrix of compilers and options. A scan of machine code: instructions whose time
depends on their operands. A tracer: every step of the shipped library, for several secrets. A
stopwatch: the time itself. Each must find those injected mistakes that it can see, and call clean
what is.
"""

import argparse
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import matrix  # noqa: E402
import scan  # noqa: E402
import timing  # noqa: E402
import traces  # noqa: E402

# Of clang 16 and later, which make a branch of the message decoding without a barrier.
DECODING_CELLS = [matrix.Cell("clang-19", "-O1"), matrix.Cell("clang-16", "-O1")]
LIBRARIES = ["src/liblatchkey.a", "src/liblatchkey-seal.a"]
CONTROLS = ["branch", "index", "gather", "division", "early_exit", "ladder_branch", "comb_index",
            "decoding", "clean"]
# Instructions of the controls that the scan must find.
SCANNED = {"gather": "gather or scatter", "division": "division"}
# control: {tool: whether it must find it; None if that depends on the CPU}
EXPECTED = {
    "memcheck": {**{name: True for name in matrix.MISTAKES}, "division": False, "clean": False,
                 "decoding": True},
    "scan": {name: name in SCANNED for name in CONTROLS},
    "trace": {**traces.CONTROLS, "decoding": True},
    "timing": {**timing.CONTROLS, "decoding": None},
}


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def add(self, good, what):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f"FAILED: {what}", flush=True)


def used(start):
    """What was used up so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (f"{time.monotonic() - start:.0f} s since the start, "
            f"{usage.ru_utime + usage.ru_stime:.0f} s of processors")


def heading(text, start):
    print(f"\n== {text} ({used(start)})", flush=True)


def scan_controls(path):
    faults = scan.scan(path)[0]
    return {name: any(f" in control_{name}" in fault for fault in faults) for name in CONTROLS}


def link_with(shipped, cell_folder, name, output, *options):
    """Links a driver and the shipped library with the controls of a cell."""
    subprocess.run(["g++", shipped / f"tests/ct/{name}.p/{name.removeprefix('trace-')}.cpp.o",
                    cell_folder / "controls.o", shipped / "src/liblatchkey.a", *options, "-o",
                    output], check=True)


def print_controls(found):
    print(f"{'control':14}" + "".join(f"{tool:>12}" for tool in found))
    for control in CONTROLS:
        words = []
        for tool in found:
            seen, expected = found[tool].get(control), EXPECTED[tool][control]
            word = "-" if seen is None else "caught" if seen else "no"
            words.append(word + ("" if seen is None or expected in (None, seen) else " (WRONG)"))
        print(f"{control:14}" + "".join(f"{word:>12}" for word in words))
    print("no: this tool cannot see it. -: not run, for want of clang 16 or 19.")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shipped", type=pathlib.Path, help="build folder of the ordinary release")
    parser.add_argument("folder", type=pathlib.Path, help="where to build the matrix; overwritten")
    parser.add_argument("--jobs", type=int, default=2, help="cells and traces at a time")
    parser.add_argument("--samples", type=int, default=timing.SAMPLES, help="of each time")
    parser.add_argument("--secrets", type=int, default=traces.SECRETS,
                        help="to trace each operation with")
    parser.add_argument("--cells", nargs="+", help="only these, such as 'gcc -O2'")
    arguments = parser.parse_args()
    shipped, start, tally = arguments.shipped.resolve(), time.monotonic(), Tally()
    subprocess.run(["ninja", "--quiet", "-C", shipped, *LIBRARIES, "tests/ct/tracer",
                    "tests/ct/trace-subject", "tests/ct/timing"], check=True)
    tools = shipped / "tests/ct"
    found = {}

    heading("memcheck, and a scan of each build", start)
    cells = [matrix.Cell(*name.split(" ", 1)) for name in arguments.cells or []]
    results = matrix.check_all(arguments.folder.resolve(), cells or matrix.all_cells(),
                               arguments.jobs)
    for result in results:
        tally.add(not result.faults, f"{result.cell.compiler} {result.cell.options}")
    tally.add(results, "no cell at all")
    # Faults are evaluated in each cell; here, whether a tool saw one wherever it must.
    found["memcheck"] = {name: all(result.controls.get(name) for result in results)
                         for name in [*matrix.MISTAKES, "division", "clean"]}
    decoding = next((cell for cell in DECODING_CELLS
                     if any(result.cell == cell for result in results)), None)
    if decoding is not None:
        found["memcheck"]["decoding"] = next(
            result.controls.get("decoding") for result in results if result.cell == decoding)

    heading("scan of the shipped build", start)
    for library in LIBRARIES:
        faults, functions, instructions, allowed = scan.scan(shipped / library)
        print("\n".join(faults) or f"{library}: {instructions} instructions in {functions} "
              "functions; excepted: " + (", ".join(
                  f"{count} {kind} in {name}" for (name, kind), count in allowed.items())
                  or "none"))
        tally.add(not faults, f"scan of {library}")
    found["scan"] = scan_controls(tools / "trace-subject.p/controls.cpp.o")

    with tempfile.TemporaryDirectory() as folder:
        heading("traces of the shipped library", start)
        seed = random.getrandbits(40)
        tracer = traces.Tracer(tools / "tracer", tools / "trace-subject", folder, seed)
        found["trace"] = traces.trace_controls(tracer)
        stopwatch = pathlib.Path(folder, "timing")
        if decoding is not None:
            cell = matrix.folder_of(arguments.folder.resolve(), decoding)
            other = pathlib.Path(folder, "trace-subject-decoding")
            link_with(shipped, cell, "trace-subject", other, "-static")
            link_with(shipped, cell, "timing", stopwatch)
            found["trace"].update(traces.trace_controls(
                traces.Tracer(tools / "tracer", other, folder, seed), ["decoding"]))
        backends, forms = tracer.names("backends"), tracer.names("forms")
        library = []
        for names, operations in ((backends, traces.OPERATIONS), (backends[-1:], traces.HYBRID),
                                  (forms, traces.FORM_OPERATIONS)):
            library += traces.trace_library(tracer, names, arguments.secrets, arguments.jobs,
                                            operations)
        for trace in library:
            tally.add(trace.same, f"trace of {trace.operation} by {trace.backend}")
        print(f"{sum(trace.runs for trace in library)} traces, "
              f"{sum(trace.runs * trace.steps for trace in library)} steps compared")

        heading(f"times of the shipped library, {arguments.samples} samples", start)
        best = backends[-1]
        for test in timing.TESTS:
            measured = timing.repeat(tools / "timing", best, test, arguments.samples)
            tally.add(not timing.differs(measured), f"time of {test}: t = {measured.values}")
        found["timing"] = timing.time_controls(tools / "timing", best)
        if decoding is not None:
            found["timing"]["decoding"] = timing.differs(
                timing.repeat(stopwatch, best, "decoding", timing.CONTROL_SAMPLES))

    heading("injected mistakes, and a function without any", start)
    print_controls(found)
    for tool, controls in found.items():
        for name, seen in controls.items():
            if (expected := EXPECTED[tool][name]) is not None:
                tally.add(seen == expected, f"control {name}, {tool}")
    print(f"\n{used(start)}\n{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
