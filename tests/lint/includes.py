#!/usr/bin/env python3
"""Checks who includes whom: every #include line of src, include and examples against the layers.

usage: includes.py SOURCE_ROOT | --self-test
"""

import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import backends  # noqa: E402



def read_layers():
    """What each folder may include besides itself, from src/layers.txt."""
    layers = {}
    for line in (pathlib.Path(__file__).parents[2] / "src/layers.txt").read_text().splitlines():
        if not line.startswith("#"):
            folder, _, allowed = (field.strip() for field in line.split("|"))
            is_below_base = folder in ("include/latchkey", "src/base", "src/text", "src/cli")
            layers[folder] = [*([] if is_below_base else ["base/"]), *allowed.split()]
    for backend in backends.BACKENDS.values():
        parent = [f"{backend.parent}/"] if backend.parent else []
        layers[f"src/{backend.name}"] = ["base/", "mlkem/", *parent]
    # The examples use the tests' plain ML-KEM as a library that checks nothing.
    layers["examples"] = ["latchkey/", "mlkem/oracle_mlkem.hpp", "seal/two_faced.hpp"]
    return layers


LAYERS = read_layers()
# Programs: without src in their search path, they name the files beside them without a folder.
NEIGHBOURS = ["src/cli", "examples"]
# Who may use what is neither ours nor the language's: folders, and files. Of X25519's folder, whose
# other files are for every CPU, these alone have intrinsics: each wraps one kind of register.
FOREIGN = {
    re.compile(r"\w*intrin\.h"): [*(f"src/{backend.name}" for backend in backends.BACKENDS.values()
                                     if backend.flags), "src/x25519/ymm.hpp", "src/x25519/zmm.hpp"],
    re.compile(r"cpuid\.h"): ["src/base"],
    re.compile(r"valgrind/.*"): ["src/base"],
    re.compile(r"openssl/.*"): ["src/crypto", "src/keyfile", "src/provider", "examples",
                               *(f"src/cli/{name}" for name in (
                                   "openssl_errors.cpp", "openssl_owned.hpp", "tls_check.cpp",
                                   "tls_config.cpp", "tls_context.cpp", "tls_handshake.cpp"))],
}
# Public headers want nothing but the standard library, C's included, for the C header.
STANDARD = re.compile(r"[a-z_]+|std(int|def|bool)\.h")
SOURCES = {".hpp", ".cpp", ".h", ".c", ".inc"}


def fault_of(file, folder, target, quoted, beside):
    """What is wrong with including `target` from `file` of `folder`, or None. `beside`: a file of that
    name lies beside the one that includes it."""
    name = folder.removeprefix("src/").removeprefix("include/")
    ours = {layer.split("/")[1] for layer in LAYERS if layer != "examples"}
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
        if pattern.fullmatch(target) and folder not in users and file not in users:
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
                fault = fault_of(name, layer, target[2], target[1] == '"',
                                 (path.parent / target[2]).is_file())
                if fault:
                    yield f"{name}:{number}: includes {target[2]}: {fault}"


def faults_in_documentation(text):
    """Where the table of folders in docs/architecture.md differs from the list."""
    rows = dict(re.findall(r"^\| `([\w/]+)` \| [\w-]* ?\| ([^|]*)\| ", text, re.M))
    for layer, allowed in LAYERS.items():
        wanted = ", ".join(f"`{name}`" for name in allowed if name != "base/")
        if layer != "examples" and rows.get(layer, "?").strip() != wanted:
            yield (f"docs/architecture.md: {layer} may include '{wanted}' by src/layers.txt, "
                   f"and '{rows.get(layer, 'nothing')}' by the table")


