"""What the module changes of requests and answers, and what it makes of errors in between (reference §13)."""

import base64
import contextlib
import os
import re
import socket
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from aspnetcore.hosted import OUTOFPROCESS, Case, SharedCase
from aspnetcore.traffic import sequential
from instance import PATIENCE, wait_until

# What goes up and down in one piece, in bytes; the whole with HOSTELRY_WHOLE=1.
LARGE = 1_000_000_000 if os.environ.get("HOSTELRY_WHOLE") else 200_000_000


def resident(pid):
    """Resident memory in bytes."""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


class Requests(SharedCase):
    SOURCE = "backend"
    CONFIGURATION = {"model": OUTOFPROCESS}

    def seen(self, path="/request", headers=None, method="GET", body=None):
        answer = self.ask(path, method, headers, body).json()
        return answer["line"], answer["headers"]

    def of(self, headers, name):
        return [value for key, value in headers if key.lower() == name.lower()]

    def test_the_forwarded_headers_are_added_to_what_was_there(self):
        _, headers = self.seen()
        source, = self.of(headers, "X-Forwarded-For")
        self.assertRegex(source, r"^127\.0\.0\.1:\d+$")
        self.assertEqual(self.of(headers, "X-Forwarded-Proto"), ["http"])
        _, headers = self.seen(headers={"X-Forwarded-For": "10.1.1.1", "X-Forwarded-Proto": "https"})
        source, = self.of(headers, "X-Forwarded-For")
        self.assertRegex(source, r"^10\.1\.1\.1, 127\.0\.0\.1:\d+$")
        self.assertEqual(self.of(headers, "X-Forwarded-Proto"), ["https, http"])
        for name in ["Via", "Forwarded", "X-Forwarded-Host", "Connection"]:
            self.assertEqual(self.of(headers, name), [], name)

    def test_host_and_all_other_headers_are_the_visitors(self):
        data, _ = self.application.raw_request(
            b"GET /request HTTP/1.1\r\nHost: Some.Where:99\r\nX-One: 1\r\nx-two: a\r\nX-Two: b\r\nCookie: a=1; b=2\r\n"
            b"Accept-Encoding: br\r\nX-Odd: \xe4\r\nConnection: close, X-One\r\n\r\n")
        self.assertIn(b" 200 ", data.split(b"\r\n")[0], data)
        for line in [b'["Host", "Some.Where:99"]', b'["Cookie", "a=1; b=2"]', b'["Accept-Encoding", "br"]', b'"a"], [',
                     b'"b"]']:
            self.assertIn(line, data)
        self.assertNotIn(b'["Connection"', data)

    def test_the_address_is_the_cooked_path_and_the_query_as_it_came(self):
        for target, expected in [
                ("/request", "/request"), ("/request?", "/request?"), ("/request?a=b&c=%2F%3F?x", "/request?a=b&c=%2F%3F?x"),
                ("/request/../request/%41b?q", "/request/Ab?q"), ("/request/a%20b", "/request/a%20b"),
                ("/request/%C3%A4", "/request/%C3%A4"), ("/request/a%3Fb?c", "/request/a%3Fb?c")]:
            with self.subTest(target):
                data, _ = self.application.raw_request(
                    f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                seen = re.search(rb'"line": "GET (\S+) HTTP', data)[1].decode()
                self.assertEqual(seen if target != "/request?" else seen.rstrip("?") + "?", expected)

    def test_a_visitor_of_http_1_0_is_answered_from_an_http_1_1_backend(self):
        data, _ = self.application.raw_request(b"GET /bytes?n=100000&chunked HTTP/1.0\r\nHost: localhost\r\n\r\n")
        head, _, body = data.partition(b"\r\n\r\n")
        self.assertEqual(body, b"x" * 100000)
        self.assertNotIn(b"chunked", head.lower())

    def test_a_body_keeps_its_length_or_its_chunks(self):
        self.assertTrue(self.ask("/count", "POST", body=b"x" * 100).text.endswith(" 100"))
        self.assertTrue(self.ask("/count", "POST", body=iter([b"x" * 100, b"y"])).text.endswith(" chunked"))
        for method in ["GET", "DELETE", "OPTIONS", "PATCH", "PROPFIND"]:
            _, headers = self.seen(method=method)
            self.assertEqual(self.of(headers, "Transfer-Encoding"), [], method)

    def test_a_visitor_that_waits_for_100_is_told_to_go_on(self):
        with socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE) as connection:
            connection.sendall(b"POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n"
                               b"Connection: close\r\n\r\n")
            self.assertTrue(connection.recv(4096).startswith(b"HTTP/1.1 100 "))
            connection.sendall(b"hello")
            data = b""
            while piece := connection.recv(4096):
                data += piece
            self.assertIn(b"5 2cf24dba", data)

    def test_connections_to_the_backend_are_kept(self):
        before = self.shared.descriptors()
        self.assertEqual(sequential(self.shared.port, 300, "/served"), [])
        self.assertLess(self.shared.descriptors() - before, 10)


