#!/usr/bin/env python3
"""Mutation testing: changes the library's code in small ways, and sees that the tests notice.

A mutant is compiled into a copy of its backend, which the known answers, the kernel tests, the API
tests and the wiping tests then use in turn until one fails. Those that survive must be in
equivalent.txt, with a reason. The working tree stays as it is.
"""

import argparse
import fnmatch
import json
import multiprocessing
import os
import pathlib
import random
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).parent),
                str(pathlib.Path(__file__).resolve().parents[2] / "scripts")]
import equivalents  # noqa: E402
import mutants  # noqa: E402
import workbench  # noqa: E402
from backends import BACKENDS  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("src/mlkem", "src/base", *(f"src/{name}" for name in BACKENDS), "src/x25519")
# Contracts that only the compiler reads, and what is in no backend's translation unit.
LEFT_OUT = ("src/mlkem/backend.hpp", "src/mlkem/tables.hpp", "src/x25519/table.hpp",
            "src/base/cpu.hpp", "src/base/cpu.cpp",
            "src/base/secrecy.hpp", "src/base/wipe.cpp")
KILLERS = ("compiler", *workbench.STAGES, "timeout", "sanitizer")
NO_SURVIVOR = (*KILLERS, "same code")
CHUNK = 120  # mutants that a process takes at a time


def say(text):
    print(f"mutation: {text}", file=sys.stderr, flush=True)


def files_of(root, pattern):
    files = [path.relative_to(root).as_posix()
             for folder in FOLDERS for path in sorted((root / folder).glob("*.[ch]pp"))]
    return [file for file in files if file not in LEFT_OUT and fnmatch.fnmatch(file, pattern)]


def sift(bench, file, left, many, make, tried, report):
    """Tries mutants by tried(number), which returns what kills one, and returns the others. `many`
    are in one program, by number; make(0) makes one of each of the rest, and returns errors."""
    text = (bench.tree / file).read_text()
    numbers = {id(mutant): number for number, mutant in many.items()}
    survivors = []
    for mutant in left:
        number, killer = numbers.get(id(mutant), 0), None
        if not number:
            if mutant.switch and mutant.switch[0] == "swap":
                continue  # of different types, so it is no mistake that compiles
            bench.write(file, mutants.applied(text, mutant))
            killer = "compiler" if make(0) is not None else None
        killer = killer or tried(number)
        report(mutant, killer) if killer else survivors.append(mutant)
    bench.write(file, text)
    return survivors


def sift_together(bench, file, left, switchable, make, tried, report):
    """The same, where make(1) is to make one program of those that are `switchable`."""
    text = (bench.tree / file).read_text()
    many = {number: mutant for number, mutant in enumerate(left, 1) if id(mutant) in switchable}
    if many:
        bench.write(file, mutants.switched(text, many)[0])
        if make(1) is not None or tried(-1):
            many = {}
        bench.write(file, text)
    return sift(bench, file, left, many, make, tried, report)


def one_file(bench, file, wanted, report):
    """Tries mutants of a file; report(mutant, killer or None) hears of each once."""
    text = (bench.tree / file).read_text()
    backends, left, many = bench.backends_of(file), wanted, {}

    def sift_by(backend, stages):
        def tried(number):
            unchanged = number == 0 and bench.same_code(backend)
            return None if unchanged else bench.killer(backend, stages, number)
        here = {number: mutant for number, mutant in many[backend].items() if mutant in left}
        return sift(bench, file, left, here, lambda number: bench.compile(backend), tried, report)

    def compile_all(number, *more):
        errors = [bench.compile(backend, *more, number=number) for backend in backends]
        return next(filter(None, errors), None)

    def make_inside(number):
        return (bench.compile(backends[-1], number=number)
                or bench.build_inside(backends[-1], file, number))

    first, *later, last = workbench.STAGES
    for backend in backends:  # the known answers kill most
        many[backend] = bench.compile_switched(backend, file, text, left)
        say(f"{file}: {backend}: {len(left)} mutants, {len(many[backend])} in one program")
        left = sift_by(backend, [first])
    say(f"{file}: {len(left)} pass the known answers")
    for backend in backends:
        left = sift_by(backend, later)
    say(f"{file}: {len(left)} pass the other tests")
    left = sift(bench, file, left, {}, compile_all,
                lambda number: "same code" if all(map(bench.same_code, backends)) else None, report)
    switchable = set.intersection(*({id(mutant) for mutant in many[backend].values()} for backend in backends))
    left = sift_together(bench, file, left, switchable, make_inside,
                         lambda number: bench.killer(backends[-1], [last], number), report)
    left = sift_together(bench, file, left, switchable,
                         lambda number: compile_all(number, *workbench.SANITIZER),
                         lambda number: bench.sanitizer_kills(backends, number), report)
    for mutant in left:
        report(mutant, None)
    bench.forget()


def table(outcomes, entries):
    """The lines of the final table, and the survivors that nothing explains."""
    backends, unexplained = {}, []
    for mutant, killer in outcomes:
        if killer is None:
            killer = "equivalent" if mutant.key() in entries else "survived"
            if killer == "survived":
                unexplained.append(mutant)
        counts = backends.setdefault(mutant.file, dict.fromkeys((*NO_SURVIVOR, "equivalent", "survived"), 0))
        counts[killer] += 1
    columns = ("mutants", *NO_SURVIVOR, "equivalent", "survived")
    lines = [f"{'':24}" + "".join(f"{column:>11}" for column in columns)]
    total = dict.fromkeys(columns, 0)
    for file, counts in backends.items():
        counts["mutants"] = sum(counts.values())
        lines.append(f"{file:24}" + "".join(f"{counts[column]:>11}" for column in columns))
        for column in columns:
            total[column] += counts[column]
    lines.append(f"{'all':24}" + "".join(f"{total[column]:>11}" for column in columns))
    return lines, unexplained


