#!/usr/bin/env python3
"""Compares the ABI of the libraries with a list, latchkey.abi, and prints what differs.

usage: abi.py [--update] INCLUDE_FOLDER LIST CORE.so SEAL.so COMPILER... | --self-test COMPILER... |
       --skip

With --update it writes the list. The list is the same with gcc 12, clang 14 and clang 19, and has

- of C, as the preprocessor leaves the headers: prototypes, types, enumerators, macros with integers or
  parameters, and the members of structures with their places;
- of C++, the symbols of the shared libraries that the public headers declare, and sizes, enumerators, and
  the members of structures. Empty classes are left out. A class template is there with every argument that
  has a meaning (INSTANCES), those over any type with some (SOME).

Not of the ABI, and so not in the list: what is in the private version of the shared library, for
latchkey-seal alone (exports.py); what one compiler makes visible and another inlines, which are lambdas and
weak constructors, destructors and assignments that the headers define themselves. What the headers define
inline is part of the program: sizes and members stand for it.
"""

import difflib
import pathlib
import re
import sys
import tempfile

import abi_headers
import exports

SKIP = 77
# The arguments of class templates, by what their parameter is.
INSTANCES = {
    "MlKem": [f"latchkey::MlKem::k{number}" for number in (512, 768, 1024)],
    "NistHybrid": [f"latchkey::NistHybrid::{name}" for name in ("mlkem768_p256", "mlkem1024_p384")],
    "Group": [f"latchkey::tls::Group::{name}" for name in (
        "mlkem512", "mlkem768", "mlkem1024", "x25519_mlkem768", "secp256r1_mlkem768",
        "secp384r1_mlkem1024")],
    "DhGroup": [f"latchkey::hpke::DhGroup::{name}" for name in ("p256", "x25519")],
    "Kem": ["latchkey::XWing", *(f"latchkey::MlKem{name}" for name in (
        "512", "768", "1024", "768P256", "1024P384")),
        "latchkey::hpke::DhKemP256", "latchkey::hpke::DhKemX25519"],
}
SOME = ["latchkey::Result<void>", "latchkey::Result<unsigned long>",
        "latchkey::Result<latchkey::LockedBuffer>", "latchkey::StreamSource",
        "latchkey::StreamSink", "latchkey::AnyEncapsulationKey", "latchkey::AnyDecapsulationKey"]

HEAD = """\
# The ABI of the libraries: abi.py says what is here and what is not, and docs/abi.md what may change. Made by
# abi.py --update; the test prints the whole command.
"""


def c_lines(folder, compiler):
    """{heading: lines} of the C headers."""
    found = abi_headers.c_declarations(folder, compiler)
    wanted = [f"(long long){name}" for name in found.enumerators]
    wanted += [f"(long long)({name})" for name in found.macros]
    for name, members in sorted(found.structures.items()):
        wanted += [f"sizeof({name})", f"_Alignof({name})"]
        for _, member in members:
            wanted += [f"__builtin_offsetof({name}, {member})", f"sizeof((({name}*)0)->{member})"]
    values = iter(abi_headers.values_of(folder, compiler, "c", wanted))
    enumerators = [f"{name} = {next(values)}" for name in found.enumerators]
    macros = [f"{name} = {next(values)}" for name in found.macros]
    macros += [f"{name} = {text}" for name, text in found.templates.items()]
    structures = []
    for name, members in sorted(found.structures.items()):
        structures.append(f"{name}: {next(values)} bytes, aligned to {next(values)}")
        structures += [f"{name}.{member}: {kind} at {next(values)}, {next(values)} bytes"
                       for kind, member in members]
    by_name = {library: [] for library in exports.C_HEADERS}
    for header, prototype in found.functions:
        for library, headers in exports.C_HEADERS.items():
            if header in headers:
                by_name[library].append(prototype)
    result = {f"C functions, {library}": sorted(lines, key=exports.c_name)
              for library, lines in by_name.items()}
    return result | {"C types": sorted(found.types), "C enumerators": sorted(enumerators),
                     "C macros": sorted(macros), "C structures": structures}


