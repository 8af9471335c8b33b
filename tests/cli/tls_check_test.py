#!/usr/bin/env python3
"""`latchkey tls-check` under made-up configurations, and against servers on this machine.

tls_check_test.py TOOL [MODULE]. Without the module latchkey.so, its tests are skipped.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest

MODULE = os.path.abspath(sys.argv.pop(2)) if len(sys.argv) > 2 and \
    sys.argv[2].endswith(".so") else None

from tool import FilesTest, run  # noqa: E402

MODULES = pathlib.Path(re.search(r'"(.*)"', subprocess.run(
    ["openssl", "version", "-m"], capture_output=True, text=True, check=True).stdout)[1])

CLASSICAL, NO_MODULE, MISCONFIGURED, NOT_CONNECTED = 4, 5, 6, 7


def configuration(*, default=True, latchkey=None, tls="", before=""):
    """An openssl.cnf. `latchkey` has the lines of the module's section, `tls` those of
    system_default."""
    providers = {"default": "activate = 1"} if default else {}
    if latchkey is not None:
        providers["latchkey"] = latchkey
    lines = [before, "openssl_conf = start", "[start]", "providers = providers", "ssl_conf = ssl",
             "[providers]", *(f"{name} = {name}_section" for name in providers)]
    for name, content in providers.items():
        lines += [f"[{name}_section]", content]
    return "\n".join([*lines, "[ssl]", "system_default = defaults", "[defaults]",
                      tls or "MinProtocol = TLSv1.2", ""])


class TlsCheck(FilesTest):
    def setUp(self):
        super().setUp()
        self.folder.joinpath("modules").mkdir()
        self.environment = dict(os.environ, OPENSSL_MODULES=str(self.folder / "modules"))
        self.environment.pop("OPENSSL_CONF", None)

    def check(self, status, *arguments, environment=()):
        """The lines that it prints, as a dictionary; it must end with that status."""
        code, output, errors = run("tls-check", "--json", *arguments, cwd=self.folder,
                                   env={**self.environment, **dict(environment)})
        self.assertEqual((code, errors), (status, ""), output)
        lines = json.loads(output)
        self.assertEqual(lines["status"], status)
        return lines

    def check_file(self, status, content, *arguments):
        self.write("openssl.cnf", content)
        return self.check(status, "--config", "openssl.cnf", *arguments)

    def check_under(self, status, content, *arguments):
        """With a configuration that the environment names."""
        self.write("openssl.cnf", content)
        return self.check(status, *arguments,
                          environment={"OPENSSL_CONF": str(self.folder / "openssl.cnf")})

    def install_module(self, of="legacy"):
        shutil.copy(MODULES / f"{of}.so", self.folder / "modules" / "latchkey.so")


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
        self.assertIn("the configuration activates providers, and not 'default'", lines["result"])
        self.assertRegex(lines["client"], r"\Anone: .")

    def test_an_unknown_name_in_the_list_is_told_since_libssl_ignores_the_whole_list(self):
        content = configuration(tls="Groups = X25519MLKEM999:x448:nonsense")
        lines = self.check_file(0, content, "--group", "x25519")  # of libssl's own list
        self.assertIn("ignored: unknown are X25519MLKEM999, nonsense", lines["groups_setting"])
        self.assertIn("secp256r1", lines["client_offers"])

    def test_a_group_that_the_list_leaves_out_is_off(self):
        lines = self.check_file(CLASSICAL, configuration(tls="Groups = x25519"), "--group", "x448")
        self.assertEqual(lines["result"], "off: clients do not offer x448")
        self.assertIn("'Groups = x448:", lines["to_do"])
        self.check_file(0, configuration(tls="Groups = x25519:x448"), "--group", "x448")

    def test_a_configuration_without_tls_1_3_is_off(self):
        lines = self.check_file(CLASSICAL, configuration(tls="MaxProtocol = TLSv1.2"), "--group",
                                "x25519")
        self.assertEqual(lines["result"], "off: TLS 1.3 is not offered")
        self.assertEqual(lines["together"], "TLS 1.2 or older, a classical group")

    def test_with_diagnostics_what_fails_stops_every_program(self):
        wrong = configuration(before="config_diagnostics = 1", tls="Groups = x25519")
        wrong = wrong.replace("ssl_conf = ssl\n", "ssl_conf = nothing\n")
        lines = self.check_file(MISCONFIGURED, wrong, "--group", "x25519")
        self.assertIn("programs refuse this configuration", lines["result"])
        self.assertIn("not all has an effect: ", lines["configuration"])
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


class WithServers(TlsCheck):
    @contextlib.contextmanager
    def s_server(self, *options, host="127.0.0.1", environment=()):
        """The address of a server of openssl's, for one connection."""
        if not (self.folder / "server.pem").exists():
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                            "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                            "-keyout", "server.key", "-out", "server.pem"], cwd=self.folder,
                           check=True, capture_output=True, timeout=60)
        command = ["openssl", "s_server", "-accept", f"{host}:0", "-naccept", "1", "-cert",
                   "server.pem", "-key", "server.key", *options]
        with subprocess.Popen(command, cwd=self.folder, stdin=subprocess.PIPE,
                              env={**self.environment, **dict(environment)},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
            try:
                for line in server.stdout:
                    if line.startswith("ACCEPT "):
                        yield host + ":" + line.strip().rpartition(":")[2]
                        break
                else:
                    self.fail("openssl s_server does not start")
            finally:
                server.kill()

    @contextlib.contextmanager
    def fake_server(self, answer):
        """The address of a server that calls answer(socket) for one connection."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def serve():
                connection = listener.accept()[0]
                with connection, contextlib.suppress(OSError):
                    answer(connection)
            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            yield f"127.0.0.1:{listener.getsockname()[1]}"
            thread.join(30)


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
            self.assertRegex(lines["result"], r"\Athe server uses (x25519|secp521r1); here, it is off")

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


SNIPPET = "Groups = X25519MLKEM768:x25519:secp256r1"
HYBRIDS = ("X25519MLKEM768", "SecP256r1MLKEM768", "SecP384r1MLKEM1024")
ALONE = ("MLKEM512", "MLKEM768", "MLKEM1024")
REFUSED = ("strace", "-f", "-qq", "-o", "/dev/null", "-e",
           "inject=mlock,mlock2,memfd_secret:error=ENOMEM")


@unittest.skipUnless(MODULE, "the module is not built")
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

    def test_a_classical_group_that_stands_first_has_precedence(self):
        lines = self.check_file(CLASSICAL, configuration(
            latchkey="activate = 1", tls="Groups = x25519:X25519MLKEM768"))
        self.assertEqual(lines["client_offers"], ["x25519 (with a key share)", "X25519MLKEM768"])
        self.assertEqual(lines["result"], "off: a classical group has precedence")

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

    def test_locked_memory_that_is_refused_is_told(self):
        self.write("openssl.cnf", configuration(latchkey="activate = 1", tls=SNIPPET))
        code, output, errors = run("tls-check", "--config", "openssl.cnf", cwd=self.folder,
                                   env=self.environment, prefix=REFUSED)
        self.assertEqual((code, errors), (NO_MODULE, ""), output)
        self.assertIn("module: refused: latchkey: memory for keys is refused", output)
        self.assertIn("together: TLS 1.3, x25519", output)
        self.write("openssl.cnf", configuration(latchkey="memory = best_effort\nactivate = 1",
                                                tls=SNIPPET))
        code, output, errors = run("tls-check", "--config", "openssl.cnf", cwd=self.folder,
                                   env=self.environment, prefix=REFUSED)
        self.assertEqual((code, errors), (0, ""), output)

    def test_without_the_default_provider_nothing_works(self):
        lines = self.check_file(MISCONFIGURED, configuration(
            default=False, latchkey="activate = 1", tls=SNIPPET))
        self.assertIn("activates providers, and not 'default'", lines["result"])

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
