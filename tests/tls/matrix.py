#!/usr/bin/env python3
"""TLS between the programs that people run, with the provider: matrix.py MODULE-FOLDER INTEROP-FOLDER
[--screenshot FILE]

Servers and clients have the configuration that is shipped. INTEROP-FOLDER has unpacked Debian
packages of other suites (scripts/interop.sh). The group of each connection is read off the wire.
The last line is "N passed, M failed".
"""

import argparse
import functools
import os
import pathlib
import sys

import clients
import servers
import wire
from openssl_programs import OpenSsl, only, unpacked
from place import Place

HYBRID, CLASSICAL = "X25519MLKEM768", "X25519"


class Rows:
    """The table: each row is a check."""

    def __init__(self):
        self.passed = self.failed = 0

    def heading(self, text):
        print(f"\n{text}\n{'server':20} {'client':20} {'group':20} {'retry':16} hellos, bytes",
              flush=True)

    def add(self, server, client, hellos, problem=None):
        if problem is None:
            self.passed += 1
        else:
            self.failed += 1
        sizes = f"{hellos.client_size} + {hellos.server_size}" if hellos else ""
        print(f"{server:20} {client:20} {hellos and hellos.group or '-':20} "
              f"{hellos and hellos.retry or '-':16} {sizes}"
              f"{'' if problem is None else '  FAILED: ' + problem}", flush=True)

    def absent(self, server, client, why):
        print(f"{server:20} {client:20} not there: {why}", flush=True)


def last_line(text):
    return (text.strip().splitlines() or ["it printed nothing"])[-1][:300]


def fetch_through(place, port, fetch, configuration, page="it works"):
    """(Hellos of the connection that the page came over, or a problem)."""
    with wire.Proxy(port) as proxy:
        text = fetch(place, proxy.port, configuration)
        found = [hellos for hellos in proxy.connections() if hellos.version]
    if page not in text:
        return found[0] if found else None, f"no page: {last_line(text)}"
    if len({hellos.group for hellos in found}) != 1:
        return None, f"connections with different groups: {found}"
    return found[0], None


def row(rows, place, names, port, fetch, configuration, group):
    hellos, problem = fetch_through(place, port, fetch, configuration)
    if problem is None and hellos.group != group:
        problem = f"not {group}"
    rows.add(*names, hellos, problem)


def s_client(openssl):
    def fetch(place, port, configuration):
        return openssl.fetch(place, port, None if openssl.has_native_groups() else configuration)[0]
    return fetch


def all_servers(openssl):
    def s_server(place, configuration, modules=None):
        return openssl.serve(place, configuration, modules=modules)
    return {"nginx": servers.nginx, "Apache": servers.apache, "HAProxy": servers.haproxy,
            "s_server 3.0": s_server, "Python ssl": servers.python}


def all_clients(openssl, interop):
    """Names and functions, or why they are not there."""
    found = {"curl": clients.curl, "s_client 3.0": s_client(openssl)}
    for suite, name in (("trixie", "s_client 3.5"), ("sid", "s_client 3.6")):
        command = unpacked(interop / suite, "usr/bin/openssl")
        found[name] = s_client(OpenSsl(command)) if command else servers.Absent(
            f"no OpenSSL is unpacked in {suite}")
    found["Python ssl"] = clients.python
    try:
        found["Node.js, Debian's"] = clients.node_of(interop / "bookworm")
    except servers.Absent as absent:
        found["Node.js, Debian's"] = absent
    found["Node.js, its own"] = clients.node_of_its_own
    found["Chromium"] = clients.chromium
    return found


def everyone_with_everyone(rows, place, openssl, interop, shipped):
    rows.heading("Each server with each client, all with the configuration that is shipped")
    for server, serve in all_servers(openssl).items():
        try:
            running = serve(place, shipped)
        except servers.Absent as absent:
            rows.absent(server, "", absent)
            continue
        with running:
            for client, fetch in all_clients(openssl, interop).items():
                if isinstance(fetch, servers.Absent):
                    rows.absent(server, client, fetch)
                    continue
                try:
                    row(rows, place, (server, client), running.port, fetch, shipped, HYBRID)
                except servers.Absent as absent:
                    rows.absent(server, client, absent)
            if server == "nginx":
                log_shows_the_group(rows, place)


