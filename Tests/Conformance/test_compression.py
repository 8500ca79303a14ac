"""Compressed answers of the running host: negotiation, the cache on disk, and what the router keeps."""

import gzip
import os
import signal
import subprocess
import time
import unittest
from pathlib import Path

from instance import Instance, wait_until, web_config

TEXT = "".join(f"line {number % 7} of the page\n" for number in range(600))


class Compression(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        self.file = self.instance.write("content/page.txt", TEXT)
        hour_ago = time.time() - 3600
        os.utime(self.file, (hour_ago, hour_ago))

    def ask(self, path="/page.txt", codings="gzip", **more):
        headers = {"Accept-Encoding": codings, **more}
        return self.instance.ask(path, headers={name: value for name, value in headers.items() if value})

    def compressed(self, path="/page.txt", codings="gzip"):
        """The answer once the file's compressed form is there."""
        wait_until(lambda: "content-encoding" in self.ask(path, codings).headers, "the file is never compressed")
        return self.ask(path, codings)

    def plain(self, coding, body):
        if coding == "gzip":
            return gzip.decompress(body).decode()
        program = {"br": "brotli", "zstd": "zstd"}[coding]
        return subprocess.run([program, "-dc"], input=body, capture_output=True, check=True).stdout.decode()

    def test_each_client_gets_the_coding_that_it_takes(self):
        self.instance.serve()
        for codings, chosen in [("gzip", "gzip"), ("zstd, gzip", "zstd"), ("gzip, deflate, br, zstd", "br")]:
            answer = self.compressed(codings=codings)
            self.assertEqual(answer.headers["content-encoding"], chosen)
            self.assertEqual((answer.status, self.plain(chosen, answer.body)), (200, TEXT))
            self.assertEqual(answer.headers["vary"], "Accept-Encoding")
            self.assertEqual(answer.headers["content-length"], str(len(answer.body)))
        for codings in ["", "identity", "gzip;q=0", "compress"]:
            answer = self.ask(codings=codings)
            self.assertNotIn("content-encoding", answer.headers)
            self.assertEqual(answer.text, TEXT)

    def test_old_clients_and_proxies_get_the_file(self):
        self.instance.serve()
        self.compressed()
        self.assertNotIn("content-encoding", self.ask(Via="1.1 proxy").headers)
        answer = self.instance.raw(b"GET /page.txt HTTP/1.0\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n")
        self.assertTrue(answer.endswith(TEXT.encode()))
        self.assertNotIn(b"Content-Encoding", answer)

    def test_the_router_keeps_each_form(self):
        self.instance.serve()
        self.compressed()

        def all_kept():
            # Each of the router's loops keeps its own.
            for _ in range(3 * (os.cpu_count() or 1)):
                self.ask()
                self.ask(codings="")
            workers = self.instance.pid("hostelry-worker")
            for pid in workers:
                os.kill(pid, signal.SIGSTOP)
            try:
                connection = self.instance.connect()
                connection.timeout = 1
                for codings in ["gzip", ""] * 10:
                    connection.request("GET", "/page.txt", headers={"Accept-Encoding": codings, "Host": "localhost"})
                    response = connection.getresponse()
                    body = response.read()
                    text = gzip.decompress(body) if response.getheader("Content-Encoding") else body
                    self.assertEqual((text.decode(), response.getheader("Content-Encoding")), (TEXT, codings or None))
                return True
            except TimeoutError:
                return False
            finally:
                connection.close()
                for pid in workers:
                    os.kill(pid, signal.SIGCONT)
        wait_until(all_kept, "the router never answers by itself")
        tag = self.ask().headers["etag"]
        self.assertTrue(tag.startswith('W/"'))
        unchanged = self.ask(**{"If-None-Match": tag})
        self.assertEqual((unchanged.status, unchanged.headers["etag"], unchanged.body), (304, tag, b""))

    def test_a_change_is_seen_in_every_form(self):
        self.instance.serve()
        for number in range(5):
            self.compressed()
            new = f"{TEXT} {number}"
            other = self.instance.write("other.txt", new)
            os.utime(other, (1_000_000 + number, 1_000_000 + number))
            os.rename(other, self.file)

            def text():
                answer = self.ask()
                return gzip.decompress(answer.body).decode() if "content-encoding" in answer.headers else answer.text
            wait_until(lambda: text() == new, "the change is never seen")
            for _ in range(20):
                self.assertEqual(text(), new)

    def test_compressed_files_outlive_their_worker(self):
        self.instance.serve()
        self.compressed()
        folder = next(self.instance.state.glob("homes/*/tmp/compressed"))
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        self.assertTrue(any(folder.glob("*.gzip")))
        before = {file.name: file.stat().st_ino for file in folder.iterdir()}
        worker, = self.instance.pid("hostelry-worker")
        os.kill(worker, signal.SIGKILL)
        # A worker comes when it is needed.
        answers = []

        def has_another():
            answers.append(self.ask())
            return self.instance.pid("hostelry-worker") not in ([], [worker])
        wait_until(has_another, "there is no new worker")
        answer = next(answer for answer in answers if answer.status == 200)
        self.assertEqual(answer.headers.get("content-encoding"), "gzip")
        self.assertEqual(gzip.decompress(answer.body).decode(), TEXT)
        self.assertEqual({file.name: file.stat().st_ino for file in folder.iterdir()}, before)

    def test_large_files_are_sent_compressed_from_disk(self):
        content = os.urandom(600_000).hex()
        large = self.instance.write("content/large.txt", content)
        os.utime(large, (1_000_000, 1_000_000))
        self.instance.serve()
        answer = self.compressed("/large.txt")
        self.assertGreater(len(answer.body), 262_144)
        self.assertEqual(gzip.decompress(answer.body).decode(), content)
        head = self.instance.ask("/large.txt", method="HEAD", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(head.headers["content-length"], str(len(answer.body)))
        self.assertEqual(self.ask("/large.txt", codings="").text, content)

    def test_neighbours_are_sent_where_a_web_config_says_so(self):
        self.instance.write("content/web.config", web_config('<urlCompression usePrecompressedFiles="true"/>'))
        Path(f"{self.file}.gz").write_bytes(gzip.compress(b"the neighbour's text"))
        self.instance.serve()
        answer = self.ask()
        self.assertEqual((answer.headers.get("content-encoding"), gzip.decompress(answer.body)), ("gzip", b"the neighbour's text"))
        self.assertEqual(self.ask(codings="").text, TEXT)

    def test_another_users_cache_folder_is_not_used(self):
        if os.geteuid() != 0:
            self.skipTest("only root can plant a folder of another user")
        planted = self.instance.path / "cache"
        planted.mkdir(mode=0o777)
        planted.chmod(0o777)
        self.instance.configure(
            self.instance.site("Main", 1),
            more=f'<system.webServer><httpCompression directory="{planted}"/></system.webServer>')
        # Whoever shares the folder has made the pool's part of it before.
        (planted / "main").mkdir(mode=0o777)
        self.instance.serve()
        self.compressed()
        self.assertEqual(list((planted / "main").iterdir()), [])
        self.assertTrue(any(self.instance.state.glob("homes/*/tmp/compressed/*.gzip")))


if __name__ == "__main__":
    unittest.main()
