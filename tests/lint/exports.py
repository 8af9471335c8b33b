#!/usr/bin/env python3
"""Checks what the libraries show: static ones nothing, shared ones the API and no more; and that
the C functions are those of a list, latchkey.abi (abi.py), each library's in headers of its own.

usage: exports.py INCLUDE_FOLDER LIST LIBRARY... | --self-test COMPILER... | --skip

A LIBRARY is libNAME.a or libNAME.so...
"""

import pathlib
import re
import subprocess
import sys
import tempfile

SKIP = 77
# Not for callers, but latchkey-seal needs it from the other shared library: what is marked
# LATCHKEY_FOR_SEAL.
FOR_SEAL = {"latchkey::" + name for name in """
    SecretAccess::allocate_secret c::free_key c::refuse_handle dispatch::hash_table hybrid::agree
    hybrid::public_key must_agree
    memory::allocate_slot memory::bytes_of memory::check_after_use memory::is_locked
    memory::policy_has memory::random_bytes memory::this_arena
""".split()}

VERSION_NODE = "LATCHKEY_PRIVATE_"
C_HEADERS = {
    "latchkey": ["latchkey_base.h", "latchkey_derand.h", "latchkey_incremental.h", "latchkey_kem.h",
                 "latchkey_mlkem_bytes.h", "latchkey_tls.h"],
    "latchkey-seal": ["latchkey_seal.h", "latchkey_age.h", "latchkey_enclave.h", "latchkey_hpke.h",
                      "latchkey_key_file.h", "latchkey_nist.h", "latchkey_stream.h"]}


