#!/usr/bin/env python3
"""Checks what a formatter does not: unfinished work, long files, traces of the machine it was
written on; and runs the formatter too, where the right version is there.

usage: style.py SOURCE_ROOT | --self-test
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MAX_LINES = 350
SHORT_FOLDERS = ("src", "include", "tests", "kat", "bench", "fuzz", "examples")
CODE = {".hpp", ".cpp", ".h", ".c"}
DATA = {".rsp", ".png", ".age", ".sealed", ".abi"}
CORPUS = "fuzz/corpus/"  # any bytes
CASES = "/cases/"        # files of others, as they are
# Written so that this file does not match them.
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b")
TRACES = re.compile(r"/(?:ho[m]e|ro[o]t|Use[r]s)/\w|/wo[r]k/\w|/tmp/[b]uild|registr[y]\.npmjs|"
                    r"\w\.debia[n]\.org|\w\.ubunt[u]\.com|pyp[i]\.org|archiv[e]\.ubuntu")
FORMATTER_VERSION = 14  # others break some lines elsewhere


def files_of(root):
    """The files of the project: what git knows or would take, or all of an unpacked archive."""
    git = shutil.which("git")
    if git and (root / ".git").exists():
        listed = subprocess.run(
            [git, "-C", str(root), "ls-files", "-z", "-co", "--exclude-standard"],
            capture_output=True, text=True)
        if listed.returncode == 0:
            paths = [root / name for name in listed.stdout.split("\0") if name]
            return [path for path in sorted(paths) if path.is_file()]
    return [path for path in sorted(root.rglob("*"))
            if path.is_file() and not re.match(r"build|\.git/", str(path.relative_to(root)))]


def faults_in(root):
    for path in files_of(root):
        name = path.relative_to(root).as_posix()
        if path.suffix in DATA or name.startswith(CORPUS) or CASES in name:
            continue
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            yield f"{name}:1: is not UTF-8"
            continue
        for number, line in enumerate(lines, 1):
            if found := UNFINISHED.search(line):
                yield f"{name}:{number}: {found[0]}: unfinished"
            if found := TRACES.search(line):
                yield f"{name}:{number}: {found[0]}: names one machine"
        if name.partition("/")[0] in SHORT_FOLDERS and len(lines) > MAX_LINES:
            yield f"{name}:{len(lines)}: has more than {MAX_LINES} lines"
        # gcc warns of one in what it compiles ahead.
        if path.suffix == ".hpp" and path.name != "precompiled.hpp" and "#pragma once" not in lines:
            yield f"{name}:1: has no #pragma once"


def formatter():
    """clang-format in the version that the project uses, or None."""
    for name in (f"clang-format-{FORMATTER_VERSION}", "clang-format"):
        program = shutil.which(name)
        if program is None:
            continue
        version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        if f"version {FORMATTER_VERSION}." in version:
            return program
    return None


def format_faults(root, program):
    sources = [str(path) for path in files_of(root) if path.suffix in CODE]
    run = subprocess.run([program, "--dry-run", "-Werror", "--style=file"] + sources,
                         capture_output=True, text=True)
    heads = [line for line in run.stderr.splitlines() if "error:" in line]
    return heads or ([run.stderr] if run.returncode else [])


# Name, text, whether it is reported, and on which line.
INJECTED = [
    ("src/a.hpp", "// A.\n#pragma once\n", None),
    ("src/a.hpp", "// A.\n", 1),
    ("tests/precompiled.hpp", "// A.\n", None),
    ("src/a.cpp", "// TO" + "DO: this\n", 1),
    ("src/a.cpp", "int a;  // XX" + "X\n", 1),
    ("src/a.cpp", "// mktemp XXXXX" + "X\n", None),
    ("tests/a.py", "'/ho" + "me/someone/x'\n", 1),
    ("dev", "\ncd /wo" + "rk/main\n", 2),
    ("dev", "curl deb.debia" + "n.org\n", 1),
    ("src/a.cpp", "int a;\n" * MAX_LINES, None),
    ("src/a.cpp", "int a;\n" * (MAX_LINES + 1), MAX_LINES + 1),
    ("fuzz/corpus/a/0123", "TO" + "DO\n", None),
    ("docs/a.md", "words\n" * (MAX_LINES + 1), None),
]
UNFORMATTED = "int  a;\n"


def self_test():
    wrong = 0

    def judge(what, good):
        nonlocal wrong
        if not good:
            wrong += 1
            print("evaluated wrongly: " + what)

    for name, text, line in INJECTED:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
            found = list(faults_in(root))
            expected = [f"{name}:{line}:"] if line else []
            judge(f"{name}: {text[:40]!r}: {found}",
                  len(found) == len(expected) and all(map(str.startswith, found, expected)))
    if program := formatter():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / ".clang-format").write_text("BasedOnStyle: Google\n")
            (root / "a.cpp").write_text(UNFORMATTED)
            judge("a file out of format", len(format_faults(root, program)) == 1)
    print(f"{len(INJECTED) + bool(program)} injected files, {wrong} evaluated wrongly")
    return wrong


def main():
    if sys.argv[1] == "--self-test":
        return 1 if self_test() else 0
    root = pathlib.Path(sys.argv[1])
    faults = list(faults_in(root))
    if program := formatter():
        faults += format_faults(root, program)
    else:
        print(f"skipped the format: clang-format {FORMATTER_VERSION} is not here")
    print("\n".join(faults) or "no fault of style")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
