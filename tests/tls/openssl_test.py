#!/usr/bin/env python3
"""TLS by the provider, with s_server and s_client: openssl_test.py MODULE-FOLDER [UNITTEST-OPTION...]

Which group is negotiated is read off the wire.
"""

import shutil
import subprocess
import sys
import unittest

import wire
from openssl_programs import OpenSsl, exchange, only
from place import ALL_GROUPS, Place

SKIP = 77
HANDSHAKE_FAILURE, ILLEGAL_PARAMETER = 40, 47


def setUpModule():
    global openssl, place, shipped
    openssl = OpenSsl()
    place = Place(MODULES)
    shipped = place.configuration("shipped.cnf")


def tearDownModule():
    place.__exit__()


class Keys(unittest.TestCase):
    def run_openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=60,
                              env=place.environment(shipped))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_the_command_makes_and_prints_keys(self):
        key, public = str(place.folder / "key.pem"), str(place.folder / "public.pem")
        for name in ("ML-KEM-512", "ML-KEM-768", "ML-KEM-1024", "X-Wing"):
            with self.subTest(name):
                self.run_openssl("genpkey", "-algorithm", name, "-aes256", "-pass", "pass:x", "-out", key)
                self.run_openssl("pkey", "-in", key, "-passin", "pass:x", "-pubout", "-out", public)
                of_pair = self.run_openssl("pkey", "-in", key, "-passin", "pass:x", "-text", "-noout")
                of_public = self.run_openssl("pkey", "-pubin", "-in", public, "-text", "-noout")
                self.assertTrue(of_pair.startswith(f"{name} Private-Key:"), of_pair[:40])
                self.assertTrue(of_public.startswith(f"{name} Public-Key:"), of_public[:40])
                self.assertIn(of_public.partition("ek:")[2].strip() or "nothing", of_pair)


def offering(*groups):
    """A configuration in which exactly these groups are there, the preferred one first."""
    ours = [group for group in groups if group in ALL_GROUPS]
    return place.configuration("-".join(groups) + ".cnf", ":".join(groups),
                               "groups = " + ":".join(ours) if ours else "tls = off")


class Groups(unittest.TestCase):
    def negotiate(self, server, client, *, server_options=(), client_options=()):
        hellos, came, text = exchange(place, server, client, openssl=openssl,
                                      server_options=server_options, client_options=client_options)
        self.assertTrue(came, text)
        return hellos

    def test_each_of_the_six_groups_is_negotiated(self):
        server = offering(*ALL_GROUPS)
        for group in ALL_GROUPS:
            with self.subTest(group):
                hellos = self.negotiate(server, offering(group))
                self.assertEqual((hellos.group, hellos.retry, hellos.version), (group, None, "1.3"))
                self.assertEqual(hellos.shares, [group])

    def test_the_shipped_configuration_prefers_the_hybrids_and_keeps_the_classical_groups(self):
        hellos = self.negotiate(shipped, shipped)
        self.assertEqual(hellos.group, "X25519MLKEM768")
        classical = self.negotiate(None, None)
        self.assertEqual(classical.group, "X25519")
        self.assertEqual(hellos.offered, ALL_GROUPS[:3] + classical.offered)
        # What docs/tutorial-tls.md says: keys instead of X25519's, and three numbers of groups.
        self.assertEqual(hellos.client_size - classical.client_size, 1216 - 32 + 3 * 2)
        self.assertEqual(hellos.server_size - classical.server_size, 1120 - 32)

    def test_a_client_that_sends_another_share_first_is_asked_to_retry(self):
        hellos = self.negotiate(offering("X25519MLKEM768"), offering("X25519", "X25519MLKEM768"))
        self.assertEqual(hellos.shares, ["X25519"])
        self.assertEqual((hellos.retry, hellos.group), ("X25519MLKEM768", "X25519MLKEM768"))

    def test_a_server_without_the_group_asks_for_a_classical_one(self):
        hellos = self.negotiate(None, shipped)
        self.assertEqual(hellos.shares, ["X25519MLKEM768"])
        self.assertEqual((hellos.retry, hellos.group), ("X25519", "X25519"))

    def test_a_client_without_the_group_gets_a_classical_one_at_once(self):
        hellos = self.negotiate(shipped, None)
        self.assertEqual((hellos.retry, hellos.group), (None, "X25519"))

    def test_without_a_group_in_common_there_is_an_alert_and_no_connection(self):
        hellos, came, _ = exchange(place, offering("X25519MLKEM768"), None, openssl=openssl)
        self.assertFalse(came)
        self.assertEqual((hellos.group, hellos.retry), (None, None))
        self.assertEqual(hellos.alerts, [("server", HANDSHAKE_FAILURE)])

    def test_switched_off_it_offers_nothing_and_tls_is_classical(self):
        off = place.configuration("off.cnf", section="tls = off")
        for server, client in ((off, shipped), (shipped, off), (off, off)):
            with self.subTest(server=server.name, client=client.name):
                self.assertEqual(self.negotiate(server, client).group, "X25519")

    def test_a_client_of_tls_1_2_gets_a_classical_curve(self):
        hellos = self.negotiate(shipped, shipped, client_options=["-tls1_2"])
        self.assertEqual((hellos.version, hellos.group), ("1.2", "X25519"))

    def test_a_resumed_session_has_the_group_again(self):
        session = place.path("session.pem")
        with openssl.serve(place, shipped) as server:
            for resumed in (False, True):
                option = "-sess_in" if resumed else "-sess_out"
                with wire.Proxy(server.port) as proxy:
                    text, came = openssl.fetch(place, proxy.port, shipped, option, session)
                    self.assertTrue(came, text)
                    hellos = only(proxy)
                self.assertEqual((hellos.resumed, hellos.group), (resumed, "X25519MLKEM768"))

    def test_a_client_certificate_is_asked_for_and_accepted(self):
        ask = ["-Verify", "1", "-verify_return_error", "-CAfile", str(place.path("ca.pem"))]
        give = ["-cert", place.path("client.pem"), "-key", place.path("client-key.pem")]
        self.assertEqual(self.negotiate(shipped, shipped, server_options=ask,
                                        client_options=give).group, "X25519MLKEM768")
        _, came, _ = exchange(place, shipped, shipped, openssl=openssl, server_options=ask)
        self.assertFalse(came)


if __name__ == "__main__":
    MODULES = sys.argv.pop(1)
    if shutil.which("openssl") is None or OpenSsl().has_native_groups():
        print("needs the command openssl, of OpenSSL 3.0 to 3.4")
        sys.exit(SKIP)
    unittest.main()
