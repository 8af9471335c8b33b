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

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import equivalents  # noqa: E402
import mutants  # noqa: E402
import workbench  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("src/ref", "src/core", "src/avx2", "src/base")
# Contracts that only the compiler reads, and what is in no backend's translation unit.
LEFT_OUT = ("src/core/backend.hpp", "src/core/ops.hpp", "src/base/cpu.hpp", "src/base/secrecy.hpp")
KILLERS = ("compiler", *workbench.STAGES, "timeout", "sanitizer")


def say(text):
    print(f"mutation: {text}", file=sys.stderr, flush=True)


def files_of(root, pattern):
    files = [path.relative_to(root).as_posix()
             for folder in FOLDERS for path in sorted((root / folder).glob("*.hpp"))]
    return [file for file in files if file not in LEFT_OUT and fnmatch.fnmatch(file, pattern)]


def one_file(bench, file, wanted, report):
    """Tries the mutants of a file; report(mutant, killer or None) hears of each once."""
    text = (bench.tree / file).read_text()
    left = wanted
    for row in bench.rows_of(file):
        switchable = bench.compile_switched(row, file, text, left)
        if switchable:
            bench.write(file, mutants.switched(text, switchable)[0])
            bench.compile(row)
            bench.write(file, text)
        say(f"{file}: {row}: {len(left)} mutants, {len(switchable)} in one program")
        survivors = []
        for number, mutant in switchable.items():
            killer = bench.killer(row, number)
            report(mutant, killer) if killer else survivors.append(mutant)
        for number, mutant in enumerate(left, 1):
            if number in switchable:
                continue
            if mutant.switch and mutant.switch[0] == "swap":
                continue  # of different types, so it is no mistake that compiles
            bench.write(file, mutants.applied(text, mutant))
            failed = bench.compile(row) is not None
            killer = "compiler" if failed else bench.killer(row)
            report(mutant, killer) if killer else survivors.append(mutant)
            bench.write(file, text)
        left = survivors
    for mutant in left:
        bench.write(file, mutants.applied(text, mutant))
        killed = any(bench.sanitizer_kills(row) for row in bench.rows_of(file))
        report(mutant, "sanitizer" if killed else None)
        bench.write(file, text)


def table(outcomes, entries):
    """The lines of the final table, and the survivors that nothing explains."""
    rows, unexplained = {}, []
    for mutant, killer in outcomes:
        if killer is None:
            killer = "equivalent" if mutant.key() in entries else "survived"
            if killer == "survived":
                unexplained.append(mutant)
        counts = rows.setdefault(mutant.file, dict.fromkeys((*KILLERS, "equivalent", "survived"), 0))
        counts[killer] += 1
    columns = ("mutants", *KILLERS, "equivalent", "survived")
    lines = [f"{'':24}" + "".join(f"{column:>11}" for column in columns)]
    total = dict.fromkeys(columns, 0)
    for file, counts in rows.items():
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
    parser.add_argument("--jobs", metavar="N", type=int, default=1, help="processes")
    parser.add_argument("--scratch", metavar="FOLDER", type=pathlib.Path,
                        help="where the copy and its builds are, and stay for another run")
    parser.add_argument("--record", metavar="FILE", type=pathlib.Path,
                        help="note every outcome there, and do not try again what it says was killed")
    return parser.parse_args()


def all_outcomes(arguments, bench, found):
    """[(mutant, killer or None)] of all of them, tried by as many processes as asked for."""
    jobs, results = multiprocessing.Queue(), multiprocessing.Queue()
    for together in (True, False):  # first those that need the compiler only once
        for file in dict.fromkeys(mutant.file for mutant in found):
            jobs.put((file, [mutant for mutant in found
                             if mutant.file == file and (mutant.switch is not None) == together]))
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
    files = files_of(arguments.source, arguments.files)
    bench = workbench.Workbench(arguments.source, scratch, os.environ.get("CXX", "g++"), say)
    for row in sorted({row for file in files for row in bench.rows_of(file)}, reverse=True):
        bench.prepare(row)
    found = []
    for file in files:
        text = (arguments.source / file).read_text()
        found += mutants.mutants_of(file, text, bench.active_lines(bench.rows_of(file)[-1], file))
    if arguments.sample is not None and arguments.sample < len(found):
        found = random.Random(arguments.seed).sample(found, arguments.sample)
        found.sort(key=lambda mutant: (mutant.file, mutant.start))
    outcomes = all_outcomes(arguments, bench, found)
    lines, unexplained = table(outcomes, entries)
    print("\n".join(lines))
    faults = [f"survived: {mutant}" for mutant in unexplained]
    if arguments.sample is None:
        faults += equivalents.judge(entries, outcomes, files)
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
