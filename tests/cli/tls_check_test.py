#!/usr/bin/env python3
"""`latchkey tls-check` without the module: under made-up configurations, and against servers on this
machine: tls_check_test.py TOOL"""

import pathlib
import socket
import time
import unittest

from tls_check import CLASSICAL, MISCONFIGURED, NO_MODULE, NOT_CONNECTED, TlsCheck, \
    WithServers, configuration
from tool import run


class Configurations(TlsCheck):
    def test_people_get_a_line_for_each_answer_and_what_to_do_last(self):
        code, output, errors = run("tls-check", "--group", "x25519", env=self.environment)
        self.assertEqual((code, errors), (0, ""))
        names = [line.split(": ")[0] for line in output.splitlines()]
        self.assertEqual(names, ["configuration", "libcrypto", "module", "default provider",
                                 "known groups", "groups setting", "client offers", "server takes",
                                 "together", "result", "to do"])
        self.assertIn("to do: nothing\n", output)

    def test_the_file_is_that_of_the_option_or_of_the_environment_or_libcryptos(self):
        self.assertIn("/openssl.cnf", self.check(NO_MODULE)["configuration"])
        self.write("a.cnf", configuration(tls="Groups = x448"))
        self.write("b.cnf", configuration(tls="Groups = secp521r1"))
        under_a = {"OPENSSL_CONF": str(self.folder / "a.cnf")}
        lines = self.check(NO_MODULE, environment=under_a)
        self.assertEqual((lines["configuration"], lines["client_offers"]),
                         (under_a["OPENSSL_CONF"], ["x448 (with a key share)"]))
        lines = self.check(NO_MODULE, "--config", "b.cnf", environment=under_a)
        self.assertEqual((lines["configuration"], lines["client_offers"]),
                         ("b.cnf", ["secp521r1 (with a key share)"]))
        lines = self.check(NO_MODULE, environment={"OPENSSL_CONF": ""})
        self.assertEqual(lines["configuration"], "none (OPENSSL_CONF is empty)")

    def test_a_file_that_cannot_be_read_is_named_with_the_reason(self):
        self.folder.joinpath("folder").mkdir()
        for name, reason in (("none.cnf", "No such file or directory"),
                             ("folder", "not a regular file")):
            lines = self.check(MISCONFIGURED, "--config", name)
            self.assertEqual(lines["configuration"], f"{name}: {reason}")
            self.assertEqual(lines["to_do"], f"correct {name}")
            self.check(MISCONFIGURED, environment={"OPENSSL_CONF": str(self.folder / name)})

    def test_a_syntax_error_has_its_line(self):
        lines = self.check_file(MISCONFIGURED, "openssl_conf = start\n[start\n")
        self.assertIn("openssl.cnf: line 2: missing close square bracket", lines["configuration"])

    def test_without_a_file_of_the_module_it_is_missing(self):
        lines = self.check_file(NO_MODULE, configuration())
        self.assertEqual(lines["module"], f"not installed: there is no {self.folder}/modules/"
                                          "latchkey.so, and the configuration does not name it")
        lines = self.check_file(NO_MODULE, configuration(latchkey="activate = 1"))
        self.assertEqual(lines["result"], "off: the module is not installed")
        self.assertEqual(lines["to_do"], f"install it as {self.folder}/modules/latchkey.so")
        self.assertEqual(lines["together"], "TLS 1.3, x25519")  # classical TLS works

    def test_the_path_of_the_section_is_that_of_the_module(self):
        section = "module = /nonexistent/latchkey.so\nactivate = 1"
        lines = self.check_file(NO_MODULE, configuration(latchkey=section))
        self.assertIn("there is no /nonexistent/latchkey.so", lines["module"])

    def test_a_module_that_no_section_names_or_activates_is_off(self):
        self.install_module()
        lines = self.check_file(CLASSICAL, configuration())
        self.assertEqual(lines["result"], "off: the configuration does not name the module")
        lines = self.check_file(CLASSICAL, configuration(latchkey="groups = X25519MLKEM768"))
        self.assertEqual(lines["to_do"], "add 'activate = 1' to the module's section")

    def test_a_module_that_the_linker_refuses_is_refused_with_its_words(self):
        self.write("modules/latchkey.so", "not a library")
        lines = self.check_file(NO_MODULE, configuration(latchkey="activate = 1"))
        self.assertEqual(lines["result"], "off: the module was refused")
        self.assertRegex(lines["module"], r"refused: .*latchkey\.so: .*(file too short|ELF)")
        self.assertEqual(lines["together"], "TLS 1.3, x25519")
        lines = self.check_file(CLASSICAL, configuration())
        self.assertIn("file too short", lines["module"])

    def test_an_active_module_without_groups_is_off(self):
        self.install_module()  # another provider, under this name
        lines = self.check_file(CLASSICAL, configuration(latchkey="activate = 1"))
        self.assertEqual(lines["module"], f"active ({self.folder}/modules/latchkey.so)")
        self.assertEqual(lines["result"], "off: the module does not offer a post-quantum group")
        lines = self.check_file(CLASSICAL, configuration(latchkey="activate = 1\ntls = off"))
        self.assertEqual(lines["result"], "switched off by 'tls = off' in the module's section")

    def test_a_configuration_without_the_default_provider_is_named(self):
        self.install_module()
        lines = self.check_file(MISCONFIGURED, configuration(default=False, latchkey="activate = 1"))
        self.assertEqual(lines["default_provider"], "missing")
        self.assertIn("the configuration activates other providers, but not 'default'", lines["result"])
        self.assertRegex(lines["client"], r"\Anone: .")

    def test_an_unknown_name_in_the_list_is_told_since_libssl_ignores_the_whole_list(self):
        content = configuration(tls="Groups = X25519MLKEM999:x448:nonsense")
        lines = self.check_file(0, content, "--group", "x25519")  # of libssl's own list
        self.assertIn("ignored: libssl does not know X25519MLKEM999, nonsense", lines["groups_setting"])
        self.assertIn("secp256r1", lines["client_offers"])

    def test_a_group_that_the_list_leaves_out_is_off(self):
        lines = self.check_file(CLASSICAL, configuration(tls="Groups = x25519"), "--group", "x448")
        self.assertEqual(lines["result"], "off: clients do not offer x448")
        self.assertIn("'Groups = x448:", lines["to_do"])
        self.check_file(0, configuration(tls="Groups = x25519:x448"), "--group", "x448")

    def test_a_configuration_without_tls_1_3_is_off(self):
        lines = self.check_file(CLASSICAL, configuration(tls="MaxProtocol = TLSv1.2"), "--group",
                                "x25519")
        self.assertEqual(lines["result"], "off: clients do not offer TLS 1.3")
        self.assertEqual(lines["together"], "TLS 1.2 or older, a classical group")

    def test_with_diagnostics_what_fails_stops_every_program(self):
        wrong = configuration(before="config_diagnostics = 1", tls="Groups = x25519")
        wrong = wrong.replace("ssl_conf = ssl\n", "ssl_conf = nothing\n")
        lines = self.check_file(MISCONFIGURED, wrong, "--group", "x25519")
        self.assertIn("programs refuse this configuration", lines["result"])
        self.assertIn("some lines have no effect: ", lines["configuration"])
        self.check_file(0, wrong.replace("config_diagnostics = 1", ""), "--group", "x25519")

    def test_words_that_make_no_sense_are_refused(self):
        for words, message in (
                (("--group", "X25519MLKEM769"), "did you mean 'X25519MLKEM768'?"),
                (("--connect", ""), "option '--connect' must not be empty"),
                (("--config", ""), "option '--config' must not be empty"),
                (("--connect", "a:1", "--config", "b"), "cannot be used together"),
                (("--connect", "localhost"), "'localhost' has no port"),
                (("--connect", "localhost:"), "has no port from 1 to 65535"),
                (("--connect", "localhost:0"), "has no port from 1 to 65535"),
                (("--connect", "localhost:65536"), "has no port from 1 to 65535"),
                (("--connect", "localhost:+1"), "has no port from 1 to 65535"),
                (("--connect", "localhost:https"), "has no port from 1 to 65535"),
                (("--connect", ":443"), "has no host"),
                (("--connect", "::1:443"), "without brackets"),
                (("--connect", "[::1]"), "has no port"),
                (("--connect", "[]:443"), "is not [ADDRESS]:PORT"),
                (("--connect", "[::1]x:443"), "is not [ADDRESS]:PORT"),
                (("--connect", "a b:443"), "is not a name or an address"),
                (("--connect", "https://a:443"), "IPv6 address without brackets"),
                (("--connect", "a" * 254 + ":443"), "more than 253 bytes"),
                (("host:443",), "unexpected argument")):
            with self.subTest(words):
                self.assert_fails(run("tls-check", *words), 2, message)


