"""Our reading of requests against two readers that others wrote, llhttp (httptools) and h11.

Wherever we accept, both read the same messages, or refuse; what is ambiguous we refuse, and so does the running host.
"""

import dataclasses
import json
import re
import struct
import subprocess
import tempfile
import unicodedata
import unittest
import urllib.parse

import h11
import httptools

from http_streams import AMBIGUOUS, PLAIN, SENTINEL, Generator
from instance import BINARIES, Instance

SEED = 20240229
GENERATED = 20000


@dataclasses.dataclass
class Message:
    method: bytes
    target: bytes
    version: str
    fields: list
    body: bytes = b""
    #: Where the next message begins; None while the body is not whole.
    end: int | None = None

    @property
    def head(self):
        # h11 writes codings in lower case.
        fields = [(name, value.lower() if name.lower() == b"transfer-encoding" else value) for name, value in self.fields]
        return self.method, self.target, self.version, fields


@dataclasses.dataclass
class Reading:
    messages: list
    #: Whether the reader gave up, or says that the connection carries nothing further.
    stopped: bool = False

    @property
    def whole(self):
        return [message for message in self.messages if message.end is not None]


def ours(streams, portion=None):
    """What the router's own reader says, stream by stream: a `Reading`, the refusal's name, the cooked paths, the hosts."""
    with tempfile.NamedTemporaryFile() as file:
        for stream in streams:
            file.write(struct.pack("<I", len(stream)) + stream)
        file.flush()
        arguments = [BINARIES / "RequestStreamReader", file.name] + ([str(portion)] if portion else [])
        lines = subprocess.run(arguments, check=True, capture_output=True, timeout=60).stdout.splitlines()
    assert len(lines) == len(streams), "one line for each stream"
    return [our_reading(json.loads(line)) for line in lines]


def our_reading(said):
    def text(value):
        return value.encode("latin-1")

    messages = [
        Message(text(each["method"]), text(each["target"]), each["version"],
                [(text(name), text(value)) for name, value in each["fields"]], text(each["body"]), each["end"])
        for each in said["messages"]
    ]
    closes = bool(said["messages"]) and messages[-1].end is not None and not said["messages"][-1]["keepsAlive"]
    return Reading(messages, closes or said["refusal"] is not None), said["refusal"], [text(each["path"]) for each in said["messages"]]


class LLHTTP:
    """llhttp, fed byte for byte so that the place of every message's end is known."""

    def __init__(self, stream):
        self.messages = []
        self.position = 0
        parser = self.parser = httptools.HttpRequestParser(self)
        stopped = False
        for index in range(len(stream)):
            self.position = index + 1
            try:
                self.parser.feed_data(stream[index:index + 1])
            except httptools.HttpParserUpgrade:
                if any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in self.fields):
                    # httptools (not llhttp) has no body before an upgrade; what it says of this message is no reading.
                    self.messages[-1].end = None
                    stopped = True
                    break
                # We answer without switching, and so HTTP goes on behind the message.
                self.parser = httptools.HttpRequestParser(self)
            except httptools.HttpParserError:
                stopped = True
                break
        self.reading = Reading(self.messages, stopped)

    def on_message_begin(self):
        self.target = b""
        self.fields = []
        self.in_head = True

    def on_url(self, part):
        self.target += part

    def on_header(self, name, value):
        if self.in_head:
            self.fields.append((name, value.strip(b" \t")))

    def on_headers_complete(self):
        self.in_head = False
        self.messages.append(Message(self.parser.get_method(), self.target, self.parser.get_http_version(), self.fields))

    def on_body(self, part):
        self.messages[-1].body += part

    def on_message_complete(self):
        self.messages[-1].end = self.position


def h11_reading(stream):
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
    connection.receive_data(stream)
    messages = []
    try:
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Request):
                messages.append(Message(event.method, event.target, event.http_version.decode(), event.headers.raw_items()))
            elif isinstance(event, h11.Data):
                messages[-1].body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                messages[-1].end = len(stream) - len(connection.trailing_data[0])
                connection.send(h11.Response(status_code=404, headers=[("Content-Length", "0")]))
                connection.send(h11.EndOfMessage())
                if connection.our_state is h11.MUST_CLOSE:
                    return Reading(messages, stopped=True)
                connection.start_next_cycle()
            elif event is h11.NEED_DATA:
                return Reading(messages)
            else:
                return Reading(messages, stopped=True)
    except h11.RemoteProtocolError:
        return Reading(messages, stopped=True)


def disagreement(our, their):
    """What the two readings say differently, or None. Whoever stops says nothing about what follows."""
    for number, message in enumerate(our.messages):
        if number >= len(their.messages):
            return None if their.stopped else f"they wait where we read message {number}"
        other = their.messages[number]
        if message.head != other.head:
            return f"head {number}: {message.head} and {other.head}"
        if message.end is None:
            # Ours is not whole, because bytes are missing or because the body is refused.
            return f"they see the end of message {number} at {other.end}" if other.end is not None and not our.stopped else None
        if other.end is None:
            return None if their.stopped else f"they wait for more of message {number}"
        if (message.body, message.end) != (other.body, other.end):
            return f"body {number}: {message.body!r} to {message.end} and {other.body!r} to {other.end}"
    if len(their.messages) > len(our.messages) and not our.stopped:
        return f"they read message {len(our.messages)} where we wait"
    return None


