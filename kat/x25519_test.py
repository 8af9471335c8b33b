#!/usr/bin/env python3
"""Tests of the runner's section of X25519: x25519_test.py RUNNER VECTORS, the folder with the .rsp files."""

import unittest

import runner_test as runner

runner.RECORDS["x25519"] = runner.first_record("own/x25519.rsp", "x25519")
runner.OUTPUTS["x25519"] = ["pub", "shared"]
RECORD = runner.RECORDS["x25519"]
LOW_ORDER = "00" * 32


class X25519Test(runner.Checks):
    def test_a_good_record_passes_with_and_without_its_public_key(self):
        self.assert_passes(runner.text("x25519"))
        self.assert_passes(runner.text("x25519", pub=None))

    def test_a_wrong_answer_fails_on_every_path(self):
        for name in runner.OUTPUTS["x25519"]:
            for at in (0, 16, 31):
                with self.subTest(f"{name} {at}"):
                    lines = self.assert_fails(
                        runner.text("x25519", **{name: runner.flipped(RECORD[name], at)}),
                        f": {name} differs at byte {at}: expected ")
                    self.assertEqual(len([line for line in lines if "differs" in line]), 2)

    def test_another_input_fails_but_for_the_bits_that_do_not_count(self):
        for name in ("secret", "peer"):
            self.assert_fails(runner.text("x25519", **{name: runner.flipped(RECORD[name], 1)}))
        self.assert_passes(runner.text("x25519", secret=runner.flipped(RECORD["secret"], 0)))

    def test_a_peer_of_low_order_must_be_rejected(self):
        self.assert_passes(runner.rejected("x25519", peer=LOW_ORDER))
        self.assert_fails(runner.text("x25519", peer=LOW_ORDER), "rejected: ")
        self.assert_fails(runner.rejected("x25519"), "accepted, though it must be rejected")

    def test_inputs_of_another_length_are_rejected(self):
        for name in ("secret", "peer"):
            for other in (RECORD[name][:-2], RECORD[name] + "00", ""):
                reason = f"{name} is not 32 bytes long"
                self.assert_fails(runner.text("x25519", **{name: other}), "rejected: " + reason)
                self.assert_passes(runner.rejected("x25519", **{name: other}))

    def test_a_record_without_its_inputs_or_shared_secret_is_malformed(self):
        for name in ("secret", "peer", "shared"):
            self.assert_malformed(runner.text("x25519", **{name: None}), 3,
                                  f"the record has no field '{name}'")


if __name__ == "__main__":
    unittest.main(argv=[__file__])
