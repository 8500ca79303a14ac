"""Razor Pages, SignalR and Blazor as visitors use them: in headless Chromium, as root and as sub-application.

The console stays empty. Pictures go to a folder that is printed, to be looked at. Skipped, saying so, where Chromium,
its driver, selenium or the published applications are not there.
"""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from aspnetcore import dotnet  # noqa: E402
from aspnetcore.hosted import Host  # noqa: E402
from browser import MISSING, open_browser  # noqa: E402
from instance import wait_until  # noqa: E402

WHY = ", ".join([*(f"not installed: {name}" for name in MISSING), *([dotnet.MISSING] if dotnet.MISSING else [])])
# Each where it is: path, pool. In-process applications share no pool.
PLACES = {
    ("razor-pages", "/"): "Razor", ("razor-pages", "/sub/razor"): "SubRazor", ("signalr", "/chat-room"): "Chat",
    ("blazor", "/app"): "Blazor"}


@unittest.skipIf(WHY, WHY)
class ApplicationsInABrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host()
        cls.addClassCleanup(cls.host.clean)
        for (source, path), pool in PLACES.items():
            cls.deploy(source, path, pool, "Main")
        # As root applications of sites of their own.
        cls.roots = {}
        for source in ["signalr", "blazor"]:
            cls.roots[source] = cls.deploy(source, "/", f"Root{source}", source)
        cls.host.serve()
        cls.addClassCleanup(cls.host.stop)
        cls.browser = open_browser(cls)
        cls.pictures = Path(tempfile.mkdtemp(prefix="hostelry-applications-"))
        print(f"Pictures of the applications: {cls.pictures}", file=sys.stderr)

    @classmethod
    def deploy(cls, source, path, pool, site):
        text = (dotnet.PUBLISHED / source / "web.config").read_text(encoding="utf-8-sig")
        return cls.host.deploy(source, site=site, path=path, pool=pool, text=text, folder=f"applications/{pool}")

    def open(self, path, site="Main"):
        # Names below localhost are this machine's in every browser.
        name = "localhost" if site == "Main" else f"{site.lower()}.localhost"
        self.browser.get_log("browser")
        self.browser.get(f"http://{name}:{self.host.port}{path}")

    def text(self, element):
        return self.browser.execute_script(
            "const e = document.getElementById(arguments[0]); return e ? e.textContent : null", element)

    def shows(self, element, expected):
        wait_until(lambda: expected in (self.text(element) or ""), f"{element} is {self.text(element)!r}")

    def done(self, name):
        self.browser.save_screenshot(str(self.pictures / f"{name}.png"))
        # An icon that the browser asks for by itself is no mistake of the page.
        told = [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]
        self.assertEqual([message for message in told if "/favicon.ico" not in message], [])

    def by(self, element):
        from selenium.webdriver.common.by import By
        return self.browser.find_element(By.ID, element)

    def test_razor_pages(self):
        from selenium.webdriver.common.by import By
        for path in ["/", "/sub/razor"]:
            with self.subTest(path):
                self.open(path)
                self.assertEqual(self.browser.title, "Home page - Stock.webapp")
                # Its style sheets are there.
                color = self.browser.execute_script(
                    "return getComputedStyle(document.querySelector('.navbar')).display + document.styleSheets.length")
                self.assertTrue(color.startswith("flex"), color)
                self.browser.find_element(By.LINK_TEXT, "Privacy").click()
                wait_until(lambda: self.browser.title == "Privacy Policy - Stock.webapp", "the link leads nowhere")
                self.done(f"razor{path.replace('/', '-')}")

    def chat(self, path, site, name):
        for transport in ["WebSockets", "ServerSentEvents", "LongPolling"]:
            with self.subTest(transport=transport, path=path):
                self.open(f"{path}?transport={transport}", site)
                self.shows("state", "connected")
                self.shows("count", "counted 5")
                self.shows("sum", "sum 6")
                self.by("text").send_keys(f"by {transport}")
                self.by("say").click()
                self.shows("said", f"me: by {transport}")
                self.done(f"signalr-{name}-{transport}")

    def test_signalr_as_root(self):
        self.host_header("signalr")
        self.chat("/", "signalr", "root")

    def test_signalr_as_sub_application(self):
        self.chat("/chat-room/", "Main", "sub")

    def host_header(self, site):
        """Whether the browser's name for the site leads to it."""
        self.assertEqual(self.roots[site].ask("/").status, 200)

    def counter(self, path, site, name):
        self.open(path, site)
        self.shows("count", "0")
        # Once the circuit is there, the clock runs.
        wait_until(lambda: self.text("time"), "no circuit")
        for number in range(1, 4):
            self.by("add").click()
            self.shows("count", str(number))
        self.by("text").send_keys("over the circuit")
        self.shows("echo", "over the circuit")
        self.done(f"blazor-{name}")

    def test_blazor_as_root(self):
        self.host_header("blazor")
        self.counter("/", "blazor", "root")

    def test_blazor_as_sub_application(self):
        self.counter("/app/", "Main", "sub")


if __name__ == "__main__":
    unittest.main()
