"""A backend that does what it is asked, well or badly: the module's side of the tests, without packages.

    backend.py [MODE …]

Listens on ASPNETCORE_PORT or HTTP_PLATFORM_PORT of 127.0.0.1 and takes requests with the pairing token. Modes:

    exit N            prints a line and ends with N          never          never listens
    hang-on-stop      answers the shutdown message, stays    refuse         answers it with 500, takes SIGTERM
    stubborn          answers it with 500, ignores SIGTERM   other-port     listens on another port
    ipv6              listens on ::1 only                    child          a child of it listens
    flood             prints without end                     daemon         leaves a process of a session of its own
    late SECONDS      listens after a while           socket PATH    listens on a Unix socket
    slow-socket PATH  the same, lets one connection wait and takes its time to accept it
"""

import base64
import contextlib
import hashlib
import json
import os
import signal
import socket
import sys
import threading
import time
import urllib.parse

MODE = sys.argv[1:] or ["serve"]
TOKEN = os.environ.get("ASPNETCORE_TOKEN", "")
BASE = os.environ.get("ASPNETCORE_APPL_PATH", "/").rstrip("/")
served = 0
counting = threading.Lock()
# What `/hold` waits for.
released = threading.Event()
holding = 0
aborted = 0


class Connection:
    """One connection, requests one after the other."""

    def __init__(self, stream):
        self.stream = stream
        self.buffer = b""
        self.ahead = True

    def more(self):
        piece = self.stream.recv(262144)
        if not piece:
            raise EOFError
        self.buffer += piece

    def until(self, mark):
        while mark not in self.buffer:
            self.more()
        text, self.buffer = self.buffer.split(mark, 1)
        return text

    def exactly(self, count):
        """The bytes in pieces, none kept."""
        while count:
            if not self.buffer:
                self.more()
            piece, self.buffer = self.buffer[:count], self.buffer[count:]
            count -= len(piece)
            yield piece

    def body(self, headers):
        """The pieces of the request's body."""
        if "chunked" in headers.get("transfer-encoding", ""):
            while size := int(self.until(b"\r\n").split(b";")[0], 16):
                yield from self.exactly(size)
                self.until(b"\r\n")
            while self.until(b"\r\n"):
                pass
        else:
            yield from self.exactly(int(headers.get("content-length", 0)))

    def send(self, data):
        self.stream.sendall(data)

    def answer(self, body=b"", status="200 OK", headers=""):
        body = body if isinstance(body, bytes) else body.encode()
        self.send(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body)

    def run(self):
        with self.stream, contextlib.suppress(EOFError, OSError):
            while self.ahead:
                self.one()

    def one(self):
        global served
        lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        pairs = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:]]
        headers = {name.lower(): value for name, value in pairs}
        if TOKEN and headers.get("ms-aspnetcore-token") != TOKEN:
            self.answer(status="400 Bad Request")
            return
        path, _, query = target.partition("?")
        asked = {name: values[0] for name, values in urllib.parse.parse_qs(query, keep_blank_values=True).items()}
        local = path[len(BASE):] if BASE and path.lower().startswith(BASE.lower()) else path
        if method == "POST" and local == "/iisintegration" and headers.get("ms-aspnetcore-event", "").lower() == "shutdown":
            self.shut_down()
            return
        with counting:
            served += 1
        work = getattr(self, "on_" + local.strip("/").split("/")[0].replace("-", "_"), None)
        if work is None:
            for _ in self.body(headers):
                pass
            self.answer("not there", status="404 Not Found")
            return
        work(asked, headers, {"line": lines[0], "headers": pairs})
        if headers.get("connection", "").lower() == "close":
            self.ahead = False

    def shut_down(self):
        with contextlib.suppress(OSError), open("shutdown-message", "a") as file:
            file.write(time.strftime("%H:%M:%S\n"))
        if MODE[0] in ("refuse", "stubborn"):
            self.answer(status="500 No")
            return
        self.answer(status="202 Accepted")
        if MODE[0] != "hang-on-stop":
            os._exit(0)

    # Plain answers

    def on_(self, asked, headers, request):
        self.drain(headers)
        self.answer("the backend")

    def drain(self, headers):
        for _ in self.body(headers):
            pass

    def on_pid(self, asked, headers, request):
        self.answer(str(os.getpid()))

    def on_environment(self, asked, headers, request):
        self.answer(json.dumps({**os.environ, "cwd": os.getcwd(), "arguments": sys.argv[1:]}))

    def on_request(self, asked, headers, request):
        self.drain(headers)
        self.answer(json.dumps(request))

    def on_served(self, asked, headers, request):
        self.answer(str(served))

    def on_echo(self, asked, headers, request):
        """The body, piece by piece as it comes."""
        if "content-length" in headers:
            self.send(f"HTTP/1.1 200 OK\r\nContent-Length: {headers['content-length']}\r\n\r\n".encode())
            for piece in self.body(headers):
                self.send(piece)
            return
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in self.body(headers):
            self.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.send(b"0\r\n\r\n")

    def on_count(self, asked, headers, request):
        """How many bytes came, and their digest."""
        digest, count = hashlib.sha256(), 0
        for piece in self.body(headers):
            digest.update(piece)
            count += len(piece)
        self.answer(f"{count} {digest.hexdigest()} {headers.get('content-length', 'chunked')}")

    def on_bytes(self, asked, headers, request):
        """So many bytes, with their length said or in chunks; then the connection is closed (`close`)."""
        left, piece = int(asked["n"]), b"x" * 65536
        chunked = "chunked" in asked
        self.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
                  + (b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"Content-Length: %d\r\n\r\n" % left))
        while left:
            part = piece[:left]
            self.send(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
            left -= len(part)
        if chunked:
            self.send(b"0\r\n\r\n")
        if "close" in asked:
            raise EOFError

    def on_lines(self, asked, headers, request):
        """A line each `ms`, flushed; its type decides whether it is compressed."""
        self.send(f"HTTP/1.1 200 OK\r\nContent-Type: {asked.get('type', 'text/plain')}\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n".encode())
        for number in range(int(asked["n"])):
            line = b"line %d\n" % number
            self.send(b"%x\r\n%s\r\n" % (len(line), line))
            time.sleep(int(asked.get("ms", 0)) / 1000)
        self.send(b"0\r\n\r\n")

    def on_status(self, asked, headers, request):
        self.drain(headers)
        body = asked.get("body", "")
        self.answer(body, status=f"{asked['code']} {asked.get('reason', '')}".rstrip() or asked["code"],
                    headers="Content-Type: text/plain\r\n" if body else "")

    # Whatever bytes the test wants

    def on_raw(self, asked, headers, request):
        """The bytes of `base64`, each `@` of them `pad` letters, and after `ms` those of `later`, then makes the file `said`;
        then the connection is closed (`close`), reset (`reset`) or left as it is (`wait`)."""
        if "drain" in asked:
            self.drain(headers)
        self.send(base64.urlsafe_b64decode(asked["base64"]).replace(b"@", b"e" * int(asked.get("pad", 1))))
        if "later" in asked:
            time.sleep(int(asked["ms"]) / 1000)
            with contextlib.suppress(OSError):
                self.send(base64.urlsafe_b64decode(asked["later"]))
            open("said", "w").close()
        if "reset" in asked:
            self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        if "close" in asked or "reset" in asked:
            raise EOFError

    def on_huge_header(self, asked, headers, request):
        self.answer("a body", headers=f"X-Huge: {'h' * int(asked['n'])}\r\n")

    def on_upgrade(self, asked, headers, request):
        """Whatever protocol: an echo."""
        self.send(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "
                  + headers.get("upgrade", "none").encode() + b"\r\n\r\n")
        self.stream.sendall(self.buffer)
        while piece := self.stream.recv(65536):
            self.stream.sendall(piece)
        raise EOFError

    # Waiting

    def on_hold(self, asked, headers, request):
        """Answers once `/release` was asked for; counts itself among `/holding`. `/aborted` counts those given up."""
        global holding, aborted
        with counting:
            holding += 1
        try:
            if "head" in asked:
                self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while not released.wait(0.01):
                self.stream.setblocking(False)
                try:
                    if self.stream.recv(1, socket.MSG_PEEK) == b"":
                        aborted += 1
                        raise EOFError
                except BlockingIOError:
                    pass
                except ConnectionResetError:
                    aborted += 1
                    raise
                finally:
                    self.stream.setblocking(True)
        finally:
            with counting:
                holding -= 1
        if "head" in asked:
            self.send(b"4\r\nheld\r\n0\r\n\r\n")
        else:
            self.answer("held")

    def on_release(self, asked, headers, request):
        released.set()
        self.answer("released")

    def on_holding(self, asked, headers, request):
        self.answer(str(holding))

    def on_aborted(self, asked, headers, request):
        self.answer(str(aborted))

    def on_never(self, asked, headers, request):
        while self.stream.recv(65536):
            pass
        raise EOFError

    def on_unread(self, asked, headers, request):
        """Never reads the body."""
        released.wait()
        raise EOFError

    # Its process

    def on_crash(self, asked, headers, request):
        os._exit(int(asked.get("status", 3)))

    def on_answer_and_crash(self, asked, headers, request):
        self.answer("going")
        os._exit(3)

    def on_print(self, asked, headers, request):
        stream = sys.stderr if "error" in asked else sys.stdout
        for _ in range(int(asked.get("times", 1))):
            stream.write(asked["text"] + "\n")
        stream.flush()
        self.answer("printed")

    def on_create(self, asked, headers, request):
        with open(asked["name"], "a") as file:
            file.write(request["line"] + "\n")
        self.answer("created")

    def on_daemon(self, asked, headers, request):
        self.answer(str(leave_daemon()))


def leave_daemon():
    """A process whose parent has gone, in a session of its own; its id."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writing, f"{os.getpid()}\n".encode())
            signal.pause()
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(reading, 32))


def flood():
    line = b"x" * 4095 + b"\n"
    while True:
        os.write(1, line)


def main():
    port = int(os.environ.get("ASPNETCORE_PORT") or os.environ["HTTP_PLATFORM_PORT"])
    if MODE[0] == "exit":
        print("the backend ends", flush=True)
        print("and is sorry", file=sys.stderr, flush=True)
        os._exit(int(MODE[1]))
    if MODE[0] == "never":
        signal.pause()
    if MODE[0] == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if MODE[0] == "hang-on-stop":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if MODE[0] == "flood":
        threading.Thread(target=flood, daemon=True).start()
    if MODE[0] == "daemon":
        print(f"daemon {leave_daemon()}", flush=True)
    if MODE[0] == "late":
        time.sleep(float(MODE[1]))
    if MODE[0] == "child" and (child := os.fork()):
        os.waitpid(child, 0)
        os._exit(0)
    if MODE[0] in ("socket", "slow-socket"):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(MODE[1])
    else:
        listener = socket.socket(socket.AF_INET6 if MODE[0] == "ipv6" else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("::1" if MODE[0] == "ipv6" else "127.0.0.1", port if MODE[0] != "other-port" else 0))
    listener.listen(0 if MODE[0] == "slow-socket" else 1024)
    while True:
        if MODE[0] == "slow-socket":
            time.sleep(0.02)
        stream, _ = listener.accept()
        if stream.family != socket.AF_UNIX:
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=Connection(stream).run, daemon=True).start()


main()
