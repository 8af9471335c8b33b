#!/usr/bin/env python3
"""Runs the benchmark for a moment: its names, its report, its mistakes.

usage: smoke_test.py LATCHKEY_BENCH RIGHT_PEER WRONG_PEER ACCEPTING_PEER INCOMPLETE_PEER UNCHECKING_PEER
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
BENCH, RIGHT, WRONG, ACCEPTING, INCOMPLETE, UNCHECKING = sys.argv[1:]
QUICK = ["--benchmark_repetitions=2", "--benchmark_min_time=0.00001"]

OPERATIONS = ["keygen", "encaps", "decaps", "encaps_precomputed", "encaps_precomputed_locked",
              "decaps_precomputed", "keygen_decaps"]
OPERATIONS += [f"{name}_batch" for name in ("keygen", "encaps", "decaps")]
KERNELS = ["ntt", "inverse_ntt", "multiply_ntts", "keccak_x1", "keccak_x4", "reject", "cbd2",
           "encode12", "decode12", "compress10", "compress4", "compress1", "decompress10",
           "decompress4", "decompress1", "add", "add_product", "subtract_from"]
MEMORY = {"secret_alloc/latchkey", "secret_alloc/mmap", "secret_freeze_thaw/latchkey",
          "secret_scope/latchkey"}
STREAMS = {f"{name}/{aead}" for name in ("aead_seal", "aead_open", "stream_seal", "stream_open")
           for aead in ("aes_256_gcm", "chacha20_poly1305")}
ENCLAVES = {"enclave_seal/latchkey", "enclave_seal/libcrypto", "enclave_open/latchkey",
            "enclave_open/libcrypto", "enclave_open/mmap"}
XWING = ["xwing_keygen", "xwing_encaps", "xwing_decaps"]
SEAL = [*XWING, "xwing_encaps_precomputed", "xwing_decaps_precomputed", "tls_client", "tls_server"]
SYSTEM_PEERS = {"botan", "liboqs", "libsodium", "openssl"}


def run(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True, timeout=100)


def names_of(row):
    for name in OPERATIONS:
        yield from ([f"{name}/{row}/4", f"{name}/{row}/64"] if name.endswith("_batch")
                    else [f"{name}/{row}"])
    yield from (f"{name}/{row}" for name in KERNELS)


def burst(name, time, **changes):
    return {"name": name, "run_type": "iteration", "real_time": time, "clock": 2, "clock_low": 2,
            "width_low": 8, "preempted": 0, "operations": 1, **changes}


class Smoke(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.results = self.folder / "results.json"

    def measure(self, *arguments):
        return run(BENCH, *QUICK, f"--benchmark_out={self.results}", *arguments)

    def report(self, *arguments):
        return run(sys.executable, "-B", str(HERE / "report.py"), "--out", str(self.folder),
                   *arguments, str(self.results))

    def assert_refused(self, result, status, *words):
        self.assertEqual(result.returncode, status, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertNotIn("Traceback", result.stderr)

    def test_a_peer_that_checks_no_keys_has_a_second_row_with_the_checks(self):
        for peer, rows in ((RIGHT, {"other"}), (UNCHECKING, {"other", "other-checked"})):
            result = self.measure("--peer", f"other={peer}", "--benchmark_filter=/other")
            self.assertEqual(result.returncode, 0, result.stderr)
            names = {b["name"] for b in json.loads(self.results.read_text())["benchmarks"]
                     if b["run_type"] == "iteration"}  # and not their mean
            self.assertEqual({name.split("/")[1] for name in names}, rows)

    def test_every_row_is_measured_and_reported(self):
        result = self.measure("--peer", f"other={RIGHT}")
        self.assertEqual(result.returncode, 0, result.stderr)
        data = json.loads(self.results.read_text())
        self.assertEqual(data["context"]["executable"], BENCH)
        for key in ("compiler", "cpu", "flags", "kernel", "libcrypto", "version"):
            self.assertTrue(data["context"][key], key)
        bursts = [b for b in data["benchmarks"] if b["run_type"] == "iteration"]
        names = {b["name"] for b in bursts}
        rows = {name.split("/")[1] for name in names if name.startswith("ntt/")}
        self.assertIn("ref", rows)
        expected = {"yardstick/openssl_sha3_256_1184", *MEMORY}
        if "secret_alloc/libsodium" in names:
            expected.add("secret_alloc/libsodium")
        sealing = STREAMS & names  # where the sealing layer is built, all of them
        if sealing:
            expected.update(STREAMS)
        if "enclave_seal/latchkey" in names:  # in a build with the sealing layer
            expected |= ENCLAVES
        with_seal = "x25519_agree/openssl" in names
        if with_seal:
            expected.update(("x25519_public/openssl", "x25519_agree/openssl"))
            expected.update(f"{name}/{row}" for name in SEAL for row in rows)
        for row in rows:
            expected.update(names_of(row))
        measured = {name.split("/")[1] for name in names if name.startswith("keygen/")}
        there = measured & SYSTEM_PEERS
        self.assertEqual(bool(there), "system_peers" in data["context"])
        self.assertNotIn("left_out", data["context"])
        checked = measured & {f"{peer}-checked" for peer in SYSTEM_PEERS}
        for peer in {"other"} | there | checked:
            expected.update(f"{name}/{peer}" for name in ("keygen", "encaps", "decaps"))
        if with_seal and "libsodium" in there:
            expected.update(f"{name}/libsodium" for name in XWING)
        self.assertEqual(names, expected)
        self.assertEqual(len(bursts), 2 * len(names))
        for burst in bursts:
            for counter in ("clock", "clock_low", "width_low", "real_time"):
                self.assertGreater(burst[counter], 0, burst["name"])
            batch = re.search(r"/(\d+)$", burst["name"])
            stream = 4 if burst["name"].startswith("stream_") else 1
            self.assertEqual(burst["operations"], int(batch[1]) if batch else stream)

        result = self.report("--baseline", "other")
        self.assertEqual(result.returncode, 0, result.stderr)
        words = (self.folder / "report.md").read_text()
        for row in rows:
            self.assertRegex(words, rf"\| encaps \| {row} \|")
        self.assertRegex(words, r"\| decaps \| other \| [\d,]+ \| [\d.]+ \| 1\.00 \|")
        self.assertIn("To other", words)
        self.assertIn("a byte of SHAKE128", words)
        self.assertRegex(words, r"\| secret_alloc \| mmap \| [\d,.]+ \|")
        for aead in ("aes_256_gcm", "chacha20_poly1305") if sealing else ():
            self.assertRegex(words, rf"\| stream_open \| {aead} \| [\d.]+ \| [\d.]+ \| [\d.]+ \|")
        drawn = xml.etree.ElementTree.parse(self.folder / "report.svg").getroot()
        texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
        for name in {"other"} | there | {f"latchkey {row}" for row in rows}:
            self.assertEqual(texts.count(name), 3, name)

        self.assert_refused(self.report("--baseline", "absent"), 1, "'absent' was not measured")

    def report_of(self, *bursts):
        self.results.write_text(json.dumps({"context": {}, "benchmarks": bursts}))
        result = self.report("--baseline", bursts[-1]["name"].split("/")[1])
        self.assertEqual(result.returncode, 0, result.stderr)
        return (self.folder / "report.md").read_text()

    def test_disturbed_bursts_are_dropped(self):
        bursts = [burst("keygen/ref", 100 + i % 3) for i in range(60)]
        bursts += [burst("keygen/ref", 900, **why) for why in (
            {"clock_low": 1.9}, {"width_low": 7}, {"preempted": 1})] * 30
        words = self.report_of(*bursts)
        self.assertIn("| keygen | ref | 202 |  | 1.00 | 101 | 100 | 100 to 102 | 60 of 150 |", words)
        self.assertNotIn("!", words)

        quiet, busy = burst("keygen/ref", 100), burst("keygen/ref", 900, preempted=1)
        words = self.report_of(*[quiet] * 9, *[busy] * 20)
        self.assertIn("9 of 29 ! |", words)
        self.assertIn("Not to be relied on", words)
        self.assertIn(">1.8k !<", (self.folder / "report.svg").read_text())

    def test_ratios_are_to_the_same_work(self):
        words = self.report_of(
            burst("keygen_batch/ref/4", 40, operations=4), burst("keygen_decaps/ref", 30),
            burst("decaps_precomputed/ref", 10), burst("yardstick/openssl_sha3_256_1184", 5),
            burst("keygen/other", 20), burst("decaps/other", 40))
        self.assertIn("| keygen_batch, 4 at once | ref | 20 | 2.00 | 0.50 | 10 |", words)
        self.assertIn("| keygen_decaps | ref | 60 | 6.00 | 0.50 | 30 |", words)
        self.assertIn("| decaps_precomputed | ref | 20 | 2.00 | 0.25 | 10 |", words)
        words = self.report_of(burst("xwing_encaps_precomputed/ref", 10),
                               burst("xwing_encaps/other", 40))
        self.assertIn("| xwing_encaps_precomputed | ref | 20 |  | 0.25 | 10 |", words)
        self.assertFalse((self.folder / "report.svg").exists())  # it has none of these

    def test_streams_are_measured_by_their_aead(self):
        words = self.report_of(
            burst("stream_open/aead", 65_536, operations=4), burst("aead_open/aead", 14_746),
            burst("stream_seal/other", 1), burst("keygen/ref", 1))
        self.assertIn("| stream_open | aead | 1.00 | 1.11 | 0.90 | 1 of 1, 1 of 1 |", words)
        self.assertNotIn("other", words)
        self.assertNotIn("Kernels", words)

    def test_the_chart_puts_the_fastest_first_and_cuts_off_the_far_slower(self):
        self.report_of(*[burst(f"keygen/{name}", time) for name, time in (
            ("ref", 900), ("a-slower", 200), ("fast", 150), ("slow", 1000), ("avx2", 100))])
        svg = (self.folder / "report.svg").read_text()
        names = re.findall(r'class="name[^>]*>([^<]*)<', svg)
        self.assertEqual(names, ["latchkey avx2", "fast", "a-slower", "latchkey ref", "slow"])
        bars = re.findall(r'class="(cut|avx2|ref|other)"', svg)
        self.assertEqual(bars, ["avx2", "other", "other", "ref", "cut", "other", "cut"])

    def publish(self):
        return run(sys.executable, "-B", str(HERE / "publish.py"), str(self.results),
                   str(self.folder))

    def test_publishing_replaces_the_figures_and_nothing_else(self):
        begin, end = "<!-- figures: bench/publish.py writes from here -->", "<!-- figures: to here -->"
        readme = self.folder / "README.md"
        details = self.folder / "docs" / "performance.md"
        details.parent.mkdir()
        for path in (readme, details):
            path.write_text(f"before\n{begin}\nold\n{end}\nafter\n")
        bursts = [burst("keygen/avx2", 75), burst("encaps/avx2", 50), burst("decaps/avx2", 60),
                  burst("encaps_precomputed/avx2", 20)]
        bursts += [burst(f"{name}/mlkem-native", 100) for name in ("keygen", "encaps", "decaps")]
        self.report_of(*bursts)
        for _ in range(2):
            self.assertEqual(self.publish().returncode, 0)
            for path in (readme, details):
                words = path.read_text()
                self.assertTrue(words.startswith(f"before\n{begin}\n"))
                self.assertTrue(words.endswith(f"{end}\nafter\n"))
                self.assertNotIn("old", words)
        words = readme.read_text()
        self.assertIn("| **latchkey avx2** | 150 (0.75) | 100 (0.50) | 120 (0.60) |", words)
        self.assertIn("| the same, precomputed key |  | 40 (0.20) |  |", words)
        self.assertIn("| encaps_precomputed | avx2 | 40 |  | 0.20 |", details.read_text())
        self.assertIn("latchkey avx2", (details.parent / "performance.svg").read_text())

        self.report_of(*bursts, *[burst("decaps/avx2", 99, preempted=1)] * 11,
                       *[burst("decaps/other", 99, preempted=1)] * 11)
        published = readme.read_text()
        self.assert_refused(self.publish(), 1, "too few quiet bursts of decaps/avx2, decaps/other:")
        self.report_of(*bursts)
        details.write_text(f"{end}\n{begin}\n")
        self.assert_refused(self.publish(), 1, f"performance.md needs one line '{begin}'")
        details.unlink()
        self.assert_refused(self.publish(), 1, "performance.md: No such file")
        self.assertEqual(readme.read_text(), published)

    def test_a_filter_measures_only_what_it_names(self):
        result = self.measure("--benchmark_filter=^ntt/ref$")
        self.assertEqual(result.returncode, 0, result.stderr)
        names = {b["run_name"] for b in json.loads(self.results.read_text())["benchmarks"]}
        self.assertEqual(names, {"ntt/ref"})
        self.assertEqual(self.report().returncode, 0)
        self.assertIn("which was not measured", (self.folder / "report.md").read_text())
        self.assertFalse((self.folder / "report.svg").exists())
        self.assert_refused(self.measure("--benchmark_filter=nothing"), 1, "nothing to measure")

    def test_mistakes_are_explained(self):
        refused = self.assert_refused
        refused(self.measure("--peer"), 2, "NAME=FILE.so")
        for argument in ("", "other", "=x.so", "other=", "o/ther=x.so"):
            refused(self.measure("--peer", argument), 2, "NAME=FILE.so", f"'{argument}'")
        refused(self.measure(f"--peer=ref={RIGHT}"), 2, "'ref' is taken")
        refused(self.measure(f"--peer=a={RIGHT}", f"--peer=a={RIGHT}"), 2, "'a' is taken")
        refused(self.measure("--peer", "other=/absent.so"), 1, "peer other: no file /absent.so")
        refused(self.measure("--peer", f"other={HERE / 'README.md'}"), 1, "peer other:", "README.md")
        refused(self.measure("--peer", f"other={INCOMPLETE}"), 1,
                "peer other: no function crypto_kem_dec")
        refused(self.measure("--peer", f"other={WRONG}"), 1,
                "peer other: the decapsulated secret is not the same as ours")
        refused(self.measure("--peer", f"other={ACCEPTING}"), 1,
                "peer other: the secret of a wrong ciphertext is not the same as ours")
        refused(self.measure("--wrong"), 2, "unknown argument '--wrong'")

    def test_a_report_of_something_else_is_refused(self):
        self.assert_refused(self.report(), 1, "report.py: cannot read")
        for content in ("", "{}", "[]", '{"context": {}, "benchmarks": [{}]}'):
            self.results.write_text(content)
            self.assert_refused(self.report(), 1, "is not JSON of latchkey-bench")
        self.results.write_text('{"context": {}, "benchmarks": []}')
        self.assert_refused(self.report(), 1, "has no measurements")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
