#!/usr/bin/env python3
"""Checks that secrets become public where they may, and nowhere else.

usage: declassified.py SOURCE_ROOT | --self-test
"""

import collections
import pathlib
import re
import sys

# What is sent in the clear: rho and the rest of the encapsulation key, and the ciphertext. And what
# a caller is told anyway: whether a key is consistent, whether two buffers are equal.
PINNED = collections.Counter({
    # rho, the end of the encapsulation key
    ("mlkem/schedule_keygen.hpp", "rho_of(pub).data(), kSymBytes"): 1,
    # ek: the encoded t_hat of a new key; that of an imported key, and H(ek)
    ("mlkem/kpke.hpp", "encoded.data(), encoded.size()"): 1,
    ("mlkem/keys.hpp", "ek.data(), ek.size()"): 1,
    ("mlkem/keys.hpp", "h.data(), h.size()"): 1,
    # whether all coefficients of an imported s_hat are below q: one bit, which the caller is told
    ("mlkem/keys.hpp", "&not_reduced, sizeof not_reduced"): 1,
    # c
    ("api/encapsulation_key.cpp", "result->ciphertext.data(), result->ciphertext.size()"): 1,
    ("api/incremental.cpp", "start->c1.data(), start->c1.size()"): 1,
    ("api/incremental.cpp", "end->c2.data(), end->c2.size()"): 1,
    ("api/batch.cpp", "result.ciphertext.data(), result.ciphertext.size()"): 1,
    ("c_api/core/mlkem_bytes.cpp", "ciphertext.data(), ciphertext.size()"): 1,
    ("hybrid/hybrid.cpp", "ct.data(), ct.size()"): 1,
    ("hybrid/tls.cpp", "share.data(), share.size()"): 1,
    ("hybrid/xwing_batch.cpp", "ct.data(), ct.size()"): 1,
    # the verdict of the pairwise consistency test
    ("api/shared_secret.cpp", "&differ, sizeof differ"): 1,
    # the result of comparing two buffers
    ("memory/locked_buffer.cpp", "&difference, sizeof difference"): 1,
    # a sealed message, and the commitment before it; whether a received one is right
    ("crypto/aead.cpp", "box.data(), box.size()"): 1,
    ("seal/container.cpp", "commitment.data(), commitment.size()"): 1,
    ("seal/container.cpp", "&differs, sizeof differs"): 1,
    ("c_api/core/secret.cpp", "&differs, sizeof differs"): 1,
    # whether a key file is well-formed and its two keys are one; whether a header's MAC is right
    ("encoding/base64.cpp", "&wrong, sizeof wrong"): 1,
    ("keyfile/plain_key.cpp", "&differs, sizeof differs"): 1,
    ("encoding/bech32.cpp", "&wrong, sizeof wrong"): 1,
    ("age/mac.cpp", "&differs, sizeof differs"): 1,
    # an X25519 public key; whether a peer's gives zeros
    ("hybrid/x25519.cpp", "pub.data(), pub.size()"): 1,
    ("hybrid/x25519.cpp", "&differs, sizeof differs"): 1,
    # whether a scalar of P-256 or P-384 is one; its public key
    ("crypto/nist_curve.cpp", "&is_valid, sizeof is_valid"): 1,
    ("crypto/nist_curve.cpp", "out.data(), out.size()"): 1,
    # the scalar itself while libcrypto has it: its curves are not checked
    ("crypto/nist_curve.cpp", "scalar.data(), scalar.size()"): 1,
})
DEFINITION = "base/secrecy.hpp"


def calls_in(name, text):
    """Yields ((file, arguments), whether a comment says why)."""
    lines = text.splitlines()
    for match in re.finditer(r"\b(?:declassify\(|VALGRIND_MAKE_MEM_DEFINED)([^;]*?)\)?;", text):
        line = text.count("\n", 0, match.start())
        reason = "//" in lines[line] or lines[max(line - 1, 0)].lstrip().startswith("//")
        yield (name, " ".join(match[1].split())), reason


def faults_in(sources):
    """sources: {file: text}"""
    found = collections.Counter()
    for name, text in sources.items():
        if name == DEFINITION:
            continue
        for call, reason in calls_in(name, text):
            found[call] += 1
            if not reason:
                yield f"{name}: declassify({call[1]}) does not say why"
    for (name, arguments), count in (found - PINNED).items():
        yield f"{name}: declassify({arguments}): {count} more than in the list"
    for (name, arguments), count in (PINNED - found).items():
        yield f"{name}: declassify({arguments}): {count} fewer than in the list"


def self_test():
    good = collections.defaultdict(str)
    for name, arguments in PINNED:
        good[name] += f"  base::declassify({arguments});  // public\n"
    broken = {
        "a call that is not in the list": {"mlkem/kpke.hpp": "base::declassify(m, 32);  // why\n"},
        "one twice": {"api/batch.cpp": good["api/batch.cpp"] * 2},
        "one that is gone": {"api/batch.cpp": ""},
        "another size": {"mlkem/keys.hpp": good["mlkem/keys.hpp"].replace("h.size()", "64")},
        "a request to valgrind": {"mlkem/kpke.hpp": "VALGRIND_MAKE_MEM_DEFINED(m, 32);  // why\n"},
        "no reason": {"api/batch.cpp": good["api/batch.cpp"].replace("  // public", "")},
        "over two lines": {"mlkem/kpke.hpp": "// why\nbase::declassify(\n    m, 32);\n"},
    }
    wrong = [name for name, change in broken.items() if not list(faults_in({**good, **change}))]
    if list(faults_in(good)):
        wrong.append("the list itself")
    print(f"{len(broken) + 1} cases, evaluated wrongly: {wrong}")
    return 1 if wrong else 0


def main():
    if sys.argv[1] == "--self-test":
        return self_test()
    root = pathlib.Path(sys.argv[1]) / "src"
    sources = {str(path.relative_to(root)): path.read_text(encoding="utf-8")
               for path in sorted(root.rglob("*.[ch]pp")) if "cli" not in path.parts}
    faults = list(faults_in(sources))
    print("\n".join(faults) or f"{sum(PINNED.values())} calls, each in the list")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
