#!/usr/bin/env python3
"""A program that ignores what the C functions return, which compilers have to warn of.

Compiles a call of each function that returns a status, and wants a warning for each. The argument
is the compiler's command.
"""

import pathlib
import re
import subprocess
import sys

INCLUDE = pathlib.Path(__file__).resolve().parent.parent.parent / "include"
HEADERS = [f"latchkey/{path.name}" for path in sorted((INCLUDE / "latchkey").glob("latchkey*.h"))]
DECLARATION = re.compile(r"^int (latchkey_\w+)\((.*?)\)[\w\s]*;", re.M | re.S)
# What gives a number that is no status.
NO_STATUS = {"latchkey_abi_version", "latchkey_has_protection_keys", "latchkey_kind_of_key_file",
             *(f"latchkey_{what}_is_locked" for what in ("enclave", "private_key", "secret")),
             *(f"latchkey_age_{what}"
               for what in ("is_file", "kind_of_identity", "kind_of_recipient"))}


def number_of_arguments(text):
    while (without := re.sub(r"\([^()]*\)", "", text)) != text:  # those of functions to be called
        text = without
    return 0 if text == "void" else text.count(",") + 1


def main():
    functions = {}
    for header in HEADERS:
        for name, arguments in DECLARATION.findall((INCLUDE / header).read_text()):
            functions[name] = number_of_arguments(arguments)
    lines = [*(f'#include "{header}"' for header in HEADERS), "int main(void) {"]
    called = {}
    for name, count in functions.items():
        lines.append(f"  {name}({', '.join(['0'] * count)});")
        called[len(lines)] = name
    done = subprocess.run([*sys.argv[1:], "-std=c99", f"-I{INCLUDE}", "-x", "c",
                           "-c", "-o", "/dev/null", "-"],
                          input="\n".join([*lines, "  return 0;", "}", ""]), capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        print(done.stderr)
        return 1
    warned = {called.get(int(line))
              for line in re.findall(r"^<stdin>:(\d+):.*unused-result", done.stderr, re.M)}
    silent = functions.keys() - warned - NO_STATUS
    for name in sorted(silent):
        print(f"{name}: nobody has to look at what it returns")
    print(f"{len(functions)} functions, {len(silent)} silent")
    return 1 if silent or len(functions) < 30 else 0


sys.exit(main())
