#!/usr/bin/env python3
"""Finds instructions whose time depends on their operands in machine code: scan.py FILE...

FILE is an object, an archive or a program for x86-64. `--self-test COMPILER...` scans an injected
object. Exits with 1 if a function that ALLOWED does not name has such an instruction.
"""

import collections
import pathlib
import re
import subprocess
import sys
import tempfile

# What each kind is forbidden for, as memcheck sees none of them but gathers and comparisons.
FORBIDDEN = {
    # 64 bits take between 7 and 95 cycles, by the size of the quotient.
    "division": r"i?div[bwlq]?",
    # Subnormal operands can cost a hundred cycles; divisions and roots depend on all operands.
    "floating point": r"v?(add|sub|mul|div|sqrt|rcp|rsqrt|min|max|cmp|u?comi|round|dp|cvt\w*2?)"
                      r"[sp][sdh]|v?fn?m(add|sub)\w*[sp][sdh]|v?cvt\w+|f(?!xsave|xrstor)\w+",
    # One address a lane, each from a register.
    "gather or scatter": r"v?p?(gather|scatter)\w+",
    # Stops at the first byte that differs, or that is equal.
    "string comparison": r"rep\w* (cmps|scas)[bwlq]?|cmps[bwlq]|scas[bwlq]?",
    # Microcode on AMD before Zen 3: one step for each bit of the mask.
    "pdep or pext": r"p(dep|ext)[lq]?",
    # To memory: microcode on AMD Zen 4, by the mask; and the addresses depend on it.
    "compress or expand": r"vp?(compress|expand)\w*",
    "table look-up by al": r"xlat[b]?",
}
FORBIDDEN_NAME = re.compile("|".join(
    f"(?P<k{i}>{pattern})" for i, pattern in enumerate(FORBIDDEN.values())))
KINDS = list(FORBIDDEN)

# (functions, kind, reason). Whatever is not here is a failure.
ALLOWED = [
    (r"latchkey::memory::(\(anonymous namespace\)::)?(make_chunk|allocate_slot|allocate_single|"
     r"allocate_many)\(.*", "division",
     "sizes and numbers of slots: what a secret is for, never what it is"),
    (r"latchkey::age::internal::is_payload_size\(.*", "division", "the size of a file"),
]

PREFIXES = ("rep", "repz", "repnz", "repe", "repne")


def disassemble(path):
    """Yields (function, address, instruction) of the sections with code."""
    result = subprocess.run(["objdump", "-d", "-C", "--no-show-raw-insn", path],
                            capture_output=True, text=True, check=True)
    function = None
    for line in result.stdout.splitlines():
        if line.endswith(">:"):
            function = line[line.index("<") + 1:-2]
        elif line.startswith(" ") and ":\t" in line:
            address, _, instruction = line.partition(":\t")
            yield function, address.strip(), instruction.strip()


def kind_of(instruction):
    """Which kind of FORBIDDEN an instruction is, or None."""
    words = instruction.split()
    while words and words[0] in ("lock", "bnd", "notrack", "data16", "cs", "ds"):
        words.pop(0)
    if not words:
        return None
    name = " ".join(words[:2]) if words[0] in PREFIXES else words[0]
    found = FORBIDDEN_NAME.fullmatch(name)
    return KINDS[int(found.lastgroup[1:])] if found else None


def is_allowed(function, kind):
    return any(kind == allowed and re.fullmatch(names, function)
               for names, allowed, _ in ALLOWED)


def scan(path):
    """Returns (faults, functions, instructions, allowed uses)."""
    faults, functions, count, allowed = [], set(), 0, collections.Counter()
    for function, address, instruction in disassemble(path):
        functions.add(function)
        count += 1
        kind = kind_of(instruction)
        if kind is None:
            continue
        if is_allowed(function, kind):
            allowed[function, kind] += 1
        else:
            faults.append(f"{path}: {kind} in {function} at {address}: {instruction}")
    if count == 0:
        faults.append(f"{path}: no code")
    return faults, len(functions), count, allowed


