#!/usr/bin/env python3
"""Tests of the runner itself: runner_test.py RUNNER VECTORS, the folder with the .rsp files."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

RUNNER, VECTORS = sys.argv[1:3]
HAS_SEAL = "--seal" in sys.argv[3:]  # the runner has latchkey-seal, and these sections
MLKEM_SECTIONS = ", ".join(f"mlkem{number}-{kind}" for number in (512, 768, 1024)
                           for kind in ("keygen", "encaps", "decaps", "seed-decaps"))
SEALING = (", xwing, hpke-base, hpke-schedule, bind, seal, open-sealed, nist-hybrid-keygen, "
           "nist-hybrid-encaps, nist-hybrid-decaps" if HAS_SEAL else "")


def run(*arguments):
    return subprocess.run([RUNNER, *arguments], capture_output=True, text=True)


def first_record(file, section):
    """The fields of the first record of a section."""
    with open(os.path.join(VECTORS, file), encoding="utf-8") as lines:
        body = lines.read().split(f"[{section}]\n\n")[1].split("\n\n")[0]
    return dict(line.split(" = ") for line in body.splitlines())


RECORDS = {
    "mlkem768-keygen": first_record("acvp-768-keygen.rsp", "mlkem768-keygen"),
    "mlkem768-encaps": first_record("acvp-768-encaps.rsp", "mlkem768-encaps"),
    # One whose ciphertext fits: the answer to another ciphertext depends on z alone, not on s_hat.
    "mlkem768-decaps": first_record("own/latchkey.rsp", "mlkem768-decaps"),
    "mlkem768-seed-decaps": first_record("own/latchkey.rsp", "mlkem768-seed-decaps"),
}
OUTPUTS = {"mlkem768-keygen": ["ek", "dk"], "mlkem768-encaps": ["c", "k"],
           "mlkem768-decaps": ["k"], "mlkem768-seed-decaps": ["ek", "k"]}
if HAS_SEAL:
    RECORDS["xwing"], OUTPUTS["xwing"] = first_record("seal/xwing.rsp", "xwing"), ["ct", "ss"]
HPKE = first_record("seal/hpke-pq.rsp", "hpke-base")
HPKE_INPUTS = {"id", "mode", "kem_id", "kdf_id", "aead_id", "info", "ikmE", "skRm", "pkRm"}


def text(section, **changes):
    """A file of one record, on line 3. A change to None leaves the field out."""
    fields = {**RECORDS.get(section, HPKE), "id": "the one", **changes}
    lines = [f"{name} = {value}" for name, value in fields.items() if value is not None]
    return "\n".join([f"[{section}]", "", *lines, ""])


def rejected(section, **changes):
    return text(section, **dict.fromkeys(OUTPUTS[section]), result="reject", **changes)


def flipped(hexadecimal, at):
    data = bytearray.fromhex(hexadecimal)
    data[at] ^= 1
    return data.hex()


class Checks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "made.rsp")

    def check(self, content, *arguments):
        with open(self.path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return run("--no-accumulated", *arguments, self.path)

    def assert_passes(self, content):
        result = self.check(content)
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)
        self.assertEqual(result.stdout.splitlines()[-1], "1 passed, 0 failed")

    def assert_fails(self, content, *words):
        result = self.check(content)
        self.assertEqual((result.returncode, result.stderr), (1, ""))
        lines = result.stdout.splitlines()
        self.assertEqual(lines[-1], "0 passed, 1 failed")
        self.assertTrue(lines[0].startswith(f"{self.path}:3: id the one: "), lines[0])
        for word in words:
            self.assertIn(word, lines[0])
        return lines

    def assert_malformed(self, content, line, reason):
        result = self.check(content)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        place = f":{line}" if line else ""
        self.assertEqual(result.stderr, f"latchkey-kat: {self.path}{place}: {reason}\n")


class RunnerTest(Checks):
    def test_a_good_record_of_each_section_passes(self):
        for section in RECORDS:
            with self.subTest(section):
                self.assert_passes(text(section))

    def test_blanks_case_and_line_ends_do_not_matter(self):
        content = text("mlkem768-keygen").replace(" = ", "=").upper()
        for name in ("MLKEM768-KEYGEN", "ID=", "D=", "Z=", "EK=", "DK="):
            content = content.replace("\n" + name, "\n" + name.lower())
        content = content.replace("MLKEM768-KEYGEN", "mlkem768-keygen")
        self.assert_passes("# a comment\n \n" + content.replace("\n", " \r\n  "))
    def test_an_optional_output_may_be_absent(self):
        self.assert_passes(text("mlkem768-seed-decaps", ek=None))
    def test_a_wrong_answer_in_any_output_fails(self):
        for section, outputs in OUTPUTS.items():
            for name in outputs:
                value = RECORDS[section][name]
                for at in (0, len(value) // 4, len(value) // 2 - 1):
                    with self.subTest(f"{section} {name} {at}"):
                        self.assert_fails(text(section, **{name: flipped(value, at)}),
                                          f": {name} differs at byte {at}: expected ")
    def test_a_wrong_answer_is_found_on_every_path(self):
        for section, paths in (("mlkem768-keygen", 2), ("mlkem768-encaps", 2),
                               ("mlkem768-decaps", 2), ("mlkem768-seed-decaps", 3)):
            name = OUTPUTS[section][-1]
            lines = self.assert_fails(
                text(section, **{name: flipped(RECORDS[section][name], 0)}))
            self.assertEqual(len([line for line in lines if "differs" in line]), paths)
    def test_both_values_of_a_wrong_answer_are_shown_in_short(self):
        k = RECORDS["mlkem768-encaps"]["k"]
        wrong = flipped(k, 9)
        self.assert_fails(text("mlkem768-encaps", k=wrong),
                          f"expected ...{wrong[18:34]}..., got ...{k[18:34]}...")
    def test_an_answer_of_another_length_fails(self):
        for section, outputs in OUTPUTS.items():
            for name in outputs:
                value = RECORDS[section][name]
                for other in (value[:-2], value + "00", ""):
                    with self.subTest(f"{section} {name} {len(other)}"):
                        self.assert_fails(
                            text(section, **{name: other}),
                            f": {name} should be {len(other) // 2} bytes long, "
                            f"but is {len(value) // 2}")
    def test_another_input_fails(self):
        for section, outputs in OUTPUTS.items():
            for name in set(RECORDS[section]) - set(outputs) - {"id"}:
                with self.subTest(f"{section} {name}"):
                    self.assert_fails(
                        text(section, **{name: flipped(RECORDS[section][name], 0)}))
    def test_a_record_to_be_rejected_that_is_accepted_fails(self):
        for section in RECORDS:
            with self.subTest(section):
                self.assert_fails(rejected(section), "accepted, though it must be rejected")
    def test_a_record_with_outputs_that_is_rejected_fails(self):
        for section, name, reason in (
                ("mlkem768-keygen", "d", "d is not 32 bytes long"),
                ("mlkem768-keygen", "z", "z is not 32 bytes long"),
                ("mlkem768-encaps", "ek", "the public key has the wrong length: "),
                ("mlkem768-encaps", "m", "m is not 32 bytes long"),
                ("mlkem768-decaps", "dk", "private key has the wrong length: "),
                ("mlkem768-decaps", "c", "the ciphertext has the wrong length: "),
                ("mlkem768-seed-decaps", "seed", "key has the wrong length: it needs 64"),
                ("mlkem768-seed-decaps", "c", "the ciphertext has the wrong length: ")):
            with self.subTest(f"{section} {name}"):
                short = RECORDS[section][name][:-2]
                self.assert_fails(text(section, **{name: short}), ": rejected: ", reason)
                self.assert_passes(rejected(section, **{name: short}))
    def test_keys_that_fail_the_standards_checks_are_told_from_others(self):
        ek = "ff" * 3 + RECORDS["mlkem768-encaps"]["ek"][6:]
        self.assert_fails(text("mlkem768-encaps", ek=ek), "rejected: ", "a coefficient of 3329 or more")
        self.assert_passes(rejected("mlkem768-encaps", ek=ek))
        dk = flipped(RECORDS["mlkem768-decaps"]["dk"], 2336)
        self.assert_fails(text("mlkem768-decaps", dk=dk), "rejected: ", "the hash in the private key is not")
        self.assert_passes(rejected("mlkem768-decaps", dk=dk))
    def test_a_malformed_file_is_named_with_its_line(self):
        keygen = text("mlkem768-keygen")
        for content, line, reason in (
                (text("mlkem768-keygen", z=None), 3, "the record has no field 'z'"),
                (text("mlkem768-keygen", dk=None), 3, "the record has no field 'dk'"),
                (text("mlkem768-encaps", k=None), 3, "the record has no field 'k'"),
                (text("mlkem768-decaps", dk=None), 3, "the record has no field 'dk'"),
                (rejected("mlkem768-decaps", c=None), 3, "the record has no field 'c'"),
                (keygen + "d = 00\n", 8, "field 'd' is there twice"),
                (keygen + "id = 2\n", 8, "field 'id' is there twice"),
                (rejected("mlkem768-keygen") + "result = reject\n", 7,
                 "field 'result' is there twice"),
                (keygen + "c = 00\n", 8, "unknown field 'c' in section mlkem768-keygen"),
                (keygen + "D = 00\n", 8, "unknown field 'D' in section mlkem768-keygen"),
                (keygen + "\033[2J = 00\n", 8,
                 "unknown field '?[2J' in section mlkem768-keygen"),
                (keygen + "x" * 41 + "\x7f = 00\n", 8,
                 "unknown field '" + "x" * 40 + "...' in section mlkem768-keygen"),
                (keygen + "\x7fü = 00\n", 8, "unknown field '?ü' in section mlkem768-keygen"),
                ("[mlkem640-keygen]\n", 1, f"unknown section 'mlkem640-keygen'; known are "
                 f"{MLKEM_SECTIONS}, x25519{SEALING}"),
                ("[mlkem768-keygen\n", 1, "a section's name has no closing bracket"),
                (text("mlkem768-keygen", d="0"), 4, "field 'd' has an odd number of hex digits"),
                (text("mlkem768-keygen", z="00g0"), 5, "field 'z' holds 'g', which is no hex digit"),
                (text("mlkem768-keygen", z="0x00"), 5, "field 'z' holds 'x', which is no hex digit"),
                (text("mlkem768-keygen", z="00 00"), 5, "field 'z' holds ' ', which is no hex digit"),
                (text("mlkem768-keygen", z="000\0"), 5, "field 'z' holds '?', which is no hex digit"),
                ("\nd = 00\n", 2, "field 'd' comes before any section"),
                ("[mlkem768-keygen]\n\nhello\n", 3, "expected 'name = value', not 'hello'"),
                (text("mlkem768-keygen", result="pass"), 8, "the result can only be 'reject', not 'pass'"),
                (text("mlkem768-keygen", result="reject"), 3,
                 "the record is to be rejected, yet has an output, 'ek'"),
                (text("mlkem768-seed-decaps", k=None, result="reject"), 3,
                 "the record is to be rejected, yet has an output, 'ek'"),
                ("", None, "holds no record"),
                ("# nothing\n[mlkem768-keygen]\n", None, "holds no record")):
            with self.subTest(reason):
                self.assert_malformed(content, line, reason)
    def test_sections_that_need_the_sealing_layer_say_so_without_it(self):
        for section in ("xwing", "hpke-base"):
            without = f"section '{section}' needs latchkey-seal, which this build is without"
            line, reason = (None, "holds no record") if HAS_SEAL else (1, without)
            self.assert_malformed(f"[{section}]\n", line, reason)
    @unittest.skipUnless(HAS_SEAL, "without latchkey-seal")
    def test_every_answer_of_hpke_counts(self):
        answers = ["enc", "shared_secret", "key", "base_nonce", "exporter_secret"]
        answers += [f"seal{i}.ct" for i in range(10)] + [f"export{i}.value" for i in range(5)]
        for name in answers:
            size = len(HPKE[name]) // 2
            self.assert_fails(text("hpke-base", **{name: flipped(HPKE[name], -1)}),
                              f"sender: {name} differs at byte {size - 1}")
            self.assert_fails(text("hpke-base", **{name: HPKE[name] + "00"}),
                              f"sender: {name} should be {size + 1} bytes")
        looked_at = [name for name in HPKE if not re.search(r"^id|^suite_id|\.nonce", name)]
        for name in looked_at:
            self.assert_fails(text("hpke-base", **{name: flipped(HPKE[name], -1)}))
        self.assert_fails(text("hpke-base", ikmR=flipped(HPKE["ikmR"], 0)),
                          "derive_key_pair: pkRm differs at byte 0")
    @unittest.skipUnless(HAS_SEAL, "without latchkey-seal")
    def test_an_hpke_record_may_have_fewer_messages_but_no_halves(self):
        few = [name for name in HPKE if re.match(r"ikmR|suite|seal[5-9]|export\d", name)]
        self.assert_passes(text("hpke-base", **dict.fromkeys(few)))
        for name in ("seal2.ct", "seal2.pt", "seal2.aad", "export1.context", "export1.length"):
            self.assert_fails(text("hpke-base", **{name: None}),
                              f": the record has no field '{name}'")
        none = dict.fromkeys(HPKE.keys() - HPKE_INPUTS)
        self.assert_passes(text("hpke-base", **none, pkRm="00", result="reject"))
        self.assert_fails(text("hpke-base", **none, result="reject"), "accepted, though it must")
    def test_a_file_that_cannot_be_read_is_named(self):
        result = run("--no-accumulated", self.path)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (
            1, "", f"latchkey-kat: {self.path}: cannot be opened: No such file or directory\n"))
        folder = os.path.dirname(self.path)
        result = run("--no-accumulated", folder)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (
            1, "", f"latchkey-kat: {folder}: cannot be read: Is a directory\n"))
    def test_one_bad_file_among_good_ones_stops_the_run(self):
        good = os.path.join(VECTORS, "acvp-768-decaps.rsp")
        for second, status in ((self.path, 1), (good, 0)):
            self.assertEqual(run("--no-accumulated", good, second).returncode, status)
    def test_an_id_cannot_spoil_the_terminal(self):
        result = self.check(text("mlkem768-decaps", id="a\x1b[31mb\x7fü", k="00" * 32))
        self.assertEqual(result.returncode, 1)
        self.assertIn(": id a?[31mb?ü: ", result.stdout)
    def test_a_record_without_an_id_is_named_by_its_line(self):
        result = self.check(text("mlkem768-decaps", id=None, k="00" * 32))
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, f"\\A{self.path}:3: [a-z0-9]+: import_expanded")
    def test_json_says_what_the_lines_say(self):
        result = self.check(text("mlkem768-decaps", id='a "\\\t b', k="00" * 32), "--json")
        self.assertEqual(result.returncode, 1)
        report = json.loads(result.stdout)
        self.assertEqual((report["passed"], report["failed"]), (0, 1))
        backend, = report["backends"]
        self.assertEqual(report["files"], [
            {"file": self.path, "backend": backend, "passed": 0, "failed": 1}])
        self.assertEqual(report["accumulated"], [])
        failure = report["failures"][0]
        self.assertEqual([failure[name] for name in ("file", "line", "id", "backend")],
                         [self.path, 3, 'a "\\\t b', backend])
        self.assertIn("k differs at byte 0", failure["what"])
    def test_accumulated_figures_are_printed_and_counted(self):
        result = run("--accumulated", "100", "--accumulated", "3", "--json",
                     os.path.join(VECTORS, "acvp-768-decaps.rsp"))
        self.assertEqual(result.returncode, 0)
        report = json.loads(result.stdout)
        self.assertEqual((report["passed"], report["failed"], report["not_compared"]), (23, 0, 3))
        figures = report["accumulated"]
        self.assertEqual(
            [tuple(figure[name] for name in ("set", "n", "known", "passed")) for figure in figures],
            [(f"ML-KEM-{number}", n, n == 100, True if n == 100 else None)
             for n in (100, 3) for number in (512, 768, 1024)])
        self.assertEqual(figures[1]["figure"][:16], "1114b1b6699ed191")
        self.assertEqual({len(figure["figure"]) for figure in figures}, {64})
    def test_a_run_that_compares_nothing_is_no_success(self):
        result = run("--accumulated", "10")
        self.assertEqual((result.returncode, result.stdout.splitlines()[-1], result.stderr[:34]), (
            1, "0 passed, 0 failed, 3 not compared", "latchkey-kat: nothing was compared"))
    @unittest.skipIf(shutil.which("strace") is None, "strace is not here")
    def test_an_accumulated_figure_that_cannot_be_had_is_a_failure(self):
        strace = ("strace", "-o", "/dev/null", "-e", "inject=getrandom:error=EPERM")
        result = subprocess.run([*strace, RUNNER, "--accumulated", "2"], capture_output=True,
                                text=True, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        self.assertEqual((result.returncode, result.stderr), (1, ""))
        self.assertRegex(result.stdout, r"\A([a-z0-9]+: accumulated, ML-KEM-[0-9]+, n = 2: round 1: the "
                         r"operating system gave no randomness\n){3}"
                         r"(accumulated, ML-KEM-[0-9]+, n = 2: [a-z0-9]+: failed\n){3}"
                         r"0 passed, 3 failed\n\Z")
    def test_help_lists_every_option(self):
        result = run("--help")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        for option in ("FILE", "--backend", "--accumulated", "--no-accumulated", "--json"):
            self.assertIn(option, result.stdout)
    def test_a_run_without_files_adds_the_figure_for_10000(self):
        result = run()
        self.assertEqual(result.returncode, 0)
        self.assertIn("n = 10000: ", result.stdout)
        self.assertIn("8a518cc63da366322a8e7a818c7a0d63483cb3528d34a4cf42f35d5ad73f22fc",
                      result.stdout)
        self.assertEqual(result.stdout.splitlines()[-1], "3 passed, 0 failed")
    def test_all_backends_run_in_turn(self):
        report = json.loads(self.check(text("mlkem768-encaps"), "--json", "--backend",
                                       "all").stdout)
        self.assertEqual(report["backends"][0], "ref")
        self.assertEqual([file["backend"] for file in report["files"]], report["backends"])
        self.assertEqual(report["passed"], len(report["backends"]))
        for backend in report["backends"]:
            one = json.loads(self.check(text("mlkem768-encaps"), "--json", "--backend",
                                        backend).stdout)
            self.assertEqual(one["backends"], [backend])
    def test_an_unknown_backend_is_refused(self):
        result = run("--backend", "abacus", "--no-accumulated", VECTORS + "/acvp-768-decaps.rsp")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("can be one of all, avx512, avx2, ref, and not 'abacus'\n", result.stderr)
    def test_wrong_arguments_are_refused(self):
        for arguments in (["--no-accumulated"], ["--nonsense"], ["--accumulated", "0"],
                          ["--accumulated", "many"], ["--accumulated"],
                          ["--no-accumulated", "--accumulated", "3"]):
            with self.subTest(arguments):
                result = run(*arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertRegex(result.stderr, r"\Alatchkey-kat: [^\n]+\n\Z")
    def test_what_would_break_the_line_or_a_terminal_is_not_repeated(self):
        for argument in ("--backend=a\nb\x1b", "--a\nb\x1b", "a\nb\x1b"):
            with self.subTest(argument):
                result = run("--accumulated", "1", argument)
                self.assertEqual(result.returncode, 2 if argument.startswith("-") else 1)
                self.assertRegex(result.stderr, r"\Alatchkey-kat: [^\n]*a\?b\?[^\n]*\n\Z")
    def test_a_report_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([RUNNER, "--accumulated", "1"], stdout=full,
                                    stderr=subprocess.PIPE, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("could not be written", result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
