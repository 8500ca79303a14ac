"""Limits of sites and of the server, upgrade requests and early answers, by the built program from outside."""

import contextlib
import re
import socket
import time
import unittest

from instance import PATIENCE, Instance, wait_until

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class LimitsCase(unittest.TestCase):
    def serve(self, limits="", web_limits="", pool=""):
        host = Instance()
        self.addCleanup(host.clean)
        sites = host.site("Limited", 1, more=f"<limits {limits}/>" if limits else "")
        host.configure(sites, f'<add name="Main">{pool}</add>')
        if web_limits:
            text = host.configuration.read_text()
            host.configuration.write_text(text.replace("</system.applicationHost>", f"<webLimits {web_limits}/></system.applicationHost>"))
        host.serve()
        self.addCleanup(host.stop)
        return host

    def connect(self, host):
        connection = socket.create_connection(("127.0.0.1", host.port), timeout=PATIENCE)
        self.addCleanup(connection.close)
        return connection

    def ask(self, connection, request=GET):
        """The status of the next answer, read whole."""
        connection.sendall(request)
        return self.answer(connection)

    def answer(self, connection):
        received = b""
        while b"\r\n\r\n" not in received:
            piece = connection.recv(65536)
            if not piece:
                return received
            received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", head).group(1))
        while len(body) < length:
            body += connection.recv(65536)
        return int(head.split()[1])

    def reasons(self, host):
        text = "".join(file.read_text() for file in host.path.rglob("httperr*.log"))
        return [line.split()[11] for line in text.splitlines() if not line.startswith("#")]

    def ends(self, connection):
        """Waits until the server closes; what came until then."""
        received = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                received += piece
        return received


class Limits(LimitsCase):
    def test_a_site_has_no_more_connections_than_it_may(self):
        host = self.serve('maxConnections="2"')
        first, second, third = (self.connect(host) for _ in range(3))
        self.assertEqual([self.ask(each) for each in (first, second, third)], [200, 200, 503])
        self.assertEqual(self.ends(third), b"")
        wait_until(lambda: "ConnLimit" in self.reasons(host), "nothing in the error log")
        first.close()

        def admitted():
            with socket.create_connection(("127.0.0.1", host.port), timeout=PATIENCE) as next_one:
                return self.ask(next_one) == 200
        wait_until(admitted, "the place stays taken")

    def test_a_site_keeps_to_its_bandwidth(self):
        host = self.serve('maxBandwidth="4000000"')
        host.write("content/large.txt", "x" * 6_000_000)
        # Faster than the limit allows would be wrong on any machine; how much slower depends on it.
        began = time.monotonic()
        self.assertEqual(len(host.ask("/large.txt").body), 6_000_000)
        self.assertGreater(time.monotonic() - began, 1.0)

    def test_an_idle_connection_and_a_slow_head_are_let_go_for_their_reasons(self):
        host = self.serve('connectionTimeout="00:00:04"', 'headerWaitTimeout="00:00:03"')
        slow = self.connect(host)
        slow.sendall(b"GET / HTTP/1.1\r\nHos")
        idle = self.connect(host)
        self.assertEqual(self.ask(idle), 200)
        self.assertEqual(self.ends(slow) + self.ends(idle), b"")
        wait_until(lambda: {"Timer_HeaderWait", "Timer_ConnectionIdle"} <= set(self.reasons(host)), "no reasons")

    def test_a_path_has_no_more_segments_than_the_site_allows(self):
        host = self.serve()
        deep = "/a" * 33
        self.assertIn("404.20", host.ask(deep).text)
        self.assertIn("404.0", host.ask(deep[:-2]).text)
        text = host.configuration.read_text()
        host.configuration.write_text(text.replace("</site>", '<limits maxUrlSegments="40"/></site>'))
        # What changes for the site reaches its worker while it runs.
        wait_until(lambda: "404.0" in host.ask(deep).text, "the raised limit is not seen")

    def test_a_body_that_stops_coming_is_let_go(self):
        host = self.serve('connectionTimeout="00:00:01"')
        connection = self.connect(host)
        # The answer comes at once; the rest of the body is waited for so that the connection can go on.
        connection.sendall(b"POST /index.html HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
        self.assertIn(b"HTTP/1.1 405 ", self.ends(connection))
        wait_until(lambda: "Timer_EntityBody" in self.reasons(host), "no reason")

    def test_a_stopped_pool_answers_or_resets_as_it_is_told(self):
        for capability, expected in [("HttpLevel", b"HTTP/1.1 503 "), ("TcpLevel", b"")]:
            host = Instance()
            self.addCleanup(host.clean)
            host.configure(
                host.site("Down", 1), f'<add name="Main" autoStart="false"><failure loadBalancerCapabilities="{capability}"/></add>')
            host.serve()
            self.addCleanup(host.stop)
            connection = self.connect(host)
            connection.sendall(GET)
            self.assertEqual(self.ends(connection)[:13], expected)
            wait_until(lambda: "Disabled" in self.reasons(host), "no reason")


class Door(LimitsCase):
    def test_an_answer_before_the_body_keeps_the_connection_where_little_is_left(self):
        host = self.serve()
        connection = self.connect(host)
        self.assertEqual(self.ask(connection, b"POST /index.html HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\nabc"), 405)
        connection.sendall(b"x" * 59997)
        self.assertEqual(self.ask(connection), 200)

    def test_an_answer_before_a_large_body_is_not_lost(self):
        host = self.serve()
        connection = self.connect(host)
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(b"POST /index.html HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n" + b"x" * 300_000)
        self.assertIn(b"HTTP/1.1 405 ", self.ends(connection))

    def test_a_client_that_waits_for_leave_gets_its_answer_and_the_end(self):
        host = self.serve()
        answer = host.raw(b"POST /index.html HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 405 "), answer[:100])
        self.assertIn(b"\r\nConnection: close\r\n", answer)

    def test_an_offer_that_nobody_takes_is_an_ordinary_request(self):
        host = self.serve()
        connection = self.connect(host)
        offer = GET.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        self.assertEqual([self.ask(connection, offer), self.ask(connection)], [200, 200])

    def test_the_old_version_keeps_its_connection_where_it_asks_for_that(self):
        host = self.serve()
        connection = self.connect(host)
        kept = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        self.assertEqual([self.ask(connection, kept), self.ask(connection, kept)], [200, 200])
        self.assertEqual(self.ask(connection, b"GET / HTTP/1.0\r\n\r\n"), 200)
        self.assertEqual(self.ends(connection), b"")


if __name__ == "__main__":
    unittest.main()
