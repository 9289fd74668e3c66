"""A server that stands in for a second reader: it answers what a test tells it to, well or badly."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


def completion(labels: Sequence[object]) -> bytes:
    """Returns the body of an answer with these labels."""
    content = json.dumps({"labels": list(labels)})
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


class StandIn(ThreadingHTTPServer):
    """Answers every question with `status` and `body`; `way` is "at once", "waits" or "drips"."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.body, self.way = 200, b"", "at once"
        self.asked: list[dict[str, Any]] = []
        self.headers: list[Message] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = cast(StandIn, self.server)
        server.headers.append(self.headers)
        server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        if server.way == "waits":
            time.sleep(1.5)
        self.send_response(server.status)
        if server.status == 302:
            self.send_header("Location", f"{server.url}/elsewhere")
        self.send_header("Content-Length", str(len(server.body)))
        self.end_headers()
        self._answer(server)

    def _answer(self, server: StandIn) -> None:
        try:
            for at in range(0, len(server.body), 20 if server.way == "drips" else len(server.body) or 1):
                self.wfile.write(server.body[at : at + 20] if server.way == "drips" else server.body)
                if server.way == "drips":
                    time.sleep(0.1)
        except OSError:
            return  # the reader has hung up

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def standing_in() -> Iterator[StandIn]:
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
