"""The router is killed: the master starts another on the sockets that it kept, and the workers stay."""

import os
import signal
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import PATIENCE, Instance  # noqa: E402
from load import Load  # noqa: E402


class RouterDies(unittest.TestCase):
    def instance(self, *arguments, **named):
        instance = Instance(*arguments, **named)
        self.addCleanup(instance.clean)
        return instance

    def test_connections_are_taken_again_and_none_is_refused(self):
        instance = self.instance().serve()
        self.assertEqual(instance.get("/"), (200, "the page"))
        worker = instance.pid("hostelry-worker")
        for _ in range(5):
            router, = instance.pid("hostelry-router")
            before = instance.count()
            os.kill(router, signal.SIGKILL)
            # The socket lives on in the master: a new connection waits, it is not refused.
            self.assertEqual(instance.get("/"), (200, "the page"))
            instance.event("router-started", after=before)
        self.assertEqual(instance.pid("hostelry-worker"), worker)
        with Load(instance.port) as load:
            load.wait_for(50)
        self.assertEqual(load.failures, [])
        instance.stop()

    def test_a_connection_that_waits_when_the_router_dies_is_answered_by_the_next_one(self):
        instance = self.instance().serve()
        instance.get("/")
        router, = instance.pid("hostelry-router")
        os.kill(router, signal.SIGSTOP)
        connection = socket.create_connection(("127.0.0.1", instance.port), timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        os.kill(router, signal.SIGKILL)
        received = b""
        while piece := connection.recv(65536):
            received += piece
        self.assertTrue(received.startswith(b"HTTP/1.1 200 "), received)
        instance.stop()

    def test_the_end_at_once_is_no_crash_of_the_router(self):
        instance = self.instance()
        with open(instance.path / "content" / "large.txt", "wb") as large:
            large.truncate(1 << 30)
        instance.serve()
        connection = instance.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/large.txt")
        self.assertEqual(connection.getresponse().status, 200)
        instance.signal(signal.SIGTERM)
        instance.event("server-stopping")
        instance.signal(signal.SIGTERM)
        self.assertEqual(instance.ended(), 0)
        self.assertEqual([event["event"] for event in instance.events if event["event"] == "router-crashed"], [])


if __name__ == "__main__":
    unittest.main()
