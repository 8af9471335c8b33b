#!/usr/bin/env python3
"""Checks that libraries and programs are linked and compiled as distributions do it.

usage: hardening.py [--distribution] FILE... | --self-test COMPILER... | --skip

Of a static library: on x86-64, each object marks the targets of its jumps (the notes IBT and SHSTK
of -fcf-protection). A shared library has these notes only where the C library's start-up files have
them, which are not ours: Debian 12's have none, Ubuntu's do.

Of other files: all symbols are bound at start-up (BIND_NOW), and what that wrote is read-only
afterwards (RELRO); the stack is not executable; a program can be loaded anywhere (PIE); on x86-64 a
large frame touches each of its pages (-fstack-clash-protection). With --distribution also what Debian's flags add: a stack
protector, and _FORTIFY_SOURCE.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

SKIP = 77


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def faults_in_archive(archive):
    header = output_of("readelf", "-Wh", archive)
    if "X86-64" not in header:
        return
    for member in re.split(r"^File: ", output_of("readelf", "-Wn", archive), flags=re.M)[1:]:
        name = re.match(r".*\((.*)\)|.*/(.*)", member)
        for note in ("IBT", "SHSTK"):
            if not re.search(rf"x86 feature:.*\b{note}\b", member):
                yield f"{name[1] or name[2]}: has no note {note}: compiled without -fcf-protection"


def faults_in(file, distribution):
    if file.endswith(".a"):
        yield from faults_in_archive(file)
        return
    text = output_of("readelf", "-Wld", file)
    header = output_of("readelf", "-Wh", file)
    if not re.search(r"\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*\bNOW\b", text):
        yield "binds symbols late: no BIND_NOW"
    if "GNU_RELRO" not in text:
        yield "its relocated data stay writable: no RELRO"
    stack = re.search(r"GNU_STACK.* ([R ][W ][E ]) 0x", text)
    if stack is None or "E" in stack[1]:
        yield "has an executable stack"
    if not re.search(r"Type: +DYN", header):
        yield "is no position-independent program"
    if "X86-64" in header:
        # The instruction that touches a page, in one of two forms.
        if not re.search(r"orq +\$0x0,(0x\w+)?\(%rsp\)|movq +\$0x0,(0x\w+)?\(%rsp\)\n.*sub.*\$0x1000,%rsp",
                         output_of("objdump", "-d", "--no-show-raw-insn", file)):
            yield "has no frame that touches its pages: compiled without -fstack-clash-protection"
    if distribution:
        needed = output_of("nm", "-D", "--undefined-only", file)
        if "__stack_chk_fail" not in needed:
            yield "has no stack protector"
        if not re.search(r"__\w+_chk\b", needed):
            yield "is compiled without _FORTIFY_SOURCE"


# A library that is right, and one flaw each: (what is reported, what is left out or added).
GOOD = ["-shared", "-fPIC", "-O2", "-fcf-protection", "-fstack-clash-protection",
        "-fstack-protector-all", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2",
        "-Wl,-z,now", "-Wl,-z,relro", "-Wl,-z,noexecstack"]
SOURCE = """
#include <string.h>
void use(char*);
void f(const char* text, unsigned size) {
  char frame[20000];
  memcpy(frame, text, size);
  use(frame);
}
"""
FLAWS = [
    (None, None, None),
    ("BIND_NOW", "-Wl,-z,now", "-Wl,-z,lazy"),
    ("RELRO", "-Wl,-z,relro", "-Wl,-z,norelro"),
    ("executable stack", "-Wl,-z,noexecstack", "-Wl,-z,execstack"),
    ("IBT", "-fcf-protection", "-fcf-protection=none"),
    ("touches", "-fstack-clash-protection", "-fno-stack-clash-protection"),
    ("stack protector", "-fstack-protector-all", "-fno-stack-protector"),
    ("_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-D_FORTIFY_SOURCE=0"),
]


def self_test(compiler):
    wrong = 0
    for expected, old, new in FLAWS:
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "a.cpp")
            source.write_text(SOURCE)
            flags = [new if flag == old else flag for flag in GOOD]
            library = str(pathlib.Path(folder, "liba.so"))
            subprocess.run(compiler + flags + [str(source), "-o", library], check=True)
            compile_only = [flag for flag in flags if flag != "-shared" and flag[:4] != "-Wl,"]
            subprocess.run(compiler + compile_only + ["-c", str(source), "-o", library + ".o"],
                           check=True)
            archive = str(pathlib.Path(folder, "liba.a"))
            subprocess.run(["ar", "crs", archive, library + ".o"], check=True)
            found = [*faults_in(library, True), *faults_in(archive, True)]
        good = any(expected in fault for fault in found) if expected else not found
        if not good:
            wrong += 1
            print(f"{new}: expected {expected!r}, found {found}")
    print(f"{len(FLAWS)} libraries with injected faults, {wrong} evaluated wrongly")
    return wrong


def main():
    arguments = sys.argv[1:]
    if arguments[0] == "--self-test":
        return 1 if self_test(arguments[1:]) else 0
    if arguments[0] == "--skip":
        print("skipped: an instrumented build")
        return SKIP
    distribution = arguments[0] == "--distribution"
    faults = [f"{file}: {fault}" for file in arguments[distribution:]
              for fault in faults_in(file, distribution)]
    print("\n".join(faults) or "all files are hardened")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
