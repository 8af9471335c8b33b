#!/usr/bin/env python3
"""Checks who includes whom: every #include line of src, include and examples against the layers.

usage: includes.py SOURCE_ROOT | --self-test
"""

import pathlib
import re
import sys
import tempfile

# What each folder may include besides itself. A name that ends in a slash is a folder.
LAYERS = {
    "include/latchkey": [],
    "src/base": [],
    "src/core": ["base/"],
    "src/ref": ["base/", "core/"],
    "src/avx2": ["base/", "core/"],
    "src/avx512": ["base/", "core/", "avx2/"],
    "src/dispatch": ["base/", "core/", "ref/rows.hpp", "avx2/rows.hpp", "avx512/rows.hpp",
                     "latchkey/export.h"],
    "src/memory": ["base/", "latchkey/"],
    "src/kem": ["base/", "core/", "memory/", "dispatch/", "latchkey/"],
    "src/encoding": ["seal/der.hpp"],
    "src/crypto": ["base/", "memory/", "seal/clean.hpp", "seal/libcrypto.hpp", "latchkey/"],
    "src/keyfile": ["base/", "crypto/", "encoding/", "latchkey/", "seal/"],
    "src/seal": ["base/", "crypto/", "encoding/", "keyfile/", "memory/", "kem/", "latchkey/"],
    "src/text": [],
    "src/cli": ["latchkey/", "text/"],
    # And the tests' plain ML-KEM, in the role of a library that checks nothing.
    "examples": ["latchkey/", "kernels/oracle_mlkem.hpp", "seal/two_faced.hpp"],
}
# Programs: without src in their search path, they name the files beside them without a folder.
NEIGHBOURS = ["src/cli", "examples"]
# Who may use what is neither ours nor the language's.
FOREIGN = {
    re.compile(r"\w*intrin\.h"): ["src/avx2", "src/avx512"],
    re.compile(r"cpuid\.h"): ["src/base"],
    re.compile(r"valgrind/.*"): ["src/base"],
    re.compile(r"openssl/.*"): ["src/crypto", "src/seal", "examples"],
}
# Public headers want nothing but the standard library, C's included, for the C header.
STANDARD = re.compile(r"[a-z_]+|std(int|def|bool)\.h")
SOURCES = {".hpp", ".cpp", ".h", ".c", ".inc"}


def fault_of(folder, target, quoted, beside):
    """What is wrong with including `target` from `folder`, or None. `beside`: a file of that name
    lies beside the one that includes it."""
    name = folder.rpartition("/")[2]
    ours = {layer.rpartition("/")[2] for layer in LAYERS if layer != "examples"}
    if quoted or "/" in target and target.partition("/")[0] in ours:  # <memory> is the language's
        if ".." in target or target.startswith("/"):
            return "names a path outside the layers"
        if beside and "/" not in target and folder in NEIGHBOURS:
            return None
        allowed = LAYERS[folder] + [name + "/"]
        for entry in allowed:
            if target == entry or (entry.endswith("/") and target.startswith(entry)):
                return None
        return f"{folder} may include only {', '.join(sorted(allowed))}"
    if folder == "include/latchkey" and not STANDARD.fullmatch(target):
        return "public headers include only the standard library"
    for pattern, users in FOREIGN.items():
        if pattern.fullmatch(target) and folder not in users:
            return f"only {', '.join(users)} may include it"
    return None


def layer_of(path):
    """The layer that a file belongs to, from its path below the root, or None."""
    for layer in LAYERS:
        if path.startswith(layer + "/"):
            return layer
    return None