# ---- Self-test

# One of each kind, and what looks alike and takes a time that is always the same.
BAD = {
    "division": ["divq %rcx", "idivl (%rdi)", "divb %cl"],
    "floating point": ["vdivps %ymm0, %ymm1, %ymm2", "sqrtsd %xmm0, %xmm1", "addss %xmm0, %xmm1",
                       "vfmadd231pd %ymm0, %ymm1, %ymm2", "cvtsi2sd %rax, %xmm0", "fdivp"],
    "gather or scatter": ["vpgatherdd %ymm0, (%rdi,%ymm1,4), %ymm2",
                          "vpscatterdd %zmm1, (%rdi,%zmm2,4){%k1}",
                          "vgatherqpd %ymm0, (%rdi,%ymm1,8), %ymm2"],
    "string comparison": ["repe cmpsb", "repne scasb", "cmpsq"],
    "pdep or pext": ["pdep %rax, %rbx, %rcx", "pextl %eax, %ebx, %ecx"],
    "compress or expand": ["vpcompressd %zmm0, (%rdi){%k1}", "vpcompressw %ymm0, %ymm1{%k1}"],
    "table look-up by al": ["xlatb"],
}
GOOD = ["imulq %rax, %rbx", "rep stosq", "rep movsq", "vpmulhw %ymm0, %ymm1, %ymm2", "paddd %xmm0, "
        "%xmm1", "vxorps %ymm0, %ymm1, %ymm2", "vmovaps %ymm0, %ymm1", "pextrq $1, %xmm0, %rax",
        "vpermq $216, %ymm0, %ymm1", "vmovsd (%rdi), %xmm0", "cmpl %eax, %ebx", "vunpcklps %xmm0, "
        "%xmm1, %xmm2", "vblendps $1, %ymm0, %ymm1, %ymm2", "shlq %cl, %rax", "cmovne %rax, %rbx"]


def self_test(compiler):
    """Returns the number of instructions that were evaluated wrongly."""
    wrong = 0
    cases = [(kind, text) for kind, texts in BAD.items() for text in texts]
    cases += [(None, text) for text in GOOD]
    with tempfile.TemporaryDirectory() as folder:
        source, injected = pathlib.Path(folder, "injected.s"), pathlib.Path(folder, "injected.o")
        # A function of its own for each.
        source.write_text("".join(f"f{i}:\n\t{text}\n" for i, (_, text) in enumerate(cases)))
        subprocess.run([*compiler, "-c", source, "-o", injected], check=True)
        faults = scan(injected)[0]
        for i, (kind, text) in enumerate(cases):
            found = [fault for fault in faults if f" in f{i} at " in fault]
            if len(found) != (kind is not None) or (kind and f": {kind} in " not in found[0]):
                wrong += 1
                print(f"{text}: expected {kind}, found {found}")
    allowed = "latchkey::memory::allocate_slot(unsigned long)"
    for function, kind, expected in ((allowed, "division", True),
                                     (allowed, "pdep or pext", False),
                                     ("latchkey::mlkem::allocate_slot(int)", "division", False)):
        if is_allowed(function, kind) != expected:
            wrong += 1
            print(f"{kind} in {function}: {'not ' if expected else ''}allowed")
    print(f"{len(cases) + 3} instructions, {wrong} evaluated wrongly")
    return wrong


def main():
    if sys.argv[1:2] == ["--self-test"]:
        return 1 if self_test(sys.argv[2:]) else 0
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__)
        return 0 if "--help" in sys.argv else 2
    failed = 0
    for path in sys.argv[1:]:
        faults, functions, count, allowed = scan(path)
        failed += bool(faults)
        print("\n".join(faults) or f"{path}: {count} instructions in {functions} functions, "
              f"{sum(allowed.values())} forbidden ones, all in the list of exceptions")
    print(f"{len(sys.argv) - 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
