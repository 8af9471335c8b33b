#!/usr/bin/env python3
"""A program that uses one parameter set of ML-KEM has no code of the others, if its linker drops what
is not used.

usage: one_set.py INCLUDE_FOLDER LIBRARY COMPILER... | --skip

LIBRARY is liblatchkey.a.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

SKIP = 77

PROGRAM = """\
#include <latchkey/derand.hpp>
template <latchkey::MlKem set>
bool works() {{
  const auto key = latchkey::MlKemDecapsulationKey<set>::generate();
  if (!key) return false;
  const auto sent = key->encapsulation_key().encapsulate();
  return sent && key->decapsulate(sent->ciphertext);
}}
int main() {{ return {} ? 0 : 1; }}
"""


def sets_in(folder, library, compiler, sets):
    """The sets whose functions' tables are in a program that uses those. (Of two functions that are the
    same, the compiler keeps one, so their names tell less.)"""
    source, program = folder / "program.cpp", folder / "program"
    source.write_text(PROGRAM.format(" && ".join(f"works<latchkey::MlKem::k{n}>()" for n in sets)))
    subprocess.run([*compiler, "-std=c++20", "-O1", "-DLATCHKEY_STATIC", "-I", INCLUDE, str(source),
                    library, "-pthread", "-Wl,--gc-sections", "-o", str(program)], check=True)
    subprocess.run([program], check=True)
    symbols = subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout
    return {int(number) for number in re.findall(r"kem_table_(\d+)E", symbols)}


def main():
    global INCLUDE
    if sys.argv[1] == "--skip":
        print("skipped: not an optimised build without instrumentation")
        return SKIP
    INCLUDE, library, *compiler = sys.argv[1:]
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        for sets in ([512], [768], [1024], [512, 1024]):
            found = sets_in(pathlib.Path(name), library, compiler, sets)
            if found != set(sets):
                wrong += 1
                print(f"a program for {sets} has {found}")
    print(f"{wrong} programs with code of a set that they do not use")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
