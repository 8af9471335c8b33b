"""Debian's clients: each fetches /page.txt from a port of this machine, and returns what it printed.

fetch(place, port, configuration) -> text; Absent if the program is not there.
"""

import os
import pathlib
import shutil
import subprocess

from place import SNIPPET
from servers import PEER, Absent, program, system_python

BROWSER = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
           "--disable-background-networking", "--disable-component-update", "--disable-sync",
           "--ignore-certificate-errors", "--hide-scrollbars", "--window-size=900,200"]
NODE = """
const [,, port, ca] = process.argv;
require('https').get({host: '127.0.0.1', port, path: '/page.txt', ca: require('fs').readFileSync(ca)},
  answer => answer.on('data', data => process.stdout.write(data)))
  .on('error', error => { console.error(String(error)); process.exitCode = 1; });
"""


def run(command, environment, **options):
    for name in ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        environment.pop(name, None)
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=90, env=environment, **options)
    return done.stdout.decode(errors="replace")


def curl(place, port, configuration):
    return run([program("curl"), "--silent", "--show-error", "--noproxy", "*", "--http1.1",
                "--cacert", place.path("ca.pem"), f"https://127.0.0.1:{port}/page.txt"],
               place.environment(configuration))


def python(place, port, configuration):
    environment = place.environment(configuration)
    environment["no_proxy"] = "*"
    return run([system_python(), "-B", PEER, "fetch", f"https://127.0.0.1:{port}/page.txt",
                place.path("ca.pem")], environment)


def node_of(root):
    """Debian's Node.js, which uses the system's OpenSSL: a function like the others. It lies unpacked
    in the folder `root`, where the system's node is another one."""
    script = "process.config.variables.node_shared_openssl"
    node = shutil.which("node") or shutil.which("nodejs")
    if node and run([node, "-p", script], dict(os.environ)).strip() == "true":
        return lambda place, port, configuration: node_here(node, place, port, configuration)
    root = pathlib.Path(root).resolve()
    if not (root / "usr/bin/node").exists():
        raise Absent("there is no nodejs of Debian")
    return lambda place, port, configuration: node_there(root, place, port, configuration)


SHARED = "--openssl-shared-config"  # without it, Node.js reads another section of openssl.cnf


def node_here(node, place, port, configuration):
    return run([node, SHARED, place.write("fetch.js", NODE), port, place.path("ca.pem")],
               place.environment(configuration))


def node_there(root, place, port, configuration):
    """In a root of its own, with copies of what it needs."""
    folder = root / "latchkey"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "fetch.js").write_text(NODE)
    for path in (place.path("ca.pem"), place.modules / "latchkey.so"):
        shutil.copy(path, folder)
    environment = place.environment(configuration)
    if configuration is not None:
        shutil.copy(SNIPPET, folder / "openssl.cnf")
        environment.update(OPENSSL_CONF="/latchkey/openssl.cnf", OPENSSL_MODULES="/latchkey")
    enter = ["chroot"] if os.geteuid() == 0 else ["unshare", "-r", "chroot"]
    try:
        return run([*enter, root, "/usr/bin/node", SHARED, "/latchkey/fetch.js", port,
                    "/latchkey/ca.pem"], environment)
    finally:
        shutil.rmtree(folder)


def node_of_its_own(place, port, configuration, shared=True):
    """A Node.js with an OpenSSL inside, as nodejs.org and NodeSource build it."""
    node = shutil.which("node")
    if not node or run([node, "-p", "process.config.variables.node_shared_openssl"],
                       dict(os.environ)).strip() != "false":
        raise Absent("there is no Node.js with an OpenSSL of its own")
    # From the environment, as a service would have it.
    environment = dict(place.environment(configuration), NODE_OPTIONS=SHARED if shared else "")
    return run([node, place.write("fetch.js", NODE), port, place.path("ca.pem")], environment)


def chromium(place, port, _configuration, *, path="/page.txt", screenshot=None):
    """Its TLS is its own: BoringSSL."""
    shown = [f"--screenshot={screenshot}"] if screenshot else ["--dump-dom"]
    profile = place.path("chromium")
    shutil.rmtree(profile, ignore_errors=True)
    environment = dict(place.environment(None), HOME=str(place.folder))
    return run([program("chromium"), *BROWSER, f"--user-data-dir={profile}", *shown,
                f"https://127.0.0.1:{port}{path}"], environment)


def psql(place, port, configuration):
    return run([program("psql"), "-At", "-c", "select 'it works'",
                f"host=localhost hostaddr=127.0.0.1 port={port} user=us dbname=postgres "
                f"sslmode=verify-full sslrootcert={place.path('ca.pem')}"],
               dict(place.environment(configuration), HOME=str(place.folder)))
