#!/usr/bin/env python3
"""Checks that the OpenSSL provider loads wherever OpenSSL 3.0 and glibc 2.34 are.

usage: module.py MODULE | --self-test COMPILER... | --skip

The module may need libc and libcrypto alone, no version of their symbols above the two, and shows
one function.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

SKIP = 77
# RHEL 9's glibc is the oldest of the systems that the tarball is for.
HIGHEST = {"GLIBC": (2, 34), "OPENSSL": (3, 0, 0)}
LIBRARIES = {"libc.so.6", "libcrypto.so.3"}
ENTRY = "OSSL_provider_init"


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def faults_in(module):
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", output_of("readelf", "-dW", module))
    for library in sorted(set(needed) - LIBRARIES):
        yield f"needs {library}"
    shown = set()
    for line in output_of("nm", "-D", "--no-demangle", module).splitlines():
        kind, symbol = re.fullmatch(r"[0-9a-f ]* ([A-Za-z]) (\S+)", line).groups()
        name, _, version = symbol.partition("@")
        if kind not in "Uwv":
            shown.add(name)
        elif version:
            library, _, number = version.lstrip("@").rpartition("_")
            if library not in HIGHEST:
                yield f"needs {symbol}, of {library}"
            elif tuple(int(part) for part in number.split(".")) > HIGHEST[library]:
                highest = ".".join(str(part) for part in HIGHEST[library])
                yield f"needs {symbol}, newer than {library} {highest}"
    for name in sorted(shown - {ENTRY}):
        yield f"shows {name}"
    if ENTRY not in shown:
        yield f"does not show {ENTRY}"


CLEAN = f'extern "C" int {ENTRY}() {{ return 0; }}\n'
# (what is reported, source, arguments of the linker)
FLAWS = [
    (None, CLEAN, []),
    ("does not show OSSL_provider_init", "", []),
    ("shows helper", CLEAN + 'extern "C" int helper() { return 1; }', []),
    ("needs libm.so.6", CLEAN + '#include <cmath>\ndouble x;\n'
     "[[gnu::used]] static double f() { return std::sin(x); }", []),
    ("needs arc4random@GLIBC_2.36, newer than GLIBC 2.34", CLEAN + '#include <cstdlib>\n'
     "[[gnu::used]] static unsigned f() { return arc4random(); }", []),
    ("of GLIBCXX", CLEAN + '#include <string>\nstd::string s;\n'
     "[[gnu::used]] static void f() { s.append(9, 'x'); s.reserve(99); }", []),
]


def self_test(compiler):
    wrong = 0
    for expected, source, arguments in FLAWS:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "module.cpp")
            path.write_text(source)
            module = str(pathlib.Path(folder, "module.so"))
            subprocess.run(compiler + ["-std=c++20", "-O2", "-fPIC", "-shared", str(path), "-o", module,
                                       *arguments], check=True)
            found = list(faults_in(module))
        good = any(expected in fault for fault in found) if expected else not found
        if not good:
            wrong += 1
            print(f"{source!r}: expected {expected!r}, found {found}")
    print(f"{len(FLAWS)} injected modules, {wrong} evaluated wrongly")
    return wrong


def main():
    if sys.argv[1] == "--self-test":
        return 1 if self_test(sys.argv[2:]) else 0
    if sys.argv[1] == "--skip":
        print("skipped: instrumented, or no provider")
        return SKIP
    faults = list(faults_in(sys.argv[1]))
    print("\n".join(faults) or "needs libc and libcrypto alone, in old versions, and shows one function")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
