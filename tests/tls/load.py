#!/usr/bin/env python3
"""nginx under load while it is reloaded and its workers are killed: load.py MODULE-FOLDER
[--seconds N]

Once with X25519 alone and once with the configuration that is shipped. Each time a reload every 5 s
and a killed worker every 3 s, below bounded load by Python's TLS. Connections may end early, because
their worker was killed; nothing else may fail, and each connection has the group. The last line is
"N passed, M failed".
"""

import argparse
import collections
import contextlib
import itertools
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

import servers
from place import PAGE, Place

WORKERS, THREADS, RATE = 4, 8, 160  # connections a second, of all threads
RELOAD_EVERY, KILL_EVERY = 5, 3
ENDED = "the connection ended"  # what a killed worker's clients see


def kind_of(error):
    """One of what a client can see."""
    if isinstance(error, (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError,
                          ssl.SSLZeroReturnError)):
        return ENDED
    return f"{type(error).__name__}: {error}"


def connect(context, port):
    with socket.create_connection(("127.0.0.1", port), 20) as raw, \
            context.wrap_socket(raw, server_hostname="localhost") as connection:
        connection.sendall(b"GET /page.txt HTTP/1.0\r\n\r\n")
        answer = b""
        while part := connection.recv(4096):
            answer += part
    if not answer.endswith(PAGE.encode()):
        raise ConnectionResetError("no page")


def run_client(port, seconds, ca):
    """The load; prints how often what happened."""
    end, lock, found = time.monotonic() + seconds, threading.Lock(), collections.Counter()

    def work():
        context = ssl.create_default_context(cafile=ca)
        due = time.monotonic()
        while time.monotonic() < end:
            try:
                connect(context, port)
                kind = "good"
            except OSError as error:
                kind = kind_of(error)
            with lock:
                found[kind] += 1
            due = max(due + THREADS / RATE, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for kind, count in sorted(found.items()):
        print(f"{count}\t{kind}")


def workers_of(master):
    """Their process numbers, those that are ending included."""
    text = pathlib.Path(f"/proc/{master}/task/{master}/children").read_text()
    return [int(word) for word in text.split()]


def disturb(server, seconds):
    """Reloads and kills until the load has ended. Returns how many of each."""
    begin, reloads, kills = time.monotonic(), 0, 0
    for second in itertools.count(1):
        time.sleep(max(0, begin + second - time.monotonic()))
        if second >= seconds - 1:
            return reloads, kills
        if second % RELOAD_EVERY == 0:
            server.process.send_signal(signal.SIGHUP)
            reloads += 1
        elif second % KILL_EVERY == 0:
            workers = workers_of(server.process.pid)
            with contextlib.suppress(ProcessLookupError):  # it ended by itself, in a reload
                os.kill(workers[kills % len(workers)], signal.SIGKILL)
            kills += 1


def measure(place, configuration, seconds, curve):
    """Runs the load once. Returns (kinds of what clients saw, what is wrong)."""
    home = place.path("nginx")
    for log in home.glob("*.log"):
        log.unlink()
    with servers.nginx(place, configuration, main=f"worker_processes {WORKERS};",
                       more="client_header_timeout 30s;") as server:
        load = subprocess.Popen(
            [servers.system_python(), "-B", __file__, "--client", str(server.port), str(seconds),
             place.path("ca.pem")], env=place.environment(configuration), stdout=subprocess.PIPE,
            text=True)
        reloads, kills = disturb(server, seconds)
        said, _ = load.communicate(timeout=120)
        alive = server.is_alive()
    found = {kind: int(count) for count, kind in
             (line.split("\t") for line in said.splitlines())}
    lines = (home / "access.log").read_text().splitlines()
    others = {line for line in lines if line.split()[:2] != ["TLSv1.3", curve]}
    logged = (home / "error.log").read_text()
    signals = collections.Counter(re.findall(r"exited on signal (\d+)", logged))
    alarms = [line for line in re.findall(r"\[(?:alert|crit|emerg)\].*", logged)
              if "exited on signal 9" not in line]
    print(f"{curve}: {reloads} reloads, {kills} workers killed, clients saw {found}", flush=True)
    wrong = []
    if load.returncode or not alive:
        wrong.append("nginx or the load ended")
    if set(found) - {"good", ENDED}:
        wrong.append("other failures than connections that ended")
    if found.get("good", 0) < seconds * RATE / 4:
        wrong.append("too few good connections")
    if others:
        wrong.append(f"other groups: {others}")
    if set(signals) - {"9"} or alarms:
        wrong.append(f"nginx logged {dict(signals)} {alarms[:3]}")
    return wrong


def main():
    if sys.argv[1] == "--client":
        return run_client(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    parser = argparse.ArgumentParser()
    parser.add_argument("modules")
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    failed = 0
    with Place(asked.modules) as place:
        shipped = place.configuration("shipped.cnf")
        for configuration, curve in ((None, "X25519"), (shipped, "0x11ec")):
            wrong = measure(place, configuration, asked.seconds, curve)
            if wrong:
                print(f"FAILED: {'; '.join(wrong)}")
            failed += bool(wrong)
    print(f"{2 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
