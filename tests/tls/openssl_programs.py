"""s_server and s_client, of the system's OpenSSL or of another one that lies unpacked in a folder."""

import pathlib
import re
import subprocess

import wire
from place import PAGE, free_port
from server import Server

REQUEST = b"GET /page.txt HTTP/1.0\r\n\r\n"


def unpacked(folder, program):
    """The command that runs a program of Debian packages which lie unpacked there, by their own C
    library, or None."""
    folder = pathlib.Path(folder).resolve()
    if not (folder / program).exists():
        return None
    for loader in sorted(folder.glob("usr/lib/*/ld-linux*.so.*")) + sorted(
            folder.glob("lib/*/ld-linux*.so.*")):
        libraries = f"{loader.parent}:{folder}/usr/lib/{loader.parent.name}"
        return [str(loader), "--library-path", libraries, str(folder / program)]
    return None


class OpenSsl:
    def __init__(self, command=("openssl",)):
        self.command = list(command)
        said = subprocess.run([*self.command, "version"], capture_output=True, text=True)
        self.version = tuple(map(int, re.match(r"OpenSSL (\d+)\.(\d+)\.(\d+)", said.stdout).groups()))
        self.name = "openssl " + ".".join(map(str, self.version))

    def has_native_groups(self):
        return self.version >= (3, 5)

    def serve(self, place, configuration, *options, modules=None, before=None):
        """A Server that hands out the folder www. `before` is called in its process first."""
        port = free_port()
        return Server([*self.command, "s_server", "-accept", f"127.0.0.1:{port}", "-cert",
                       place.path("server.pem"), "-key", place.path("server-key.pem"), "-WWW",
                       *options], port, place.path("s_server.log"),
                      place.environment(configuration, modules), place.path("www"), before=before)

    def fetch(self, place, port, configuration, *options, modules=None, before=None):
        """What s_client printed, and whether it got the page."""
        done = subprocess.run(
            [*self.command, "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile",
             place.path("ca.pem"), "-verify_return_error", "-ign_eof", *map(str, options)],
            input=REQUEST, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
            env=place.environment(configuration, modules), preexec_fn=before)
        text = done.stdout.decode(errors="replace")
        return text, PAGE in text


def exchange(place, server, client, *, openssl, client_openssl=None, server_options=(),
             client_options=()):
    """One connection of s_client to s_server: (Hellos, whether the page came, s_client's output).
    `server` and `client` are configurations."""
    with openssl.serve(place, server, *server_options) as running, \
            wire.Proxy(running.port) as proxy:
        text, came = (client_openssl or openssl).fetch(place, proxy.port, client, *client_options)
        return only(proxy), came, text


def only(proxy):
    """The Hellos of the one connection that was made through the proxy."""
    found = proxy.connections()
    if len(found) != 1:
        raise AssertionError(f"{len(found)} connections were made, not one")
    return found[0]
