#!/usr/bin/env python3
"""`latchkey tls-check` with the module latchkey.so: tls_check_module_test.py TOOL MODULE"""

import os
import shutil
import struct
import sys
import unittest

MODULE = os.path.abspath(sys.argv.pop(2))

from tls_check import CLASSICAL, MISCONFIGURED, NO_MODULE, WithServers, configuration  # noqa: E402
from tool import run  # noqa: E402

SNIPPET = "Groups = X25519MLKEM768:x25519:secp256r1"
HYBRIDS = ("X25519MLKEM768", "SecP256r1MLKEM768", "SecP384r1MLKEM1024")
ALONE = ("MLKEM512", "MLKEM768", "MLKEM1024")
REFUSED = ("strace", "-f", "-qq", "-o", "/dev/null", "-e",
           "inject=mlock,mlock2,memfd_secret:error=ENOMEM")


class Module(WithServers):
    def setUp(self):
        super().setUp()
        shutil.copy(MODULE, self.folder / "modules" / "latchkey.so")

    def test_post_quantum_tls_is_on(self):
        lines = self.check_file(0, configuration(latchkey="activate = 1", tls=SNIPPET))
        self.assertEqual(lines["module"], f"active ({self.folder}/modules/latchkey.so)")
        self.assertEqual(lines["known_groups"], [f"{name} by latchkey" for name in HYBRIDS])
        self.assertEqual(lines["client_offers"],
                         ["X25519MLKEM768 (with a key share)", "x25519", "secp256r1"])
        self.assertEqual(lines["server_takes"], ["X25519MLKEM768"])
        self.assertEqual(lines["together"], "TLS 1.3, X25519MLKEM768")
        self.assertEqual((lines["result"], lines["to_do"]), ("post-quantum TLS is on", "nothing"))

    def test_each_group_is_offered_taken_and_negotiated(self):
        section = "activate = 1\ngroups = " + ":".join(HYBRIDS + ALONE)
        for name in HYBRIDS + ALONE:
            lines = self.check_file(0, configuration(latchkey=section, tls=f"Groups = {name}"))
            self.assertEqual(lines["together"], f"TLS 1.3, {name}")
        listed = configuration(latchkey=section, tls="Groups = " + ":".join(HYBRIDS + ALONE))
        for name in HYBRIDS + ALONE:
            self.assertEqual(self.check_file(0, listed, "--group", name)["server_takes"],
                             [*HYBRIDS, *ALONE])

    def test_without_a_list_nothing_post_quantum_is_offered(self):
        lines = self.check_file(CLASSICAL, configuration(latchkey="activate = 1"))
        self.assertEqual(lines["result"], "off: clients do not offer a post-quantum group")
        self.assertIn("'Groups = X25519MLKEM768:x25519:secp256r1'", lines["to_do"])

    def test_a_classical_group_that_stands_first_is_preferred(self):
        lines = self.check_file(CLASSICAL, configuration(
            latchkey="activate = 1", tls="Groups = x25519:X25519MLKEM768"))
        self.assertEqual(lines["client_offers"], ["x25519 (with a key share)", "X25519MLKEM768"])
        self.assertEqual(lines["result"], "off: a classical group is preferred")

    def test_a_list_with_an_unknown_name_is_wrong(self):
        lines = self.check_file(MISCONFIGURED, configuration(
            latchkey="activate = 1", tls="Groups = X25519MLKEM768:X25519Kyber768"))
        self.assertIn("it does not know X25519Kyber768", lines["result"])
        self.assertIn("secp384r1", lines["client_offers"])  # libssl's own list

    def test_the_switch_turns_it_off(self):
        lines = self.check_file(CLASSICAL, configuration(latchkey="activate = 1\ntls = off",
                                                         tls=SNIPPET))
        self.assertEqual((lines["module"], lines["known_groups"]), ("active (tls = off)", []))
        self.assertEqual(lines["result"], "switched off by 'tls = off' in the module's section")
        self.assertEqual(lines["together"], "TLS 1.3, x25519")

    def test_a_group_that_the_section_leaves_out_is_named(self):
        content = configuration(latchkey="activate = 1\ngroups = SecP256r1MLKEM768",
                                tls="Groups = SecP256r1MLKEM768:x25519")
        self.check_file(0, content)
        lines = self.check_file(CLASSICAL, content, "--group", "X25519MLKEM768")
        self.assertEqual(lines["result"], "off: the module does not offer X25519MLKEM768")

    def test_a_section_that_the_module_refuses_is_told_in_its_words(self):
        lines = self.check_file(NO_MODULE, configuration(
            latchkey="activate = 1\nmemory = \"best $#effort\"", tls=SNIPPET))
        self.assertIn("refused: latchkey: 'memory = best $#effort' in openssl.cnf is not require",
                      lines["module"])
        self.assertEqual(lines["together"], "TLS 1.3, x25519")

    def test_lines_that_the_module_does_not_know_are_told(self):
        section = "activate = 1\nmemry = best_effort\nml-kem.retain_seed = no\nml-kem = of_keys"
        content = configuration(latchkey=section, tls=SNIPPET)
        lines = self.check_file(0, content + "[of_keys]\nprefer_seed = no\nprefer_seeds = no\n")
        self.assertEqual(lines["ignored_lines"], ["memry", "ml-kem.prefer_seeds"])
        self.assertNotIn("ignored_lines", self.check_file(0, configuration(
            latchkey="activate = 1", tls=SNIPPET)))
        content = configuration(latchkey="activate = 1\nml-kem = of_keys", tls=SNIPPET)
        lines = self.check_file(NO_MODULE, content + "[of_keys]\nprefer_seed = perhaps\n")
        self.assertIn("refused: latchkey: 'ml-kem.prefer_seed = perhaps' in openssl.cnf is not yes "
                      "or no", lines["module"])

    def test_the_counters_are_shown_and_not_moved(self):
        file = self.folder / "counters"
        content = configuration(latchkey=f"activate = 1\ncounters = {file}", tls=SNIPPET)
        self.assertEqual(self.check_file(0, content)["counters"], "No such file or directory")
        self.assertFalse(file.exists())
        file.touch()
        self.assertEqual(self.check_file(0, content)["counters"], "none yet")
        numbers = [0x31746e756f436b4c, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]
        written = struct.pack("13Q", *numbers)
        file.write_bytes(written)
        self.assertEqual(self.check_file(0, content)["counters"],
                         "X25519MLKEM768 3 as server, 1 as client; MLKEM1024 0 as server, 2 as client")
        self.assertEqual(file.read_bytes(), written)
        for wrong in (written[:-1], written + b"0", b"1" + written[1:], b"0"):
            file.write_bytes(wrong)
            self.assertEqual(self.check_file(0, content)["counters"], "not a file of counters")
        file.unlink()
        file.mkdir()
        self.assertEqual(self.check_file(0, content)["counters"], "not a file of counters")

    def test_locked_memory_that_is_refused_is_told(self):
        self.write("openssl.cnf", configuration(latchkey="activate = 1", tls=SNIPPET))
        code, output, errors = run("tls-check", "--config", "openssl.cnf", cwd=self.folder,
                                   env=self.environment, prefix=REFUSED)
        self.assertEqual((code, errors), (NO_MODULE, ""), output)
        self.assertIn("module: refused: latchkey: cannot reserve memory for keys", output)
        self.assertIn("together: TLS 1.3, x25519", output)
        self.write("openssl.cnf", configuration(latchkey="memory = best_effort\nactivate = 1",
                                                tls=SNIPPET))
        code, output, errors = run("tls-check", "--config", "openssl.cnf", cwd=self.folder,
                                   env=self.environment, prefix=REFUSED)
        self.assertEqual((code, errors), (0, ""), output)

    def test_without_the_default_provider_nothing_works(self):
        lines = self.check_file(MISCONFIGURED, configuration(
            default=False, latchkey="activate = 1", tls=SNIPPET))
        self.assertIn("activates other providers, but not 'default'", lines["result"])

    def test_the_groups_of_servers_are_seen_on_the_wire(self):
        self.write("openssl.cnf", configuration(latchkey="activate = 1",
                                                tls="Groups = " + ":".join((*HYBRIDS, "x25519", "secp256r1"))))
        this = {"OPENSSL_CONF": str(self.folder / "openssl.cnf")}
        for groups, status, words in (
                ((), 0, "TLS 1.3, X25519MLKEM768;"),
                (("-groups", "SecP256r1MLKEM768"), 0,
                 "TLS 1.3, SecP256r1MLKEM768, after a HelloRetryRequest"),
                (("-groups", "SecP384r1MLKEM1024:x25519"), 0,
                 "TLS 1.3, SecP384r1MLKEM1024, after a HelloRetryRequest"),
                (("-groups", "x25519"), CLASSICAL, "TLS 1.3, x25519, after a HelloRetryRequest"),
                (("-tls1_2",), CLASSICAL, "TLS 1.2 or older, a classical group")):
            with self.s_server(*groups, environment=this) as address:
                lines = self.check(status, "--connect", address, environment=this)
            self.assertIn(words, lines["connection"])
        with self.s_server("-groups", "SecP256r1MLKEM768", environment=this) as address:
            lines = self.check(CLASSICAL, "--connect", address, "--group", "X25519MLKEM768",
                               environment=this)
        self.assertEqual(lines["result"], "the server uses SecP256r1MLKEM768, although "
                                          "X25519MLKEM768 was offered")


if __name__ == "__main__":
    unittest.main()
