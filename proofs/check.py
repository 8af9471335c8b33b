#!/usr/bin/env python3
"""Checks the proofs, and that a wrong one is refused: check.py. Needs coqc and coqchk (Debian: coq).

All that is assumed stands in Primitives.v. The last line is `N passed, M failed`.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FILES = ["Bytes", "Primitives", "Kem", "XWing", "Hpke", "Bind", "Container", "Toy",
         "Examples"]  # each needs those before it
ASSUMING = r"\b(Axiom|Axioms|Parameter|Parameters|Conjecture|Admitted|admit|Abort|Unset|bypass_check)\b"

# What is made wrong, in which file: the text, and what takes its place. Coq has to refuse.
CONTROLS = [
    ("bind() does not hash the ciphertext", "Bind", "fields 8 [secret; c; ek; context].",
     "fields 8 [secret; ek; ek; context]."),
    ("fields stand without their lengths", "Bytes", "bytes := i2osp w (size x) ++ x.",
     "bytes := x."),
    ("a length keeps only its last byte", "Bytes", "| S w => i2osp w (n / 256) ++ [low_byte n]",
     "| S w => i2osp w 0 ++ [low_byte n]"),
    ("decapsulation does not compare", "Kem", "then shared_secret (ek dk) m' else J (z dk ++ c).",
     "then shared_secret (ek dk) m' else shared_secret (ek dk) m'."),
    ("the two-stage schedule does not hash info", "Hpke", '"info_hash" info.', '"info_hash" [].'),
    ("the exporter secret has the length of the AEAD's key", "Hpke",
     'expanded s ss info "exp" 32', 'expanded s ss info "exp" (key_length s)'),
    ("Export leaves its context out", "Hpke", "i2osp 2 32 ++ context)", "i2osp 2 32)"),
    ("the context is not in info", "Container", "label k ++ fields 8 [ek; context].",
     "label k ++ fields 8 [ek; ek]."),
    ("the aad is not in the digest", "Container", "H (header_bytes h ++ e ++ aad).",
     "H (header_bytes h ++ e)."),
    ("the commitment is not compared", "Container",
     "(if bytes_eq_dec (commitment c) (expected dk context aad c) then true else false).", "true."),
    ("opening does not ask the AEAD", "Container",
     "aead_open (aead_id s) (key s ss i) (nonce (base_nonce s ss i)) aad box.", "Some box."),
]


def compile_all(folder):
    """The first file that Coq refuses, or None; and what Coq printed."""
    printed = ""
    for name in FILES:
        run = subprocess.run(["coqc", "-q", "-Q", ".", "Latchkey", name + ".v"], cwd=folder,
                             capture_output=True, text=True, timeout=900)
        printed += run.stdout + run.stderr
        if run.returncode != 0:
            return name, printed
    return None, printed


def copy_to(folder):
    for name in FILES:
        shutil.copy(HERE / (name + ".v"), folder)


def theorems():
    """Everything that Toy.v asks the assumptions of."""
    return re.findall(r"^Print Assumptions (\w+)\.", (HERE / "Toy.v").read_text(), re.MULTILINE)


def without_comments(text):
    return re.sub(r"\(\*.*?\*\)", "", text, flags=re.DOTALL)


def check_proofs(report):
    with tempfile.TemporaryDirectory() as folder:
        copy_to(folder)
        refused, printed = compile_all(folder)
        report("every proof is accepted", refused is None, printed)
        if refused is not None:
            return
        closed = printed.count("Closed under the global context")
        report(f"the {len(theorems())} results assume nothing for the toy",
               closed == len(theorems()) and "Axioms:" not in printed, printed)
        checker = subprocess.run(["coqchk", "-silent", "-Q", ".", "Latchkey", "Latchkey.Toy"],
                                 cwd=folder, capture_output=True, text=True, timeout=1800)
        report("the independent checker accepts the compiled proofs", checker.returncode == 0,
               checker.stdout + checker.stderr)


def check_assumptions(report):
    report("an admitted lemma would be found",
           re.findall(ASSUMING, without_comments("(* Axiom *) Lemma x : False. Admitted."))
           == ["Admitted"], "")
    for name in FILES:
        if name != "Primitives":
            found = re.findall(ASSUMING, without_comments((HERE / (name + ".v")).read_text()))
            report(f"{name}.v assumes nothing and admits nothing", not found, str(found))
    stated = {name for file in FILES for name in re.findall(
        r"^ *(?:Theorem|Corollary) (\w+)", (HERE / (file + ".v")).read_text(), re.MULTILINE)}
    unasked = {name for name in theorems() if name not in stated}
    report("Toy.v asks about results that exist", not unasked, str(unasked))


def check_controls(report):
    for what, name, text, wrong in CONTROLS:
        with tempfile.TemporaryDirectory() as folder:
            copy_to(folder)
            file = pathlib.Path(folder, name + ".v")
            source = file.read_text()
            file.write_text(source.replace(text, wrong))
            refused, printed = (None, "the text to replace is not there, or twice")
            if source.count(text) == 1:
                refused, printed = compile_all(folder)
            report(f"refused, in {refused}.v: {what}", refused is not None, printed)


def main():
    counts = {True: 0, False: 0}

    def report(name, good, details):
        counts[good] += 1
        print(f"{'passed' if good else 'FAILED'}  {name}", flush=True)
        if not good:
            print(details)

    check_assumptions(report)
    check_proofs(report)
    check_controls(report)
    print(f"{counts[True]} passed, {counts[False]} failed")
    return 1 if counts[False] else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(__doc__)
        sys.exit(0 if sys.argv[1] in ("-h", "--help") else 2)
    for tool in ("coqc", "coqchk"):
        if shutil.which(tool) is None:
            sys.exit(f"check.py: {tool} is not installed; Debian's package is coq")
    sys.exit(main())
