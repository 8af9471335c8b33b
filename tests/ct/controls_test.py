#!/usr/bin/env python3
"""The check finds planted mistakes, and only those: controls_test.py PLANTED VALGRIND OPTION...

Each mistake must be reported in the function that makes it, and nowhere else.
"""

import subprocess
import sys
import unittest

PLANTED, MEMCHECK = sys.argv[1], sys.argv[2:]
BRANCH = "Conditional jump or move depends on uninitialised value(s)"
INDEX = "Use of uninitialised value of size 8"


def run(mistake):
    return subprocess.run([*MEMCHECK, PLANTED, mistake], capture_output=True, text=True)


class ControlsTest(unittest.TestCase):
    def assert_caught(self, mistake, complaint, function):
        result = run(mistake)
        self.assertEqual(result.returncode, 9, result.stderr)
        lines = result.stderr.splitlines()
        reports = [i for i, line in enumerate(lines) if "uninitialised" in line]
        self.assertNotEqual(reports, [], result.stderr)
        for i in reports:  # an unrolled loop has several
            self.assertIn(complaint, lines[i])
            self.assertIn(function, lines[i + 1])

    def test_the_library_used_as_it_should_be_is_clean(self):
        result = run("none")
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_a_branch_on_a_shared_secret_is_caught(self):
        self.assert_caught("branch", BRANCH, "planted_branch")

    def test_a_branch_on_the_secret_of_implicit_rejection_is_caught(self):
        self.assert_caught("branch-on-rejection", BRANCH, "planted_branch")

    def test_a_branch_on_a_secret_of_a_batch_is_caught(self):
        self.assert_caught("branch-in-batch", BRANCH, "planted_branch")
        self.assert_caught("branch-on-rejection-in-batch", BRANCH, "planted_branch")

    def test_a_table_looked_up_at_a_secret_index_is_caught(self):
        self.assert_caught("index", INDEX, "planted_index")

    def test_a_comparison_that_stops_early_is_caught(self):
        self.assert_caught("early-exit", BRANCH, "planted_early_exit")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
