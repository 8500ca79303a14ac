"""Real web.config files, each the root of a site of its own: what they state happens.

Expectations come from `web_config_reader`, which reads the same files on its own. The corpus is not part of this
repository: without it, in `HOSTELRY_CORPUS` or beside the clone, these tests are skipped.
"""

import contextlib
import http.client
import os
import re
import shutil
import socket
import unittest
from pathlib import Path

import web_config_reader
from instance import PATIENCE, ROOT, Answer, Instance

PLACES = [Path(os.environ["HOSTELRY_CORPUS"])] if "HOSTELRY_CORPUS" in os.environ else [
    ROOT.parent / "shared/corpus", ROOT.parent.parent / "shared/corpus"]
CORPUS = next((place for place in PLACES if (place / "web").is_dir()), None)
PAGE = "the page"


def elsewhere():
    """An address of this machine that is not the one it is asked at, so that its client counts as another machine's."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Sends nothing.
        probe.connect(("192.0.2.1", 9))
        address = probe.getsockname()[0]
        return None if address.startswith("127.") else address
    return None


@unittest.skipIf(CORPUS is None, f"no corpus of real files in {', '.join(map(str, PLACES))}")
class RealFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stock = web_config_reader.Stock(CORPUS / "iis-express/applicationHost.config")
        cls.files = [web_config_reader.read(path, cls.stock) for path in sorted((CORPUS / "web").glob("*.config"))]
        cls.host = Instance()
        cls.addClassCleanup(cls.host.clean)
        sites = ""
        for number, said in enumerate(cls.files, 1):
            said.host = f"site{number}.test"
            cls.write(f"site{number}", said)
            sites += cls.host.site(f"Site {number}", number, host=said.host, folder=f"site{number}")
        cls.host.configure(sites)
        cls.host.serve()
        cls.addClassCleanup(cls.host.stop)
        cls.sound = [said for said in cls.files if not said.mistake]
        # Whose requests reach the files of the folder.
        cls.open = [said for said in cls.sound if cls.ask(said, "/page.txt").text == PAGE]

    @classmethod
    def write(cls, folder, said):
        """The small content of a site: a page, one file for each extension, documents, what is hidden."""
        shutil.copy(said.path, cls.host.write(f"{folder}/page.txt", PAGE).parent / "web.config")
        for extension in said.types:
            if extension.startswith(".") and len(extension) > 1:
                cls.host.write(f"{folder}/sample{extension}", f"sample{extension}")
        for extension in said.denied - cls.stock.denied:
            cls.host.write(f"{folder}/sample{extension}", "denied")
        for segment in said.hidden:
            cls.host.write(f"{folder}/below/{segment}/page.txt", "hidden")
        for name in said.documents or []:
            if name.lower().endswith((".htm", ".html")) and "/" not in name:
                cls.host.write(f"{folder}/{name}", f"document {name}")
        cls.host.write(f"{folder}/list/page.txt", PAGE)
        for path in said.error_files.values():
            cls.host.write(f"{folder}/{path.lstrip('/')}", f"own page {path}")

    @classmethod
    def ask(cls, said, path, **more):
        return cls.host.ask(path, host=said.host, **more)

    def warnings(self):
        return [event["text"] for event in self.host.events if event["level"] == "warning"]

    def count(self, module):
        """How many warnings name it."""
        return sum(bool(re.search(rf"\b{re.escape(module)}\b", text)) for text in self.warnings())

    def test_enough_of_them_are_served(self):
        self.assertGreater(len(self.files), 50)
        self.assertGreater(len(self.open), 20, [said.path.name for said in self.open])

    def test_a_file_that_a_stock_server_refuses_is_refused_as_a_whole(self):
        for said in [said for said in self.files if said.mistake]:
            with self.subTest(said.path.name):
                answer = self.ask(said, "/page.txt")
                self.assertEqual(answer.status, 500, said.mistake)
                self.assertIn("500.19", answer.text)
                self.assertNotIn(PAGE, answer.text)

    def test_a_sound_file_is_never_a_configuration_error(self):
        for said in self.sound:
            with self.subTest(said.path.name):
                self.assertNotIn("500.19", self.ask(said, "/page.txt").text)

    def test_a_site_is_closed_only_by_what_its_file_says(self):
        for said in [said for said in self.sound if said not in self.open]:
            with self.subTest(said.path.name):
                answer = self.ask(said, "/page.txt")
                if said.closed:
                    self.assertEqual(answer.status, 401)
                elif said.redirection:
                    self.assertEqual(answer.status, said.redirection[0])
                elif said.everywhere:
                    self.assertIn(answer.status, (500, 502, 503))
                else:
                    # A section that restricts access and is not enforced, which a warning names.
                    self.assertTrue(any(f"/{said.host.split('.')[0]}/web.config" in text for text in self.warnings()), answer.text)

    def test_headers_that_are_added_are_sent_and_those_removed_are_not(self):
        for said in [said for said in self.open if said.headers or said.removed_headers]:
            with self.subTest(said.path.name):
                answer = self.ask(said, "/page.txt")
                for name, value in said.headers:
                    self.assertIn(value, answer.headers.get(name.lower(), ""), name)
                for name in said.removed_headers:
                    self.assertNotIn(name, answer.headers)

    def test_the_server_is_not_named_where_the_file_says_so(self):
        for said in self.open:
            with self.subTest(said.path.name):
                self.assertEqual("server" in self.ask(said, "/page.txt").headers, not said.hides_server)

    def test_files_may_be_kept_as_long_as_the_file_says(self):
        for said in [said for said in self.open if said.cache_control]:
            with self.subTest(said.path.name):
                sent = {part.strip() for part in self.ask(said, "/page.txt").headers["cache-control"].split(",")}
                self.assertLessEqual(said.cache_control, sent)

    def test_types_are_those_of_the_file(self):
        for said in [said for said in self.open if said.types]:
            with self.subTest(said.path.name):
                for extension, kind in said.types.items():
                    if extension in said.denied or len(extension) < 2 or not extension.startswith("."):
                        continue
                    if any(extension in path for paths in said.somewhere.values() for path in paths):
                        continue
                    answer = self.ask(said, f"/sample{extension}")
                    if kind is None:
                        self.assertEqual(answer.status, 404, extension)
                    else:
                        self.assertEqual((answer.status, answer.headers["content-type"]), (200, kind), extension)

    def test_what_is_filtered_is_not_sent(self):
        filtering = [said for said in self.sound if said.hidden or said.denied - self.stock.denied]
        self.assertTrue(filtering)
        for said in filtering:
            with self.subTest(said.path.name):
                for segment in said.hidden:
                    for spelling in {segment, segment.upper()}:
                        self.assert_filtered(said, f"/below/{spelling}/page.txt")
                for extension in said.denied - self.stock.denied:
                    self.assert_filtered(said, f"/sample{extension}")

    def assert_filtered(self, said, path):
        answer = self.ask(said, path)
        # A site that is closed as a whole does not say more.
        self.assertIn(answer.status, (404,) if said in self.open else (401, 404, 500), path)
        self.assertNotIn(answer.text, ("hidden", "denied"))

    def test_a_folder_shows_its_first_document(self):
        for said in [said for said in self.open if not said.rewrites]:
            with self.subTest(said.path.name):
                there = [name for name in said.documents if name.lower().endswith((".htm", ".html")) and "/" not in name]
                answer = self.ask(said, "/")
                if there:
                    self.assertEqual((answer.status, answer.text), (200, f"document {there[0]}"))

    def test_folders_are_listed_where_the_file_says_so(self):
        for said in self.open:
            with self.subTest(said.path.name):
                answer = self.ask(said, "/list/")
                if said.lists_folders:
                    self.assertEqual(answer.status, 200)
                    self.assertIn("/list/page.txt", answer.text)
                else:
                    self.assertNotIn("/list/page.txt", answer.text)

    def test_a_handler_whose_module_is_not_there_shows_nothing_and_a_warning_names_it(self):
        for said in [said for said in self.sound if said.everywhere and not said.closed]:
            with self.subTest(said.path.name):
                answer = self.ask(said, "/page.txt")
                if "500.21" in answer.text:
                    self.assertEqual(self.count(said.everywhere[0]), 1, said.everywhere)
                self.assertNotEqual(answer.text, PAGE)

    def test_rules_that_are_not_applied_are_named_in_one_warning(self):
        for said in [said for said in self.open if said.rewrites]:
            with self.subTest(said.path.name):
                self.assertEqual(self.count("RewriteModule"), 1)

    def test_an_error_is_answered_with_the_page_of_the_file(self):
        files = [said for said in self.open if 404 in said.error_files]
        self.assertTrue(files)
        address = elsewhere()
        if not address:
            self.skipTest("this machine has no address besides its loopback, so nobody comes from elsewhere")
        for said in files:
            with self.subTest(said.path.name):
                connection = http.client.HTTPConnection(
                    "127.0.0.1", self.host.port, timeout=PATIENCE, source_address=(address, 0))
                self.addCleanup(connection.close)
                connection.request("GET", "/nothing/here.txt", headers={"Host": said.host})
                answer = Answer(connection.getresponse())
                self.assertEqual((answer.status, answer.text), (404, f"own page {said.error_files[404]}"))


if __name__ == "__main__":
    unittest.main()
