#!/usr/bin/env python3
"""Tests of the runner's sections of latchkey-seal: runner_test.py RUNNER VECTORS, the folder with
the .rsp files."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import runner_test as runner  # noqa: E402

runner.RECORDS["xwing"] = runner.first_record("seal/xwing.rsp", "xwing")
runner.RECORDS["hpke-base"] = runner.first_record("seal/hpke-pq.rsp", "hpke-base")
runner.RECORDS["bind"] = runner.first_record("seal/bind.rsp", "bind")
runner.RECORDS["seal"] = runner.first_record("seal/seal.rsp", "seal")
runner.RECORDS["open-sealed"] = runner.first_record("seal/seal.rsp", "open-sealed")
runner.OUTPUTS["seal"] = ["commitment", "sealed"]
runner.OUTPUTS["open-sealed"] = ["content"]
runner.OUTPUTS["bind"] = ["ek", "ss", "key"]
runner.OUTPUTS["xwing"] = ["ct", "ss"]
runner.OUTPUTS["hpke-base"] = ["enc", "shared_secret", "key", "base_nonce", "exporter_secret"]
runner.RECORDS["hpke-schedule"] = runner.first_record("seal/hpke-schedule.rsp", "hpke-schedule")
runner.OUTPUTS["hpke-schedule"] = ["key", "base_nonce", "exporter_secret"]
NIST = {"nist-hybrid-keygen": ["ek"], "nist-hybrid-encaps": ["c", "k"], "nist-hybrid-decaps": ["k"]}
for name, outputs in NIST.items():
    runner.RECORDS[name] = runner.first_record("seal/nist-hybrid.rsp", name)
    runner.OUTPUTS[name] = outputs
SECTIONS = ("bind", "xwing", "hpke-base", "hpke-schedule", "seal", "open-sealed", *NIST)
NO_OUTPUTS = dict.fromkeys([*runner.OUTPUTS["hpke-base"], "suite_id", "ikmR"])


def without_messages(**changes):
    """The record of HPKE's section with nothing sealed or exported."""
    extra = [name for name in runner.RECORDS["hpke-base"] if name.startswith(("seal", "export"))]
    return runner.text("hpke-base", **dict.fromkeys(set(extra) - {"exporter_secret"}), **changes)


class SealTest(runner.Checks):
    def test_a_good_record_passes_and_a_wrong_answer_fails(self):
        for section in SECTIONS:
            self.assert_passes(runner.text(section))
            for name in runner.OUTPUTS[section]:
                with self.subTest(f"{section} {name}"):
                    value = runner.RECORDS[section][name]
                    self.assert_fails(
                        runner.text(section, **{name: runner.flipped(value, len(value) // 2 - 1)}))

    def test_what_is_sealed_and_exported_may_be_absent_and_is_checked_where_it_is(self):
        self.assert_passes(without_messages())
        record = runner.RECORDS["hpke-base"]
        for name in ("seal0.pt", "seal0.ct", "export0.value"):
            self.assert_fails(runner.text("hpke-base", **{name: runner.flipped(record[name], 0)}))
        self.assert_fails(runner.text("hpke-base", **{"seal0.aad": None}),
                          "the record has no field 'seal0.aad'")

    def test_a_record_to_be_rejected_that_is_accepted_fails(self):
        for section in ("bind", "xwing", "seal", "open-sealed"):
            self.assert_fails(runner.rejected(section), "accepted, though it must be rejected")
        self.assert_fails(without_messages(result="reject", **NO_OUTPUTS),
                          "sender: accepted, though it must be rejected")

    def test_an_input_that_is_refused_is_rejected(self):
        self.assert_fails(runner.text("bind", kdf="0100"), "rejected: kdf is not one byte long")
        self.assert_passes(runner.rejected("bind", kdf="0100"))
        for name, value, reason in (("kind", "03", "kind is neither 01 nor 02"),
                                    ("eseed", "00" * 31, "eseed has not the KEM's size"),
                                    ("aead_id", "ffff", "")):
            with self.subTest(f"{name} {reason}"):
                self.assert_fails(runner.text("seal", **{name: value}), "rejected: ", reason)
                self.assert_passes(runner.rejected("seal", **{name: value}))
        pk = runner.RECORDS["xwing"]["pk"]
        for name, value, reason in (
                ("sk", "00" * 31, "it needs 64 bytes for ML-KEM, 32 for X-Wing"),
                ("pk", pk[:-2], "1216 for X-Wing"),
                ("pk", pk[:-64] + "00" * 32, "of low order"),
                ("eseed", "00" * 63, "eseed is not 64 bytes long")):
            with self.subTest(f"{name} {reason}"):
                self.assert_fails(runner.text("xwing", **{name: value}), "rejected: ", reason)
                self.assert_passes(runner.rejected("xwing", **{name: value}))
        for name, value, reason in (
                ("mode", "0001", "mode is not 0000, base"),
                ("mode", "00", "mode is not two bytes long"),
                ("kem_id", "0021", "kem_id is that of no KEM"),
                ("ikmE", "00" * 31, "ikmE has not the KEM's size"),
                ("pkRm", "00", "the public key has the wrong length")):
            with self.subTest(f"{name} {reason}"):
                self.assert_fails(without_messages(**{name: value}), "rejected: ", reason)
                self.assert_passes(
                    without_messages(result="reject", **NO_OUTPUTS, **{name: value}))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
