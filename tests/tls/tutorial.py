#!/usr/bin/env python3
"""docs/tutorial-tls.md, typed in: tutorial.py LATCHKEY MODULE-FOLDER [UNITTEST-OPTION...]

What stands there is done with nginx on a port of its own, and with copies of the system's files: paths
and the port are replaced. `systemctl restart nginx` starts nginx with all that was configured before.
"""

import contextlib
import os
import pathlib
import re
import subprocess
import sys
import unittest

import servers
from place import SNIPPET, SOURCE, SYSTEM_CONFIGURATION, Place, free_port

sys.path.insert(0, str(SOURCE / "tests/readme"))
import pages  # noqa: E402

PAGE = SOURCE / "docs/tutorial-tls.md"
INSTALLED = "/usr/share/latchkey/openssl-latchkey.cnf"


def pattern_of(shown):
    """As in tests/readme/docs_test.py: `...` is anything in a line."""
    return ".*".join(re.escape(part) for part in shown.split("..."))


class Tutorial(unittest.TestCase):
    def setUp(self):
        self.place = self.enterContext(Place(MODULES))
        self.place.path("www/index.html").write_text("page")
        self.place.path("bin").mkdir()
        self.place.path("bin/latchkey").symlink_to(TOOL)
        text = SYSTEM_CONFIGURATION.read_text() if SYSTEM_CONFIGURATION.exists() else ""
        self.system = self.place.write("system.cnf", text)
        self.running = self.enterContext(contextlib.ExitStack())
        self.http, self.port = "", free_port()

    def here(self, text):
        """With the paths and the port of this test."""
        for old, new in ((INSTALLED, SNIPPET), (str(SYSTEM_CONFIGURATION), self.system),
                         ("/var/log/nginx", self.place.folder),
                         ("/run/latchkey", self.place.path("run")),
                         ("localhost:443", f"localhost:{self.port}"),
                         ("https://localhost/", f"https://localhost:{self.port}/")):
            text = text.replace(old, str(new))
        return text

    def type_in(self, command, shown):
        if command == "systemctl restart nginx":
            self.restart(self.system)
            return
        environment = self.place.environment(self.system)
        environment.update(
            PATH=f"{self.place.path('bin')}:/usr/bin:{os.environ['PATH']}", no_proxy="*",
            SSL_CERT_FILE=str(self.place.path("ca.pem")),
            CURL_CA_BUNDLE=str(self.place.path("ca.pem")))
        done = subprocess.run(["bash", "-c", self.here(command)], cwd=self.place.folder, text=True,
                              env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120)
        self.assertRegex(done.stdout, rf"\A{pattern_of(self.here(shown))}\Z", command)

    def restart(self, configuration):
        self.running.close()
        server = servers.nginx(self.place, configuration, http=self.http, port=self.port)
        self.running.enter_context(server)

    def configure(self, text):
        """A block of an ini file: a service's is tried at once, openssl.cnf's stays."""
        if text.startswith("[Service]\n"):
            name, value = re.search(r"Environment=(\w+)=(.*)", self.here(text)).groups()
            self.assertEqual(name, "OPENSSL_CONF")
            self.restart(value)
            self.type_in("latchkey tls-check --connect localhost:443 | grep '^connection'",
                         "connection: localhost:443: TLS 1.3, X25519MLKEM768; ...\n")
        else:
            with open(self.system, "a") as file:
                file.write(self.here(text))

    def test_what_stands_there_is_what_happens(self):
        done = set()
        for block in pages.split(PAGE.read_text())[0]:
            with self.subTest(line=block.line):
                done.add(block.tag)
                if block.tag == "console":
                    for command, shown in pages.session(block.text):
                        self.type_in(command, shown)
                elif block.tag == "ini":
                    self.configure(block.text)
                elif block.tag == "nginx":
                    self.http = self.here(block.text)
                else:
                    self.fail(f"nothing does a block of the kind {block.tag!r}")
        self.assertEqual(done, {"console", "ini", "nginx"})


if __name__ == "__main__":
    TOOL, MODULES = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    del sys.argv[1:3]
    unittest.main()
