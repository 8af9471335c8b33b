#!/usr/bin/env python3
"""Checks what the archive of an optimised build needs, exports and runs at start-up.

usage: symbols.py ARCHIVE [SEAL_ARCHIVE] | --backends ARCHIVE | --self-test COMPILER... | --skip

With --backends, of any build: that the objects of the backends and of the forms of X25519 show their
tables alone.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import backends  # noqa: E402

SKIP = 77
# The library needs libc and nothing else: no C++ runtime, no unwinder, no heap but malloc's.
LIBC = set("""
    __errno_location abort aligned_alloc close free ftruncate getauxval getrandom getrlimit madvise memcmp
    memcpy memmove memset mlock mmap mprotect mremap munmap open poll prctl pthread_atfork
    pthread_mutex_lock pthread_mutex_unlock pthread_setcancelstate read secure_getenv setrlimit
    snprintf stderr strlen syscall sysconf sysinfo write
    __cxa_atexit __dso_handle atexit pthread_self pthread_sigmask sigfillset
    ftruncate64 getrlimit64 mmap64 setrlimit64
    __memcpy_chk __memset_chk __open_2 __poll_chk __read_chk __snprintf_chk __stack_chk_fail
    bcmp open64 _GLOBAL_OFFSET_TABLE_
""".split())
# What the sealing layer adds to that: parts of libc, and libcrypto.
SEAL = re.compile(r"malloc|memchr|realloc|pthread_rwlock_\w+|HMAC|d2i_\w+|i2d_\w+|[A-Za-z0-9]*[A-Z][A-Za-z0-9]*_\w+")


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def symbols_of(archive):
    """Yields (member, type letter of nm, name)."""
    for line in output_of("nm", "-A", "--no-demangle", archive).splitlines():
        # archive:member:address type name; the address is missing where undefined
        found = re.fullmatch(r".*?([^:/]+):[0-9a-f ]* ([A-Za-z?]) (\S+)", line)
        if found is None:
            raise SystemExit(f"cannot read this line of nm: {line}")
        yield found.groups()


def sections_of(archive):
    """Returns {member: [(section, flags)]}."""
    sections, member = {}, None
    for line in output_of("readelf", "-SW", archive).splitlines():
        if header := re.match(r"File: .*\((.*)\)$|File: (.*)$", line):
            member = header[1] or header[2].rpartition("/")[2]
            sections[member] = []
        elif entry := re.match(r"  \[ *\d+\] (\S+) +\S+ +[0-9a-f]+ +\S+ +\S+ +\S+ (.{3})", line):
            sections[member].append((entry[1], entry[2].strip()))
    return sections


# Each backend and each form is one object, NAME.o, and shows these.
TABLES = {**{name: ("13kem_table_512", "13kem_table_768", "14kem_table_1024", "10hash_table",
                    "12kernel_table") for name in backends.NAMES},
          **{name: ("12x25519_table",) for name in backends.FORMS}}
# Of every build. The others may be of another CPU family, or left out.
ALWAYS = (backends.NAMES[0], next(iter(backends.FORMS)))


def faults_in_tables(symbols):
    for name, tables in TABLES.items():
        member = f"{name}.o"
        own = [(kind, symbol) for m, kind, symbol in symbols if m == member]
        if not own:
            if name in ALWAYS:
                yield f"{member}: is not in the archive"
            continue
        for kind, symbol in own:
            if kind in "wWvVu":
                yield f"{member}: {symbol} is weak: another file's copy may take its place"
        exported = {symbol for kind, symbol in own if kind.isupper() and kind not in "UWV"}
        wanted = {f"_ZN8latchkey{len(name)}{name}{table}E" for table in tables}
        for symbol in sorted(exported - wanted):
            yield f"{member}: exports {symbol}, which is not one of its tables"
        for symbol in sorted(wanted - exported):
            yield f"{member}: does not export {symbol}"


def faults_in(archive, below=None):
    """Of the core's archive; of the sealing layer's, if `below` is the core's."""
    symbols = list(symbols_of(archive))
    # Upper case is global and u is unique; w and v are weak references.
    defined = {(member, kind, name) for member, kind, name in symbols
               if kind == "u" or (kind.isupper() and kind != "U")}
    names = {name for _, _, name in defined}
    if below:
        names |= {name for _, kind, name in symbols_of(below) if kind.isupper() and kind != "U"}
    for member, kind, name in sorted(defined):
        if kind not in "uWV" and not re.match(r"_ZNK?[RO]?8latchkey|latchkey_", name):
            yield f"{member}: {name} could clash with another library's"
    for member, kind, name in symbols:
        if kind in "Uwv" and name not in names and name not in LIBC and \
                not (below and SEAL.fullmatch(name)):
            yield f"{member}: needs {name}, which is not libc's"

    if not below:
        yield from faults_in_tables(symbols)

    for member, sections in sections_of(archive).items():
        for section, _ in sections:
            if re.match(r"\.(pre)?init_array|\.ctors", section):
                yield f"{member}: {section}: runs code at start-up"
        stack = [flags for section, flags in sections if section == ".note.GNU-stack"]
        if not stack or "X" in stack[0]:
            yield f"{member}: asks for an executable stack"


