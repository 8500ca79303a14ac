"""One folder or site served by one command, and what a request would meet."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from instance import BINARIES, PATIENCE, free_port, is_running, processes_of, wait_until, web_config


class Express:
    """A running `hostelry express`."""

    def __init__(self, test, *arguments, base, user=None, folder=None):
        self.lines, self.errors = [], []
        identity = {"user": user, "group": user, "extra_groups": []} if user else {}
        self.process = subprocess.Popen(
            [BINARIES / "hostelry", "express", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, cwd=folder, env={**os.environ, "XDG_RUNTIME_DIR": str(base)},
            **identity)
        self.readers = [
            threading.Thread(target=lambda s=stream, l=lines: l.extend(iter(s.readline, "")), daemon=True)
            for stream, lines in [(self.process.stdout, self.lines), (self.process.stderr, self.errors)]
        ]
        for reader in self.readers:
            reader.start()
        test.addCleanup(self.clean)

    def address(self):
        """Host and port as printed, waited for."""
        def found():
            return re.search(r"http://([^:/]+):(\d+)/", "".join(self.lines))
        wait_until(lambda: found() or self.process.poll() is not None, "no address")
        assert found(), (self.lines, self.errors)
        return found()[1], int(found()[2])

    def get(self, path, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()

    def interrupt(self):
        """Ctrl-C; the exit status."""
        children = processes_of(self.process.pid)
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(PATIENCE)
        wait_until(lambda: not any(map(is_running, children)), "processes are left")
        return status

    def clean(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for reader in self.readers:
            reader.join(PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()


class ExpressTests(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hostelry-express-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self.base = self.folder / "base"
        self.base.mkdir()
        (self.folder / "www").mkdir()
        (self.folder / "www" / "index.html").write_text("the page")

    def express(self, *arguments, **named):
        return Express(self, *arguments, base=self.base, **named)

    def test_a_folder_is_served_with_its_web_config_and_nothing_is_left(self):
        site = self.express("--path", self.folder / "www", "--trace")
        host, port = site.address()
        self.assertEqual((host, site.get("/", port)), ("localhost", (200, "the page")))
        (self.folder / "www" / "web.config").write_text(
            web_config('<httpProtocol><customHeaders><add name="X-A" value="b"/></customHeaders></httpProtocol>'
                       '<security><requestFiltering><hiddenSegments><add segment="secret"/></hiddenSegments>'
                       '</requestFiltering></security>'))
        wait_until(lambda: site.get("/secret/x.txt", port)[0] == 404 and "404.8" in "".join(site.lines),
                   "the web.config has no effect, or the refusal is not traced")
        line = next(line for line in site.lines if "404.8" in line)
        self.assertIn("GET /secret/x.txt", line)
        self.assertIn("RequestFilteringModule", line)
        self.assertIn(" ms", line)
        self.assertEqual(site.interrupt(), 0)
        self.assertEqual(list(self.base.iterdir()), [])
        self.assertEqual(site.errors, [])
        self.assertEqual(sorted(path.name for path in (self.folder / "www").iterdir()), ["index.html", "web.config"])

    def test_two_run_side_by_side(self):
        sites, ports = [], []
        for _ in range(2):
            sites.append(self.express("--path", self.folder / "www"))
            ports.append(sites[-1].address()[1])
        self.assertNotEqual(*ports)
        for site, port in zip(sites, ports):
            self.assertEqual(site.get("/", port)[0], 200)
        self.assertEqual([site.interrupt() for site in sites], [0, 0])
        self.assertEqual(list(self.base.iterdir()), [])

    def test_several_that_begin_at_the_same_instant_have_ports_of_their_own(self):
        sites = [self.express("--path", self.folder / "www") for _ in range(6)]
        ports = [site.address()[1] for site in sites]
        self.assertEqual(len(set(ports)), 6)
        for site, port in zip(sites, ports):
            self.assertEqual(site.get("/", port)[0], 200)
        self.assertEqual([site.interrupt() for site in sites], [0] * 6)
        self.assertEqual([site.errors for site in sites], [[]] * 6)

    @unittest.skipUnless(os.geteuid() == 0, "only root can run as somebody else")
    def test_an_ordinary_user_serves_what_that_user_can_read(self):
        self.base.chmod(0o777)
        site = self.express("--path", self.folder / "www", user=65534)
        self.assertEqual(site.get("/", site.address()[1])[0], 200)
        self.assertEqual(site.interrupt(), 0)
        self.assertEqual(list(self.base.iterdir()), [])

    def test_a_killed_one_takes_its_processes_along_and_the_next_removes_its_folder(self):
        site = self.express("--path", self.folder / "www")
        site.get("/", site.address()[1])
        children = processes_of(site.process.pid)
        self.assertTrue(children)
        site.process.kill()
        wait_until(lambda: not any(map(is_running, children)), "processes outlive their master")
        self.assertEqual(len(list(self.base.iterdir())), 1)
        other = self.express("--path", self.folder / "www")
        other.address()
        self.assertEqual(other.interrupt(), 0)
        self.assertEqual(list(self.base.iterdir()), [])

    def test_one_site_of_a_developers_configuration(self):
        ports = [free_port(), free_port()]
        sites = "".join(
            f'<site name="Site {n}" id="{n}"><application path="/" applicationPool="P">'
            f'<virtualDirectory path="/" physicalPath="%HOSTELRY_CONFIG_DIR%/../../www"/></application>'
            f'<bindings><binding protocol="http" bindingInformation="*:{port}:localhost"/></bindings></site>'
            for n, port in enumerate(ports, 1))
        config = self.folder / ".vs" / "config" / "applicationhost.config"
        config.parent.mkdir(parents=True)
        config.write_text(
            f'<configuration><system.applicationHost><applicationPools><add name="P"/></applicationPools>'
            f'<sites>{sites}</sites></system.applicationHost></configuration>')
        site = self.express("--site", "site 2", folder=self.folder)
        self.assertEqual(site.address(), ("localhost", ports[1]))
        self.assertIn('"Site 2"', "".join(site.lines))
        with self.assertRaises(OSError):
            site.get("/", ports[0])
        self.assertEqual(site.interrupt(), 0)

    def test_arguments_that_make_no_sense(self):
        def run(*arguments):
            return subprocess.run(
                [BINARIES / "hostelry", "express", *arguments], capture_output=True, text=True, cwd=self.folder,
                env={**os.environ, "XDG_RUNTIME_DIR": str(self.base), "XDG_CONFIG_HOME": str(self.folder)},
                timeout=PATIENCE)
        self.assertEqual(run("--path", ".", "--site", "x").returncode, 2)
        self.assertEqual(run("--port", "80").returncode, 2)
        missing = run("--path", "missing")
        self.assertEqual((missing.returncode, "is no folder" in missing.stderr), (1, True))
        self.assertEqual(list(self.base.iterdir()), [])


class ExplainTests(unittest.TestCase):
    def test_a_request_is_followed_without_a_server(self):
        with tempfile.TemporaryDirectory() as folder:
            www = Path(folder) / "www"
            www.mkdir()
            config = Path(folder) / "applicationHost.config"
            config.write_text(
                '<configuration><system.applicationHost><applicationPools><add name="P"/></applicationPools><sites>'
                '<site name="S" id="1"><application path="/" applicationPool="P">'
                '<virtualDirectory path="/" physicalPath="%HOSTELRY_CONFIG_DIR%/www"/></application>'
                '<bindings><binding protocol="http" bindingInformation="*:80:"/></bindings></site></sites>'
                '</system.applicationHost></configuration>')
            answer = subprocess.run(
                [BINARIES / "hostelry", "explain", "http://a.test/web.config", "--config", config, "--json"],
                capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(answer.returncode, 1, answer.stderr)
            said = json.loads(answer.stdout)
            self.assertEqual((said["answer"]["status"], said["answer"]["subStatus"]), (404, 7))
            self.assertEqual(said["site"]["sources"], [f"{config}:1"])
            (entry,) = said["answer"]["entries"]
            self.assertEqual(entry["name"], '<add fileExtension=".config" allowed="false">')
            self.assertRegex(entry["sources"][0], r"applicationHost.config:\d+$")
            malformed = subprocess.run(
                [BINARIES / "hostelry", "explain", "http://a.test/%00", "--config", config], capture_output=True,
                text=True, timeout=PATIENCE)
            self.assertEqual(malformed.returncode, 1, malformed.stderr)
            self.assertIn("400.0", malformed.stdout)
            self.assertIn("Invalid URL", malformed.stdout)


if __name__ == "__main__":
    unittest.main()
