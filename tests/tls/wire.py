"""What a TLS handshake says in clear: a proxy that records connections, and a parser of hellos.

The group of a connection is what the ServerHello names (RFC 8446, section 4.2.8), or in TLS 1.2 the
ServerKeyExchange (RFC 8422, section 5.4). No program is believed.
"""

import dataclasses
import socket
import struct
import threading

GROUPS = {0x0017: "P-256", 0x0018: "P-384", 0x0019: "P-521", 0x001D: "X25519", 0x001E: "X448",
          0x0200: "MLKEM512", 0x0201: "MLKEM768", 0x0202: "MLKEM1024",
          0x11EB: "SecP256r1MLKEM768", 0x11EC: "X25519MLKEM768", 0x11ED: "SecP384r1MLKEM1024"}

# The random of a ServerHello that is a HelloRetryRequest (RFC 8446, section 4.1.3).
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")

ALERT, HANDSHAKE = 21, 22
CLIENT_HELLO, SERVER_HELLO, SERVER_KEY_EXCHANGE = 1, 2, 12
SUPPORTED_GROUPS, PRE_SHARED_KEY, SUPPORTED_VERSIONS, KEY_SHARE = 10, 41, 43, 51
NAMED_CURVE = 3
RECORDED = 1 << 16  # bytes of a direction; the hellos are at its beginning

# What PostgreSQL's clients and server say before TLS begins: SSLRequest, and yes.
POSTGRES_REQUEST, POSTGRES_YES = bytes.fromhex("0000000804d2162f"), b"S"


def name_of(group):
    return GROUPS.get(group, f"0x{group:04x}")


@dataclasses.dataclass
class Hellos:
    """Of one connection. Sizes are those of the handshake messages in bytes."""

    offered: list = dataclasses.field(default_factory=list)  # of the first ClientHello
    shares: list = dataclasses.field(default_factory=list)
    retry: str = None    # the group that a HelloRetryRequest asks for
    group: str = None    # the negotiated one
    version: str = None  # "1.3" or "1.2"
    resumed: bool = False
    client_size: int = 0  # of the first ClientHello
    server_size: int = 0  # of the last ServerHello
    alerts: list = dataclasses.field(default_factory=list)  # (from whom, number), those in clear


class Reader:
    """Big-endian fields. Raises EOFError where bytes are missing."""

    def __init__(self, data):
        self.data = data

    def take(self, count):
        if count > len(self.data):
            raise EOFError
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def vector(self, size):
        return Reader(self.take(self.number(size)))


def messages(stream):
    """The handshake messages and alerts in clear: pairs of (type of record, bytes)."""
    records, pending = Reader(stream), b""
    try:
        while records.data:
            kind, _version = records.number(1), records.take(2)
            body = records.vector(2).data
            if kind == ALERT and len(body) == 2:
                yield ALERT, body
            if kind != HANDSHAKE:
                continue
            pending += body
            while len(pending) >= 4 and len(pending) >= 4 + int.from_bytes(pending[1:4], "big"):
                size = 4 + int.from_bytes(pending[1:4], "big")
                yield HANDSHAKE, pending[:size]
                pending = pending[size:]
    except EOFError:
        pass  # the rest was not recorded, or not sent


def extensions(reader):
    found = {}
    if reader.data:
        block = reader.vector(2)
        while block.data:
            kind = block.number(2)
            found[kind] = block.vector(2)
    return found


def read_client_hello(body, hellos):
    reader = Reader(body)
    reader.take(2 + 32)
    reader.vector(1), reader.vector(2), reader.vector(1)  # session, ciphers, compression
    found = extensions(reader)
    if SUPPORTED_GROUPS in found:
        groups = found[SUPPORTED_GROUPS].vector(2)
        while groups.data:
            hellos.offered.append(name_of(groups.number(2)))
    if KEY_SHARE in found:
        shares = found[KEY_SHARE].vector(2)
        while shares.data:
            hellos.shares.append(name_of(shares.number(2)))
            shares.vector(2)


def read_server_hello(body, hellos):
    reader = Reader(body)
    version, random = reader.take(2), reader.take(32)
    reader.vector(1), reader.take(3)  # session, cipher and compression
    found = extensions(reader)
    if SUPPORTED_VERSIONS in found:
        version = found[SUPPORTED_VERSIONS].take(2)
    hellos.version = {b"\3\4": "1.3", b"\3\3": "1.2"}.get(version, version.hex())
    if random == RETRY:
        if KEY_SHARE in found:
            hellos.retry = name_of(found[KEY_SHARE].number(2))
        return
    hellos.server_size = len(body) + 4
    hellos.resumed = PRE_SHARED_KEY in found
    if KEY_SHARE in found:
        hellos.group = name_of(found[KEY_SHARE].number(2))


def parse(from_client, from_server):
    """The Hellos of a recorded connection; fields keep their defaults where nothing was sent."""
    if from_client.startswith(POSTGRES_REQUEST):
        from_client = from_client[len(POSTGRES_REQUEST):]
        from_server = from_server.removeprefix(POSTGRES_YES)
    hellos = Hellos()
    for sender, stream in (("client", from_client), ("server", from_server)):
        for kind, message in messages(stream):
            if kind == ALERT:
                hellos.alerts.append((sender, message[1]))
            elif message[0] == CLIENT_HELLO and hellos.client_size == 0:
                hellos.client_size = len(message)
                read_client_hello(message[4:], hellos)
            elif message[0] == SERVER_HELLO:
                read_server_hello(message[4:], hellos)
            elif message[0] == SERVER_KEY_EXCHANGE and message[4] == NAMED_CURVE:
                hellos.group = name_of(struct.unpack(">H", message[5:7])[0])
    return hellos


class Proxy:
    """Forwards connections to a port of this machine, and records how they begin."""

    def __init__(self, target):
        self.target, self.streams, self.lock = target, [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.accepting = threading.Thread(target=self.accept, daemon=True)
        self.accepting.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.accepting.join()
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target), 10)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            stream = (bytearray(), bytearray())
            with self.lock:
                self.streams.append(stream)
            threading.Thread(target=self.relay, args=(client, server, stream), daemon=True).start()

    def relay(self, client, server, stream):
        back = threading.Thread(target=self.forward, args=(server, client, stream[1]), daemon=True)
        back.start()
        self.forward(client, server, stream[0])
        back.join()
        client.close(), server.close()

    @staticmethod
    def forward(source, sink, record):
        try:
            while data := source.recv(1 << 16):
                record += data[:RECORDED - len(record)]
                sink.sendall(data)
        except OSError:
            pass
        for end, how in ((sink, socket.SHUT_WR), (source, socket.SHUT_RD)):
            try:
                end.shutdown(how)
            except OSError:
                pass

    def connections(self):
        """The Hellos of each connection so far on which the client said something."""
        with self.lock:
            streams = [(bytes(sent), bytes(answered)) for sent, answered in self.streams]
        return [parse(*stream) for stream in streams if stream[0]]