class Answers(SharedCase):
    SOURCE = "backend"
    CONFIGURATION = {"model": OUTOFPROCESS}

    def raw(self, data, **how):
        return self.application.answers_raw(data, **how)

    def assert_bad_gateway(self, answer):
        self.assertEqual(answer.status, 502, answer)
        self.assertIn("502.3", answer.text + answer.reason, answer)

    def tearDown(self):
        # Whatever it was, the next is served.
        self.assertEqual(self.ask().text, "the backend")

    def test_headers_of_the_answer(self):
        answer = self.raw(
            b"HTTP/1.1 200 Fine\r\nServer: Backend/1\r\nDate: Mon, 01 Jan 2001 00:00:00 GMT\r\nConnection: keep-alive\r\n"
            b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nWWW-Authenticate: Basic\r\nWWW-Authenticate: Digest\r\n"
            b"Content-Type: text/one\r\nX-Many: 1\r\nX-Many: 2\r\nContent-Length: 2\r\n\r\nok")
        self.assertEqual((answer.status, answer.text), (200, "ok"))
        self.assertEqual(answer.all("Server"), ["Backend/1"])
        self.assertNotIn("2001", answer.headers.get("date", ""))
        self.assertEqual(answer.all("Set-Cookie"), ["a=1", "b=2"])
        self.assertEqual(answer.all("WWW-Authenticate"), ["Basic", "Digest"])
        self.assertEqual(", ".join(answer.all("X-Many")), "1, 2")
        self.assertNotIn("keep-alive", [value.lower() for value in answer.all("Connection")])

    def test_an_answer_without_server_has_none(self):
        self.assertEqual(self.ask().all("Server"), [])

    def test_the_last_of_a_known_header_wins(self):
        answer = self.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/one\r\nContent-Type: text/two\r\n"
                          b"Content-Length: 0\r\n\r\n")
        self.assertEqual(answer.all("Content-Type"), ["text/two"])

    def test_status_and_reason_are_the_backends(self):
        for status, reason in [
                (201, "Made"), (299, "Odd"), (302, "Elsewhere"), (404, "Not here"), (418, "Teapot"), (599, "")]:
            answer = self.ask(f"/status?code={status}&reason={reason.replace(' ', '+')}&body=mine")
            self.assertEqual((answer.status, answer.reason, answer.text), (status, reason, "mine"))

    def test_redirects_are_not_followed(self):
        answer = self.raw(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/x\r\nContent-Length: 0\r\n\r\n")
        self.assertEqual((answer.status, answer.headers["location"]), (302, "http://127.0.0.1:1/x"))

    def test_continuation_lines_are_folded(self):
        answer = self.raw(b"HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\n\tthree\r\nContent-Length: 0\r\n\r\n")
        if answer.status == 200:
            self.assertEqual(answer.headers["x-long"].split(), ["one", "two", "three"])
        else:
            self.assert_bad_gateway(answer)

    def test_interim_answers_and_trailers_do_not_disturb(self):
        answer = self.raw(
            b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
            b"3;ext=1\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n")
        self.assertEqual((answer.status, answer.text), (200, "abc"))
        self.assertNotIn("x-sum", answer.headers)

    def test_an_answer_that_lasts_until_the_end_of_its_connection(self):
        answer = self.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it", close=True)
        self.assertEqual(answer.text, "all of it")

    def test_an_answer_to_head_has_no_body(self):
        connection = self.application.connect()
        for _ in range(2):
            answer = self.ask("/", "HEAD", connection=connection)
            self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertEqual(self.ask("/", connection=connection).text, "the backend")
        connection.close()

    def test_answers_without_body_keep_the_connection_usable(self):
        for status in [204, 304]:
            self.assertEqual(self.raw(b"HTTP/1.1 %d X\r\n\r\n" % status).status, status)

    def test_garbage_is_502_3(self):
        for data in [b"garbage\r\n\r\n", b"\x16\x03\x01\x00\xff" * 40, b"HTTP/1.1 abc\r\n\r\n",
                     b"HTTP/9.9 200 OK\r\n\r\n", b"\r\n" * 500,
                     b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", b"HTTP/1.1 200 OK\r\nA\0: b\r\nContent-Length: 0\r\n\r\n",
                     b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                     b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                     b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"]:
            with self.subTest(data[:40]):
                self.assert_bad_gateway(self.raw(data, close=True))

    def test_the_end_before_an_answer_is_502_3(self):
        for how in [{"close": True}, {"reset": True}]:
            with self.subTest(how):
                self.assert_bad_gateway(self.raw(b"", **how))
                self.assert_bad_gateway(self.raw(b"HTTP/1.1 200 OK\r\nContent-", **how))

    def test_half_an_answer_ends_the_visitors_connection(self):
        for begin in [b"Content-Length: 100\r\n\r\nhalf", b"Transfer-Encoding: chunked\r\n\r\n10\r\nhalf",
                      b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nxyz\r\n"]:
            for how in [{"close": True}, {"reset": True}]:
                with self.subTest(begin=begin, how=how):
                    encoded = base64.urlsafe_b64encode(b"HTTP/1.1 200 OK\r\n" + begin).decode()
                    query = "".join(f"&{name}" for name in how)
                    data, _ = self.application.raw_request(
                        f"GET /raw?base64={encoded}{query} HTTP/1.1\r\nHost: localhost\r\n"
                        "Connection: close\r\n\r\n".encode())
                    head, _, body = data.partition(b"\r\n\r\n")
                    # Not the end that a whole answer has: shorter than its length, or no last chunk. A connection
                    # reset before its data was read loses them.
                    self.assertFalse(body.endswith(b"0\r\n\r\n"), data)
                    self.assertNotIn(b"half" * 2, body)
                    if b" 502 " not in head.split(b"\r\n")[0] and data:
                        self.assertIn(b" 200 ", head.split(b"\r\n")[0])

    def test_a_header_of_a_megabyte_is_502_3(self):
        self.assertEqual(len(self.ask("/huge-header?n=30000").headers.get("x-huge", "")), 30000)
        self.assert_bad_gateway(self.ask("/huge-header?n=1000000"))

    def test_a_smuggled_second_answer_is_nobodys(self):
        connection = self.application.connect()
        self.ask(connection=connection)
        answer = self.application.answers_raw(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
        self.assertEqual(answer.text, "ok")
        for _ in range(10):
            self.assertEqual(self.ask(connection=connection).text, "the backend")
        connection.close()


    def test_an_answer_before_the_body_ends_is_whole(self):
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE) as connection:
                connection.sendall(b"POST /bytes?n=20000&close HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\n"
                                   b"Connection: close\r\n\r\n")
                data = b""
                with contextlib.suppress(OSError):
                    for _ in range(20):
                        connection.sendall(b"x" * 65536)
                while piece := connection.recv(65536):
                    data += piece
                head, _, body = data.partition(b"\r\n\r\n")
                self.assertTrue(head.startswith(b"HTTP/1.1 200 "), head)
                self.assertEqual(len(body), 20000)


class Sockets(Case):
    """A backend on a Unix socket, whose end is the connection's at once."""

    def listening(self, mode):
        application = self.backend(
            section="httpPlatform", module="httpPlatformHandler", mode=f"{mode} %HTTP_PLATFORM_SOCKET%")
        self.assertEqual(application.ask().text, "the backend")
        return application

    def test_an_answer_is_whole_for_a_slow_visitor_though_the_backend_has_closed(self):
        application = self.listening("socket")
        for size in [3_000_000, 3_400_000, 5_000_000, 8_000_000]:
            with socket.socket() as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
                connection.settimeout(PATIENCE)
                connection.connect(("127.0.0.1", application.host.port))
                connection.sendall(f"GET /bytes?n={size}&close HTTP/1.1\r\nHost: localhost\r\n"
                                   "Connection: close\r\n\r\n".encode())
                # Until everything between it and the backend is full; what is read then is the end.
                time.sleep(0.3)
                count = 0
                while piece := connection.recv(65536):
                    count += len(piece)
                self.assertGreater(count, size)
        application.host.stop()

    def test_more_visitors_than_the_socket_lets_wait_are_all_served(self):
        application = self.listening("slow-socket")
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(lambda _: application.ask("/bytes?n=10&close").status, range(48)))
        self.assertEqual(set(answers), {200})
        application.host.stop()


class Waiting(SharedCase):
    """requestTimeout, visitors that leave, and bodies that nobody reads."""

    SOURCE = "backend"
    CONFIGURATION = {"model": OUTOFPROCESS, "requestTimeout": "00:00:02"}

    def test_a_backend_that_does_not_answer_in_time_is_502_3(self):
        began = time.monotonic()
        answer = self.ask("/never")
        self.assertEqual(answer.status, 502, answer)
        self.assertIn("502.3", answer.text + answer.reason)
        self.assertGreater(time.monotonic() - began, 1.5)

    def test_the_time_is_for_each_step_and_not_for_the_whole(self):
        self.assertEqual(len(self.ask("/lines?n=8&ms=500").text.splitlines()), 8)

    def test_a_visitor_that_leaves_is_told_to_the_backend(self):
        for path in ["/hold", "/hold?head"]:
            with self.subTest(path):
                before = int(self.ask("/aborted").text)
                connection = socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE)
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                wait_until(lambda: self.ask("/holding").text != "0", "the request does not arrive")
                connection.close()
                wait_until(lambda before=before: int(self.ask("/aborted").text) > before, "the backend is not told")

    def test_a_visitor_that_leaves_within_its_body(self):
        before = self.shared.descriptors()
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE) as connection:
                connection.sendall(b"POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nonly this")
        wait_until(lambda: self.shared.descriptors() <= before + 8, "descriptors are left")
        self.assertEqual(self.ask().text, "the backend")

    def test_a_body_that_breaks_its_own_chunks_reaches_nobody_as_whole(self):
        data, _ = self.application.raw_request(
            b"POST /count HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n")
        self.assertTrue(data == b"" or data.startswith(b"HTTP/1.1 400"), data)
        self.assertEqual(self.ask().text, "the backend")