def cpp_lines(folder, compiler, some):
    """{heading: lines} of what the C++ headers make part of a program."""
    classes = []  # (name, members)
    enumerations = []  # (name, enumerators)
    for found in abi_headers.cpp_declarations(folder, compiler):
        arguments = [""]
        if found.parameter:
            if found.parameter not in INSTANCES:
                raise SystemExit(f"{found.name}: abi.py has no arguments for {found.parameter}")
            arguments = [f"<{argument}>" for argument in INSTANCES[found.parameter]]
        if found.kind == "enum":
            enumerations.append((found.name, found.members))
        else:
            classes += [(found.name + argument, found.members) for argument in arguments]
    classes += [(name, []) for name in some]
    wanted = []
    for name, members in classes:
        wanted += [f"std::is_empty_v<{name}>", f"sizeof({name})", f"alignof({name})"]
        for member in members:
            wanted += [f"__builtin_offsetof(ABI_TYPE({name}), {member})",
                       f"sizeof(ABI_TYPE({name})::{member})"]
    for name, members in enumerations:
        wanted += [f"sizeof({name})"] + [f"(long long)({name}::{member})" for member in members]
    values = iter(abi_headers.values_of(folder, compiler, "c++", wanted))
    layouts = []
    for name, members in classes:
        is_empty = next(values)
        lines = [f"{name}: {next(values)} bytes, aligned to {next(values)}"]
        lines += [f"{name}.{member}: at {next(values)}, {next(values)} bytes" for member in members]
        layouts += [] if is_empty else [lines]
    numbers = []
    for name, members in enumerations:
        numbers.append([f"{name}: {next(values)} bytes"])
        numbers[-1] += [f"{name}::{member} = {next(values)}" for member in members]
    return {"C++ enumerations": sum(sorted(numbers), []), "C++ layouts": sum(sorted(layouts), [])}


def symbols_of(library, headers):
    """The lines of a shared library: what it shows of the C++ interface."""
    is_public = exports.declared_in(headers)
    text = "\n".join(path.read_text() for path in headers)
    weak = {line.split()[-1].partition("@")[0]
            for line in exports.output_of("nm", "-D", "--defined-only", str(library)).splitlines()
            if line.split()[-2] in "WVu"}

    def is_defined_in_header(plain, shown):
        scope, _, last = plain.rpartition("::")
        own = scope.rpartition("::")[2]
        declared = {own: rf"\b{own}\({own}&& \w+\)", f"~{own}": rf"~{own}\(\)",
                    "operator=": rf"\b{own}& operator=\({own}&& \w+\)"}.get(last)
        if declared is None or (last == own and not shown.endswith("&&)")):
            return last == own
        return not re.search(declared + r"(?: noexcept)?;", text)

    names = sorted(name for name, node in exports.versions_of(library).items()
                   if not node.startswith(exports.VERSION_NODE)
                   and not name.startswith("latchkey_"))
    plain = exports.plain(names)
    shown = exports.output_of("c++filt", text="\n".join(names)).splitlines()
    return sorted({line for name, line in zip(names, shown)
                   if is_public(plain[name]) and "{lambda" not in line
                   and not (name in weak and is_defined_in_header(plain[name], line))})


def abi_of(folder, libraries, compiler, some):
    """The text of the list; libraries are {name: path}."""
    headers = sorted((folder / "latchkey").glob("*.hpp"))
    sections = c_lines(folder, compiler)
    sections |= {f"C++ symbols, {name}": symbols_of(path, headers)
                 for name, path in libraries.items()}
    sections |= cpp_lines(folder, compiler, some)
    return HEAD + "".join(f"\n[{heading}]\n" + "".join(line + "\n" for line in lines)
                          for heading, lines in sections.items())


def difference(listed, found):
    return list(difflib.unified_diff(listed.splitlines(), found.splitlines(), "the list",
                                     "this build", n=0, lineterm=""))


