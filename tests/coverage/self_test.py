#!/usr/bin/env python3
"""Tests what coverage/run.py makes of llvm-cov's output, and, where clang 14 is, that output for a
program of a few lines."""

import json
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import measure  # noqa: E402
import run  # noqa: E402

# The last line of main is not reached: it crashes. What ran before is counted all the same.
PROGRAM = """#include <cstdlib>
template <int n>
int choose(int x) {
  if constexpr (n == 1) x += 1;
  if (x > 2 && x < 9) {
    return n;
  }
  return 0;
}
int never() {
  return 1;
}
int main(int count, char**) {
  if (choose<1>(count) == choose<2>(count + 5)) return 1;
  std::abort();
}
"""
SOURCE = PROGRAM.split("\n")


def coverage_of_program():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        (folder / "main.cpp").write_text(PROGRAM)
        run.checked([run.COMPILERS["CXX"], *run.FLAGS.split(), "-std=c++20", folder / "main.cpp", "-o",
                     folder / "main"])
        try:
            run.checked([folder / "main"], env={"LLVM_PROFILE_FILE": f"{folder}/%p%c.profraw"})
        except run.Failure:
            pass  # as it should
        run.checked([run.MERGE, "merge", *folder.glob("*.profraw"), "-o", folder / "profile"])
        exported = json.loads(run.checked([run.EXPORT, "export", "-instr-profile",
                                           folder / "profile", folder / "main"]))
        return measure.read(exported, folder)


def checks():
    covered = measure.Coverage({1: 5, 2: 1}, {(2, 3, "true"): 1, (2, 3, "false"): 1})
    holes = measure.Coverage({1: 5, 2: 0}, {(1, 3, "true"): 1, (1, 3, "false"): 0})
    two = {"src/mlkem/a.hpp": covered, "src/api/b.cpp": holes}
    lines = {"src/mlkem/a.hpp": ["one", "two"], "src/api/b.cpp": ["if (a)", "b();"]}
    _, missed, faults, _ = run.judge(two, {}, lines.get)
    yield "what does not run is listed", missed, [
        "src/api/b.cpp:2: does not run: b();", "src/api/b.cpp:1: is never false: if (a)"]
    yield "too little is a fault", faults, [
        "src/api: 50.0 % of the lines is less than 95 %",
        "src/api: 50.0 % of the branches is less than 95 %"]
    reasons = {("src/api/b.cpp", "if (a)"): "always", ("src/api/b.cpp", "b();"): "never"}
    yield "what is excluded with a reason is none", run.judge(two, reasons, lines.get)[2], []
    yield "an exclusion of what runs, or is not there, is a fault", \
        run.judge(two, {**reasons, ("src/mlkem/a.hpp", "two"): "?"}, lines.get)[2], \
        ["the exclusion is of no use: src/mlkem/a.hpp: two"]
    listed = "# a comment\n\na.cpp | if (x | y) { | never\nb.cpp | z(); | without avx9: why\n"
    yield "an exclusion may hold for CPUs without a feature alone", \
        [sorted(run.exclusions(listed, features)) for features in ({"avx9", "sse"}, {"avx99"})], \
        [[("a.cpp", "if (x | y) {")], [("a.cpp", "if (x | y) {"), ("b.cpp", "z();")]]
    many = {"src/mlkem/a.hpp": measure.Coverage({n: int(n > 1) for n in range(1, 1000)}, {})}
    yield "99.8 % is not all", run.judge(many, {}, lambda file: ["x"] * 1000)[2], \
        ["src/mlkem: 99.8 % of the lines is less than 100 %"]

    if any(shutil.which(tool) is None for tool in (run.COMPILERS["CXX"], run.MERGE, run.EXPORT)):
        print("skipped: clang 14 and its tools are not here")
        return
    _, missed, _, _ = run.judge({"x/main.cpp": coverage_of_program()["main.cpp"]}, {},
                                lambda file: SOURCE)
    yield "a program that crashes is measured, its templates once", sorted(missed), sorted([
        "x/main.cpp:10: does not run: int never() {", "x/main.cpp:11: does not run: return 1;",
        "x/main.cpp:12: does not run: }",
        "x/main.cpp:5: is never false: if (x > 2 && x < 9) {",
        "x/main.cpp:14: is never true: "
        "if (choose<1>(count) == choose<2>(count + 5)) return 1;"])


def main():
    passed = failed = 0
    for name, seen, expected in checks():
        good = seen == expected
        passed, failed = passed + good, failed + (not good)
        print(("ok: " if good else "FAILED: ") + name)
        if not good:
            print(f"  expected {expected}\n  got      {seen}")
    print(f"\n{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
