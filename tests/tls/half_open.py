#!/usr/bin/env python3
"""Handshakes that stay half open: half_open.py MODULE-FOLDER [--count N]

So many clients in one process send a ClientHello to one nginx worker and then nothing more. Both
processes may lock 64 KiB, and then 8 MiB. New handshakes then succeed, and half-open ones that go on
do, too. The last line is "N passed, M failed".
"""

import argparse
import pathlib
import re
import resource
import socket
import ssl
import subprocess
import sys

import limits
import servers
import wire
from place import Place

LATER = 100  # handshakes behind the half-open ones, and half-open ones that go on
FILES_BESIDE = 500


class Half:
    """A client that has sent its ClientHello."""

    def __init__(self, context, port):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.socket.sendall(self.outgoing.read())

    def go_on(self):
        """The rest of the handshake."""
        while True:
            data = self.socket.recv(1 << 16)
            if not data:
                raise ConnectionError("the server closed the connection")
            self.incoming.write(data)
            try:
                self.tls.do_handshake()
                self.socket.sendall(self.outgoing.read())
                return
            except ssl.SSLWantReadError:
                pass


def locked_by(process):
    """What the kernel counts: "VmLck, VmRSS"."""
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return ", ".join(re.sub(r"\s+", " ", line) for line in
                     re.findall(r"^(?:VmLck|VmRSS):.*$", status, re.M))


def run_client(port, proxied, count, ca):
    context = ssl.create_default_context(cafile=ca)
    # Whether the server has answered is seen at the last one, which it comes to behind the others.
    halves = [Half(context, port) for _ in range(count)]
    halves[-1].socket.recv(1, socket.MSG_PEEK)
    print(f"{len(halves)} half-open handshakes; the client has {locked_by('self')}", flush=True)
    for _ in range(LATER):
        Half(context, proxied).go_on()
    for half in halves[::max(1, count // LATER)]:
        half.go_on()
    print("done")


def measure(place, configuration, count, memory):
    """Returns what is wrong, or None."""
    files = count + FILES_BESIDE
    # With fewer left than a sixteenth, nginx closes those that wait for their client.
    connections = 2 * files
    before = limits.locked_memory(memory)
    with servers.nginx(place, configuration, before=before,
                       main=f"worker_processes 1; worker_rlimit_nofile {files};",
                       events=f"worker_connections {connections};",
                       more="client_header_timeout 1h;") as server, \
            wire.Proxy(server.port) as proxy:
        worker, = pathlib.Path(f"/proc/{server.process.pid}/task/{server.process.pid}/"
                               "children").read_text().split()
        client = subprocess.Popen(
            [servers.system_python(), "-B", __file__, "--client", str(server.port),
             str(proxy.port), str(count), place.path("ca.pem")], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, preexec_fn=before,
            env=place.environment(configuration))
        print(client.stdout.readline().strip())
        print(f"nginx's worker has {locked_by(worker)}", flush=True)
        said, _ = client.communicate(timeout=300)
        if said != "done\n":
            return f"the clients: {said[-300:]}"
        groups = {hellos.group for hellos in proxy.connections()}
        if groups != {"X25519MLKEM768"} or len(proxy.connections()) != LATER:
            return f"{len(proxy.connections())} later handshakes had {groups}"
    return None


def main():
    if sys.argv[1] == "--client":
        return run_client(*map(int, sys.argv[2:5]), sys.argv[5])
    parser = argparse.ArgumentParser()
    parser.add_argument("modules")
    parser.add_argument("--count", type=int, default=10_000)
    asked = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if asked.count + FILES_BESIDE > most:
        print(f"only {most} files may be open here: {most - FILES_BESIDE} handshakes, not "
              f"{asked.count}")
        asked.count = most - FILES_BESIDE
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    failed = 0
    with Place(asked.modules) as place:
        shipped = place.configuration("shipped.cnf")
        for memory in (64 << 10, 8 << 20):
            print(f"RLIMIT_MEMLOCK is {memory >> 10} KiB")
            wrong = measure(place, shipped, asked.count, memory)
            if wrong:
                print(f"FAILED: {wrong}")
            failed += wrong is not None
    print(f"{2 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
