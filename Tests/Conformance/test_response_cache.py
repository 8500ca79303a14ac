"""Responses that the router gives without the worker, and large files that it sends for the worker."""

import contextlib
import hashlib
import http.client
import os
import signal
import threading
import time
import unittest

from instance import Instance, wait_until, web_config

# How soon a change must be seen. Seconds.
LIMIT = 0.1


class ResponseCache(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        self.file = self.instance.write("content/page.txt", "first")
        self.instance.serve()

    @contextlib.contextmanager
    def stopped_workers(self):
        """What is answered now is answered by the router alone."""
        pids = self.instance.pid("hostelry-worker")
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def fill(self):
        """Asks until the router answers by itself."""
        # A file that was just written may be written again in the same tick of the clock, and is not kept.
        wait_until(lambda: time.time() - os.stat(self.file).st_ctime > 0.03, "the file is never old enough")

        def is_kept():
            # Each of the router's loops keeps its own.
            for _ in range(3 * (os.cpu_count() or 1)):
                self.instance.ask("/page.txt")
            with self.stopped_workers():
                connection = http.client.HTTPConnection("127.0.0.1", self.instance.port, timeout=1)
                try:
                    connection.request("GET", "/page.txt")
                    return connection.getresponse().status == 200
                except TimeoutError:
                    return False
                finally:
                    connection.close()
        wait_until(is_kept, "the router never answers by itself")

    def test_hot_files_are_answered_without_the_worker(self):
        self.fill()
        with self.stopped_workers():
            for _ in range(50):
                answer = self.instance.ask("/page.txt")
                self.assertEqual((answer.status, answer.text), (200, "first"))
            tag = answer.headers["etag"]
            unchanged = self.instance.ask("/page.txt", headers={"If-None-Match": tag})
            self.assertEqual((unchanged.status, unchanged.body, unchanged.headers["etag"]), (304, b"", tag))
            folder = self.instance.state / "logs" / "W3SVC1"

            def is_logged():
                lines = "".join(file.read_text() for file in folder.glob("u_ex*.log")).splitlines()
                return (sum(" /page.txt " in line and " 200 0 0 " in line for line in lines) >= 50
                        and any(" 304 0 0 " in line for line in lines))
            wait_until(is_logged, "what the router answers by itself is not logged")

    def test_a_change_is_seen_at_once_and_never_taken_back(self):
        delays = []
        for number in range(20):
            self.fill()
            new = f"content {number}"
            other = self.instance.write("other.txt", new)
            os.utime(other, (number, number))
            os.rename(other, self.file)
            changed = time.monotonic()
            answers = []
            while not answers or answers[-1] != new:
                answers.append(self.instance.ask("/page.txt").text)
                self.assertLess(time.monotonic() - changed, 10, "the change is never seen")
            delays.append(time.monotonic() - changed)
            for _ in range(20):
                self.assertEqual(self.instance.ask("/page.txt").text, new)
        # The machine may be busy once or twice.
        self.assertLess(sorted(delays)[len(delays) // 2], LIMIT, delays)

    def test_a_request_past_the_cache_never_shows_what_the_cache_does_not_know(self):
        for number in range(20):
            self.fill()
            new = f"content {number}"
            self.file.write_text(new)
            os.utime(self.file, (number, number))
            self.assertEqual(self.instance.ask("/page.txt?past").text, new)
            self.assertEqual(self.instance.ask("/page.txt").text, new)

    def test_a_file_that_goes_is_gone(self):
        self.fill()
        self.file.unlink()
        wait_until(lambda: self.instance.ask("/page.txt").status == 404, "the file is shown for ever")

    def test_a_web_config_takes_effect(self):
        self.fill()
        self.instance.write("content/web.config", web_config(
            '<security><requestFiltering><fileExtensions><add fileExtension=".txt" allowed="false"/>'
            "</fileExtensions></requestFiltering></security>"))
        changed = time.monotonic()
        wait_until(lambda: self.instance.ask("/page.txt").status == 404, "the web.config is never seen")
        self.assertLess(time.monotonic() - changed, 1)

    def test_large_files_arrive_whole(self):
        content = os.urandom(3_000_000)
        (self.instance.path / "content/large.txt").write_bytes(content)
        expected = hashlib.sha256(content).digest()
        wrong = []

        def load():
            for _ in range(5):
                if hashlib.sha256(self.instance.ask("/large.txt").body).digest() != expected:
                    wrong.append(1)

        threads = [threading.Thread(target=load) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertFalse(wrong)
        self.assertEqual(self.instance.ask("/large.txt", method="HEAD").headers["content-length"], "3000000")

    def test_a_large_file_that_shrinks_breaks_off(self):
        large = self.instance.path / "content/large.txt"
        large.write_bytes(bytes(50_000_000))
        connection = self.instance.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/large.txt")
        response = connection.getresponse()
        response.read(1000)
        os.truncate(large, 1000)
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
            response.read()
        self.assertEqual(self.instance.ask("/page.txt").status, 200)


if __name__ == "__main__":
    unittest.main()
