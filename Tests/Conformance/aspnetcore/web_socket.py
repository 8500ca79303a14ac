"""A WebSocket client for tests: frames as they are, nothing hidden."""

import base64
import os
import socket
import struct

from aspnetcore.traffic import Incoming
from instance import PATIENCE

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


class Refused(Exception):
    """The answer that was no upgrade: its head and what followed."""

    def __init__(self, head, body):
        super().__init__(head.decode("latin-1", "replace"))
        self.status = int(head.split()[1]) if head else 0
        self.body = body


class WebSocket(Incoming):
    failure = EOFError

    def __init__(self, port, path, host="localhost", headers=""):
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self.connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{headers}\r\n".encode())
        self.head = self.until(b"\r\n\r\n")
        if not self.head.startswith(b"HTTP/1.1 101"):
            raise Refused(self.head, self.buffer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def send(self, data, kind=TEXT, final=True):
        data = data.encode() if isinstance(data, str) else data
        size = len(data)
        length = bytes([0x80 | size]) if size < 126 else (
            b"\xfe" + struct.pack(">H", size) if size < 65536 else b"\xff" + struct.pack(">Q", size))
        mask = os.urandom(4)
        covered = bytes(a ^ b for a, b in zip(data, mask * (size // 4 + 1)))
        self.connection.sendall(bytes([(0x80 if final else 0) | kind]) + length + mask + covered)

    def receive(self):
        """Kind, whether it is the message's last, and the data of the next frame."""
        first, second = self.exactly(2)
        size = second & 0x7F
        if size == 126:
            size, = struct.unpack(">H", self.exactly(2))
        elif size == 127:
            size, = struct.unpack(">Q", self.exactly(8))
        return first & 15, bool(first & 0x80), self.exactly(size)

    def message(self):
        """The next message, whole: kind and data; a pong for each ping."""
        whole, kind = b"", None
        while True:
            found, final, data = self.receive()
            if found == PING:
                self.send(data, PONG)
                continue
            kind = found if found != CONTINUATION else kind
            whole += data
            if final:
                return kind, whole

    def close(self, status=1000, reason=""):
        """Says goodbye; what the other end answers: status and reason."""
        self.send(struct.pack(">H", status) + reason.encode(), CLOSE)
        while True:
            kind, data = self.message()
            if kind == CLOSE:
                return struct.unpack(">H", data[:2])[0], data[2:].decode()
