"""Paths never leave their virtual directory: what a stranger would try, written to the socket byte by byte."""

import os
import unittest

from instance import Instance

OUTSIDE = "NOT FOR YOU"
# Each leads, on some system or to some reader, to the file outside, to a device or to what is hidden.
TARGETS = [
    # Out of the folder.
    "/../outside/secret.txt", "/folder/../../outside/secret.txt", "/%2e%2e/outside/secret.txt", "/%2E./outside/secret.txt",
    "/..%2foutside%2fsecret.txt", "/..%5coutside%5csecret.txt", "/..\\outside\\secret.txt", "/\\..\\outside\\secret.txt",
    "/folder/%2e%2e/%2e%2e/outside/secret.txt", "/folder/..%5c..%5coutside/secret.txt", "/....//outside/secret.txt",
    "/.../outside/secret.txt", "/..;/outside/secret.txt", "/..%00/outside/secret.txt", "/../", "/..", "/%2e%2e", "/%2e%2e%2f",
    # Escaped twice.
    "/%252e%252e/outside/secret.txt", "/%252e%252e%252foutside/secret.txt", "/%25%32%65%25%32%65/outside/secret.txt",
    "/..%255coutside/secret.txt", "/%%32%65%%32%65/outside/secret.txt", "/%u002e%u002e/outside/secret.txt",
    # Overlong UTF-8, halves of pairs, what is no UTF-8.
    "/%c0%ae%c0%ae/outside/secret.txt", "/..%c0%afoutside/secret.txt", "/..%c1%9coutside/secret.txt",
    "/%e0%80%ae%e0%80%ae/outside/secret.txt", "/%f0%80%80%ae/outside/secret.txt", "/%ed%a0%80/secret.txt", "/%ff%fe/secret.txt",
    "/..%ef%bc%8foutside/secret.txt", "/%ef%bc%8e%ef%bc%8e/outside/secret.txt",
    # NUL and other control characters.
    "/page.txt%00", "/page.txt%00.html", "/%00", "/page.txt%0a", "/page.txt%0d%0aX-Injected:%201", "/page%01.txt", "/%7f", "/%c2%85",
    # Names that Windows reads as others.
    "/page.txt.", "/page.txt%20", "/page.txt...", "/page.txt%20.%20", "/page.txt::$DATA", "/page.txt::$data",
    "/page.txt:%24DATA", "/page.txt%3a%3a%24DATA", "/folder::$INDEX_ALLOCATION/file.txt", "/folder:$i30:$INDEX_ALLOCATION/file.txt",
    "/folder./file.txt", "/folder%20/file.txt", "/web.config.", "/web.config%20", "/web.config::$DATA", "/bin./file.txt",
    # Devices.
    "/con", "/nul", "/aux", "/prn.txt", "/com1", "/LPT1.txt", "/\\\\.\\PhysicalDrive0", "/%5c%5c.%5cC:", "/C:/page.txt", "/C%3a%5cpage.txt",
    "//server/share/secret.txt", "/dev/null", "/proc/self/environ", "/folder/dev.txt", "/folder/zero.txt", "/folder/fifo.txt",
    # Links out of the folder.
    "/out/secret.txt", "/out/", "/out/index.html", "/absolute/secret.txt", "/absolute/", "/secret.txt", "/absolute.txt",
    "/folder/chain.txt", "/out/../outside/secret.txt", "/environ.txt", "/round/", "/round/page.txt",
    # Hidden segments, in any case of letters and any spelling.
    "/web.config", "/WEB.CONFIG", "/Web%2econfig", "/w%65b.config", "/folder/web.config", "/web.config/", "/web.config/x",
    "/bin/file.txt", "/BIN/file.txt", "/b%69n/file.txt", "/bin%2ffile.txt", "/bin%5cfile.txt", "/bin\\file.txt", "/folder/../bin/file.txt",
    "/./bin/file.txt", "//bin//file.txt", "/App_Data/file.txt", "/app_data/file.txt", "/APP%5fDATA/file.txt", "/App_Code/file.txt",
    "/App_GlobalResources/file.txt", "/app_localresources/file.txt", "/App_WebReferences/file.txt", "/app_browsers/file.txt",
]
REFUSALS = {"400", "403", "404"}