def output_of(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def symbols_of(library):
    """{name: visibility} of what is defined and global."""
    table = "--dyn-syms" if ".so" in library.name else "--syms"
    found = {}
    for line in output_of("readelf", "-W", table, str(library)).splitlines():
        # number: value size type binding visibility section name
        words = line.split()
        if len(words) == 8 and words[4] in ("GLOBAL", "WEAK", "UNIQUE") and words[6] != "UND":
            name = words[7].partition("@")[0]
            if words[6] != "ABS" or not name.startswith(VERSION_NODE):  # which is no symbol
                found[name] = words[5]
    return found


def versions_of(library):
    """{name: version node, "" for none} of what a shared library defines and shows."""
    found = {}
    for line in output_of("nm", "-D", "--defined-only", str(library)).splitlines():
        name, _, node = line.split()[-1].partition("@@")
        found[name] = node
    return found


def plain(names):
    """{mangled: latchkey::what}, without parameters and template arguments."""
    names = sorted(names)
    shown = output_of("c++filt", "--no-params", text="\n".join(names)).splitlines()
    result = {}
    for name, text in zip(names, shown):
        text = re.sub(r" const$| const&$| &&?$|\[abi:\w+\]", "", text)
        while "<" in text and not text.endswith(("operator<", "operator<=")):
            text, before = re.sub(r"<[^<>]*>", "", text), text
            if text == before:
                break
        result[name] = text.partition("(")[0]  # of a lambda, the function it is in
    return result


def declared_in(headers):
    """A test of whether a name, latchkey::a::b, is one of a function in the public headers."""
    text = "\n".join(path.read_text() for path in headers)
    text = re.sub(r"//.*|/\*.*?\*/", "", text)
    # Not those that are declared and no more, as friends are.
    named = re.findall(r"\b(?:namespace|class|struct)(?: \[\[\w+\]\]| SHOWN| LATCHKEY_API)? "
                       r"([\w:]+)(?=[^;{]*\{)",
                       text)
    spaces = {part for name in named for part in name.split("::")}

    def test(name):
        *scope, last = name.split("::")
        return (scope[:1] == ["latchkey"] and set(scope) <= spaces
                and re.search(rf"(?<!\w){re.escape(last)} ?\(", text) is not None)
    return test


def implicit_in(archive, text):
    """Copies and moves of classes that the compiler makes where they are needed and not inlined.
    Those of class templates, which the library instantiates, are none if `text` declares them."""
    weak = {line.split()[-1] for line in output_of("nm", str(archive)).splitlines() if " W " in line}
    moves = sorted(name for name in weak if re.search(r"C[12]E(O|RK)S\d*_$", name))
    shown = output_of("c++filt", text="\n".join(moves)).splitlines()

    def is_declared(what):  # latchkey::Name<(an::Enum)1>::Name(latchkey::Name<...>&&)
        name = re.search(r"::(\w+)\((?:latchkey|const)", what)[1]
        return re.search(rf"\b{name}\((?:const )?{name}&", text) is not None
    return {name for name, what in zip(moves, shown) if "<" not in what or not is_declared(what)}


def c_name(prototype):
    """latchkey_what, of `int latchkey_what(...)`."""
    return re.search(r"\b(latchkey_\w+)\(", prototype)[1]


def pinned(path):
    """{library: names of its C functions} of the list."""
    result, names = {}, None
    for line in path.read_text().split("\n"):
        if heading := re.fullmatch(r"\[(.*)\]", line):
            kind, _, library = heading[1].partition(", ")
            names = result.setdefault(library, set()) if kind == "C functions" else None
        elif names is not None and line:
            names.add(c_name(line))
    return result


def faults_in(folder, listed, libraries):
    headers = sorted((folder / "latchkey").glob("*"))
    for library, names in listed.items():
        paths = [folder / "latchkey" / name for name in C_HEADERS[library]]
        text = "\n".join(path.read_text() for path in paths if path.exists())
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        declared = set(re.findall(r"^(?!typedef)\w[^(]*\b(latchkey_\w+)\(", text, re.M))
        for name in sorted(declared ^ names):
            what = "not in the list" if name in declared else "in the list, not declared"
            yield f"{library}: {name}: {what}"
    cpp_headers = [path for path in headers if path.suffix == ".hpp"]
    cpp_text = "\n".join(path.read_text() for path in cpp_headers)
    is_public = declared_in(cpp_headers)
    hidden, implicit = {}, set()
    for library in libraries:
        name = re.match(r"lib(.*?)\.(a|so)", library.name)[1]
        symbols = symbols_of(library)
        own = {symbol for symbol in symbols if symbol.startswith("latchkey_")}
        for symbol in sorted(own ^ listed[name]):
            yield f"{library.name}: {symbol}: {'not in the list' if symbol in own else 'is lost'}"
        rest = plain(set(symbols) - own)
        if library.suffix == ".a":
            hidden[name] = rest
            implicit |= implicit_in(library, cpp_text)
            for symbol, visibility in sorted(symbols.items()):
                if visibility not in ("HIDDEN", "INTERNAL"):
                    yield f"{library.name}: {symbol}: is visible from outside"
            continue
        for symbol, node in sorted(versions_of(library).items()):
            private = rest.get(symbol) in FOR_SEAL
            if node.startswith(VERSION_NODE) != private and symbol in symbols:
                yield f"{library.name}: {symbol}: {'is not' if private else 'is'} in a private version"
        for symbol, text in sorted(rest.items()):
            if not is_public(text) and text not in FOR_SEAL:
                yield f"{library.name}: {text} ({symbol}): is exported, and not in the API"
        for symbol, text in sorted(hidden.get(name, {}).items()):
            if symbol not in rest and is_public(text) and symbol not in implicit:
                yield f"{library.name}: {text} ({symbol}): is in the API, and not exported"


# A library that is right, and one flaw each: (what is reported, what is replaced, by what).
HEADER = """\
#ifndef SHOWN
#define SHOWN __attribute__((visibility("default")))
#endif
namespace latchkey { struct SHOWN Key { int size() const; }; SHOWN int make(int x); }
"""
C_HEADER = """\
typedef int latchkey_read(void);
int latchkey_one(void);
int latchkey_two(void);  /* or latchkey_three() */
"""
SOURCE = """\
#include "latchkey/a.hpp"
extern "C" SHOWN int latchkey_one() { return 1; }
extern "C" SHOWN int latchkey_two() { return 2; }
namespace latchkey { namespace base { int helper() { return 3; } }
SHOWN int must_agree() { return 6; }
int Key::size() const { return base::helper(); } int make(int x) { return x; } }
"""
NODE = """\
LATCHKEY_PRIVATE_0.1.0 { global: extern "C++" { latchkey::must_agree*; }; };
"""
LIST = """\
# A list.
[C functions, latchkey]
int latchkey_one(void)
int latchkey_two(void)

[C types]
typedef int latchkey_read(void)
"""
FLAWS = [
    (None, "", ""),
    ("latchkey_two: not in the list", "\nint latchkey_two(void)\n", "\n"),
    ("latchkey_three: in the list", "int latchkey_two(void)\n",
     "int latchkey_two(void)\nint latchkey_three(void)\n"),
    ("latchkey_two: is lost", '"C" SHOWN int latchkey_two', '"C" int latchkey_two'),
    ("latchkey_four: not in", "namespace latchkey { namespace base",
     'extern "C" SHOWN int latchkey_four() { return 4; }\nnamespace latchkey { namespace base'),
    ("helper (_ZN8latchkey4base6helperEv): is exported", "int helper", "SHOWN int helper"),
    ("make (_ZN8latchkey4makeEi): is in the API, and not", "SHOWN int make", "int make"),
    ("size (_ZNK8latchkey3Key4sizeEv): is in the API, and not", "SHOWN Key", "Key"),
    ("std::leak", "namespace latchkey { namespace base",
     "namespace std { SHOWN int leak() { return 5; } }\nnamespace latchkey { namespace base"),
    (".a: latchkey_one: is visible", "-DHIDE", "-DHIDE_NOT"),
    ("_ZN8latchkey10must_agreeEv: is not in a private version", "latchkey::must_agree*",
     "latchkey::nothing*"),
    ("_ZN8latchkey4makeEi: is in a private version", "latchkey::must_agree*", "latchkey::m*"),
    ("LATCHKEY_PRIVATE_x (LATCHKEY_PRIVATE_x): is exported", "namespace latchkey { namespace base",
     'extern "C" SHOWN int LATCHKEY_PRIVATE_x() { return 7; }\nnamespace latchkey { namespace base'),
]


def self_test(compiler):
    wrong = 0
    for expected, old, new in FLAWS:
        header, c_header, source, listed, node, flags = (
            text.replace(old, new, 1) if old else text
            for text in (HEADER, C_HEADER, SOURCE, LIST, NODE, "-DHIDE"))
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "latchkey").mkdir()
            for file, text in (("latchkey/a.hpp", header), ("latchkey/latchkey_base.h", c_header),
                               ("a.cpp", source), ("list", listed), ("node.map", node)):
                (folder / file).write_text(text)
            base = compiler + ["-I", name, "-fPIC", "-fvisibility=hidden", str(folder / "a.cpp")]
            hidden = ["-DSHOWN="] if flags == "-DHIDE" else []
            subprocess.run(base + hidden + ["-c", "-o", str(folder / "a.o")], check=True)
            archive, shared = folder / "liblatchkey.a", folder / "liblatchkey.so.0.1.0"
            subprocess.run(["ar", "crs", str(archive), str(folder / "a.o")], check=True)
            subprocess.run(base + ["-shared", "-nostdlib", "-o", str(shared),
                                   f"-Wl,--version-script={folder / 'node.map'}"], check=True)
            found = list(faults_in(folder, pinned(folder / "list"), [archive, shared]))
        good = any(expected in fault for fault in found) if expected else not found
        if not good:
            wrong += 1
            print(f"{new!r}: expected {expected!r}, found {found}")
    print(f"{len(FLAWS)} injected libraries, {wrong} evaluated wrongly")
    return wrong


def main():
    if sys.argv[1] == "--self-test":
        return 1 if self_test(sys.argv[2:]) else 0
    if sys.argv[1] == "--skip":
        print("skipped: not an optimised build without instrumentation")
        return SKIP
    folder, listed, *libraries = map(pathlib.Path, sys.argv[1:])
    faults = list(faults_in(folder, pinned(listed), libraries))
    print("\n".join(faults) or "the libraries show their API, and no more")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
