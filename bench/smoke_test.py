#!/usr/bin/env python3
"""Runs the benchmark for a moment: its names, its report, its mistakes.

usage: smoke_test.py LATCHKEY_BENCH PEER...

The peers are test-peer-right.so and the others of meson.build.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
BENCH = sys.argv[1]
PEERS = {pathlib.Path(path).stem.removeprefix("test-peer-"): path for path in sys.argv[2:]}
RIGHT = PEERS["right"]
QUICK = ["--benchmark_repetitions=2", "--benchmark_min_time=0.00001"]

OF_A_SET = ["keygen", "encaps", "decaps", "encaps_precomputed", "decaps_precomputed", "keygen_decaps",
            *(f"{name}_batch" for name in ("keygen", "encaps", "decaps"))]
OPERATIONS = ["encaps_precomputed_locked",
              *(set_name + name for set_name in ("", "mlkem512_", "mlkem1024_") for name in OF_A_SET)]
KERNELS = ["ntt", "inverse_ntt", "multiply_ntts", "keccak_x1", "keccak_x4", "reject", "cbd2",
           "cbd3", "encode12", "decode12", *(f"{kind}{d}" for kind in ("compress", "decompress")
                                             for d in (11, 10, 5, 4, 1)),
           "add", "add_product", "subtract_from"]
MEMORY = {"secret_alloc/latchkey", "secret_alloc/mmap", "secret_freeze_thaw/latchkey",
          "secret_scope/latchkey"}
STREAMS = {f"{name}/{aead}" for name in ("aead_seal", "aead_open", "stream_seal", "stream_open")
           for aead in ("aes_256_gcm", "chacha20_poly1305")}
ENCLAVES = {"enclave_seal/latchkey", "enclave_seal/libcrypto", "enclave_open/latchkey",
            "enclave_open/libcrypto", "enclave_open/mmap"}
XWING = ["xwing_keygen", "xwing_encaps", "xwing_decaps"]
TLS = ["tls_client", "tls_server"]
HYBRIDS = [*XWING, "xwing_encaps_precomputed", "xwing_decaps_precomputed", *TLS]
HYBRID_BATCHES = ["xwing_encaps_batch", "xwing_decaps_batch"]
# What anybody's X25519 is measured at, and a form of ours. All are measured cold, too, but batches.
X25519 = ["x25519_public", "x25519_shared", "x25519_public_cold", "x25519_shared_cold"]
FORM = [*X25519, "x25519_both", "x25519_both_cold"]
FORM_BATCHES = ["x25519_shared_batch", "x25519_both_batch"]
# A peer's wrong output, and what is said of it.
FAULTS = {
    "x25519_public": "X25519: the public key", "x25519_shared": "X25519: the shared secret",
    "xwing_pk": "X-Wing: the encapsulation key", "xwing_sk": "X-Wing: the decapsulation key",
    "xwing_ct": "X-Wing: the ciphertext", "xwing_ss": "X-Wing: the shared secret",
    "xwing_accepted": "X-Wing: the decapsulated secret",
    "xwing_rejected": "X-Wing: the secret of a wrong ciphertext",
    "server_share": "X25519MLKEM768: the server's share",
    "server_secret": "X25519MLKEM768: the server's secret",
    "client_share": "X25519MLKEM768: the client's share",
    "client_secret": "X25519MLKEM768: the client's secret"}
SYSTEM_PEERS = {"botan", "liboqs", "libsodium", "openssl"}


def run(*arguments, **environment):
    return subprocess.run(arguments, capture_output=True, text=True, timeout=100,
                          env=dict(os.environ, **environment))


def names_of(row):
    for name in OPERATIONS:
        yield from ([f"{name}/{row}/4", f"{name}/{row}/64"] if name.endswith("_batch")
                    else [f"{name}/{row}"])
    yield from (f"{name}/{row}" for name in KERNELS)


class Smoke(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.results = self.folder / "results.json"

    def measure(self, *arguments, **environment):
        return run(BENCH, *QUICK, f"--benchmark_out={self.results}", *arguments, **environment)

    def measured(self):
        """What was measured, in bursts and not in their mean. How it was measured is in no name."""
        bursts = [b for b in json.loads(self.results.read_text())["benchmarks"]
                  if b["run_type"] == "iteration"]
        for b in bursts:
            b["name"] = b["name"].removesuffix("/iterations:1/manual_time")
        return bursts

    def report(self, *arguments):
        return run(sys.executable, "-B", str(HERE / "report.py"), "--out", str(self.folder),
                   *arguments, str(self.results))

    def assert_refused(self, result, status, *words):
        self.assertEqual(result.returncode, status, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertNotIn("Traceback", result.stderr)

    def test_a_peer_that_checks_no_keys_has_a_second_row_with_the_checks(self):
        for peer, rows in ((RIGHT, {"other"}), (PEERS["unchecking"], {"other", "other-checked"})):
            result = self.measure("--peer", f"other={peer}", "--benchmark_filter=/other")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual({b["name"].split("/")[1] for b in self.measured()}, rows)

    def test_a_peer_may_have_nothing_but_ml_kem(self):
        result = self.measure("--peer", f"other={PEERS['kem-alone']}", "--benchmark_filter=/other")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual({b["name"] for b in self.measured()},
                         {f"{name}/other" for name in ("keygen", "encaps", "decaps")})

    def test_a_peer_is_measured_only_if_each_of_its_answers_is_ours(self):
        for fault, what in FAULTS.items():
            self.assert_refused(
                self.measure("--peer", f"other={RIGHT}", LATCHKEY_TEST_PEER_FAULT=fault), 1,
                f"peer other: {what} is not the same as ours")

    def test_every_row_is_measured_and_reported(self):
        result = self.measure("--peer", f"other={RIGHT}")
        self.assertEqual(result.returncode, 0, result.stderr)
        data = json.loads(self.results.read_text())
        self.assertEqual(data["context"]["executable"], BENCH)
        for key in ("compiler", "cpu", "flags", "kernel", "libcrypto", "version"):
            self.assertTrue(data["context"][key], key)
        self.assertEqual(data["context"]["peers"], "other of the test")
        bursts = self.measured()
        names = {b["name"] for b in bursts}
        rows = {name.split("/")[1] for name in names if name.startswith("ntt/")}
        self.assertIn("ref", rows)
        forms = {name.split("/")[1] for name in names if name.startswith("x25519_both/")}
        self.assertIn("portable", forms)
        expected = {"yardstick/openssl_sha3_256_1184", *MEMORY}
        x25519 = {"openssl", "other"}
        if "secret_alloc/libsodium" in names:
            expected.add("secret_alloc/libsodium")
            x25519.add("libsodium")
        sealing = STREAMS & names  # where the sealing layer is built, all of them
        if sealing:
            expected.update(STREAMS)
        if "enclave_seal/latchkey" in names:  # in a build with the sealing layer
            expected |= ENCLAVES
        expected.update(f"{name}/{who}" for name in X25519 for who in x25519)
        expected.update(f"{name}/{form}" for name in FORM for form in forms)
        expected.update(f"{name}/{form}/8" for name in FORM_BATCHES for form in forms)
        expected.update(f"{name}/{row}" for name in HYBRIDS for row in rows)
        expected.update(f"{name}/{row}/{size}" for name in HYBRID_BATCHES for row in rows
                        for size in (8, 64))
        expected.update(f"{name}/other" for name in (*XWING, *TLS))
        for row in rows:
            expected.update(names_of(row))
        measured = {name.split("/")[1] for name in names if name.startswith("keygen/")}
        there = measured & SYSTEM_PEERS
        self.assertEqual(bool(there), "system_peers" in data["context"])
        self.assertNotIn("left_out", data["context"])
        checked = measured & {f"{peer}-checked" for peer in SYSTEM_PEERS}
        for peer in {"other"} | there | checked:
            expected.update(f"{name}/{peer}" for name in ("keygen", "encaps", "decaps"))
        if "libsodium" in there:
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
        self.assertRegex(words, r"\| decaps \| other \| [\d,]+ \| [\d,]+ \| [\d.]+ \| 1\.00 \| 1\.00 \|")
        for form in forms:
            self.assertRegex(words, rf"\| x25519_both_cold \| {form} \| [\d,]+ \|")
            self.assertRegex(words, rf"\| X25519 \| {form} \| [\d,]+ \| [\d,]+(?: !)? \|")
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
        refused(self.measure("--peer", f"other={PEERS['incomplete']}"), 1,
                "peer other: no function crypto_kem_dec")
        refused(self.measure("--peer", f"other={PEERS['without-client']}"), 1,
                "peer other: no function latchkey_peer_tls_client")
        refused(self.measure(f"--peer=portable={RIGHT}"), 2, "'portable' is taken")
        refused(self.measure("--peer", f"other={PEERS['wrong']}"), 1,
                "peer other: the decapsulated secret is not the same as ours")
        refused(self.measure("--peer", f"other={PEERS['accepting']}"), 1,
                "peer other: the secret of a wrong ciphertext is not the same as ours")
        refused(self.measure("--wrong"), 2, "unknown argument '--wrong'")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