def faults_in(root):
    """Yields file:line: fault for each forbidden edge, and for files that belong to no layer."""
    for top in ("include", "src", "examples"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in SOURCES:
                continue
            name = path.relative_to(root).as_posix()
            layer = layer_of(name)
            if layer is None:
                yield f"{name}:1: lies in a folder that is no layer"
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                directive = re.match(r"\s*(?:#|%:|\?\?=)\s*(include\w*|import)\b(.*)", line)
                if directive is None:
                    continue
                target = re.fullmatch(r'\s*([<"])([^">]+)[>"].*', directive[2])
                if directive[1] != "include" or target is None:
                    yield f"{name}:{number}: an include that this test cannot read"
                    continue
                fault = fault_of(layer, target[2], target[1] == '"',
                                 (path.parent / target[2]).is_file())
                if fault:
                    yield f"{name}:{number}: includes {target[2]}: {fault}"


# A file, a line to plant in it, and whether it is allowed.
PLANTED = [
    ("src/core/a.hpp", '#include "base/bytes.hpp"', True),
    ("src/core/a.hpp", '#include "core/b.hpp"', True),
    ("src/core/a.hpp", "#include <array>", True),
    ("src/core/a.hpp", '// #include "ref/ntt.hpp"', True),
    ("src/core/a.hpp", '#include "ref/ntt.hpp"', False),
    ("src/core/a.hpp", '  #  include "ref/ntt.hpp"', False),
    ("src/core/a.hpp", "#include <ref/ntt.hpp>", False),
    ("src/core/a.hpp", '#include "../ref/ntt.hpp"', False),
    ("src/core/a.hpp", '#include "core/../ref/ntt.hpp"', False),
    ("src/core/a.hpp", '#include "a.hpp"', False),
    ("src/core/a.hpp", '#include "latchkey/mlkem768.hpp"', False),
    ("src/core/a.hpp", "#include <immintrin.h>", False),
    ("src/core/a.hpp", "#include HEADER", False),
    ("src/core/a.hpp", '#include_next "core/b.hpp"', False),
    ("src/base/a.hpp", '#include "core/params.hpp"', False),
    ("src/base/a.cpp", "#include <cpuid.h>", True),
    ("src/ref/a.hpp", '#include "core/poly.hpp"', True),
    ("src/ref/a.hpp", '#include "avx2/ntt.hpp"', False),
    ("src/ref/a.hpp", "#include <cpuid.h>", False),
    ("src/avx2/a.hpp", "#include <immintrin.h>", True),
    ("src/avx2/a.hpp", '#include "ref/ntt.hpp"', False),
    ("src/avx2/a.hpp", '#include "avx512/keccak.hpp"', False),
    ("src/avx512/a.hpp", '#include "avx2/ntt.hpp"', True),
    ("src/avx512/a.hpp", '#include "ref/ntt.hpp"', False),
    ("src/dispatch/a.cpp", '#include "ref/rows.hpp"', True),
    ("src/dispatch/a.cpp", '#include "ref/ntt.hpp"', False),
    ("src/dispatch/a.cpp", '#include "avx2/vector.hpp"', False),
    ("src/dispatch/a.cpp", '#include "kem/prepared.hpp"', False),
    ("src/memory/a.cpp", "#include <sys/random.h>", True),
    ("src/memory/a.cpp", '#include "core/params.hpp"', False),
    ("src/kem/a.cpp", '#include "dispatch/dispatch.hpp"', True),
    ("src/kem/a.cpp", '#include "latchkey/derand.hpp"', True),
    ("src/kem/a.cpp", '#include "ref/rows.hpp"', False),
    ("src/kem/a.cpp", '#include "seal/xwing.hpp"', False),
    ("src/kem/a.cpp", "#include <openssl/evp.h>", False),
    ("src/seal/a.cpp", "#include <openssl/evp.h>", True),
    ("src/seal/a.cpp", '#include "core/mlkem.hpp"', False),
    ("src/cli/a.cpp", '#include "latchkey/mlkem768.hpp"', True),
    ("src/cli/a.cpp", '#include "a.cpp"', True),
    ("src/cli/a.cpp", '#include "b.hpp"', False),
    ("src/cli/a.cpp", '#include "kem/prepared.hpp"', False),
    ("examples/a.cpp", '#include "latchkey/mlkem768.hpp"', True),
    ("examples/a.cpp", "#include <latchkey/bind.hpp>", True),
    ("examples/a.cpp", '#include "kernels/oracle_mlkem.hpp"', True),
    ("examples/a.cpp", '#include "kernels/oracle.hpp"', False),
    ("examples/a.cpp", '#include "kem/prepared.hpp"', False),
    ("src/kem/a.cpp", '#include "kernels/oracle_mlkem.hpp"', False),
    ("include/latchkey/a.hpp", "#include <span>", True),
    ("include/latchkey/a.hpp", '#include "latchkey/result.hpp"', True),
    ("include/latchkey/a.hpp", '#include "base/mask.hpp"', False),
    ("include/latchkey/a.hpp", "#include <openssl/evp.h>", False),
    ("include/latchkey/a.hpp", "#include <unistd.h>", False),
    ("src/helpers/a.hpp", "#include <array>", False),
]


def self_test():
    wrong = 0
    for name, line, allowed in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True)
            path.write_text("// A file.\n" + line + "\n")
            found = list(faults_in(pathlib.Path(folder)))
        where = f"{name}:1:" if name.startswith("src/helpers") else f"{name}:2:"
        good = not found if allowed else len(found) == 1 and found[0].startswith(where)
        if not good:
            wrong += 1
            print(f"{name}: {line}: should be {'allowed' if allowed else 'reported'}: {found}")
    print(f"{len(PLANTED)} planted lines, {wrong} misjudged")
    return wrong


def main():
    if sys.argv[1] == "--self-test":
        return 1 if self_test() else 0
    faults = list(faults_in(pathlib.Path(sys.argv[1])))
    print("\n".join(faults) or "every include keeps to the layers")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