class PathsOutside(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Instance()
        cls.addClassCleanup(cls.host.clean)
        write = cls.host.write
        write("outside/secret.txt", OUTSIDE)
        write("outside/index.html", OUTSIDE)
        write("content/page.txt", "the page")
        write("content/folder/file.txt", "a file")
        for hidden in ["bin", "App_Data", "App_Code", "App_GlobalResources", "App_LocalResources", "App_WebReferences",
                       "App_Browsers"]:
            write(f"content/{hidden}/file.txt", OUTSIDE)
            if hidden.lower() != hidden:
                write(f"content/{hidden.lower()}/file.txt", OUTSIDE)
        write("content/BIN/file.txt", OUTSIDE)
        write("content/APP_DATA/file.txt", OUTSIDE)
        write("content/web.config", "<configuration><system.webServer><directoryBrowse enabled=\"true\"/></system.webServer>"
              f"<!-- {OUTSIDE} --></configuration>")
        content = cls.host.path / "content"
        (content / "index.html").unlink()
        for name, target in {
            "out": "../outside", "absolute": cls.host.path / "outside", "secret.txt": "../outside/secret.txt",
            "absolute.txt": cls.host.path / "outside/secret.txt", "folder/chain.txt": "../secret.txt",
            "folder/zero.txt": "/dev/zero", "folder/dev.txt": "/dev/stdin", "environ.txt": "/proc/self/environ",
            "round": "round", "inside": "folder", "folder/inside.txt": "../page.txt",
        }.items():
            (content / name).symlink_to(target)
        os.mkfifo(content / "folder/fifo.txt")
        cls.host.serve()
        cls.addClassCleanup(cls.host.stop)

    def answers(self, targets, method="GET"):
        """Each target's status line and what follows, all on connections of their own."""
        for target in targets:
            request = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("latin-1")
            yield target, self.host.raw(request).decode("utf-8", "replace")

    def test_no_spelling_leads_out_or_to_what_is_hidden(self):
        for target, answer in self.answers(TARGETS):
            with self.subTest(target):
                self.assertIn(answer.split(" ", 2)[1], REFUSALS, answer)
                self.assertNotIn(OUTSIDE, answer)
                self.assertNotIn("X-Injected: 1", answer.split("\r\n\r\n")[0])

    def test_nor_does_another_verb(self):
        for method in ["HEAD", "OPTIONS", "POST", "TRACE", "PROPFIND"]:
            for target, answer in self.answers(["/web.config", "/out/secret.txt", "/..%5coutside/secret.txt"], method):
                with self.subTest(target, method=method):
                    self.assertNotIn(OUTSIDE, answer)
                    if method == "HEAD":
                        self.assertIn(answer.split(" ", 2)[1], REFUSALS, answer)

    def test_a_listing_names_nothing_of_it(self):
        listing = self.host.ask("/")
        self.assertEqual(listing.status, 200)
        for name in ["web.config", "bin", "App_", "app_", "APP_", "BIN", "out/", "absolute", "secret", "environ", "round"]:
            self.assertNotIn(f'href="/{name}', listing.text)
        for name in ["folder/", "inside/", "page.txt"]:
            self.assertIn(f'href="/{name}"', listing.text)
        listing = self.host.ask("/folder/")
        self.assertIn('href="/folder/file.txt"', listing.text)
        self.assertIn('href="/folder/inside.txt"', listing.text)
        for name in ["fifo", "zero", "dev", "chain"]:
            self.assertNotIn(f'href="/folder/{name}', listing.text)

    def test_links_that_stay_within_are_followed(self):
        self.assertEqual(self.host.ask("/inside/file.txt").text, "a file")
        self.assertEqual(self.host.ask("/folder/inside.txt").text, "the page")

    def test_it_still_serves(self):
        self.assertEqual(self.host.ask("/page.txt").text, "the page")


if __name__ == "__main__":
    unittest.main()