class Record:
    """What became of the mutants, kept in a file so that another run can leave out the killed."""

    def __init__(self, path):
        self.path, self.killed = path, {}
        if path is not None and path.exists():
            for line in path.read_text().splitlines():
                *key, killer = json.loads(line)
                if killer is not None:
                    self.killed[tuple(key)] = killer

    def add(self, mutant, killer):
        if self.path is not None:
            with self.path.open("a") as file:
                print(json.dumps([*mutant.key(), mutant.line, killer]), file=file)

    def killer(self, mutant):
        return self.killed.get((*mutant.key(), mutant.line))


def worker(jobs, results, bench, record):
    """Takes files with their mutants until there are none."""
    bench.own_copy(os.getpid())
    try:
        while (job := jobs.get()) is not None:
            file, wanted = job
            known = {id(mutant): record.killer(mutant) for mutant in wanted}
            outcomes = [(mutant, known[id(mutant)]) for mutant in wanted if known[id(mutant)]]

            def report(mutant, killer):
                outcomes.append((mutant, killer))
                record.add(mutant, killer)
                if killer is None:
                    say(f"survived: {mutant}")
            wanted = [mutant for mutant in wanted if not known[id(mutant)]]
            if wanted:
                one_file(bench, file, wanted, report)
            results.put(outcomes)
    except Exception as failure:  # whatever it is, the parent must hear of it
        results.put(f"{type(failure).__name__}: {failure}")
    finally:
        bench.remove_copy()
    results.put(None)


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("--files", metavar="GLOB", default="*", help="only these, as 'src/ref/*'")
    parser.add_argument("--sample", metavar="N", type=int, help="only so many mutants")
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="which ones")
    parser.add_argument("--jobs", metavar="N", type=int, default=len(os.sched_getaffinity(0)),
                        help="processes")
    parser.add_argument("--scratch", metavar="FOLDER", type=pathlib.Path,
                        help="where the copy and its builds are, and stay for another run")
    parser.add_argument("--record", metavar="FILE", type=pathlib.Path,
                        help="note every outcome there, and do not try again what it says was killed")
    return parser.parse_args()


def all_outcomes(arguments, bench, found):
    """[(mutant, killer or None)] of all of them, tried by as many processes as asked for."""
    jobs, results = multiprocessing.Queue(), multiprocessing.Queue()
    for file in dict.fromkeys(mutant.file for mutant in found):
        for together in (True, False):  # first those that need the compiler only once
            wanted = [mutant for mutant in found
                      if mutant.file == file and (mutant.switch is not None) == together]
            for start in range(0, len(wanted), CHUNK):
                jobs.put((file, wanted[start:start + CHUNK]))
    record = Record(arguments.record)
    processes = []
    for _ in range(arguments.jobs):
        jobs.put(None)
        processes.append(multiprocessing.Process(target=worker, args=(jobs, results, bench, record)))
        processes[-1].start()
    outcomes, running = [], arguments.jobs
    while running:
        result = results.get()
        if result is None:
            running -= 1
        elif isinstance(result, str):
            raise workbench.Failure(result)
        else:
            outcomes += result
            say(f"{len(outcomes)} of {len(found)} mutants")
    for process in processes:
        process.join()
    return sorted(outcomes, key=lambda outcome: (outcome[0].file, outcome[0].start))


def judged(arguments, scratch):
    entries = equivalents.read(arguments.source / "tests/mutation/equivalent.txt")
    bench = workbench.Workbench(arguments.source, scratch, os.environ.get("CXX", "g++"),
                                arguments.jobs, say)
    files = [file for file in files_of(arguments.source, arguments.files) if bench.backends_of(file)]
    for backend in sorted({backend for file in files for backend in bench.backends_of(file)}, reverse=True):
        bench.prepare(backend)
    found, untried = [], []
    for file in files:
        lines = {backend: bench.active_lines(backend, file) for backend in bench.all_backends_of(file)}
        here = set().union(*(lines[backend] for backend in bench.backends_of(file)))
        elsewhere = set().union(*lines.values()) - here
        for mutant in mutants.mutants_of(file, (arguments.source / file).read_text()):
            if mutant.line in here:
                found.append(mutant)
            elif mutant.line in elsewhere:
                untried.append(mutant)
    if arguments.sample is not None and arguments.sample < len(found):
        found = random.Random(arguments.seed).sample(found, arguments.sample)
        found.sort(key=lambda mutant: (mutant.file, mutant.start))
    outcomes = all_outcomes(arguments, bench, found)
    lines, unexplained = table(outcomes, entries)
    print("\n".join(lines))
    faults = [f"survived: {mutant}" for mutant in unexplained]
    if arguments.sample is None:
        faults += equivalents.judge(entries, outcomes, files, untried)
    print("".join(f"{fault}\n" for fault in faults), end="")
    return len(outcomes) - len(unexplained), len(faults)


def main():
    arguments = options()
    with tempfile.TemporaryDirectory(prefix="latchkey-mutation-") as folder:
        scratch = arguments.scratch or pathlib.Path(folder)
        scratch.mkdir(parents=True, exist_ok=True)
        try:
            passed, failed = judged(arguments, scratch.resolve())
        except (workbench.Failure, ValueError) as failure:
            say(str(failure))
            passed, failed = 0, 1
    print(f"\n{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
