#!/usr/bin/env python3
"""bench/report.py and bench/publish.py on made-up bursts, and on files that are no results."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def run(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True, timeout=100)


def burst(name, time, **changes):
    return {"name": name, "run_type": "iteration", "real_time": time, "clock": 2, "clock_low": 2,
            "width_low": 8, "preempted": 0, "operations": 1, **changes}


class Report(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.results = self.folder / "results.json"

    def report(self, *arguments):
        return run(sys.executable, "-B", str(HERE / "report.py"), "--out", str(self.folder),
                   *arguments, str(self.results))

    def assert_refused(self, result, status, *words):
        self.assertEqual(result.returncode, status, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertNotIn("Traceback", result.stderr)

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
        self.assertIn("| keygen | ref | 202 | 200 |  | 1.00 | 1.00 | 101 | 100 | 100 to 102 | 60 of 150 |", words)
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
        self.assertIn("| keygen_batch, 4 at once | ref | 20 | 20 | 2.00 | 0.50 | 0.50 | 10 |", words)
        self.assertIn("| keygen_decaps | ref | 60 | 60 | 6.00 | 0.50 | 0.50 | 30 |", words)
        self.assertIn("| decaps_precomputed | ref | 20 | 20 | 2.00 | 0.25 | 0.25 | 10 |", words)
        words = self.report_of(burst("xwing_encaps_precomputed/ref", 10),
                               burst("xwing_encaps/other", 40))
        self.assertIn("| xwing_encaps_precomputed | ref | 20 | 20 |  | 0.25 | 0.25 | 10 |", words)
        self.assertFalse((self.folder / "report.svg").exists())  # it has none of these

    def test_the_lowest_tenth_does_not_follow_the_median(self):
        bursts = [burst("x25519_both/portable", time) for time in [50] * 3 + [100] * 7]
        bursts += [burst("x25519_public/other", 80), burst("x25519_shared/other", 20)]
        words = self.report_of(*bursts)
        self.assertIn("| x25519_both | portable | 200 | 100 |  | 1.00 | 0.50 | 100 |", words)

    def test_the_parts_of_an_exchange_are_added(self):
        words = self.report_of(
            burst("tls_client/avx2", 30), burst("tls_server/avx2", 10), burst("tls_server/other", 9),
            burst("x25519_public/a-peer", 3), burst("x25519_shared/a-peer", 4))
        self.assertIn("| X25519MLKEM768 | avx2 | 80 | 80 |", words)
        self.assertNotIn("| X25519MLKEM768 | other", words)
        self.assertIn("| X25519 | a-peer | 28 | 28 |", words)

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
        self.assertIn("| encaps_precomputed | avx2 | 40 | 40 |  | 0.20 | 0.20 |", details.read_text())
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

    def test_a_report_of_something_else_is_refused(self):
        self.assert_refused(self.report(), 1, "report.py: cannot read")
        for content in ("", "{}", "[]", '{"context": {}, "benchmarks": [{}]}'):
            self.results.write_text(content)
            self.assert_refused(self.report(), 1, "is not JSON of latchkey-bench")
        self.results.write_text('{"context": {}, "benchmarks": []}')
        self.assert_refused(self.report(), 1, "has no measurements")


if __name__ == "__main__":
    unittest.main()