# A clean backend and a clean form, and one flaw each that must be found: (what is reported, source, where).
CLEAN = {
    "ref.cpp": "namespace latchkey::ref { extern const int kem_table_512 = 1, kem_table_768 = 2, "
               "kem_table_1024 = 3, hash_table = 4, kernel_table = 5; }\n",
    "portable.cpp": "namespace latchkey::portable { extern const int x25519_table = 1; }\n",
    "other.cpp": "",
}
WEAK = [("is weak", "template <class T> T twice(T x) { return x + x; }\n"
                    "template int twice<int>(int);"),
        ("is weak", "inline __attribute__((noinline)) int f(int x) { return x * 3; }\n"
                    "int (*pointer)(int) = f;")]
FLAWS = [
    (None, "namespace latchkey { int f(int x) { return x; } }", "other.cpp"),
    ("could clash", 'extern "C" int sha3_256(int x) { return x; }', "other.cpp"),
    *((expected, source, f"{member}.cpp")
      for member in ("ref", "portable") for expected, source in WEAK),
    ("ref.o: does not export", "#define kernel_table other_table", "before ref.cpp"),
    ("portable.o: does not export", "#define x25519_table other_table", "before portable.cpp"),
    ("ref.o: exports", "int helper(int x) { return x; }", "ref.cpp"),
    ("portable.o: exports", "int helper(int x) { return x; }", "portable.cpp"),
    ("portable.o: exports", "namespace latchkey::portable { extern const int kem_table = 1; }",
     "portable.cpp"),
    ("portable.o: is not in the archive", None, "portable.cpp"),
    ("runs code at start-up", 'extern "C" int close(int); int x = close(1);', "other.cpp"),
    ("needs _Znwm", "int* f() { return new int; }", "other.cpp"),
    ("needs __cxa_", "void f() { throw 1; }", "other.cpp"),
    ("needs printf", '#include <cstdio>\nvoid f(int x) { printf("%d", x); }', "other.cpp"),
    ("asks for an executable stack", 'asm(".section .note.GNU-stack,\\"x\\",@progbits");',
     "other.cpp"),
]


def self_test(compiler):
    wrong = 0
    for expected, source, file in FLAWS:
        with tempfile.TemporaryDirectory() as folder:
            objects = []
            for name, clean in CLEAN.items():
                before = source if file == f"before {name}" else ""
                after = source if file == name else ""
                if after is None:
                    continue
                path = pathlib.Path(folder, name)
                path.write_text(f"{before}\n{clean}{after}\n")
                objects.append(str(path.with_suffix(".o")))
                subprocess.run(compiler + ["-std=c++20", "-O2", "-c", str(path), "-o", objects[-1]],
                               check=True)
            archive = str(pathlib.Path(folder, "libinjected.a"))
            subprocess.run(["ar", "crs", archive] + objects, check=True)
            found = list(faults_in(archive))
        good = any(expected in fault for fault in found) if expected else not found
        if not good:
            wrong += 1
            print(f"{source!r}: expected {expected!r}, found {found}")
    print(f"{len(FLAWS)} injected archives, {wrong} evaluated wrongly")
    return wrong


def main():
    if sys.argv[1] == "--self-test":
        return 1 if self_test(sys.argv[2:]) else 0
    if sys.argv[1] == "--skip":
        print("skipped: not an optimised static library without instrumentation")
        return SKIP
    if sys.argv[1] == "--backends":
        faults = list(faults_in_tables(list(symbols_of(sys.argv[2]))))
        print("\n".join(faults) or "each backend and each form exports its tables, and nothing is weak")
        return 1 if faults else 0
    core, *above = sys.argv[1:]
    faults = list(faults_in(core))
    for archive in above:
        faults += faults_in(archive, below=core)
    print("\n".join(faults) or "only libc is needed, only the tables are exported")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