class Servers(WithServers):
    def test_the_group_of_a_server_is_seen_on_the_wire(self):
        with self.s_server("-groups", "x448:x25519") as address:
            lines = self.check(0, "--connect", address, "--group", "x25519")
        self.assertEqual(lines["connection"],
                         f"{address}: TLS 1.3, x25519; the certificate was not checked")
        self.assertEqual(lines["result"], "the server uses x25519")

    def test_a_hello_retry_request_is_told(self):
        with self.s_server("-groups", "secp384r1") as address:
            lines = self.check(0, "--connect", address, "--group", "secp384r1")
        self.assertIn("TLS 1.3, secp384r1, after a HelloRetryRequest", lines["connection"])

    def test_a_server_with_a_classical_group_is_told(self):
        for options in ((), ("-groups", "secp521r1")):
            with self.s_server(*options) as address:
                lines = self.check(NO_MODULE, "--connect", address)
            self.assertRegex(lines["result"], r"\Athe server uses (x25519|secp521r1); on this machine: off")

    def test_a_server_without_the_group_that_is_offered_is_told(self):
        with self.s_server("-groups", "secp521r1") as address:
            lines = self.check(CLASSICAL, "--connect", address, "--group", "x448")
        self.assertEqual(lines["result"], "the server uses secp521r1, although x448 was offered")

    def test_a_server_of_tls_1_2_is_told(self):
        with self.s_server("-tls1_2") as address:
            lines = self.check(CLASSICAL, "--connect", address)
        self.assertIn("the server speaks TLS 1.2 at most", lines["result"])
        self.assertIn("TLS 1.2 or older, a classical group", lines["connection"])

    def test_a_server_that_refuses_every_group_is_told(self):
        self.write("openssl.cnf", configuration(tls="Groups = x25519"))
        with self.s_server("-groups", "secp521r1", "-tls1_3") as address:
            lines = self.check(NOT_CONNECTED, "--connect", address, environment={
                "OPENSSL_CONF": str(self.folder / "openssl.cnf")})
        self.assertRegex(lines["connection"], "failed: .*alert handshake failure")

    @unittest.skipUnless(socket.has_ipv6 and pathlib.Path("/proc/net/if_inet6").exists()
                         and pathlib.Path("/proc/net/if_inet6").read_text(), "there is no IPv6")
    def test_an_address_of_ipv6_stands_in_brackets(self):
        with self.s_server(host="[::1]") as address:
            self.check(0, "--connect", address, "--group", "x25519")

    def test_the_name_of_the_host_is_sent_and_an_address_is_not(self):
        for host, is_sent in (("localhost", True), ("127.0.0.1", False)):
            seen = []
            with self.fake_server(lambda connection, seen=seen: seen.append(
                    connection.recv(8192))) as address:
                self.check(NOT_CONNECTED, "--connect", f"{host}:{address.rpartition(':')[2]}")
            self.assertEqual(host.encode() in seen[0], is_sent)

    def test_a_server_that_closes_or_sends_garbage_is_told(self):
        record = bytes.fromhex("1603030004020000ff")
        for answer, words in (
                (lambda connection: connection.recv(8192), "the server closed the connection"),
                (lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), "wrong version"),
                (lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), ""),
                (lambda connection: connection.sendall(record * 10), ""),
                (lambda connection: connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28"),
                 "alert handshake failure")):
            with self.fake_server(answer) as address:
                lines = self.check(NOT_CONNECTED, "--connect", address)
            self.assertRegex(lines["connection"], f"failed: .*{words}")
            self.assertNotRegex(lines["connection"], r"[\x00-\x1f]")

    def test_a_silent_server_is_left_after_ten_seconds(self):
        def slowly(connection):  # one byte a second does not prolong it
            for byte in b"\x16\x03\x03\x40\x00" + bytes(15):
                connection.sendall(bytes([byte]))
                time.sleep(1)
        with self.fake_server(slowly) as address:
            start = time.monotonic()
            lines = self.check(NOT_CONNECTED, "--connect", address)
            self.assertLess(time.monotonic() - start, 15)
        self.assertIn("no answer within 10 seconds", lines["connection"])

    def test_a_port_that_nobody_listens_at_and_a_host_that_is_not_there_are_told(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        lines = self.check(NOT_CONNECTED, "--connect", f"127.0.0.1:{port}")
        self.assertIn("cannot connect: Connection refused", lines["connection"])
        lines = self.check(NOT_CONNECTED, "--connect", "nowhere.invalid:443")
        self.assertIn("cannot find the host", lines["connection"])


if __name__ == "__main__":
    unittest.main()