# A file, a line to put into it, and whether it is allowed.
INJECTED = [
    ("src/mlkem/a.hpp", '#include "base/bytes.hpp"', True),
    ("src/mlkem/a.hpp", '#include "mlkem/b.hpp"', True),
    ("src/mlkem/a.hpp", "#include <array>", True),
    ("src/mlkem/a.hpp", '// #include "ref/ntt.hpp"', True),
    ("src/mlkem/a.hpp", '#include "ref/ntt.hpp"', False),
    ("src/mlkem/a.hpp", '  #  include "ref/ntt.hpp"', False),
    ("src/mlkem/a.hpp", "#include <ref/ntt.hpp>", False),
    ("src/mlkem/a.hpp", '#include "../ref/ntt.hpp"', False),
    ("src/mlkem/a.hpp", '#include "mlkem/../ref/ntt.hpp"', False),
    ("src/mlkem/a.hpp", '#include "a.hpp"', False),
    ("src/mlkem/a.hpp", '#include "latchkey/mlkem768.hpp"', False),
    ("src/mlkem/a.hpp", "#include <immintrin.h>", False),
    ("src/mlkem/a.hpp", "#include HEADER", False),
    ("src/mlkem/a.hpp", '#include_next "mlkem/b.hpp"', False),
    ("src/base/a.hpp", '#include "mlkem/params.hpp"', False),
    ("src/base/a.cpp", "#include <cpuid.h>", True),
    ("src/ref/a.hpp", '#include "mlkem/poly.hpp"', True),
    ("src/ref/a.hpp", '#include "avx2/ntt.hpp"', False),
    ("src/ref/a.hpp", "#include <cpuid.h>", False),
    ("src/avx2/a.hpp", "#include <immintrin.h>", True),
    ("src/avx2/a.hpp", '#include "ref/ntt.hpp"', False),
    ("src/avx2/a.hpp", '#include "avx512/keccak.hpp"', False),
    ("src/avx512/a.hpp", '#include "avx2/ntt.hpp"', True),
    ("src/avx512/a.hpp", '#include "ref/ntt.hpp"', False),
    ("src/x25519/a.hpp", '#include "base/entry.hpp"', True),
    ("src/x25519/a.hpp", '#include "mlkem/poly.hpp"', False),
    ("src/x25519/a.hpp", '#include "latchkey/result.hpp"', False),
    ("src/x25519/a.hpp", "#include <immintrin.h>", False),
    ("src/x25519/zmm.hpp", "#include <immintrin.h>", True),
    ("src/mlkem/zmm.hpp", "#include <immintrin.h>", False),
    ("src/dispatch/a.cpp", '#include "backends.inc"', True),
    ("src/dispatch/a.cpp", '#include "x25519/table.hpp"', True),
    ("src/dispatch/a.cpp", '#include "ref/ntt.hpp"', False),
    ("src/dispatch/a.cpp", '#include "avx2/vector.hpp"', False),
    ("src/dispatch/a.cpp", '#include "api/access.hpp"', False),
    ("src/memory/a.cpp", "#include <sys/random.h>", True),
    ("src/memory/a.cpp", '#include "mlkem/params.hpp"', False),
    ("src/api/a.cpp", '#include "dispatch/dispatch.hpp"', True),
    ("src/api/a.cpp", '#include "latchkey/derand.hpp"', True),
    ("src/api/a.cpp", '#include "ref/ntt.hpp"', False),
    ("src/api/a.cpp", '#include "seal/xwing.hpp"', False),
    ("src/api/a.cpp", "#include <openssl/evp.h>", False),
    ("src/seal/a.cpp", "#include <openssl/evp.h>", False),
    ("src/crypto/a.cpp", "#include <openssl/evp.h>", True),
    ("src/seal/a.cpp", '#include "mlkem/mlkem.hpp"', False),
    ("src/hybrid/a.cpp", '#include "x25519/table.hpp"', True),
    ("src/hybrid/a.cpp", '#include "crypto/aead.hpp"', False),
    ("src/hybrid/a.cpp", "#include <openssl/evp.h>", False),
    ("src/crypto/a.cpp", '#include "x25519/table.hpp"', False),
    ("src/cli/a.cpp", '#include "latchkey/mlkem768.hpp"', True),
    ("src/cli/a.cpp", '#include "a.cpp"', True),
    ("src/cli/a.cpp", '#include "b.hpp"', False),
    ("src/cli/a.cpp", '#include "api/access.hpp"', False),
    ("examples/a.cpp", '#include "latchkey/mlkem768.hpp"', True),
    ("examples/a.cpp", "#include <latchkey/bind.hpp>", True),
    ("examples/a.cpp", '#include "mlkem/oracle_mlkem.hpp"', True),
    ("examples/a.cpp", '#include "mlkem/oracle.hpp"', False),
    ("examples/a.cpp", '#include "api/access.hpp"', False),
    ("src/seal/a.cpp", '#include "mlkem/oracle_mlkem.hpp"', False),
    ("include/latchkey/a.hpp", "#include <span>", True),
    ("include/latchkey/a.hpp", '#include "latchkey/result.hpp"', True),
    ("include/latchkey/a.hpp", '#include "base/mask.hpp"', False),
    ("include/latchkey/a.hpp", "#include <openssl/evp.h>", False),
    ("include/latchkey/a.hpp", "#include <unistd.h>", False),
    ("src/helpers/a.hpp", "#include <array>", False),
]


def self_test():
    wrong = 0
    for name, line, allowed in INJECTED:
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
    text = (pathlib.Path(__file__).parents[2] / "docs/architecture.md").read_text()
    wrong += len(list(faults_in_documentation(text.replace("`mlkem/`", "", 1)))) != 1
    print(f"{len(INJECTED) + 1} lines, {wrong} evaluated wrongly")
    return wrong


def main():
    if sys.argv[1] == "--self-test":
        return 1 if self_test() else 0
    root = pathlib.Path(sys.argv[1])
    faults = [*faults_in(root),
              *faults_in_documentation((root / "docs/architecture.md").read_text())]
    print("\n".join(faults) or "every include keeps to the layers")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
