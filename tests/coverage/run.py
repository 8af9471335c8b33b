#!/usr/bin/env python3
"""Measures which lines and branches of the library, the tool and the vector runner the default
tests run: all of src/mlkem and src/ref must be, and 95 % of every other folder.

Builds with clang 14, whose coverage follows the source: a template counts once, whatever number of
times it is instantiated, and a branch is an outcome of a condition, not a jump of the machine.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import measure  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPILERS = {"CXX": "clang++-14", "CC": "clang-14"}
MERGE, EXPORT = "llvm-profdata-14", "llvm-cov-14"
# The counts are in a shared mapping of their file, and so outlive a crash and an _exit.
FLAGS = "-fprofile-instr-generate -fcoverage-mapping -mllvm -runtime-counter-relocation"
OPTIONS = ["-Dbench=disabled", "-Dbuildtype=debugoptimized", "-Doptimization=1", "-Db_ndebug=true"]
# Nothing compiled ahead: here it shows whether a test includes what it uses.
TESTED = ["-Dtests=enabled", "-Dwithout_backends=avx512", "-Db_pch=false"]
# With the check for constant time, the AVX-512 backend is AVX2 code, and runs anywhere.
CHECKED = ["-Dtests=disabled", "-Dct_check=true"]
SUITES = ("kat", "kernels", "api", "memory", "cli", "seal", "c", "fuzz", "platforms")
RUNNER = "kat/latchkey-kat"
COMPLETE = ("src/mlkem", "src/ref")
ENOUGH = 95  # per cent, of the other folders


class Failure(Exception):
    """No figures could be had."""


def checked(command, **options):
    result = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    if result.returncode != 0:
        output = (result.stdout[-3000:] + result.stderr[-3000:]).decode(errors="replace")
        raise Failure(f"{command[0]}: exit status {result.returncode}\n{output}")
    return result.stdout


def built(folder, options, wanted):
    """Builds what wanted(folder) says, and returns its paths."""
    # Meson runs a first program of its own where it was started.
    environment = {**os.environ, **COMPILERS, "CFLAGS": FLAGS, "CXXFLAGS": FLAGS, "LDFLAGS": FLAGS,
                   "LLVM_PROFILE_FILE": "/dev/null"}
    if not (folder / "build.ninja").exists():
        checked(["meson", "setup", *OPTIONS, *options, folder, ROOT], env=environment)
    files = wanted(folder)
    checked(["ninja", "-j2", "-C", folder, *(file.relative_to(folder) for file in files)],
            env=environment)
    return files


def programs_of_suites(folder):
    """What the tests need, programs and modules."""
    def known(what):
        return json.loads(checked(["meson", "introspect", folder, what]))
    needed = {name for test in known("--tests") for name in test["depends"]
              if {suite.split(":")[-1] for suite in test["suite"]} & set(SUITES)}
    return [pathlib.Path(target["filename"][0]) for target in known("--targets")
            if target["id"] in needed]


def measured(folder, profiles):
    """Builds, runs the tests and returns what llvm-cov exports."""
    programs = built(folder / "tested", TESTED, programs_of_suites)
    (runner,) = built(folder / "checked", CHECKED, lambda build: [build / RUNNER])
    profiles.chmod(0o777)  # for the tests that give up their privileges
    environment = {**os.environ, "LLVM_PROFILE_FILE": f"{profiles}/%p%c.profraw"}
    environment.pop("LATCHKEY_BACKEND", None)
    # Whether they pass is for others to say: one counts system calls, and the measuring adds some.
    # A test that does not run shows in the figures.
    subprocess.run(["meson", "test", "-C", folder / "tested", "--no-rebuild", "--quiet",
                    "--timeout-multiplier", "4",
                    "--no-suite", "slow",
                    *[word for suite in SUITES for word in ("--suite", suite)]],
                   env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    checked([runner, "--backend", "avx512", "--accumulated", "100", *(ROOT / "kat").rglob("*.rsp")],
            env=environment)
    # A process that was killed at once leaves an empty file.
    raw = [path for path in sorted(profiles.glob("*.profraw")) if path.stat().st_size > 0]
    (profiles / "list").write_text("".join(f"{path}\n" for path in raw))
    checked([MERGE, "merge", "--failure-mode=all", "-sparse", "-f", profiles / "list",
             "-o", profiles / "all.profdata"])
    objects = [word for program in [*programs, runner] for word in ("-object", program)]
    return json.loads(checked([EXPORT, "export", "-instr-profile", profiles / "all.profdata",
                               *objects]))


def cpu_features():
    """Those of this machine, as /proc/cpuinfo names them."""
    found = re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    return set(found[1].split())


def exclusions(text, features):
    """The reasons by (file, line of code). A line is `file | line of code | reason`. Code that ends
    with an opening brace stands for all the block. A reason that begins with `without FEATURE: `
    holds on CPUs without it, and there alone: the others have to run that code."""
    entries = {}
    for line in text.split("\n"):
        if line.strip() and not line.startswith("#"):
            file, rest = line.split(" | ", 1)
            code, reason = rest.rsplit(" | ", 1)
            lacking = re.match(r"without (\w+): ", reason)
            if lacking is None or lacking[1] not in features:
                entries[file.strip(), code.strip()] = reason
    return entries


def judge(files, entries, sources):
    """The table, what is not covered, and the faults. `sources` gives the lines of a file."""
    unused = set(entries)
    missed, folders = [], {}
    left_out = [0, 0]  # lines, branches
    for file, coverage in sorted(files.items()):
        source = sources(file)
        counts = [0, 0, 0, 0]  # lines, those that ran, branches, those that were taken
        used = set()
        blocks = {}  # the entries whose block a line is in
        for first, text in enumerate(source, 1):
            if (file, text.strip()) in entries and text.endswith("{"):
                end = "}".rjust(len(text) - len(text.lstrip()) + 1)
                last = next(n for n in range(first, len(source)) if source[n].startswith(end)) + 1
                for line in range(first, last + 1):
                    blocks.setdefault(line, []).append((file, text.strip()))

        def excluded(line):
            keys = {(file, source[line - 1].strip()), *blocks.get(line, [])} & entries.keys()
            used.update(keys)
            return bool(keys)

        for line, count in coverage.lines.items():
            if count == 0 and excluded(line):
                left_out[0] += 1
                continue
            counts[0] += 1
            counts[1] += count > 0
            if count == 0:
                missed.append(f"{file}:{line}: does not run: {source[line - 1].strip()}")
        for (line, _, outcome), count in sorted(coverage.branches.items()):
            if count == 0 and excluded(line):
                left_out[1] += 1
                continue
            counts[2] += 1
            counts[3] += count > 0
            if count == 0 and coverage.lines.get(line, 0) > 0:
                missed.append(f"{file}:{line}: is never {outcome}: {source[line - 1].strip()}")
        unused -= used
        folder = folders.setdefault(file.rsplit("/", 1)[0], {})
        folder[file] = counts
    table, faults = [f"{'':34}{'lines':>12}{'':>8}{'branches':>12}{'':>8}"], []
    for folder, rows in sorted(folders.items()):
        total = [sum(counts[i] for counts in rows.values()) for i in range(4)]
        table.append(row(folder + "/", total))
        table += [row("  " + file.rsplit("/", 1)[1], counts) for file, counts in rows.items()]
        bar = 100 if folder in COMPLETE else ENOUGH
        for name, all_, ran in (("lines", *total[:2]), ("branches", *total[2:])):
            if 100 * ran < bar * all_:
                faults.append(f"{folder}: {share(ran, all_)} of the {name} is less than {bar} %")
    table.append("left out, with reasons: {} lines, {} branches".format(*left_out))
    faults += [f"the exclusion is of no use: {file}: {text}" for file, text in sorted(unused)]
    return table, missed, faults, len(folders)


def share(part, whole):
    return "-" if whole == 0 else f"{int(1000 * part / whole) / 10:.1f} %"


def row(name, counts):
    lines, ran, branches, taken = counts
    return (f"{name:34}{f'{ran} / {lines}':>12}{share(ran, lines):>8}"
            f"{f'{taken} / {branches}':>12}{share(taken, branches):>8}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", metavar="FOLDER", type=pathlib.Path,
                        help="where the build is, and stays for another run")
    parser.add_argument("--missed", action="store_true", help="list what does not run")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="latchkey-coverage-") as folder:
        build = arguments.build or pathlib.Path(folder) / "build"
        profiles = build / "profiles"
        shutil.rmtree(profiles, ignore_errors=True)
        profiles.mkdir(parents=True)
        os.chmod(folder, 0o755)
        try:
            exported = measured(build.resolve(), profiles.resolve())
        except (Failure, OSError) as failure:
            print(f"{failure}\n\n0 passed, 1 failed")
            return 1
    files = {file: coverage for file, coverage in measure.read(exported, ROOT).items()
             if re.match(r"(?:src|kat)/", file)}
    if not files:
        print("no file of the library was measured\n\n0 passed, 1 failed")
        return 1
    entries = exclusions((ROOT / "tests/coverage/excluded.txt").read_text(), cpu_features())
    table, missed, faults, folders = judge(
        files, entries, lambda file: (ROOT / file).read_text().split("\n"))
    print("\n".join(table))
    if arguments.missed:
        print("\n".join(missed))
    print("".join(f"{fault}\n" for fault in faults), end="")
    bad = len({fault.split(":")[0] for fault in faults})
    print(f"\n{folders - min(bad, folders)} passed, {len(faults)} failed")
    return 0 if not faults else 1


if __name__ == "__main__":
    sys.exit(main())
