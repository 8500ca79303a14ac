"""A load of requests on kept connections that counts every failure, however short.

    with Load(port, clients=8) as load:
        ...                                # something that must not be felt
    assert not load.failures, load.failures

A client sends one request after the other on its connection and reads each answer whole. Whatever is not the answer
expected is a failure: a refused or reset connection, an early end, a wrong status, a wrong body, no answer in time. A
connection that the server closed with the answer before (`Connection: close`) is no failure: the client connects anew,
as every client does. Each client looks at its connection before it sends, so that a request never goes into one that
has ended.
"""

import contextlib
import select
import socket
import threading
import time

# How long a client waits for bytes. Seconds.
PATIENCE = 20


class Failure(Exception):
    """What a client got instead of its answer."""


class Incoming:
    """What comes on `connection`, taken as it is wanted; `failure` is raised where the connection ends before."""

    connection, buffer, failure = None, b"", Failure

    def more(self):
        piece = self.connection.recv(65536)
        if not piece:
            raise self.failure(f"the connection ended within an answer: {self.buffer[:200]!r}" if self.buffer else
                               "the connection ended before the answer")
        self.buffer += piece

    def until(self, mark):
        while mark not in self.buffer:
            self.more()
        text, self.buffer = self.buffer.split(mark, 1)
        return text

    def exactly(self, count):
        while len(self.buffer) < count:
            self.more()
        text, self.buffer = self.buffer[:count], self.buffer[count:]
        return text


class Client(Incoming):
    """One kept connection."""

    def __init__(self, port, host="localhost", address="127.0.0.1"):
        self.port, self.host, self.address = port, host, address
        self.connections = 0

    def connect(self):
        self.close()
        self.connection = socket.create_connection((self.address, self.port), timeout=PATIENCE)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.connections += 1

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def has_ended(self):
        """Whether the server has closed the connection; between requests it sends nothing else."""
        return bool(select.select([self.connection], [], [], 0)[0])

    def ask(self, path="/", method="GET", body=b""):
        """Sends a request and reads its answer: status, headers in lower case, body."""
        try:
            if not self.connection or self.has_ended():
                self.connect()
            length = f"Content-Length: {len(body)}\r\n" if body else ""
            self.connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\n{length}\r\n".encode() + body)
            status, headers, answer = self.read(method)
        except TimeoutError:
            self.close()
            raise Failure(f"no answer within {PATIENCE} s") from None
        except OSError as error:
            self.close()
            raise Failure(f"{type(error).__name__}: {error}") from None
        except Failure:
            self.close()
            raise
        if headers.get("connection", "").lower() == "close":
            self.close()
        return status, headers, answer

    def read(self, method):
        head = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(head[0].split()[1])
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in head[1:] if line)}
        if method == "HEAD" or status in (204, 304):
            return status, headers, b""
        if "chunked" in headers.get("transfer-encoding", ""):
            body = b""
            while size := int(self.until(b"\r\n"), 16):
                body += self.exactly(size + 2)[:-2]
            self.until(b"\r\n")
            return status, headers, body
        if "content-length" in headers:
            return status, headers, self.exactly(int(headers["content-length"]))
        with contextlib.suppress(Failure):
            while True:
                self.more()
        body, self.buffer = self.buffer, b""
        return status, headers, body


class Load:
    """Clients that ask without pause, each on a thread of its own, until the end of the `with`."""

    def __init__(self, port, *, clients=8, path="/", host="localhost", expected=None, status=200, method="GET",
                 body=b"", pause=0.0):
        self.clients = [Client(port, host) for _ in range(clients)]
        self.path, self.status, self.expected, self.method, self.body = path, status, expected, method, body
        self.pause = pause
        self.failures = []
        self.answers = 0
        # Seconds that the slowest answer took.
        self.slowest = 0.0
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(client,), daemon=True) for client in self.clients]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(2 * PATIENCE)

    def run(self, client):
        while not self.stopping.is_set():
            began = time.monotonic()
            problem = None
            try:
                status, _, body = client.ask(self.path, self.method, self.body)
                if status != self.status:
                    problem = f"status {status}: {body[:200]!r}"
                elif self.expected is not None and body != self.expected:
                    problem = f"a body of {len(body)} bytes: {body[:200]!r}"
            except Failure as failure:
                problem = str(failure)
            took = time.monotonic() - began
            with self.lock:
                self.answers += 1
                self.slowest = max(self.slowest, took)
                if problem:
                    self.failures.append((time.monotonic(), problem))
            if self.pause or problem:
                # One that fails at once does not fill the list with the same failure.
                self.stopping.wait(self.pause or 0.01)
        client.close()

    def answered(self):
        with self.lock:
            return self.answers

    def wait_for(self, count, patience=PATIENCE):
        """Waits until so many further requests were answered."""
        goal = self.answered() + count
        deadline = time.monotonic() + patience
        while self.answered() < goal:
            assert time.monotonic() < deadline, f"{goal - self.answered()} answers are missing; {self.failures[:3]}"
            self.stopping.wait(0.002)