class FlatMemory(Case):
    """A body of a gigabyte up and down, and what the processes hold meanwhile (fewer bytes in CI)."""

    def test_large_bodies_take_no_memory(self):
        application = self.backend(
            model=OUTOFPROCESS, more='<security><requestFiltering><requestLimits maxAllowedContentLength="4294967295"/>'
            "</requestFiltering></security>")
        host = application.host
        self.assertEqual(application.ask().text, "the backend")
        processes = [host.worker(), host.pid("hostelry-router")[0]]
        before = [resident(pid) for pid in processes]
        highest = list(before)
        done = threading.Event()

        def watch():
            while not done.wait(0.05):
                for number, pid in enumerate(processes):
                    highest[number] = max(highest[number], resident(pid))
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            block = b"x" * 1_000_000
            count = LARGE // len(block)
            answer = application.ask("/count", "POST", body=(block for _ in range(count)),
                                     headers={"Content-Length": str(LARGE)})
            self.assertEqual(answer.text.split()[0], str(LARGE))
            connection = application.connect()
            connection.request("GET", f"/bytes?n={LARGE}")
            response = connection.getresponse()
            size = 0
            while piece := response.read(1 << 20):
                size += len(piece)
            connection.close()
            self.assertEqual(size, LARGE)
        finally:
            done.set()
            watcher.join()
        for name, first, last in zip(["worker", "router"], before, highest):
            self.assertLess(last - first, 40_000_000, f"{name}: {first} to {last}")

    def test_a_visitor_that_does_not_read_stops_the_backend_and_not_the_others(self):
        application = self.backend(model=OUTOFPROCESS)
        application.ask()
        worker = application.host.worker()
        before = resident(worker)
        slow = [socket.create_connection(("127.0.0.1", application.host.port), timeout=PATIENCE) for _ in range(8)]
        for connection in slow:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(b"GET /bytes?n=500000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual(sequential(application.host.port, 300), [])
        self.assertLess(resident(worker) - before, 60_000_000)
        for connection in slow:
            connection.close()
        self.assertEqual(application.ask().text, "the backend")

    def test_a_backend_that_does_not_read_stops_its_visitor_and_not_the_others(self):
        application = self.backend(model=OUTOFPROCESS)
        application.ask()
        worker = application.host.worker()
        before = resident(worker)
        stuck = []
        for _ in range(4):
            connection = socket.create_connection(("127.0.0.1", application.host.port), timeout=PATIENCE)
            connection.sendall(b"POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 29000000\r\n\r\n")
            connection.setblocking(False)
            stuck.append(connection)
        block = b"x" * 262144
        for _ in range(200):
            for connection in stuck:
                try:
                    connection.send(block)
                except BlockingIOError:
                    pass
            time.sleep(0.002)
        self.assertEqual(sequential(application.host.port, 300), [])
        self.assertLess(resident(worker) - before, 60_000_000)
        for connection in stuck:
            connection.close()


if __name__ == "__main__":
    unittest.main()
