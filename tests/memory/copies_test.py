#!/usr/bin/env python3
"""Several static copies of the library in one process: copies_test.py INCLUDE ARCHIVE COMPILER...

A program and plugins are compiled against the static library by each compiler that is there, with
little optimisation, which leaves the inline members of the public headers in the object files. The
dynamic linker could then take one copy's for another's.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

INCLUDE, ARCHIVE, *COMPILERS = sys.argv[1:]
SOURCES = pathlib.Path(__file__).parent / "copies"
DEFINE = "-DLATCHKEY_STATIC"


class Copies(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def compile(self, compiler, output, *arguments):
        subprocess.run([*compiler.split(), "-std=c++20", "-fPIC", "-I", INCLUDE, *arguments, ARCHIVE,
                        "-pthread", "-ldl", "-o", self.folder / output], check=True)
        return self.folder / output

    def build(self, compiler, *flags):
        """A program with a copy, one without, and two plugins with a copy each."""
        plugin = SOURCES / "plugin.cpp"
        program = SOURCES / "program.cpp"
        first = self.compile(compiler, "a.so", *flags, "-shared", plugin)
        second = shutil.copy(first, self.folder / "b.so")
        return (self.compile(compiler, "with", *flags, "-rdynamic", "-DWITH_COPY", program, plugin),
                self.compile(compiler, "without", *flags, program), first, second)

    def call(self, function, program, *plugins):
        return subprocess.run([program, function, *plugins], capture_output=True, text=True,
                              timeout=60)

    def test_no_copy_leaves_a_secret_unwiped(self):
        for compiler in COMPILERS:
            for level in ("-O0", "-Os"):
                for defines in ((DEFINE,), ()):
                    program, bare, first, second = self.build(compiler, level, *defines)
                    for run in ((program, first), (program, first, second), (bare, first, second)):
                        with self.subTest(compiler=compiler, level=level, defines=defines,
                                          copies=[path.name for path in map(pathlib.Path, run)]):
                            copies = len(run) - (run[0] == bare)
                            for function in ("unwiped", "buffers")[:1 + len(defines)]:
                                done = self.call(function, *run)
                                self.assertEqual(done.stderr, "")
                                self.assertEqual(done.stdout, "0\n" * copies)
                                self.assertEqual(done.returncode, 0)

    def test_copies_that_are_mixed_up_end_the_process_and_say_why(self):
        program, bare, first, second = self.build(COMPILERS[0], "-O0")
        for run in ((program, first), (bare, first, second)):
            done = self.call("buffers", *run)
            self.assertEqual(done.stderr, "latchkey: a secret of another copy of the library was "
                             "used; compile with -DLATCHKEY_STATIC what uses the static library; "
                             "all secrets are wiped\n")
            self.assertEqual(done.returncode, -6)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
