"""What servers and clients under test have in common: a temporary folder with certificates, pages
and configurations of OpenSSL. Nothing outside of it is written."""

import os
import pathlib
import socket
import subprocess
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SNIPPET = SOURCE / "packaging/openssl-latchkey.cnf"
PAGE = "it works\n"  # /page.txt of each server
ALL_GROUPS = ["X25519MLKEM768", "SecP256r1MLKEM768", "SecP384r1MLKEM1024", "MLKEM512", "MLKEM768",
              "MLKEM1024"]
SYSTEM_CONFIGURATION = pathlib.Path("/etc/ssl/openssl.cnf")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Place:
    """The folder. `modules` is the one of latchkey.so."""

    def __init__(self, modules):
        self.temporary = tempfile.TemporaryDirectory(prefix="latchkey-tls-")
        self.folder = pathlib.Path(self.temporary.name)
        self.folder.chmod(0o755)  # servers read it as another user
        self.modules = pathlib.Path(modules).resolve()
        (self.folder / "www").mkdir()
        (self.folder / "www/page.txt").write_text(PAGE)
        self.make_certificates()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def path(self, name):
        return self.folder / name

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return self.folder / name

    def make_certificates(self):
        """ca.pem; server.pem for 127.0.0.1 and localhost, server-key.pem, both in server-both.pem;
        client.pem, client-key.pem. Keys are of P-256."""
        def openssl(*words):
            subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True,
                           env=self.environment(None))

        new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-sha256"]
        openssl(*new, "-x509", "-days", "2", "-subj", "/CN=Latchkey test CA", "-keyout",
                "ca-key.pem", "-out", "ca.pem")
        for name, usage in (("server", "serverAuth"), ("client", "clientAuth")):
            extensions = self.write(f"{name}.ext", "subjectAltName = DNS:localhost, IP:127.0.0.1\n"
                                    f"extendedKeyUsage = {usage}\n")
            openssl(*new, "-subj", f"/CN={name}", "-keyout", f"{name}-key.pem", "-out",
                    f"{name}.csr")
            openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca-key.pem",
                    "-CAcreateserial", "-days", "2", "-extfile", str(extensions), "-out",
                    f"{name}.pem")
            both = self.path(f"{name}.pem").read_text() + self.path(f"{name}-key.pem").read_text()
            self.write(f"{name}-both.pem", both)

    def configuration(self, name, groups=None, section=""):
        """A configuration as an operator has it: the system's file, and the snippet as it is shipped
        included at its end. `groups` replaces the line Groups, `section` adds to the provider's."""
        lines = [f".include {SYSTEM_CONFIGURATION}", f".include {SNIPPET}"]
        if section:
            lines += ["[latchkey_sect]", section]
        if groups:
            lines += ["[system_default_sect]", f"Groups = {groups}"]
        return self.write(name, "\n".join(lines) + "\n")

    def environment(self, configuration, modules=None):
        """For a program with that configuration of OpenSSL, or with the system's (None)."""
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("OPENSSL_")}
        environment["LC_ALL"] = "C.UTF-8"
        if configuration is not None:
            environment["OPENSSL_CONF"] = str(configuration)
            environment["OPENSSL_MODULES"] = str(modules or self.modules)
        return environment
