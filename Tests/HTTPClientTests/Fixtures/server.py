"""A web server for the tests: answers well or badly, over TLS if it is given a certificate.

usage: server.py [CERTIFICATE KEY]
Prints its port. Ends when its standard input does, so that it cannot outlive the tests.
"""
import base64
import http.server
import json
import os
import ssl
import sys
import threading
import time
import zlib


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        getattr(self, "answer_" + self.path.strip("/"), self.answer_missing)()

    do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = do_POST = do_PURGE = do_PUT = do_GET

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def begin_without_length(self):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def answer_missing(self):
        self.answer(404, b"missing")

    def answer_good(self):
        self.answer(200, b"good")

    def answer_empty(self):
        self.answer(200, b"")

    def answer_headers(self):
        self.answer(200, "\n".join(sorted(self.headers.keys())).encode())

    def answer_echo(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        echo = {
            "method": self.command,
            "headers": [[name, value] for name, value in self.headers.items()],
            "body": base64.b64encode(body).decode(),
        }
        self.answer(201, json.dumps(echo).encode())

    def answer_named(self):
        lines = ("X-Twice: 1", "x-twice:  2 ", "X-Empty:", "X-Colon: a:b", "X-Letter: \u00e9")
        head = "\r\n".join(("HTTP/1.1 200 OK", *lines, "Content-Length: 0", "", ""))
        self.wfile.write(head.encode())

    def answer_gzip(self):
        self.answer_coded("gzip", zlib.compressobj(wbits=31), b"zipped " * 1000)

    def answer_deflate(self):
        self.answer_coded("deflate", zlib.compressobj(), b"zipped " * 1000)

    def answer_bomb(self):
        self.answer_coded("gzip", zlib.compressobj(wbits=31), b"0" * (16 << 20))

    def answer_coded(self, name, coder, body):
        coded = coder.compress(body) + coder.flush()
        self.answer(200, coded, **{"Content-Encoding": name, "X-Kept": "1"})

    def answer_zeros(self):
        self.answer_coded("gzip", zlib.compressobj(wbits=31), b"0" * 200_000)

    def answer_thousand(self):
        self.answer(200, b"x" * 1000)

    def answer_unannounced(self):
        self.begin_without_length()
        self.wfile.write(b"x" * 1000)

    def answer_endless(self):
        self.begin_without_length()
        try:
            while True:
                self.wfile.write(b"x")
                time.sleep(0.02)
        except OSError:
            pass

    def answer_silent(self):
        time.sleep(60)

    def answer_redirect(self):
        self.answer(302, b"elsewhere", Location="/good")

    def answer_broken(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"x" * 10)
        self.close_connection = True

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    # A client that hangs up during the handshake is what some tests are about.
    def handle_error(self, request, address):
        pass


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) == 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
