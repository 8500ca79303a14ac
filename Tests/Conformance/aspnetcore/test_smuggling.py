"""Requests that hide others, and answers that hide others: what two readers in a row could read differently."""

import http.client
import re
import socket
import unittest

from aspnetcore.hosted import OUTOFPROCESS, SharedCase
from instance import PATIENCE, wait_until

EVIL = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
# A request that leaves a trace where it reaches a backend.
HIDDEN = b"GET /create?name=smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Requests(SharedCase):
    SOURCE = "backend"
    CONFIGURATION = {"model": OUTOFPROCESS}

    def tearDown(self):
        self.assertFalse((self.application.folder / "smuggled").exists(), "a hidden request was served")
        self.assertEqual(self.ask().text, "the backend")

    def raw(self, text):
        data, _ = self.application.raw_request(text)
        return data

    def head(self, *lines, method=b"POST", target=b"/count", version=b"HTTP/1.1"):
        return b"\r\n".join([b"%s %s %s" % (method, target, version), b"Host: localhost", *lines, b"", b""])

    def test_what_is_ambiguous_reaches_no_backend(self):
        length, chunked = b"Content-Length: %d" % len(HIDDEN), b"Transfer-Encoding: chunked"
        before = int(self.ask("/served").text)
        streams = [
            *(self.head(*lines) + b"0\r\n\r\n" + HIDDEN for lines in [
                [length, chunked], [chunked, length], [chunked, chunked], [length, length],
                [b"Content-Length: 5", length], [b"Content-Length: 5, 5"], [b"Content-Length: +5"],
                [b"Content-Length : 5"], [b"Content-Length: 0x5"], [b"Transfer-Encoding : chunked"],
                [b"Transfer-Encoding: xchunked"], [b"Transfer-Encoding: \x0bchunked"], [b"Transfer-Encoding: chunked, chunked"],
                [b"Transfer-Encoding: identity, chunked"], [b"Transfer-Encoding:\r\n chunked"],
                [b"X: y\r\n Transfer-Encoding: chunked"], [b"X: y\n" + chunked], [b"X: y\r" + chunked],
                [b"Transfer Encoding: chunked"], [b" " + chunked], [b"X\0: y", chunked], [length, b"Host: other"]]),
            self.head(chunked, version=b"HTTP/1.0") + b"0\r\n\r\n" + HIDDEN,
            self.head(length, method=b"CONNECT", target=b"localhost:80") + HIDDEN,
        ]
        for stream in streams:
            with self.subTest(stream):
                data = self.raw(stream)
                self.assertRegex(data, rb"^HTTP/1.1 (400|411|501) ")
                # The connection ends behind it: what follows is no request.
                self.assertEqual(data.count(b"HTTP/1.1 "), 1, data)
        self.assertEqual(int(self.ask("/served").text), before + 1)

    def test_chunks_that_are_ambiguous_end_their_connection(self):
        for body in [
                b"0\r\nX: y\n\r\n", b"0\r\nX: y\r\n z\r\n\r\n", b"0\r\nX : y\r\n\r\n", b"0\r\n\n", b"0\n\r\n", b"0 \r\n\r\n",
                b" 0\r\n\r\n", b"0x0\r\n\r\n", b"-0\r\n\r\n", b"1\r\nab\r\n0\r\n\r\n", b"1\r\na\n0\r\n\r\n",
                b"10000000000000000\r\n", b"0;a=\n\r\n\r\n", b"0;" + b"a" * 5000 + b"\r\n\r\n",
                b"0\r\nX: " + b"a" * 20000 + b"\r\n\r\n"]:
            with self.subTest(body):
                data = self.raw(self.head(b"Transfer-Encoding: chunked") + body + HIDDEN)
                self.assertTrue(data == b"" or data.startswith(b"HTTP/1.1 400 "), data)

    def test_a_request_in_a_body_is_a_body(self):
        for framed, said in [
                (self.head(b"Content-Length: %d" % len(HIDDEN), b"Connection: close") + HIDDEN, b"%d" % len(HIDDEN)),
                (self.head(b"Transfer-Encoding: chunked", b"Connection: close")
                 + b"%x;x=y\r\n%s\r\n0\r\nContent-Length: 5\r\nHost: other\r\n\r\n" % (len(HIDDEN), HIDDEN), b"chunked"),
                (self.head(b"Content-Length: %d" % len(HIDDEN), b"Connection: close", method=b"GET") + HIDDEN,
                 b"%d" % len(HIDDEN))]:
            data = self.raw(framed)
            self.assertRegex(data, rb"\r\n\r\n%d [0-9a-f]+ %s$" % (len(HIDDEN), said))

    def test_no_backend_gets_what_the_visitor_says_for_the_module(self):
        answer = self.raw(self.head(
            b"Connection: close, X-Forwarded-For, X-Forwarded-Proto, MS-ASPNETCORE-TOKEN, Host, Content-Length",
            b"MS-ASPNETCORE-TOKEN: forged", b"ms-aspnetcore-clientcert: forged", b"Ms-AspNetCore-WinAuthToken: 1",
            b"Content-Length: 3", method=b"GET", target=b"/request") + b"abc")
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
        self.assertNotIn(b"forged", answer)
        self.assertNotIn(b"WinAuth", answer)
        for pattern in [rb'\["X-Forwarded-For", "127\.0\.0\.1:\d+"\]', rb'\["X-Forwarded-Proto", "http"\]',
                        rb'\["MS-ASPNETCORE-TOKEN", "[^"]+"\]', rb'\["Host", "localhost"\]', rb'\["Content-Length", "3"\]']:
            self.assertEqual(len(re.findall(pattern, answer)), 1, (pattern, answer))

    def test_there_is_one_host_and_it_is_the_one_that_was_routed_by(self):
        answer = self.raw(b"GET http://localhost:77/request HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n")
        self.assertIn(b'["Host", "localhost:77"]', answer)
        self.assertNotIn(b"other.test", answer)

    def test_no_other_protocol_is_offered_to_a_backend(self):
        answer = self.raw(self.head(
            b"Connection: close, Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
            method=b"GET", target=b"/request"))
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
        self.assertNotIn(b'"Upgrade"', answer)
        self.assertNotIn(b'"Connection"', answer)

    def test_what_follows_an_offer_that_is_declined_is_a_request(self):
        with socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE) as connection:
            connection.sendall(
                self.head(b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13",
                          b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", method=b"GET", target=b"/")
                + self.head(b"Connection: close", method=b"GET", target=b"/request"))
            data = b""
            while piece := connection.recv(65536):
                data += piece
        self.assertRegex(data, rb"(?s)^HTTP/1.1 200 .*\r\n\r\nthe backendHTTP/1.1 200 .*GET /request HTTP/1.1")
        # It came through the module as any other.
        self.assertIn(b'"MS-ASPNETCORE-TOKEN"', data)


class Answers(SharedCase):
    SOURCE = "backend"
    CONFIGURATION = {
        "model": OUTOFPROCESS,
        "more": '<security><requestFiltering><requestLimits maxQueryString="16000"/></requestFiltering></security>'}

    def others_are_answered(self, count=5):
        for _ in range(count):
            self.assertEqual(self.ask().text, "the backend")

    def test_what_a_backend_says_unasked_is_nobodys(self):
        said = self.application.folder / "said"
        for milliseconds in [0, 20]:
            for _ in range(5):
                said.unlink(missing_ok=True)
                answer = self.application.answers_raw(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nasked for", later=EVIL, ms=milliseconds)
                self.assertEqual(answer.text, "asked for")
                wait_until(said.exists, "nothing is said")
                self.others_are_answered()

    def test_answers_with_a_body_where_none_may_be(self):
        for method, head in [
                ("GET", b"HTTP/1.1 204 No Content\r\nContent-Length: 45\r\n\r\n"),
                ("GET", b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
                ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
                ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 45\r\n\r\n"),
                ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 45\r\n\r\n"),
                ("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]:
            with self.subTest(head):
                answer = self.application.answers_raw(head + EVIL, method=method)
                self.assertEqual(answer.body, b"")
                self.others_are_answered()

    def test_a_204_that_announces_a_body_is_its_connections_last(self):
        """Its body would come while the next request waits for an answer."""
        for framing in [b"Content-Length: %d" % len(EVIL), b"Transfer-Encoding: chunked"]:
            answer = self.application.answers_raw(
                b"HTTP/1.1 204 No Content\r\n%s\r\n\r\n" % framing, later=EVIL, ms=200)
            self.assertEqual(answer.status, 204)
            self.assertEqual(self.ask("/lines?n=3&ms=150").text, "line 0\nline 1\nline 2\n")

    def test_answers_whose_end_is_doubtful(self):
        for data, expected in [
                # The coding counts (RFC 9112 section 6.3), and the connection takes nothing further.
                (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello"),
                (b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello"),
                (b"HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n5;@\r\nhello\r\n0\r\n\r\n", "hello"),
                (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", None),
                (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", None),
                (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", None),
                (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n 0\r\n\r\nhello", None),
                (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello!", None),
                (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + EVIL, None),
                (b"HTTP/1.1 100 Continue\r\n\r\n" * 50 + b"HTTP/1.1 103 @\r\n\r\n" * 51 + EVIL, None)]:
            with self.subTest(data[:70]):
                answer = self.application.answers_raw(data, pad=3000)
                if expected is None:
                    self.assertEqual(answer.status, 502, answer)
                else:
                    self.assertEqual((answer.status, answer.text), (200, expected))
                self.others_are_answered()

    def test_chunks_that_are_none_break_off(self):
        begin = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"
        for rest in [b"5;@\r\nhello\r\n0\r\n\r\n", b"0\r\nX: @\r\n\r\n", b"0\nX: y\r\n\r\n",
                     b"0\r\nX: y\n\r\n", b"fffffffffffffffff\r\n", b"-1\r\n", b"\r\n"]:
            with self.subTest(rest[:30]):
                # Broken off, or refused before any of it was given.
                try:
                    self.assertEqual(self.application.answers_raw(begin + rest, pad=20_000).status, 502)
                except (http.client.IncompleteRead, ConnectionError):
                    pass
                self.others_are_answered()

    def test_a_header_cannot_become_two(self):
        answer = self.application.answers_raw(
            b"HTTP/1.1 200 OK\r\nX-A: one\r\n Set-Cookie: evil=1\r\nX-B : two\r\nContent-Length: 2\r\n\r\nok")
        self.assertEqual((answer.status, answer.text), (200, "ok"))
        self.assertEqual(answer.all("Set-Cookie"), [])
        self.assertEqual((answer.all("X-A"), answer.all("X-B")), (["one Set-Cookie: evil=1"], ["two"]))
        for line in [b"X-A: one\rSet-Cookie: evil=1", b"X-A: one\0", b"X A: one", b"\xe4: one", b": one"]:
            answer = self.application.answers_raw(b"HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 2\r\n\r\nok" % line)
            self.assertEqual(answer.status, 502, line)
        self.others_are_answered()


if __name__ == "__main__":
    unittest.main()