def cooked(target):
    """An independent reading of HTTP.sys's rules for paths; None where they refuse it."""
    path = re.sub(rb"(?i)^https?://[^/?]*", b"", target).split(b"?")[0]
    if path == b"*":
        return path
    if re.search(rb"%(?![0-9A-Fa-f]{2})", path):
        return None
    try:
        text = urllib.parse.unquote_to_bytes(path).decode("utf-8", "strict")
    except UnicodeDecodeError:
        return None
    if any(unicodedata.category(character) == "Cc" for character in text):
        return None
    kept = []
    segments = text.replace("\\", "/").split("/")
    for segment in segments:
        if segment == "..":
            if not kept:
                return None
            kept.pop()
        elif segment not in ("", "."):
            kept.append(segment)
            if len(segment.encode("utf-16-le")) > 520 or len(kept) > 255:
                return None
    end = "/" if kept and segments[-1] in ("", ".", "..") else ""
    return ("/" + "/".join(kept) + end).encode()


class Differential(unittest.TestCase):
    def compare(self, streams):
        """Checks our reading of each stream against both others; answers how many messages each confirmed."""
        confirmed = {"llhttp": 0, "h11": 0}
        for stream, (our, _, _) in zip(streams, ours(streams), strict=True):
            if not our.messages and our.stopped:
                continue
            for name, their in [("llhttp", LLHTTP(stream).reading), ("h11", h11_reading(stream))]:
                self.assertIsNone(disagreement(our, their), f"{name} on {stream!r}")
                confirmed[name] += min(len(our.whole), len(their.whole))
        return confirmed

    def test_generated_streams_are_read_as_llhttp_and_h11_read_them(self):
        confirmed = self.compare(Generator(SEED).streams(GENERATED))
        # Most of what is accepted is accepted by all, or the comparison would say little.
        self.assertGreater(confirmed["llhttp"], GENERATED // 2)
        self.assertGreater(confirmed["h11"], GENERATED // 2)

    def test_plain_requests_are_accepted_and_end_where_the_next_begins(self):
        streams = [stream + SENTINEL for stream in PLAIN]
        for stream, (our, refusal, _) in zip(streams, ours(streams), strict=True):
            self.assertIsNone(refusal, stream)
            self.assertEqual(our.messages[0].end, len(stream) - len(SENTINEL), stream)
            if not our.stopped:
                self.assertEqual(our.messages[1].target, b"/sentinel", stream)
        self.compare(streams)

    def test_pipelined_pairs_of_plain_requests_stay_apart(self):
        streams = [first + second + SENTINEL for first in PLAIN for second in PLAIN]
        confirmed = self.compare(streams)
        self.assertGreater(min(confirmed.values()), len(streams))

    def test_everything_ambiguous_is_refused(self):
        for family, streams in AMBIGUOUS.items():
            for stream, (our, refusal, _) in zip(streams, ours([each + SENTINEL for each in streams]), strict=True):
                self.assertIsNotNone(refusal, f"{family}: {stream!r}")
                self.assertEqual(our.whole, [], f"{family}: {stream!r}")

    def test_how_bytes_arrive_changes_nothing(self):
        streams = [stream + SENTINEL for family in [PLAIN, *AMBIGUOUS.values()] for stream in family] + Generator(SEED + 1).streams(GENERATED // 4)
        whole = ours(streams)
        for portion in (1, 7):
            for stream, (at_once, refusal, _), (in_pieces, other, _) in zip(streams, whole, ours(streams, portion), strict=True):
                self.assertEqual(at_once.whole, in_pieces.whole, stream)
                self.assertEqual(refusal is None, other is None, stream)

    def test_paths_are_cooked_by_http_sys_rules(self):
        generator = Generator(SEED + 2)
        streams = []
        for _ in range(GENERATED // 4):
            path = b"".join(b"/" + generator.random.choice(generator.SEGMENTS) for _ in range(generator.random.randint(1, 4)))
            streams.append(b"GET " + path + b" HTTP/1.1\r\nHost: h\r\n\r\n")
        accepted = 0
        for stream, (_, refusal, paths) in zip(streams, ours(streams), strict=True):
            expected = cooked(stream.split(b" ")[1])
            self.assertEqual(paths[0] if paths else None, expected, stream)
            self.assertEqual(refusal, None if expected else "url", stream)
            accepted += expected is not None
        self.assertTrue(GENERATED // 20 < accepted < GENERATED // 5, accepted)


class AtTheDoor(unittest.TestCase):
    """The same refusals by the running host: one answer, a close, and never a word about what follows."""

    def test_everything_ambiguous_is_one_refusal_and_a_close(self):
        host = Instance()
        self.addCleanup(host.clean)
        host.serve()
        self.addCleanup(host.stop)
        statuses = {}
        for family, streams in AMBIGUOUS.items():
            for stream in streams:
                answer = host.raw(stream + SENTINEL)
                self.assertEqual(len(re.findall(rb"HTTP/1\.1 \d\d\d ", answer)), 1, f"{family}: {stream!r}: {answer!r}")
                self.assertIn(b"\r\nConnection: close\r\n", answer, f"{family}: {stream!r}")
                statuses.setdefault(answer[9:12], []).append(family)
        self.assertEqual(set(statuses) - {b"400", b"411", b"414", b"417", b"501", b"505"}, set(), statuses)
        # Other statuses only where the request is clear and the answer is no.
        self.assertEqual(set(statuses[b"505"]), {"versions"})
        self.assertEqual(set(statuses[b"411"]), {"bodies without a length"})


if __name__ == "__main__":
    unittest.main()
