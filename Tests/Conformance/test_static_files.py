"""Files as clients ask for them: parts, conditions, very large ones, and files that change while they are sent."""

import concurrent.futures
import http.client
import os
import re
import unittest
from pathlib import Path

from instance import Instance, web_config

GIGABYTE = 1 << 30
# How much more a process may hold than before. Bytes.
GROWTH = 48 << 20


def held(pid):
    """Bytes of memory that are a process's own, not files'."""
    return int(re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()).group(1)) * 1024


class StaticFiles(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        self.instance.write("content/page.txt", "0123456789")

    def big_file(self, size=GIGABYTE):
        """A file of holes with marks at its beginning, middle and end."""
        file = self.instance.write("content/big.zip", "")
        with file.open("r+b") as opened:
            for offset, mark in [(0, b"begin"), (size // 2, b"middle"), (size - 3, b"end")]:
                opened.seek(offset)
                opened.write(mark)
        return file

    def test_parts_of_small_files(self):
        self.instance.serve()
        # Again and again: what the router keeps of the file answers no range.
        for _ in range(10):
            self.assertEqual(self.instance.ask("/page.txt").text, "0123456789")
            part = self.instance.ask("/page.txt", headers={"Range": "bytes=2-4"})
            self.assertEqual((part.status, part.text, part.headers["content-range"]), (206, "234", "bytes 2-4/10"))
        self.assertEqual(self.instance.ask("/page.txt", headers={"Range": "bytes=10-"}).status, 416)
        hundred = ",".join(f"{n % 9}-9" for n in range(100))
        whole = self.instance.ask("/page.txt", headers={"Range": f"bytes={hundred}"})
        self.assertEqual((whole.status, whole.text), (200, "0123456789"))
        several = self.instance.ask("/page.txt", headers={"Range": "bytes=0-0,-1"})
        self.assertEqual(several.status, 206)
        boundary = several.headers["content-type"].partition("boundary=")[2]
        self.assertEqual(several.text.count(f"--{boundary}"), 3)
        self.instance.stop()

    def test_conditions_that_contradict(self):
        self.instance.serve()
        whole = self.instance.ask("/page.txt")
        tag, date = whole.headers["etag"], whole.headers["last-modified"]
        old = "Sun, 06 Nov 1994 08:49:37 GMT"
        for headers, status in [
            # If-None-Match goes before If-Modified-Since, If-Match before If-Unmodified-Since (RFC 9110, 13.2.2).
            ({"If-None-Match": '"other"', "If-Modified-Since": date}, 200),
            ({"If-None-Match": tag, "If-Modified-Since": old}, 304),
            ({"If-Match": tag, "If-Unmodified-Since": old}, 200),
            ({"If-Match": '"other"', "If-Unmodified-Since": date}, 412),
            ({"If-Match": tag, "If-None-Match": tag}, 304),
            ({"If-Match": '"other"', "If-None-Match": tag}, 412),
            ({"If-Unmodified-Since": old, "If-Modified-Since": date}, 412),
            ({"If-Unmodified-Since": date, "If-Modified-Since": date}, 304),
        ]:
            for _ in range(3):
                self.assertEqual(self.instance.ask("/page.txt", headers=headers).status, status, headers)
        self.instance.stop()

    def test_other_verbs_are_told_which_there_are(self):
        self.instance.serve()
        answer = self.instance.ask("/page.txt", method="POST")
        self.assertEqual((answer.status, answer.headers["allow"]), (405, "GET, HEAD, OPTIONS, TRACE"))
        self.instance.stop()

    def test_a_file_of_a_gigabyte_takes_no_memory(self):
        self.big_file()
        self.instance.serve()
        self.instance.ask("/page.txt")
        pids = [self.instance.process.pid, *self.instance.roles()]
        before = {pid: held(pid) for pid in pids}
        highest = dict(before)
        connection = self.instance.connect()
        connection.request("GET", "/big.zip")
        response = connection.getresponse()
        self.assertEqual((response.status, response.getheader("Content-Length")), (200, str(GIGABYTE)))
        count, marks, buffer = 0, [], bytearray(1 << 20)
        while size := response.readinto(buffer):
            for mark in [b"begin", b"middle", b"end"]:
                if mark in buffer[:size]:
                    marks.append(mark)
            count += size
            if count % (64 << 20) < size:
                highest = {pid: max(highest[pid], held(pid)) for pid in pids}
        connection.close()
        self.assertEqual((count, marks), (GIGABYTE, [b"begin", b"middle", b"end"]))
        for pid in pids:
            self.assertLess(highest[pid] - before[pid], GROWTH)
        self.instance.stop()

    def test_parts_of_a_file_of_a_gigabyte(self):
        self.big_file()
        self.instance.serve()
        middle = GIGABYTE // 2
        part = self.instance.ask("/big.zip", headers={"Range": f"bytes={middle}-{middle + 5}"})
        self.assertEqual((part.status, part.body), (206, b"middle"))
        self.assertEqual(part.headers["content-range"], f"bytes {middle}-{middle + 5}/{GIGABYTE}")
        answer = self.instance.ask("/big.zip", headers={"Range": f"bytes=0-4,{middle}-{middle + 5},-3"})
        self.assertEqual(answer.status, 206)
        boundary = answer.headers["content-type"].partition("boundary=")[2].encode()
        parts = [piece.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for piece in answer.body.split(b"--" + boundary)]
        self.assertEqual(parts[1:4], [b"begin", b"middle", b"end"])
        # Long parts beside each other, more of them than the router holds files for a worker.
        wanted = f"bytes=0-{(1 << 20) - 1},{middle}-{middle + (1 << 20) - 1}"

        def ask(_):
            return len(self.instance.ask("/big.zip", headers={"Range": wanted}).body)
        with concurrent.futures.ThreadPoolExecutor(16) as threads:
            lengths = set(threads.map(ask, range(64)))
        self.assertEqual(len(lengths), 1)
        self.assertGreater(lengths.pop(), 2 << 20)
        self.instance.stop()

    def test_a_file_that_shrinks_while_it_is_sent_breaks_off_and_nothing_else(self):
        file = self.big_file(64 << 20)
        self.instance.serve()
        for headers in [{}, {"Range": "bytes=0-9,1000-60000000"}]:
            self.big_file(64 << 20)
            connection = self.instance.connect()
            connection.request("GET", "/big.zip", headers=headers)
            response = connection.getresponse()
            response.read(1000)
            os.truncate(file, 100_000)
            with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
                while piece := response.read(1 << 20):
                    pass
                # What ended early without an error is told by its length.
                raise http.client.IncompleteRead(piece) if response.length else AssertionError("whole")
            connection.close()
            self.assertEqual(self.instance.ask("/page.txt").text, "0123456789")
        self.instance.stop()

    def test_a_footer_stands_behind_every_page(self):
        self.instance.write("content/web.config", web_config(
            '<staticContent enableDocFooter="true" defaultDocFooter="&lt;p&gt;the end"/>'))
        self.instance.serve()
        for _ in range(5):
            self.assertEqual(self.instance.ask("/index.html").text, "the page<p>the end")
            self.assertEqual(self.instance.ask("/").text, "the page<p>the end")
            self.assertEqual(self.instance.ask("/page.txt").text, "0123456789")
        self.instance.stop()

    def test_the_worker_keeps_what_a_profile_lets_it(self):
        self.instance.write("content/web.config", web_config(
            '<caching enableKernelCache="false"><profiles><add extension=".txt" policy="CacheForTimePeriod"'
            ' duration="1.00:00:00" varyByQueryString="v"/></profiles></caching>'))
        file = self.instance.write("content/page.txt", "first")
        self.instance.serve()
        for _ in range(3):
            self.instance.ask("/page.txt?v=1")
        file.write_text("second")
        self.assertEqual(self.instance.ask("/page.txt?v=1").text, "first")
        self.assertEqual(self.instance.ask("/page.txt?v=2").text, "second")
        self.instance.stop()


if __name__ == "__main__":
    unittest.main()
