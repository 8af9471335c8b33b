#!/usr/bin/env python3
"""The library chooses what an emulated CPU can run: emulated_cpu_test.py QEMU INSTRUCTION
LATCHKEY_KAT FORMS KAT_FOLDER BACKEND...

The backends are those that the build contains. qemu-user has no AVX-512: avx512.sh tests that.
"""

import os
import signal
import subprocess
import sys
import unittest

import known_answers

QEMU, INSTRUCTION, RUNNER, FORMS, FOLDER = sys.argv[1:6]
BUILT = sys.argv[6:]
SETS = ("popcnt", "bmi1", "bmi2", "avx", "avx2", "adx")
# A CPU, the backends that it can run, and the instruction sets that it lacks. Not among them is
# "Haswell,-bmi1": Debian 12's libc itself uses BMI1 where there is AVX2.
OLD = ("Nehalem", ["ref"], ("bmi1", "bmi2", "avx", "avx2", "adx"))
NO_AVX2 = ("IvyBridge", ["ref"], ("bmi1", "bmi2", "avx2", "adx"))
NO_AVX = ("Haswell,-avx", ["ref"], ("avx", "avx2", "adx"))
NO_POPCNT = ("Haswell,-popcnt", ["ref"], ("popcnt", "adx"))
NO_BMI2 = ("Haswell,-bmi2", ["ref"], ("bmi2", "adx"))
# CPUID says nothing of AVX2, as where firmware limits it for an old system; the emulator runs it.
LIMITED = ("Broadwell,level=6", ["ref"], ())
NO_ADX = ("Haswell", ["ref", "avx2"], ("adx",))
NEW = ("Broadwell", ["ref", "avx2"], ())
# ADX alone does not do: the form that has it needs BMI2, too.
ADX_WITHOUT_BMI2 = ("Broadwell,-bmi2", ["ref"], ("bmi2",))
ALL = (OLD, NO_AVX2, NO_AVX, NO_POPCNT, NO_BMI2, LIMITED, NO_ADX, NEW, ADX_WITHOUT_BMI2)
# The form of X25519 that is used beside each backend.
FORM_WITH_ADX = {"ref": "portable", "avx2": "adx"}
FORM_WITHOUT = {"ref": "portable", "avx2": "portable"}


def on(cpu):
    return [QEMU, "-cpu", cpu]


def runnable(backends):
    return [backend for backend in backends if backend in BUILT]


def wishing(backend):
    env = {name: value for name, value in os.environ.items() if name != "LATCHKEY_BACKEND"}
    return env | ({"LATCHKEY_BACKEND": backend} if backend else {})


class EmulatedCpuTest(unittest.TestCase):
    def test_the_emulator_refuses_what_the_cpu_lacks(self):
        for cpu, _, lacking in ALL:
            refused = []
            for name in SETS:
                result = subprocess.run([*on(cpu), INSTRUCTION, name], capture_output=True)
                self.assertIn(result.returncode, (0, -signal.SIGILL), result.stderr)
                if result.returncode != 0:
                    refused.append(name)
            self.assertEqual(refused, list(lacking), cpu)

    def test_each_backend_that_the_cpu_can_run_is_right_and_no_other_is_tried(self):
        for cpu, backends, _ in ALL:
            faults, passed = known_answers.check(runnable(backends), FOLDER, [*on(cpu), RUNNER])
            self.assertEqual(faults, [], cpu)
            print(f"{cpu}: {', '.join(runnable(backends))}: {passed} answers are right")

    def test_each_form_that_the_cpu_can_run_is_right_and_the_best_is_in_use(self):
        for cpu, backends, lacking in ALL:
            result = subprocess.run([*on(cpu), FORMS], capture_output=True, text=True)
            forms = FORM_WITHOUT if "adx" in lacking else FORM_WITH_ADX
            expected = "".join(f"{backend} {forms[backend]}\n" for backend in runnable(backends))
            self.assertEqual((result.returncode, result.stdout), (0, expected), cpu)

    def chosen(self, cpu, wish):
        return known_answers.backends_of([*on(cpu), RUNNER], env=wishing(wish))

    def test_the_best_of_them_is_in_use(self):
        for cpu, backends, _ in ALL:
            self.assertEqual(self.chosen(cpu, None), runnable(backends)[-1:], cpu)

    def test_the_environment_may_lower_the_choice_and_a_program_refuses_to_raise_it(self):
        for cpu, backends, _ in (OLD, NEW):
            for wish in ("ref", "avx2", "avx512", "nonsense", ""):
                if wish in runnable(backends) or not wish:
                    expected = wish or runnable(backends)[-1]
                    self.assertEqual(self.chosen(cpu, wish), [expected], f"{cpu}, {wish}")
                    continue
                result = subprocess.run([*on(cpu), RUNNER], env=wishing(wish), text=True,
                                        capture_output=True)
                self.assertEqual((result.returncode, result.stdout), (2, ""), f"{cpu}, {wish}")
                self.assertIn(f"backend '{wish}' does not run on this machine; those that do: "
                              + ", ".join(runnable(backends)), result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
