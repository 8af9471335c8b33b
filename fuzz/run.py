#!/usr/bin/env python3
"""Fuzzes every target for some seconds, and says what came of it.

Builds the targets with libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer, and runs them,
one after another, each from its corpus in fuzz/corpus. New inputs go to the build folder, as do
those that crash. Exits with 0 if no target crashed and the injected bug was found, 1 if not, 2 if
the run could not be made.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import lines

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent
TARGETS = sorted(path.name for path in (FOLDER / "corpus").iterdir() if path.is_dir())
OPTIONS = ["-Dfuzz=true", "-Dtests=disabled", "-Dbench=disabled", "-Dbuildtype=debugoptimized",
           "-Db_sanitize=address,undefined", "-Db_lundef=false"]
HANG = 200  # seconds by the clock: on a busy machine it may be long until it is a target's turn
PATIENCE = 300  # seconds that a target may take longer than it was given
CONTROL = "injected"
CONTROL_SECONDS = 60  # it takes one or two
LONGEST_INPUT = 10_000  # bytes: the longest record of a vector file fits
HASH = re.compile("[0-9a-f]{40}")  # libFuzzer's name for an input


class Finding:
    """What one run of a target came to."""

    def __init__(self, target, log, status, crashes):
        self.target, self.log, self.crashes = target, log, crashes
        self.lines = None
        text = log.read_text(errors="replace")
        self.executions = last_number(r"stat::number_of_executed_units: +(\d+)", text)
        self.per_second = last_number(r"stat::average_exec_per_sec: +(\d+)", text)
        self.covered = last_number(r"^#\d+\t.*? cov: (\d+)", text)
        self.edges = last_number(r"Loaded 1 PC tables \((\d+) PCs\)", text)
        self.good = status == 0 and not crashes and self.executions > 0 and self.covered > 0

    def row(self):
        return (f"{self.target:<15} {self.executions:>12,} {self.per_second:>9,} "
                f"{self.covered:>7,} of {self.edges:>6,} {self.line_share():>7} "
                f"{len(self.crashes):>8}")

    def line_share(self):
        if self.lines is None:
            return ""
        ran, there = self.lines
        return f"{100 * ran / there:.1f} %"


def last_number(pattern, text):
    found = re.findall(pattern, text, re.M)
    return int(found[-1]) if found else 0


def stop(message):
    print(f"run.py: {message}", file=sys.stderr)
    sys.exit(2)


def call(*command, **options):
    """Runs a command whose output matters only if it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        stop(f"failed with {done.returncode}: {' '.join(map(str, command))}\n{done.stdout}")


def build(folder):
    again = ["--reconfigure"] if (folder / "build.ninja").exists() else []
    environment = dict(os.environ, CXX=os.environ.get("CXX", "clang++-14"))
    call("meson", "setup", *again, *OPTIONS, folder, ROOT, env=environment)
    call("ninja", "-C", folder, "fuzzers")


def command_of(target, folder):
    """A target's program, with what it is always run with."""
    command = [folder / "fuzz" / target, f"-max_len={LONGEST_INPUT}"]
    dictionary = FOLDER / f"{target}.dict"
    if dictionary.exists():
        command.append(f"-dict={dictionary}")
    return [str(word) for word in command]


def fuzz(target, seconds, folder):
    found, crashes = folder / "found" / target, folder / "crashes" / target
    for path in (found, crashes):
        path.mkdir(parents=True, exist_ok=True)
    log = folder / f"{target}.log"
    corpus = FOLDER / "corpus" / target
    command = ["nice", "-n", "19", *command_of(target, folder), f"-max_total_time={seconds}",
               f"-timeout={HANG}", "-print_final_stats=1", f"-artifact_prefix={crashes}/", found,
               *([corpus] if corpus.exists() else [])]
    start = time.time()
    with log.open("w") as out:
        try:
            status = subprocess.run([str(word) for word in command], stdout=out, stderr=out,
                                    stdin=subprocess.DEVNULL,
                                    timeout=seconds + PATIENCE).returncode
        except subprocess.TimeoutExpired:
            status = 124
    # An input is named after its contents: one that was found before may be found again.
    new = [path for path in crashes.iterdir()
           if path.stat().st_mtime >= start and not path.name.startswith("slow-unit-")]
    return Finding(target, log, status, sorted(new))