def log_shows_the_group(rows, place):
    """nginx calls the group by its number: $ssl_curve is 0x11ec."""
    lines = place.path("nginx/access.log").read_text().splitlines()
    wrong = [line for line in lines if line.split()[:2] != ["TLSv1.3", "0x11ec"]]
    rows.add("nginx's log", f"{len(lines)} lines", None,
             None if lines and not wrong else f"{wrong or 'no lines'}")


def half_configured(rows, place, openssl, shipped):
    """One side has the provider, the other does not, or its module was removed."""
    rows.heading("Only one side has the provider, or offers the group")
    for server, serve in all_servers(openssl).items():
        try:
            with serve(place, shipped) as running:
                row(rows, place, (server, "curl, without"), running.port, clients.curl, None,
                    CLASSICAL)
            with serve(place, None) as running:
                row(rows, place, (server + ", without", "curl"), running.port, clients.curl, shipped,
                    CLASSICAL)
            with serve(place, shipped, modules=place.path("none")) as running:
                row(rows, place, (server + ", removed", "curl"), running.port, clients.curl, shipped,
                    CLASSICAL)
        except servers.Absent as absent:
            rows.absent(server, "curl", absent)


def node_without_the_option(rows, place, openssl, shipped):
    try:
        with openssl.serve(place, shipped) as running:
            row(rows, place, ("s_server 3.0", "Node.js, no option"), running.port,
                functools.partial(clients.node_of_its_own, shared=False), shipped, CLASSICAL)
    except servers.Absent as absent:
        rows.absent("s_server 3.0", "Node.js, no option", absent)


def other_libraries(rows, place, openssl, interop, shipped):
    """Servers of OpenSSL with native ML-KEM; and those with our module beside it, which stands
    aside."""
    rows.heading("OpenSSL with native ML-KEM as the server")
    for suite, name in (("trixie", "s_server 3.5"), ("sid", "s_server 3.6")):
        command = unpacked(interop / suite, "usr/bin/openssl")
        if command is None:
            rows.absent(name, "", f"no OpenSSL is unpacked in {suite}")
            continue
        native = OpenSsl(command)
        for described, configuration in (("", None), (", snippet", shipped)):
            with native.serve(place, configuration) as running:
                row(rows, place, (name + described, "s_client 3.0"), running.port,
                    s_client(openssl), shipped, HYBRID)


def nginx_scenarios(rows, place, openssl, shipped):
    rows.heading("nginx: more than a first connection")

    def checked(name, hellos, came, **expected):
        wrong = {key: getattr(hellos, key) for key, value in expected.items()
                 if getattr(hellos, key) != value}
        rows.add("nginx", name, hellos, None if came and not wrong else f"{wrong or 'no page'}")

    def connect(name, running, configuration, *options, expect_page=True, **expected):
        with wire.Proxy(running.port) as proxy:
            _, came = openssl.fetch(place, proxy.port, configuration, *options)
            checked(name, only(proxy), came == expect_page, **expected)

    session = place.path("nginx-session.pem")
    try:
        with servers.nginx(place, shipped) as running:
            connect("first connection", running, shipped, "-sess_out", session, group=HYBRID,
                    resumed=False)
            connect("resumed", running, shipped, "-sess_in", session, group=HYBRID, resumed=True)
            connect("TLS 1.2", running, shipped, "-tls1_2", group=CLASSICAL, version="1.2")
        with servers.nginx(place, shipped, more=f"ssl_client_certificate {place.path('ca.pem')};"
                           "ssl_verify_client on;") as running:
            connect("client certificate", running, shipped, "-cert", place.path("client.pem"),
                    "-key", place.path("client-key.pem"), group=HYBRID)
            connect("none", running, shipped, expect_page=False, group=HYBRID)
        with servers.nginx(place, shipped, more=f"ssl_ecdh_curve {HYBRID};") as running:
            first = place.configuration("retry.cnf", f"{CLASSICAL}:{HYBRID}")
            connect("sends X25519 first", running, first, retry=HYBRID, group=HYBRID)
            connect("without the group", running, None, expect_page=False, group=None,
                    alerts=[("server", 40)])
        with servers.nginx(place, shipped, more=f"ssl_ecdh_curve {CLASSICAL}:{HYBRID};") as running:
            connect("server prefers X25519", running, shipped, group=HYBRID)
    except servers.Absent as absent:
        rows.absent("nginx", "", absent)


