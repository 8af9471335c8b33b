#!/usr/bin/env python3
"""memcheck over the library with its secrets poisoned, by many compilers and options.

Each cell of the matrix is the library compiled anew. In each, no branch and no address may depend
on a secret while the known answers and fresh random inputs run on every backend, injected mistakes
must be found, and no object may hold an instruction that scan.py forbids.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "platforms"), str(ROOT / "scripts")]

import backends  # noqa: E402
import known_answers  # noqa: E402
import scan  # noqa: E402

# For valgrind, those that it cannot run are compiled with fewer flags: src/dispatch/meson.build.
BACKENDS = backends.NAMES
FORMS = list(backends.FORMS)
COMPILERS = {"gcc": "g++", "clang-14": "clang++-14", "clang-16": "clang++-16",
             "clang-19": "clang++-19"}
LEVELS = ["-O1", "-O2", "-O3", "-Os"]
SCALAR = ["-O2 -fno-vectorize", "-O3 -fno-vectorize"]
ROUNDS = 1  # of work on fresh random inputs; the known answers have a hundred fixed ones
MEMCHECK = ["valgrind", "--quiet", "--error-exitcode=9", "--error-limit=no",
            f"--suppressions={HERE / 'libcrypto.supp'}"]

COMMON = "src/liblatchkey.a.p/"  # what is compiled for every CPU
SEALING = "src/liblatchkey-seal.a.p/"
BACKEND = "src/dispatch/lib"  # and its name
RUNNER = ("kat/", "src/cli/libwords.a.p/", "src/text/")
BRANCH = "Conditional jump or move depends on uninitialised value(s)"
ADDRESS = "Use of uninitialised value of size 8"
KINDS_OF_SECRETS = ["sent", "opened", "rejected", "rejected_once", "sent_in_batch",
                    "rejected_in_batch", "early", "finished",
                    "xwing_sent", "xwing_opened", "xwing_rejected",
                    "xwing_sent_in_batch", "xwing_opened_in_batch",
                    "session_key", "exported", "unsealed", "in_enclave",
                    "tls_server", "tls_client"]
# What memcheck must say of each mistake. It knows nothing of time, so of no division.
MISTAKES = {"branch": BRANCH, "index": ADDRESS, "gather": ADDRESS, "early_exit": BRANCH,
            "ladder_branch": BRANCH, "comb_index": ADDRESS}

Cell = collections.namedtuple("Cell", "compiler options")
Result = collections.namedtuple("Result", "cell faults answers errors controls instructions "
                                          "seconds")


def all_cells():
    return [Cell(compiler, options) for compiler in COMPILERS
            for options in LEVELS + (SCALAR if compiler != "gcc" else [])]


def folder_of(root, cell):
    return root / "cells" / f"{cell.compiler}{cell.options}".replace(" ", "")


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def must_run(command, **options):
    result = run(command, **options)
    if result.returncode != 0:
        raise RuntimeError(f"{shlex.join(map(str, command))}\n{result.stdout}{result.stderr}")


# ---- Building

class Compiler:
    """The commands that Meson would compile with, for an optimisation level of our own."""

    def __init__(self, name, folder):
        self.folder = folder / name
        environment = dict(os.environ, CXX=COMPILERS[name])
        shutil.rmtree(self.folder, ignore_errors=True)
        must_run(["meson", "setup", "-Dct_check=true", "-Dtests=disabled", "-Dbench=disabled",
                  "-Dseal=enabled", "-Dbuildtype=debugoptimized", "-Db_ndebug=true", self.folder,
                  ROOT],
                 env=environment)
        database = json.loads((self.folder / "compile_commands.json").read_text())
        self.commands = {entry["output"]: shlex.split(entry["command"]) for entry in database}

    def outputs(self, prefix):
        return sorted(output for output in self.commands if output.startswith(prefix))

    def source(self, output):
        command = self.commands[output]
        return (self.folder / command[command.index("-c") + 1]).resolve()

    def compile(self, output, options, to, source=None):
        """Compiles what `output` is made of, or another source in the same way, to a file."""
        command, words = [], iter(self.commands[output])
        for word in words:
            if word in ("-MQ", "-MF", "-o", "-c"):
                next(words)
            elif word not in ("-MD", "-g") and not re.fullmatch(r"-O\w", word):
                command.append(word)
        # With the debugging information that names the lines of faults. Warnings are looked at in the
        # ordinary builds; gcc invents some at -O1.
        must_run([*command, *shlex.split(options), "-w", "-g1", "-o", to, "-c",
                  source or self.source(output)], cwd=self.folder)


class Matrix:
    def __init__(self, folder):
        self.folder = folder
        self.compilers = {}

    def prepare(self, names, workers):
        """Compiles what all cells share: the drivers, which are no part of the library."""
        folder = self.folder / "drivers"
        folder.mkdir(parents=True, exist_ok=True)
        for name, compiler in zip(names, workers.map(
                lambda name: Compiler(name, self.folder / "setup"), names)):
            self.compilers[name] = compiler
        first = self.compilers[names[0]]
        runner = first.outputs(RUNNER)
        jobs = [(output, folder / (pathlib.Path(output).name), None) for output in runner]
        injected = folder / "injected.o"
        jobs.append((runner[0], injected, HERE / "injected.cpp"))
        list(workers.map(lambda job: first.compile(job[0], f"-O1 -I{HERE.parent}", *job[1:]),
                         jobs))
        self.runner, self.injected = [job[1] for job in jobs[:-1]], injected
        # The library: its backends as they are, the rest in a few sources, in a third of the time.
        self.parts = [(output, first.source(output)) for output in first.outputs(BACKEND)]
        groups = collections.defaultdict(list)
        for output in first.outputs(COMMON):
            groups[first.source(output).parent.name].append(output)
        groups["hybrid"] += groups.pop("x25519")  # a table, and scan.py asks each part for code
        groups["sealing"] = first.outputs(SEALING)
        for name, outputs in groups.items():
            joined = folder / f"{name}.cpp"
            joined.write_text("".join(f'#include "{first.source(output)}"\n'
                                      for output in outputs))
            self.parts.append((outputs[0], joined))

    def build(self, cell):
        """Returns the runner, the program with the mistakes, and the library's objects."""
        compiler = self.compilers[cell.compiler]
        folder = folder_of(self.folder, cell)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        objects = []
        for output, source in self.parts:
            objects.append(folder / f"{source.stem}.o")
            compiler.compile(output, cell.options, objects[-1], source)
        controls, like = folder / "controls.o", self.parts[0][0]
        compiler.compile(like, f"{cell.options} -I{HERE.parent}", controls, HERE / "controls.cpp")
        kat, injected = folder / "latchkey-kat", folder / "injected"
        # The library comes first: where both have an inline function, its own copy is taken.
        must_run(["g++", *objects, *self.runner, "-lcrypto", "-o", kat])
        must_run(["g++", *objects, controls, self.injected, "-lcrypto", "-o", injected])
        return kat, injected, objects

    # ---- Checking

    def check(self, cell):
        start, faults = time.monotonic(), []
        try:
            kat, injected, objects = self.build(cell)
        except (RuntimeError, OSError) as error:
            return Result(cell, [f"does not build: {error}"], 0, 0, {}, 0, 0)
        wrong, answers = known_answers.check(BACKENDS, ROOT / "kat", [*MEMCHECK, kat], sealed=True)
        faults += wrong
        clean = run([*MEMCHECK, injected, "clean", str(ROUNDS)])
        errors = len(reports(clean.stderr))
        if (clean.returncode, clean.stderr, clean.stdout.split()) != (0, "", BACKENDS + FORMS):
            faults.append(f"random inputs: {clean.stdout}{clean.stderr}")
        wrong, controls = check_mistakes(run([*MEMCHECK, injected, "mistakes"]))
        faults += wrong
        instructions = 0
        for path in objects:
            wrong, _, count, _ = scan.scan(path)
            faults += wrong
            instructions += count
        return Result(cell, faults, answers, errors, controls, instructions,
                      time.monotonic() - start)