# A library, and one change each: (a line of the difference, what is replaced, by what).
HEADER = """\
#include <type_traits>
#define SHOWN __attribute__((visibility("default")))
namespace latchkey { struct SHOWN Key { int size() const; int a; char b[4]; };
SHOWN int make(int x); int other(long x);
enum class MlKem : short { k512 = 512, k768 = 768, k1024 = 1024 };
template <MlKem set> class Sized { char x_[static_cast<int>(set)]; }; }
"""
C_HEADER = """\
#define LATCHKEY_SIZE (2 * 16)
#define LATCHKEY_MORE(x) ((x) + 72)  /* so many */
enum { LATCHKEY_ONE = 1, LATCHKEY_TWO };
typedef int latchkey_read(void* user);
typedef struct latchkey_info { int a; /* the first */ long b; } latchkey_info;
/* latchkey_three(void); */
int latchkey_one(latchkey_info* info,
                 latchkey_read* read) __attribute__((warn_unused_result));
int latchkey_two(void);
"""
SOURCE = """\
#include "latchkey/a.hpp"
extern "C" SHOWN int latchkey_two() { return 2; }
namespace latchkey { int Key::size() const { return 1; } int make(int x) { return x; } }
"""
CHANGES = [
    (None, "", ""),
    ("+int latchkey_two(int x)", "int latchkey_two(void)", "int latchkey_two(int x)"),
    ("-int latchkey_two(void)", "int latchkey_two(void);", ""),
    ("+LATCHKEY_SIZE = 48", "(2 *", "(3 *"),
    ("+LATCHKEY_MORE(x) = ((x) + 73)", "72", "73"),
    ("+LATCHKEY_TWO = 4", "ONE = 1,", "ONE = 3,"),
    ("+typedef long latchkey_read(void* user)", "typedef int", "typedef long"),
    ("+latchkey_info.b: int at 4, 4 bytes", "long b", "int b"),
    ("+latchkey_info.b: long at 0, 8 bytes", "int a; /* the first */ long b;", "long b; int a;"),
    (None, "int a; /* the first */ long b;", "int a;\n  long b; /* the second */"),
    ("-latchkey::make(int)", "SHOWN int make", "int make"),
    ("-latchkey::make(int)", "int make(int x) { return x; } }", "}"),
    ("+latchkey::make(long)", "SHOWN int make(int x); int other(long x);",
     "SHOWN int make(long x); "),
    ("+latchkey::Key: 12 bytes, aligned to 4", "char b[4]", "char b[5]"),
    ("+latchkey::Key.a: at 4, 4 bytes", "int a; char b[4];", "char b[4]; int a;"),
    ("+latchkey::Sized<latchkey::MlKem::k512>: 513 bytes", "x_[static", "x_[1 + static"),
    ("+latchkey::MlKem::k1024 = 1025", "k1024 = 1024", "k1024 = 1025"),
]


def self_test(compiler):
    def made(old, new):
        header, c_header, source = (text.replace(old, new) if old else text
                                    for text in (HEADER, C_HEADER, SOURCE))
        if new.endswith("(long x); "):
            source = source.replace("make(int x)", "make(long x)")
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "latchkey").mkdir()
            for file, text in (("latchkey/a.hpp", header), ("latchkey/latchkey_base.h", c_header),
                               ("a.cpp", source)):
                (folder / file).write_text(text)
            shared = folder / "liblatchkey.so.0.1.0"
            exports.output_of(*compiler, "-std=c++20", "-I", name, "-fPIC", "-fvisibility=hidden",
                              "-shared", "-nostdlib", str(folder / "a.cpp"), "-o", str(shared))
            return abi_of(folder, {"latchkey": shared}, compiler, [])

    right, wrong = made("", ""), 0
    for expected, old, new in CHANGES:
        found = difference(right, made(old, new))
        good = any(line.startswith(expected) for line in found) if expected else not found
        if not good:
            wrong += 1
            print(f"{new!r}: expected {expected!r}, found {found}")
    print(f"{len(CHANGES)} injected changes, {wrong} evaluated wrongly")
    return wrong


def main():
    if sys.argv[1] == "--self-test":
        return 1 if self_test(sys.argv[2:]) else 0
    if sys.argv[1] == "--skip":
        print("skipped: not an optimised build of both shared libraries for a 64-bit machine")
        return SKIP
    arguments = [argument for argument in sys.argv[1:] if argument != "--update"]
    folder, path, core, seal = map(pathlib.Path, arguments[:4])
    text = abi_of(folder, {"latchkey": core, "latchkey-seal": seal}, arguments[4:], SOME)
    if "--update" in sys.argv:
        path.write_text(text)
        return 0
    changes = difference(path.read_text(), text)
    if changes:
        print("\n".join(changes))
        print("\nThe ABI is not that of the list. Where that is meant (docs/abi.md), write the list:\n"
              f"  python3 -B {sys.argv[0]} --update {' '.join(arguments)}")
        return 1
    print(f"the ABI is that of the list, {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