def control_is_found(folder):
    """Whether the fuzzer finds the bug that was injected for it."""
    shutil.rmtree(folder / "found" / CONTROL, ignore_errors=True)
    finding = fuzz(CONTROL, CONTROL_SECONDS, folder)
    return bool(finding.crashes) and "heap-buffer-overflow" in finding.log.read_text(
        errors="replace")


def count_lines(findings, folder):
    build_folder = folder / "lines"
    lines.build(build_folder, ROOT, call)
    for finding in findings:
        inputs = [FOLDER / "corpus" / finding.target, folder / "found" / finding.target]
        finding.lines = lines.run(finding.target, inputs, build_folder, ROOT, call)


def keep(target, folder):
    """Adds to the target's corpus the smallest inputs that run what the others do not. Those that
    a person named stay."""
    corpus, found = FOLDER / "corpus" / target, folder / "found" / target
    found.mkdir(parents=True, exist_ok=True)
    named = [path for path in corpus.iterdir() if not HASH.fullmatch(path.name)]
    with tempfile.TemporaryDirectory(dir=folder) as merged:
        for path in named:
            shutil.copy(path, merged)
        # By edges, not by how often they run, which would keep five times as many.
        call(*command_of(target, folder), "-merge=1", "-use_counters=0", merged, corpus, found)
        for path in set(corpus.iterdir()) - set(named):
            path.unlink()
        for path in pathlib.Path(merged).iterdir():
            shutil.copy(path, corpus)
    sizes = [path.stat().st_size for path in corpus.iterdir()]
    print(f"{target}: {len(named)} named inputs, {len(sizes) - len(named)} found ones, "
          f"{sum(sizes):,} bytes in all")


def explain(finding):
    """What a person needs who meets a failure."""
    print(f"\n{finding.target} FAILED; its log is {finding.log}")
    program = finding.log.parent / "fuzz" / finding.target
    for path in finding.crashes:
        print(f"  crashed on {path}\n  again: {program} {path}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seconds", metavar="SECONDS", type=int, help="for each target")
    parser.add_argument("targets", metavar="TARGET", nargs="*", help="among " + ", ".join(TARGETS))
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build-fuzz",
                        help="the build folder; else build-fuzz")
    parser.add_argument("--lines", action="store_true",
                        help="say how many lines of the sources in question all inputs run, too")
    parser.add_argument("--keep", action="store_true",
                        help="then add what was found to fuzz/corpus, minimised")
    options = parser.parse_args()
    unknown = set(options.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no target is called {', '.join(sorted(unknown))}")
    if options.seconds < 1:
        parser.error("SECONDS must be 1 or more")
    folder = options.build.resolve()
    targets = options.targets or TARGETS

    build(folder)
    print(f"== {CONTROL}, a bug that has to be found", flush=True)
    control = control_is_found(folder)
    print("   found" if control else "   NOT FOUND: so what is not found below means nothing")
    findings = []
    for target in targets:
        print(f"== {target}, {options.seconds} s", flush=True)
        findings.append(fuzz(target, options.seconds, folder))
    if options.lines:
        count_lines([finding for finding in findings if finding.good], folder)
    print(f"\n{'target':<15} {'executions':>12} {'a second':>9} {'edges':>17} "
          f"{'lines' if options.lines else '':>7} {'crashes':>8}")
    for finding in findings:
        print(finding.row())
    failed = [finding for finding in findings if not finding.good]
    for finding in failed:
        explain(finding)
    if options.keep and not failed:
        for target in targets:
            keep(target, folder)
    bad = len(failed) + (not control)
    print(f"\n{len(findings) + 1 - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