def reports(log):
    """The errors in memcheck's log: (complaint, [function])."""
    errors = []
    for line in log.splitlines():
        if line.endswith((BRANCH, ADDRESS)) or "uninitialised" in line:
            errors.append((line.partition("== ")[2], []))
        elif errors and (frame := re.match(r"==\d+== +(?:at|by) 0x[0-9A-F]+: (.*)", line)):
            errors[-1][1].append(frame[1])
    return errors


def check_mistakes(result):
    """Returns faults and {control: whether memcheck found it}."""
    faults, found, kinds = [], collections.defaultdict(set), set()
    if result.returncode != 9:
        faults.append(f"mistakes: exit status {result.returncode}: {result.stderr}")
    for complaint, frames in reports(result.stderr):
        name = next((match[1] for frame in frames
                     if (match := re.match(r"control_(\w+)", frame))), None)
        if name is None:
            faults.append(f"mistakes: a report elsewhere: {complaint}, {frames}")
            continue
        found[name].add(complaint)
        kinds.update(re.findall(r"branch_on<&.*Secrets::(\w+)>", " ".join(frames)))
    for name, complaint in MISTAKES.items():
        if found[name] != {complaint}:
            faults.append(f"mistakes: of {name} memcheck says {found[name] or 'nothing'}")
    for kind in KINDS_OF_SECRETS:
        if kind not in kinds:
            faults.append(f"mistakes: a branch on the secret '{kind}' is not found")
    if found["clean"]:
        faults.append(f"mistakes: memcheck finds {found['clean']} in what has none")
    controls = {name: bool(found[name]) for name in [*MISTAKES, "decoding", "division", "clean"]}
    return faults, controls


