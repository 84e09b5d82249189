"""A proxy of the worst kind: it passes an answer on only when it has all of it, so that a stream never comes through."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PASSED_ON = ("content-type", "content-encoding", "cache-control", "etag", "vary", "content-security-policy", "location")


@contextmanager
def buffering_proxy(port: int) -> Iterator[str]:
    """Stand before a server on this machine, and return the address to ask instead."""

    under_way: set[http.client.HTTPConnection] = set()

    class Buffering(BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            length = int(self.headers.get("content-length", 0))
            headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
            asked = http.client.HTTPConnection("127.0.0.1", port)
            under_way.add(asked)
            with closing(asked):
                asked.request(self.command, self.path, self.rfile.read(length), headers)
                with asked.getresponse() as answer:
                    body = answer.read()
            under_way.discard(asked)
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() in PASSED_ON:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = pass_on  # noqa: N815 names that the base class asks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False

        def handle_error(self, *_: object) -> None:
            """A browser that closed its tab, or a stream that ended with its server, is no news."""

    server = Server(("127.0.0.1", 0), Buffering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        for asked in under_way:
            if asked.sock is not None:
                asked.sock.shutdown(socket.SHUT_RDWR)
        server.server_close()
        thread.join()
