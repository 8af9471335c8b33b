#!/usr/bin/env python3
"""The command-line tool, run as a person runs it: cli_test.py PATH-OF-LATCHKEY."""

import errno
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from tool import SIZES, TOOL, ToolTest, run, without_fingerprint


class Cli(ToolTest):
    def test_the_demo_shows_that_both_secrets_agree_and_a_tampered_one_does_not(self):
        code, output, errors = run("demo")
        self.assertEqual((code, errors), (0, ""))
        row = r"^ +%s +%d bytes   ((?:[0-9a-f]{2} ){8})\.\.\.(?:   ([a-z ]+))?$"
        secret, = re.findall(row % ("Bob's secret", 32), output, re.M)
        received, rejected = re.findall(row % ("Alice's secret", 32), output, re.M)
        self.assertEqual(received, (secret[0], "the same"))
        self.assertEqual(rejected[1], "another one")
        self.assertNotEqual(rejected[0], secret[0])
        self.assertEqual(len(re.findall(row % ("encapsulation key", 1184), output, re.M)), 1)
        self.assertEqual(len(re.findall(row % ("ciphertext", 1088), output, re.M)), 1)

    def test_the_demo_gives_four_times_and_the_backend(self):
        output = run("demo")[1]
        times = re.findall(r"^ +[a-z, ]+ ([0-9]+\.[0-9]) us$", output, re.M)
        self.assertEqual(len(times), 4)
        self.assertTrue(all(float(time) > 0 for time in times))
        self.assertRegex(output, r'backend "[a-z0-9]+"')

    def test_the_environment_chooses_among_the_backends_and_an_unknown_name_is_refused(self):
        def backend(*prefix):
            return re.search(r'backend "([a-z0-9]+)"', run("demo", prefix=prefix)[1])[1]
        self.assertEqual(backend("env", "LATCHKEY_BACKEND=ref"), "ref")
        best = backend("env", "-u", "LATCHKEY_BACKEND")
        self.assertEqual(backend("env", "LATCHKEY_BACKEND="), best)
        self.assertEqual(backend("env", f"LATCHKEY_BACKEND={best}"), best)
        for command in ("demo", "selftest", "version", "kat"):
            self.assert_fails(run(command, prefix=("env", "LATCHKEY_BACKEND=a\nb")), 1,
                              f"LATCHKEY_BACKEND is 'a?b', which this machine does not have; it "
                              f"has {best}")
        self.assertEqual(run("--help", prefix=("env", "LATCHKEY_BACKEND=none"))[0], 0)

    def test_every_demo_makes_a_key_of_its_own(self):
        secrets = {re.search(r"Bob's secret .*", run("demo")[1])[0] for _ in range(3)}
        self.assertEqual(len(secrets), 3)

    def test_the_self_test_passes_in_one_line(self):
        code, output, errors = run("selftest")
        self.assertEqual((code, errors), (0, ""))
        self.assertRegex(output, r"\Aself-test passed: [^\n]+ of ML-KEM-512, ML-KEM-768 and "
                                 r"ML-KEM-1024, X25519 and X-Wing [^\n]+; [^\n]+\n\Z")

    def test_help_lists_every_command_and_the_bare_tool_fails_with_it(self):
        code, output, errors = run("--help")
        self.assertEqual((code, errors), (0, ""))
        for command in ("keygen", "pubkey", "seal", "open", "encaps", "decaps", "inspect", "kat",
                        "tls-check", "speed", "selftest", "demo", "version", "help"):
            self.assertRegex(output, rf"(?m)^  {command} +[A-Z]")
            self.assertEqual(run(command, "--help")[0], 0)
        self.assertEqual(run(), (2, "", output))

    def test_the_version_is_one_line(self):
        code, output, errors = run("--version")
        self.assertEqual((code, errors), (0, ""))
        self.assertRegex(output, r"\Alatchkey [0-9]+\.[0-9]+\.[0-9]+\n\Z")

    def test_version_says_what_it_uses_and_whether_memory_can_be_locked(self):
        code, output, errors = run("version")
        self.assertEqual((code, errors), (0, ""))
        self.assertRegex(output, r"\Alatchkey [0-9.]+\nbackend [a-z0-9]+\n"
                                 r"libcrypto [0-9.]+\nlocked memory yes\n\Z")

    def test_speed_has_a_row_for_each_operation_and_backend(self):
        operations = {f"{kem} {operation}" for kem, _, _ in SIZES.values()
                      for operation in ("generate", "parse", "encapsulate", "decapsulate")}
        rows = [json.loads(line) for line in run("speed", "--json")[1].splitlines()]
        backends = {row["backend"] for row in rows}
        self.assertIn("ref", backends)
        self.assertEqual(sorted((row["backend"], row["operation"]) for row in rows),
                         sorted(itertools.product(backends, operations)))
        for row in rows:
            self.assertGreater(row["nanoseconds"], 100)
            self.assertAlmostEqual(row["per_second"] * row["nanoseconds"] / 1e9, 1, delta=0.02)
        prefix = ("env", "LATCHKEY_BACKEND=ref")
        code, output, errors = run("speed", prefix=prefix)
        self.assertEqual((code, errors), (0, ""))
        self.assertRegex(output, r"\Abackend +operation +ns +cycles +per second\n"
                                 r"(ref +[\w -]+( +[0-9]+){3}\n){16}\Z")
        self.assertEqual(len(run("speed", "--only-this-backend", prefix=prefix)[1].splitlines()), 16)

    def test_a_pipe_that_nobody_reads_on_ends_it_quietly(self):
        for command in ("speed", "demo", "kat --json", "help"):
            with self.subTest(command):
                done = subprocess.run(
                    ["bash", "-c", f"{TOOL} {command} | head -c 1 >/dev/null; "
                                   "sleep 1; echo ${PIPESTATUS[0]}"],
                    capture_output=True, text=True, timeout=60)
                self.assertEqual(done.stderr, "")
        # Where the signal is ignored, each says so, once.
        reader, writer = os.pipe()
        os.close(reader)
        result = run("speed", stdout=writer, prefix=("env", "--ignore-signal=PIPE"))
        os.close(writer)
        self.assert_fails(result, 1, "cannot write to standard output: Broken pipe")

    def test_kat_is_the_runner_of_known_answers(self):
        vectors = pathlib.Path(__file__).parents[2] / "kat"
        code, output, errors = run("kat", "--no-accumulated", str(vectors / "acvp-768-decaps.rsp"))
        self.assertEqual((code, errors), (0, ""))
        self.assertRegex(output, r"[1-9][0-9]* passed, 0 failed\n\Z")
        code, _, errors = run("kat", "absent.rsp")
        self.assertEqual(code, 1)
        self.assertRegex(errors, r"\Alatchkey-kat: absent.rsp: cannot be opened: [^\n]+\n\Z")
        # The one beside it, wherever it is; never one of the folder that it is started in.
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(TOOL, folder)
            self.assert_fails(run("kat", program=f"{folder}/latchkey", env={"PATH": folder}), 1,
                              "cannot run latchkey-kat: No such file")
            (pathlib.Path(folder) / "latchkey-kat").symlink_to("/bin/echo")
            self.assertEqual(run("kat", "--help", "x", program=f"{folder}/latchkey"),
                             (0, "--help x\n", ""))

    def test_what_it_does_not_know_is_named(self):
        self.assert_fails(run("frobnicate"), 2, "unknown command 'frobnicate'")
        self.assert_fails(run(""), 2, "unknown command ''")
        self.assert_fails(run("demo", "again"), 2, "unexpected argument 'again'")
        self.assert_fails(run("demo", "--loud"), 2, "unknown option '--loud'")
        self.assert_fails(run("--loud"), 2, "unknown option '--loud'")
        self.assert_fails(run("help", "frobnicate"), 2, "unknown command 'frobnicate'")
        self.assertEqual(run("kat", "--loud"), (
            2, "", "latchkey-kat: unknown option '--loud'; 'latchkey-kat --help' lists the options\n"))

    def assert_complains(self, complaint, *words):
        self.assertEqual(run(*words), (2, "", f"latchkey: {complaint}\n"))

    def test_a_mistyped_word_is_named_with_the_nearest_right_one(self):
        for typed, meant in {"opn": "open", "seel": "seal", "inpsect": "inspect", "key": "keygen",
                             "Open": "open", "selftests": "selftest"}.items():
            self.assert_complains(f"unknown command '{typed}'; did you mean '{meant}'?", typed)
        self.assert_complains("unknown option '--identiy'; did you mean '--identity'?",
                              "open", "--identiy", "key", "f")
        self.assert_complains("unknown option '--identiy'; did you mean '--identity'?",
                              "open", "--identiy=key", "f")
        self.assert_complains("unknown option '--recip'; did you mean '--recipient'?",
                              "encaps", "--recip", "key")
        self.assert_complains("unknown option '--recip'; 'latchkey seal --help' lists the options",
                              "seal", "--recip", "key")
        self.assert_complains("unknown option '-identity'; did you mean '--identity'?",
                              "open", "-identity", "key")
        self.assert_complains("unknown option '-I'; did you mean '-i'?", "open", "-I", "key")
        self.assert_complains("unknown option '-x' in '-ax'; 'latchkey seal --help' lists the "
                              "options", "seal", "-ax", "-r", "key")
        self.assert_complains("option '--type' can be one of x-wing, ml-kem-512, ml-kem-768, "
                              "ml-kem-1024, and not 'xwing'; did you mean 'x-wing'?", "keygen",
                              "--type", "xwing")
        self.assert_complains("option '-t' can be one of x-wing, ml-kem-512, ml-kem-768, "
                              "ml-kem-1024, and not 'mlkem1024'; did you mean 'ml-kem-1024'?",
                              "convert", "--to", "pem", "--from", "seed", "-t", "mlkem1024")
        self.assert_complains("option '--json' must come after the command",
                              "--json", "inspect", "f")

    def test_a_value_that_is_missing_wrong_or_too_much_is_named(self):
        self.assert_complains("option '-o' needs a value: -o FILE", "keygen", "-o")
        self.assert_complains("option '--output' needs a value: --output FILE, but '--der' "
                              "follows it, which is an option", "keygen", "--output", "--der")
        self.assert_complains("option '--json' takes no value", "inspect", "--json=no", "f")
        self.assert_complains("option '-o' may be given only once",
                              "keygen", "-o", "a", "-o", "b")
        self.assert_complains("option '--password-fd' needs a number from 0 to 2147483647, and "
                              "'-1' is not one", "keygen", "--password-fd", "-1")
        self.assert_complains("option '--password-fd' needs a number from 0 to 2147483647, and "
                              "'3x' is not one", "keygen", "--password-fd=3x")
        self.assert_complains("options '--age' and '--der' cannot be used together",
                              "keygen", "--der", "--age")
        self.assert_complains("options '--password-file' and '--password-fd' cannot be used "
                              "together", "open", "-i", "a", "--password-file", "b", "--password-fd", "0")
        self.assert_complains("'latchkey decaps' needs -i FILE; 'latchkey decaps --help' explains it",
                              "decaps", "f")
        self.assert_complains("'latchkey seal' needs -r KEY or -R FILE; 'latchkey seal --help' "
                              "explains it", "seal")
        self.assert_complains("unexpected argument 'b'; 'latchkey inspect' takes one FILE",
                              "inspect", "a", "b")

    def test_options_may_stand_anywhere_and_short_options_may_be_combined(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            self.addCleanup(os.chdir, "/")
            for words in (["keygen", "--age", "-okey"], ["pubkey", "-ikey", "--output=key.pub"],
                          ["keygen", "-o", "-key"], ["seal", "-aokey.age", "-r", "key.pub", TOOL],
                          ["inspect", "--", "-key"], ["inspect", "--json", "key", "--"],
                          ["open", "key.age", "-o", "copy", "-i", "key"],
                          ["open", "--help", "--nonsense"]):
                code, _, errors = run(*words)
                self.assertEqual((code, without_fingerprint(errors)), (0, ""), words)

    def test_what_would_break_the_line_or_a_terminal_is_not_repeated(self):
        self.assert_fails(run("a\nb\x1b[31m"), 2, "unknown command 'a?b?[31m'")
        self.assert_fails(run("--ver=a\nb", "x\ny"), 2, "unknown option '--ver'; did you mean '--version'?")
        # Controls of 8 bits, in UTF-8 and alone; and what is no UTF-8.
        self.assert_fails(run("a\u009b31mé"), 2, "unknown command 'a?31mé'")
        self.assert_fails(run(b"a\x9b\xe2\x82b\xff"), 2, "unknown command 'a???b?'")
        self.assert_fails(run("a\x7fbü"), 2, "unknown command 'a?bü'")

    def test_output_that_cannot_be_written_is_a_failure(self):
        for command in ("demo", "selftest", "--help", "--version"):
            with self.subTest(command), open("/dev/full", "w") as full:
                self.assert_fails(run(command, stdout=full), 1, os.strerror(errno.ENOSPC))

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_it_keeps_itself_out_of_core_dumps_and_debuggers(self):
        code, _, trace = run("selftest", prefix=(
            "env", "ASAN_OPTIONS=detect_leaks=0",
            "strace", "-e", "trace=prctl,prlimit64,setrlimit"))
        self.assertEqual(code, 0)
        self.assertIn("prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE", trace)
        self.assertRegex(trace, r"RLIMIT_CORE, \{rlim_cur=0, rlim_max=0\}")

    def test_no_randomness_is_a_failure(self):
        strace = ("strace", "-o", "/dev/null", "-e", "trace=getrandom",
                  "-e", "inject=getrandom:error=EPERM")
        # The sanitizers' leak check cannot run under strace.
        code, _, errors = run("demo", prefix=("env", "ASAN_OPTIONS=detect_leaks=0", *strace))
        self.assertEqual(code, 1, errors)
        self.assertRegex(errors, r"\Alatchkey: cannot generate a key: [^\n]+\n\Z")


if __name__ == "__main__":
    unittest.main()
