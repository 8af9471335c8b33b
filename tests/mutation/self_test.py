#!/usr/bin/env python3
"""Tests the mutator on a program of a few lines: which changes it makes, that a good test kills
them all, and that a blind test, or a wrong list of equivalent mutants, is reported.

usage: self_test.py COMPILER...
"""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import commands  # noqa: E402
import equivalents  # noqa: E402
import mutants  # noqa: E402
import run  # noqa: E402
import workbench  # noqa: E402

FILE = "src/tiny.hpp"
# No literal of the comment, the string or the static_assert is to be changed.
TINY = """// 7 < 8
#pragma once
#include <array>
static_assert(sizeof(int) == 4, "5 + 5");
constexpr int kSize = 3;
template <class T, int n = 1>
int sum(const T& values, int from, int& calls) {
  int total = 0;
  for (int i = from; i < kSize; ++i) {
    if (values[i] >= 0) total += values[i] * 2;
  }
  ++calls;
  return total;
}
template <class T>
T nobody_calls(T x) {
  return x + 1;
}
"""
PROGRAM = """
#include "tiny.hpp"
int main() {
  const std::array<int, 6> values{5, -3, 1, 4, 4, 4};
  int calls = 0;
  const int all = sum(values, 0, calls), rest = sum(values, 2, calls);
  CHECKS
}
"""
GOOD = "return all == 12 && rest == 2 && calls == 2 ? 0 : 1;"
BLIND = "return all == 12 && rest == 2 ? 0 : 1;"  # does not look at `calls`
EQUIVALENT = {(FILE, "if (values[i] >= 0) total += values[i] * 2;", what): "0 adds nothing"
              for what in (">= -> >", "0 -> 1")}


class TinyBench(workbench.Workbench):
    """Like the real one, but that the backend and its test are one small program."""

    def __init__(self, folder, compiler, checks):
        self.tree = self.work = folder
        self.compiler, self.figures = compiler, {"backend": ""}
        (folder / "src").mkdir()
        (folder / FILE).write_text(TINY)
        (folder / "src/main.cpp").write_text(PROGRAM.replace("CHECKS", checks))
        (folder / "switch.hpp").write_text("#include <cstdlib>\n" + mutants.switch_header())
        (folder / "switch.cpp").write_text(workbench.SWITCH)
        self.compile("backend")
        self.original = self.program(0).read_bytes()

    def program(self, number):
        return self.tree / ("many" if number else "one")

    def backends_of(self, file):
        return ["backend"]

    def compile(self, backend, *more, number=0):
        status, output, _ = commands.run(
            [*self.compiler, "-std=c++20", "-w", "-include", self.tree / "switch.hpp",
             self.tree / "src/main.cpp", self.tree / "switch.cpp", "-o", self.program(number)])
        return None if status == 0 else output

    def same_code(self, backend):
        return self.program(0).read_bytes() == self.original

    def build_inside(self, backend, file, number):
        return None

    def sanitizer_kills(self, backends, number):
        return None

    def run_stage(self, backend, stage, number):
        return commands.run([self.program(number)], cpu_seconds=1,
                            environment={"LATCHKEY_MUTANT": str(number)})


def outcomes_with(compiler, checks):
    with tempfile.TemporaryDirectory() as folder:
        bench = TinyBench(pathlib.Path(folder), compiler, checks)
        outcomes = []
        found = mutants.mutants_of(FILE, TINY)
        run.one_file(bench, FILE, found, lambda *outcome: outcomes.append(outcome))
        switchable = bench.compile_switched("backend", FILE, TINY, found)
    return found, switchable, outcomes


def faults_of(compiler):
    found, switchable, outcomes = outcomes_with(compiler, GOOD)
    by_what = {}
    for mutant in found:
        by_what.setdefault(mutant.line, []).append(mutant.what)
    expected = {
        5: ["3 -> 4", "3 -> 2"],
        8: ["0 -> 1"],
        9: ["< -> <="],
        10: ["negate", ">= -> >", "0 -> 1", "drop", "+= -> -=", "* -> +", "2 -> 3", "2 -> 1"],
        12: ["drop"],
        17: ["+ -> -", "1 -> 2", "1 -> 0"],
    }
    yield "the changes are those expected", \
        {line: sorted(what) for line, what in by_what.items()}, \
        {line: sorted(what) for line, what in expected.items()}
    yield "what the compiler must know is compiled alone, the rest together", \
        sorted({mutant.line for mutant in found} - {m.line for m in switchable.values()}), [5]
    yield "every mutant is tried once", len(outcomes), len(found)
    yield "what the compiler makes nothing else of needs no test", \
        [mutant.line for mutant, killer in outcomes if killer == "same code"], [17, 17, 17]
    lines, survivors = run.table(outcomes, EQUIVALENT)
    yield "a good test kills all but the equivalent ones", [str(m) for m in survivors], []
    yield "the list of equivalent mutants is right", \
        equivalents.judge(EQUIVALENT, outcomes, [FILE]), []

    _, _, blind = outcomes_with(compiler, BLIND)
    _, survivors = run.table(blind, EQUIVALENT)
    yield "what a blind test misses is reported", [str(m) for m in survivors], \
        [f"{FILE}:12: drop: ++calls;"]
    killed = (FILE, "++calls;", "drop")
    gone = (FILE, "--calls;", "drop")
    yield "an entry that is killed, or gone, is reported", \
        equivalents.judge({**EQUIVALENT, killed: "?", gone: "?"}, outcomes, [FILE]), \
        [f"not equivalent, killed by vectors: {' | '.join(killed)}",
         f"no such mutant: {' | '.join(gone)}"]


def main():
    passed = failed = 0
    for name, seen, expected in faults_of(sys.argv[1:]):
        good = seen == expected
        passed, failed = passed + good, failed + (not good)
        print(("ok: " if good else "FAILED: ") + name)
        if not good:
            print(f"  expected {expected}\n  got      {seen}")
    print(f"\n{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
