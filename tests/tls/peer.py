"""Python's own TLS, as a program: peer.py serve PORT CERTIFICATE-AND-KEY FOLDER | fetch URL CA"""

import functools
import http.server
import ssl
import sys
import urllib.request


def serve(port, certificate, folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), handler)
    # The handshake belongs to the connection's thread: whoever only connects stops nobody.
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    server.serve_forever()


def fetch(url, ca):
    context = ssl.create_default_context(cafile=ca)
    with urllib.request.urlopen(url, context=context, timeout=30) as answer:
        print(answer.read().decode(), end="")


if __name__ == "__main__":
    {"serve": serve, "fetch": fetch}[sys.argv[1]](*sys.argv[2:])