def own_curves(rows, place, shipped):
    """A server whose configuration names curves uses these alone."""
    rows.heading("Servers that set curves of their own")
    for name, serve, line in (("nginx", servers.nginx, "ssl_ecdh_curve secp384r1;"),
                              ("Apache", servers.apache, "SSLOpenSSLConfCmd Curves secp384r1"),
                              ("HAProxy", servers.haproxy, "curves secp384r1")):
        try:
            with serve(place, shipped, more=line) as running:
                row(rows, place, (name, "curl"), running.port, clients.curl, shipped, "P-384")
        except servers.Absent as absent:
            rows.absent(name, "curl", absent)
    try:
        with servers.nginx(place, shipped, modules=place.path("none"),
                           more=f"ssl_ecdh_curve {HYBRID}:{CLASSICAL};"):
            rows.add("nginx", "names it, no module", None, "it starts")
    except servers.Absent as absent:
        rows.absent("nginx", "names it, no module", absent)
    except RuntimeError as ended:
        rows.add("nginx", "names it, no module", None,
                 None if f"group '{HYBRID}' cannot be set" in str(ended) else str(ended))
    postgresql(rows, place, shipped)


def postgresql(rows, place, shipped):
    """Its server sets one classical curve itself; ssl_ecdh_curve names it."""
    try:
        try:
            with servers.postgresql(place, shipped, curve=HYBRID):
                rows.add("PostgreSQL", "named the hybrid", None, "it starts")
        except RuntimeError as ended:
            rows.add("PostgreSQL", "named the hybrid", None, None if
                     f"unrecognized curve name: {HYBRID}" in str(ended) else str(ended))
        with servers.postgresql(place, shipped) as running:
            hellos, problem = fetch_through(place, running.port, clients.psql, shipped)
            if problem is None and (hellos.retry, hellos.group) != ("P-256", "P-256"):
                problem = "not P-256 after a retry"
            if problem is None and hellos.shares != [HYBRID]:
                problem = "psql does not offer the group"
            rows.add("PostgreSQL", "psql", hellos, problem)
    except servers.Absent as absent:
        rows.absent("PostgreSQL", "psql", absent)


def picture(rows, place, shipped, file):
    """What Chromium shows of nginx's page about the group."""
    try:
        with servers.nginx(place, shipped) as running:
            text = clients.chromium(place, running.port, None, path="/group")
            rows.add("nginx's page", "Chromium", None,
                     None if "0x11ec" in text else f"no group: {last_line(text)}")
            if file:
                clients.chromium(place, running.port, None, path="/group", screenshot=file)
                print(f"wrote {file}")
    except servers.Absent as absent:
        rows.absent("nginx's page", "Chromium", absent)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("modules")
    parser.add_argument("interop", type=pathlib.Path)
    parser.add_argument("--screenshot", type=os.path.abspath)
    asked = parser.parse_args()
    rows, openssl = Rows(), OpenSsl()
    if openssl.has_native_groups():
        sys.exit(f"{openssl.name} has these groups itself; the matrix is for OpenSSL 3.0 to 3.4")
    with Place(asked.modules) as place:
        shipped = place.configuration("shipped.cnf")
        everyone_with_everyone(rows, place, openssl, asked.interop, shipped)
        half_configured(rows, place, openssl, shipped)
        node_without_the_option(rows, place, openssl, shipped)
        other_libraries(rows, place, openssl, asked.interop, shipped)
        nginx_scenarios(rows, place, openssl, shipped)
        own_curves(rows, place, shipped)
        picture(rows, place, shipped, asked.screenshot)
    print(f"{rows.passed} passed, {rows.failed} failed")
    return 1 if rows.failed else 0


if __name__ == "__main__":
    sys.exit(main())
