"""Clients that notice everything: each keeps a connection busy with one request after the other and counts what fails.

A failure is whatever is not one whole 200 answer: a refused connection, a reset, an end where an answer was due. A client
reconnects only where the server has said `Connection: close`, so that every lost request is counted, those too that a
browser would silently repeat.
"""

import contextlib
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import PATIENCE  # noqa: E402


class Clients:
    """`with Clients(port) as clients: …`: runs until the block ends."""

    def __init__(self, port, count=8, path="/", host="localhost", pause=0.0):
        self.port = port
        self.request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        self.pause = pause
        self.failures = []
        self.answers = [0] * count
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(number,), daemon=True) for number in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.more()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join(PATIENCE)

    @property
    def total(self):
        return sum(self.answers)

    def more(self, each=3):
        """Waits until every client has had so many more answers, or something failed."""
        before = list(self.answers)
        deadline = time.monotonic() + PATIENCE
        while not self.failures and any(now < old + each for now, old in zip(self.answers, before)):
            assert time.monotonic() < deadline, f"no answers: {self.answers}"
            self.ended.wait(0.005)

    def run(self, number):
        connection = None
        while not self.ended.is_set():
            try:
                if connection is None:
                    connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
                    reader = connection.makefile("rb")
                connection.sendall(self.request)
                if not self.answer(reader):
                    connection.close()
                    connection = None
                self.answers[number] += 1
            except (OSError, ValueError) as error:
                self.failures.append(f"client {number}, request {self.answers[number] + 1}: {error!r}")
                with contextlib.suppress(Exception):
                    connection.close()
                connection = None
                self.ended.wait(0.01)
            if self.pause:
                self.ended.wait(self.pause)
        with contextlib.suppress(Exception):
            connection.close()

    def answer(self, reader):
        """Reads one answer; whether the connection goes on."""
        status = reader.readline()
        if not status:
            raise ValueError("the connection ended where an answer was due")
        fields = {}
        while (line := reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            fields[name.lower()] = value.strip()
        length = int(fields["content-length"])
        body = reader.read(length)
        if b" 200 " not in status or len(body) != length:
            raise ValueError(f"{status!r} {body[:200]!r}")
        return fields.get("connection", "").lower() != "close"
