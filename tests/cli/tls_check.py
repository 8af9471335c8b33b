"""What the tests of `latchkey tls-check` share: made-up configurations, and servers on this machine."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import threading

from tool import FilesTest, run

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
