"""WebSocketsTests and UpgradeFeatureDetectionTests: tunnels through the module (reference §13.4, §20.9)."""

import os
import signal
import unittest

from aspnetcore.hosted import INPROCESS, OUTOFPROCESS, Case, SharedCase
from aspnetcore.traffic import Tally
from aspnetcore.web_socket import BINARY, CLOSE, TEXT, Refused, WebSocket
from instance import is_running, wait_until


class WebSocketsTests(SharedCase):
    CONFIGURATION = {"model": INPROCESS}

    def socket(self, path="/WebSocketEcho", **named):
        return WebSocket(self.shared.port, path, **named)

    def test_RequestWithBody_NotUpgradable(self):
        answer = self.ask("/WebSocketEcho", "POST", body="hello", headers={
            "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="})
        self.assertEqual(answer.status // 100, 4, answer)

    def test_RequestWithoutBody_Upgradable(self):
        self.assertEqual(self.ask("/UpgradeFeatureDetection").text, "Enabled")
        with self.socket() as connection:
            self.assertIn(b"upgrade: websocket", connection.head.lower())
            self.assertIn(b"sec-websocket-accept:", connection.head.lower())

    def test_CanSendAndReceieveData(self):
        with self.socket() as connection:
            for number in range(200):
                connection.send(f"message {number}")
                self.assertEqual(connection.message(), (TEXT, b"message %d" % number))
            for size in [0, 125, 126, 65535, 65536, 1_000_000]:
                data = os.urandom(size)
                connection.send(data, BINARY)
                # The application echoes what it reads, in frames of its own.
                received = b""
                while len(received) < size or not size:
                    kind, final, piece = connection.receive()
                    received += piece
                    if final:
                        break
                self.assertEqual(received, data)
            connection.send("half ", final=False)
            connection.send("and half", kind=0)
            whole = b""
            while whole != b"half and half":
                whole += connection.receive()[2]
            self.assertEqual(connection.close(1000, "good bye"), (1000, "good bye"))

    def test_what_is_sent_with_the_request_is_not_lost(self):
        # A frame in the same segment as the request's head.
        frame = bytes([0x81, 0x85, 0, 0, 0, 0]) + b"eager"
        data, _ = self.application.raw_request(
            b"GET /WebSocketEcho HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" + frame
            + bytes([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]))
        self.assertTrue(data.startswith(b"HTTP/1.1 101"), data[:200])
        self.assertIn(b"eager", data)

    def test_an_answer_that_is_no_upgrade_is_an_answer(self):
        with self.assertRaises(Refused) as refused:
            self.socket("/HelloWorld")
        self.assertEqual(refused.exception.status, 200)

    def test_many_at_once_each_its_own(self):
        connections = [self.socket() for _ in range(50)]
        for number, connection in enumerate(connections):
            connection.send(f"number {number}")
        for number, connection in enumerate(connections):
            self.assertEqual(connection.message(), (TEXT, b"number %d" % number))
        before = self.shared.descriptors()
        for connection in connections:
            connection.connection.close()
        wait_until(lambda: self.shared.descriptors() <= before - 50, "connections to the backend stay open")

    def test_a_client_that_goes_takes_its_connection_to_the_backend_along(self):
        with self.socket() as connection:
            connection.send("hello")
            connection.message()
            before = self.shared.descriptors()
        wait_until(lambda: self.shared.descriptors() < before, "the connection to the backend stays open")


class WebSocketLife(Case):
    def test_the_end_of_the_backend_ends_the_tunnel(self):
        application = self.serve(model=OUTOFPROCESS)
        pid = application.pid()
        with WebSocket(application.host.port, "/WebSocketEcho") as connection:
            connection.send("hello")
            connection.message()
            os.kill(pid, signal.SIGKILL)
            with self.assertRaises((EOFError, ConnectionResetError)):
                while True:
                    connection.message()
        self.assertEqual(application.ask("/HelloWorld").status, 200)

    def test_app_offline_says_good_bye_and_waits_no_longer_than_allowed(self):
        application = self.serve(model=OUTOFPROCESS, shutdownTimeLimit=5)
        pid = application.pid()
        with WebSocket(application.host.port, "/WebSocketEcho") as connection:
            connection.send("hello")
            connection.message()
            application.go_offline()
            # Messages go both ways until the application ends.
            try:
                while True:
                    kind, _ = connection.message()
                    if kind == CLOSE:
                        break
            except (EOFError, ConnectionResetError):
                pass
        application.until(lambda answer: answer.status == 503)
        wait_until(lambda: not is_running(pid), "the backend runs on")

    def test_requests_are_answered_while_tunnels_live(self):
        application = self.serve(model=OUTOFPROCESS)
        with WebSocket(application.host.port, "/WebSocketEcho") as connection:
            with Tally(application.host.port, clients=4, path="/HelloWorld") as load:
                for number in range(50):
                    connection.send(str(number))
                    self.assertEqual(connection.message(), (TEXT, b"%d" % number))
                load.wait_for(50)
            self.assertEqual(load.failures, [])
            self.assertEqual(set(load.statuses), {200})


class UpgradeFeatureDetectionTests(Case):
    def detected(self, enabled):
        model = INPROCESS if self._testMethodName.endswith("_InProcess") else OUTOFPROCESS
        host = self.host()
        if not enabled:
            host.more = '<system.webServer><webSocket enabled="false"/></system.webServer>'
        application = host.deploy(model=model)
        host.serve()
        self.assertEqual(application.ask("/UpgradeFeatureDetection").text, "Enabled" if enabled else "Disabled")
        self.assertEqual(application.variable("ASPNETCORE_IIS_WEBSOCKETS_SUPPORTED"), "true" if enabled else "false")
        if not enabled:
            with self.assertRaises(Refused):
                WebSocket(host.port, "/WebSocketEcho")

    def test_UpgradeFeatureDetectionDisabled_InProcess(self):
        self.detected(False)

    def test_UpgradeFeatureDetectionEnabled_InProcess(self):
        self.detected(True)

    def test_UpgradeFeatureDetectionDisabled_OutOfProcess(self):
        self.detected(False)

    def test_UpgradeFeatureDetectionEnabled_OutOfProcess(self):
        self.detected(True)


class OtherProtocols(Case):
    def test_an_upgrade_that_is_no_websocket_is_an_ordinary_request(self):
        application = self.backend(model=OUTOFPROCESS)
        seen = application.ask("/request", headers={"Connection": "Upgrade", "Upgrade": "other/1"}).json()
        names = {name.lower() for name, _ in seen["headers"]}
        self.assertNotIn("connection", names)


if __name__ == "__main__":
    unittest.main()