def faults_of_decoding(results):
    """The message decoding without a barrier is a mistake where clang 16 or later makes it one."""
    newer = [result for result in results if result.cell.compiler in ("clang-16", "clang-19")]
    if newer and not any(result.controls.get("decoding") for result in newer):
        return ["no cell of clang 16 or 19 finds the message decoding without a barrier"]
    return []


def check_all(folder, cells, jobs):
    """Prints a line a cell; returns the results."""
    missing = {cell.compiler for cell in cells if not shutil.which(COMPILERS[cell.compiler])}
    for name in sorted(missing):
        print(f"skipped: {name} is not installed")
    cells = [cell for cell in cells if cell.compiler not in missing]
    matrix, results = Matrix(folder), []
    with concurrent.futures.ThreadPoolExecutor(jobs) as workers:
        matrix.prepare(list(dict.fromkeys(cell.compiler for cell in cells)), workers)
        print("cell                         answers  errors  mistakes found   instructions     s")
        for result in workers.map(matrix.check, cells):
            found = sum(result.controls.get(name, False) for name in MISTAKES)
            decoding = " + decoding" if result.controls.get("decoding") else ""
            print(f"{result.cell.compiler + ' ' + result.cell.options:28} {result.answers:7} "
                  f"{result.errors:7}  {f'{found} of {len(MISTAKES)}{decoding}':15} "
                  f"{result.instructions:13} {result.seconds:5.0f}", flush=True)
            for fault in result.faults:
                print(f"  FAULT: {fault}", flush=True)
            results.append(result)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where to build; is overwritten")
    parser.add_argument("cells", nargs="*", help="such as 'gcc -O2'; all %d, unless named"
                        % len(all_cells()))
    parser.add_argument("--jobs", type=int, default=2, help="cells at a time")
    arguments = parser.parse_args()
    cells = [Cell(*name.split(" ", 1)) for name in arguments.cells] or all_cells()
    if unknown := [cell for cell in cells if cell not in all_cells()]:
        parser.error(f"no such cell: {unknown}")
    results = check_all(arguments.folder.resolve(), cells, arguments.jobs)
    faults = faults_of_decoding(results) if not arguments.cells else []
    print("\n".join(faults))
    failed = sum(bool(result.faults) for result in results) + len(faults)
    print(f"{len(results) - failed + len(faults)} passed, {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
