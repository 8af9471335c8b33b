#!/usr/bin/env python3
"""No code of a backend, or of a form of X25519, is entered while another one is in use: programs run
with every instruction of the others overwritten by a trap.

usage: deselected_test.py LATCHKEY_KAT API_TESTS FORMS KAT_FOLDER
       deselected_test.py --trap NAMES PROGRAM COPY

NAMES are backends and forms.
"""

import collections
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import known_answers

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import backends  # noqa: E402

TRAP = b"\xcc"  # int3

Function = collections.namedtuple("Function", "name offset size")  # the offset is in the file


def readelf(option, program):
    return subprocess.run(["readelf", option, program], capture_output=True, text=True,
                          check=True).stdout.splitlines()


def code_of(program):
    """Returns {backend or form: [Function]}.

    The functions of each are local to its one source file, and a symbol table has the local symbols
    of a file behind its name. Namespaces tell less: avx512 has functions of avx2's headers.
    """
    segments = [tuple(int(number, 16) for number in found.groups())
                for line in readelf("-lW", program)
                if (found := re.match(r"  LOAD +0x(\w+) 0x(\w+) 0x\w+ 0x(\w+) .* R E ", line))]
    code, file = {}, None
    for line in readelf("-sW", program):
        fields = line.split()
        if len(fields) < 7 or not fields[0].rstrip(":").isdigit():
            continue
        name = fields[7] if len(fields) > 7 else ""
        if fields[3] == "FILE":
            file = name.removesuffix(".cpp")
        elif fields[4] != "LOCAL":
            file = None
        elif fields[3] == "FUNC" and file in (*backends.NAMES, *backends.FORMS):
            address, size = int(fields[1], 16), int(fields[2], 0)
            (offset,) = {start + address - at for start, at, length in segments
                         if at <= address < at + length}
            code.setdefault(file, []).append(Function(name, offset, size))
    return code


def overwrite(functions, program, copy):
    """Copies the program with a trap for every byte of the functions. Returns how many bytes."""
    image, count = bytearray(pathlib.Path(program).read_bytes()), 0
    for function in functions:
        image[function.offset:function.offset + function.size] = TRAP * function.size
        count += function.size
    pathlib.Path(copy).write_bytes(image)
    shutil.copymode(program, copy)
    return count


def trap(names, program, copy):
    code = code_of(program)
    return overwrite([function for name in names for function in code[name]], program, copy)


def run_vectors(program, backend):
    # Without accumulated figures: for these the runner itself borrows the Keccak of ref.
    return subprocess.run([program, "--backend", backend, "--no-accumulated",
                           *known_answers.vectors(FOLDER, False)], capture_output=True, text=True)


class DeselectedTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.copy = os.path.join(folder.name, "program")
        self.supported = known_answers.backends_of([RUNNER], "--backend", "all")
        # The form that is used beside each.
        said = subprocess.run([FORMS], capture_output=True, text=True, check=True).stdout
        self.form_beside = dict(line.split() for line in said.splitlines())

    def all_but(self, backend, program):
        used, built = {backend, self.form_beside[backend]}, code_of(program)
        self.assertLessEqual(used, built.keys())
        return [other for other in built if other not in used]

    def test_known_answers_enter_no_other_backend(self):
        for backend in self.supported:
            trap(self.all_but(backend, RUNNER), RUNNER, self.copy)
            result = run_vectors(self.copy, backend)
            self.assertEqual(result.returncode, 0, backend + result.stdout + result.stderr)

    def test_no_public_operation_enters_another_backend(self):
        for backend in self.supported:
            trap(self.all_but(backend, API_TESTS), API_TESTS, self.copy)
            result = subprocess.run([self.copy], capture_output=True, text=True,
                                    env=os.environ | {"LATCHKEY_BACKEND": backend})
            self.assertEqual(result.returncode, 0, backend + result.stdout + result.stderr)

    def test_entering_a_backend_that_is_trapped_would_be_seen(self):
        for backend in self.supported:
            self.assertGreater(trap([backend], RUNNER, self.copy), 8192)
            result = run_vectors(self.copy, backend)
            self.assertEqual(result.returncode, -signal.SIGTRAP, backend + result.stdout)

    def test_one_form_of_x25519_is_entered_and_that_would_be_seen(self):
        for backend in self.supported:
            entered = []
            for form in set(code_of(RUNNER)) & set(backends.FORMS):
                self.assertGreater(trap([form], RUNNER, self.copy), 8192)
                result = run_vectors(self.copy, backend)
                self.assertIn(result.returncode, (0, -signal.SIGTRAP), result.stdout)
                entered += [form] if result.returncode else []
            self.assertEqual(entered, [self.form_beside[backend]], backend)

    def test_entering_a_single_kernel_that_is_trapped_would_be_seen(self):
        for backend in self.supported:
            # Those of core are for tests of kernels.
            permutations = [function for function in code_of(RUNNER)[backend]
                            if "keccak_f1600" in function.name and "5mlkem" not in function.name]
            self.assertNotEqual(permutations, [])
            for function in permutations:
                overwrite([function], RUNNER, self.copy)
                result = run_vectors(self.copy, backend)
                self.assertEqual(result.returncode, -signal.SIGTRAP, function.name + result.stdout)


if __name__ == "__main__":
    if sys.argv[1] == "--trap":
        trap(sys.argv[2].split(","), *sys.argv[3:])
    else:
        RUNNER, API_TESTS, FORMS, FOLDER = sys.argv[1:]
        unittest.main(argv=sys.argv[:1])
