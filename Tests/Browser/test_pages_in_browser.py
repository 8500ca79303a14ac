"""Listings and error pages in headless Chromium: at the widths of a phone and a desk, light and dark.

axe-core finds nothing, the console stays empty, nothing is wider than the window. The pictures go to a folder that is
printed, to be looked at. Skipped, saying so, where Chromium, its driver or the Python tools are not there.
"""

import importlib.util
import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

import browser  # noqa: E402
from browser import open_browser  # noqa: E402
from instance import Instance, web_config  # noqa: E402

MISSING = [*browser.MISSING, *([] if importlib.util.find_spec("axe_core_python") else ["axe-core-python"])]
# Width and height, in CSS pixels.
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
NAMES = [
    "annual report 2026.pdf", "build.log", "chapter-2.txt", "chapter-10.txt", "film.mp4", "holiday.jpg", "index of things.csv",
    "letter & answer <draft>.odt", "notes.md", "server.tar.gz", "style.css", "Ünïcödé – naïve 文件.txt", "no extension",
    "a-very-long-name-that-no-phone-can-show-on-one-line-" + "x" * 120 + ".txt", "אבג.txt",
]


@unittest.skipIf(MISSING, f"not installed: {', '.join(MISSING)}")
class PagesInABrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = cls.serve()
        cls.browser = open_browser(cls)
        cls.pictures = Path(tempfile.mkdtemp(prefix="hostelry-pages-"))
        print(f"Pictures of the pages: {cls.pictures}", file=sys.stderr)
        package = Path(importlib.util.find_spec("axe_core_python").origin).parent
        cls.axe = (package / "axe.min.js").read_text(encoding="utf-8")

    @classmethod
    def serve(cls):
        host = Instance()
        cls.addClassCleanup(host.clean)
        host.write("content/web.config", web_config('<directoryBrowse enabled="true"/>'))
        (host.path / "content/index.html").unlink()
        for folder in ["archive", "pictures of the house", "very/deep/folders/with a long way up"]:
            (host.path / "content/library" / folder).mkdir(parents=True)
        for number, name in enumerate(NAMES):
            file = host.write(f"content/library/{name}", "x" * 37 ** (number % 5))
            os.utime(file, (1_700_000_000 + number * 86_400 * 37,) * 2)
        (host.path / "content/empty").mkdir()
        for number in range(1001):
            host.write(f"content/many/{number}.txt", "")
        host.write("content/long/web.config", web_config(
            '<directoryBrowse enabled="true" showFlags="LongDate, Time, Size, Extension"/>'))
        host.write("content/long/file.txt", "x" * 5000)
        host.write("content/plain/web.config", web_config('<httpErrors errorMode="Custom"/>'))
        host.write("content/broken/web.config", web_config('<directoryBrowse enabled="perhaps"/>'))
        host.write("content/denied/web.config", web_config('<directoryBrowse enabled="false"/>'))
        host.serve()
        cls.addClassCleanup(host.stop)
        return host

    def look(self, name, path):
        """The page at all widths and colours, judged."""
        for size, (width, height) in SIZES.items():
            for scheme in ["light", "dark"]:
                with self.subTest(name, size=size, scheme=scheme):
                    self.judge(f"{name}-{size}-{scheme}", path, width, height, scheme)

    def judge(self, name, path, width, height, scheme):
        command = self.browser.execute_cdp_cmd
        command("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        command("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.browser.get_log("browser")
        self.browser.get(f"http://localhost:{self.host.port}{path}")
        # The status of the page itself, and an icon that the browser asks for by itself, are no mistakes of the page.
        told = [entry["message"] for entry in self.browser.get_log("browser")
                if "Failed to load resource: the server responded" not in entry["message"]]
        self.assertEqual(told, [])
        self.browser.save_screenshot(str(self.pictures / f"{name}.png"))
        self.browser.execute_script(self.axe)
        found = self.browser.execute_async_script(
            "const done = arguments[arguments.length - 1]; axe.run().then(done, done)")
        self.assertEqual(
            [f"{rule['impact']} {rule['id']}: {[node['html'] for node in rule['nodes']][:3]}" for rule in found["violations"]], [])
        self.assertGreater(len(found["passes"]), 5)
        is_dark = self.browser.execute_script(
            "const color = c => c.match(/[0-9.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0);"
            "return color(getComputedStyle(document.body).color) > 384")
        self.assertEqual(is_dark, scheme == "dark")
        inner, scroll = self.browser.execute_script("return [innerWidth, document.documentElement.scrollWidth]")
        self.assertLessEqual(scroll, inner, "wider than the window")

    def test_a_listing(self):
        self.look("listing", "/library/")

    def test_a_listing_sorted_by_size(self):
        self.look("listing-sorted", "/library/?sort=size&order=desc")

    def test_a_listing_of_the_root(self):
        self.look("listing-root", "/")

    def test_a_listing_far_below(self):
        self.look("listing-deep", "/library/very/deep/folders/with%20a%20long%20way%20up/")

    def test_a_listing_in_pages(self):
        self.look("listing-many", "/many/?page=2")

    def test_a_listing_with_long_dates(self):
        self.look("listing-long-dates", "/long/")

    def test_an_empty_listing(self):
        self.look("listing-empty", "/empty/")

    def test_an_error_page_with_details(self):
        self.look("error-details", "/nothing/here.html?query=%3Cscript%3E")

    def test_an_error_page_without_details(self):
        self.look("error-plain", "/plain/nothing.html")

    def test_a_broken_configuration(self):
        self.look("error-configuration", "/broken/")

    def test_a_folder_that_is_not_listed(self):
        self.look("error-not-listed", "/denied/")

    def test_columns_are_sorted_by_links(self):
        from selenium.webdriver.common.by import By

        self.browser.get(f"http://localhost:{self.host.port}/library/")
        for label, state in [("Name", "descending"), ("Size", "ascending"), ("Size", "descending")]:
            self.browser.find_element(By.LINK_TEXT, label).click()
            head = self.browser.find_element(By.CSS_SELECTOR, "thead th[aria-sort]")
            self.assertEqual((head.text.split()[0], head.get_attribute("aria-sort")), (label, state))
        self.browser.find_element(By.LINK_TEXT, "archive/").click()
        self.assertEqual(self.browser.title, "Index of /library/archive/")


if __name__ == "__main__":
    unittest.main()
