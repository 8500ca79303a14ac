"""From the file to the page: the built program from outside, as root and as an ordinary user."""

import json
import os
import re
import shutil
import subprocess
import unittest

from instance import BINARIES, PATIENCE, ROOT, Instance, free_port, wait_until, web_config

HOSTELRY = BINARIES / "hostelry"


class HostingCase(unittest.TestCase):
    user = None

    def instance(self):
        instance = Instance(user=self.user)
        self.addCleanup(self.end, instance)
        return instance

    def end(self, instance):
        try:
            if instance.process and instance.process.poll() is None:
                instance.stop()
        finally:
            instance.clean()


class OneSite(HostingCase):
    def setUp(self):
        self.host = self.instance()
        self.host.write("content/index.html", "<h1>It works</h1>")
        self.host.write("content/page.html", "<p>page</p>")
        self.host.write("content/secret.config", "secret")
        self.host.write("content/bin/app.dll", "code")
        self.host.write("content/data.unknown-extension", "data")
        self.host.write("content/folder/file.txt", "text")

    def serve(self, more=""):
        self.host.configure(self.host.site("Site", 1), more=more)
        self.host.serve()

    def get(self, path, **more):
        return self.host.ask(path, **more)

    def test_a_file_its_validators_and_its_head(self):
        self.serve()
        page = self.get("/page.html")
        self.assertEqual((page.status, page.text), (200, "<p>page</p>"))
        self.assertEqual(page.headers["content-type"], "text/html")
        self.assertEqual(page.headers["content-length"], "11")
        again = self.get("/page.html", headers={"If-None-Match": page.headers["etag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        again = self.get("/page.html", headers={"If-Modified-Since": page.headers["last-modified"]})
        self.assertEqual(again.status, 304)
        head = self.get("/page.html", method="HEAD")
        self.assertEqual((head.status, head.body, head.headers["content-length"]), (200, b"", "11"))

    def test_the_default_document_and_the_courtesy_redirect(self):
        self.serve()
        self.assertIn("It works", self.get("/").text)
        moved = self.get("/folder")
        self.assertIn(moved.status, (301, 302))
        self.assertTrue(moved.headers["location"].endswith("/folder/"))
        self.assertEqual(self.get("/folder/").status, 403)

    def test_what_is_not_there_or_not_for_anybody(self):
        self.serve()
        for path, sub_status in [
            ("/nowhere.html", "404.0"), ("/web.config", "404.7"), ("/WEB.CONFIG", "404.7"), ("/bin/app.dll", "404.8"), ("/BIN/", "404.8"),
            ("/secret.config", "404.7"), ("/data.unknown-extension", "404.3"), ("/%252e%252e/x", "404.11"),
        ]:
            answer = self.get(path)
            self.assertEqual(answer.status, 404, path)
            self.assertIn(sub_status, answer.text, path)

    def test_paths_do_not_leave_the_folder(self):
        self.host.write("outside.html", "outside")
        os.symlink(self.host.path / "outside.html", self.host.path / "content" / "link.html")
        self.serve()
        for path in ["/../outside.html", "/%2e%2e/outside.html", "/..%2foutside.html", "/folder/../../outside.html",
                     "/..\\outside.html", "/%c0%ae%c0%ae/outside.html", "/link.html", "/page.html%00.txt", "/page.html."]:
            request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
            answer = self.host.raw(request)
            self.assertNotIn(b"outside</", answer)
            self.assertFalse(answer.endswith(b"outside"), path)
            self.assertRegex(answer, rb"^HTTP/1.1 (400|403|404) ", path)

    def test_a_broken_web_config_is_told_with_file_and_line_and_breaks_its_folder_only(self):
        self.host.write("content/broken/web.config", web_config('<directoryBrowse enabled="perhaps"/>'))
        self.serve()
        answer = self.get("/broken/x.html")
        self.assertEqual(answer.status, 500)
        self.assertIn("500.19", answer.text)
        self.assertIn("The &#39;enabled&#39; attribute is invalid.", answer.text.replace("'", "&#39;"))
        self.assertRegex(answer.text, r"broken/web\.config")
        self.assertIn("perhaps", answer.text)
        self.assertEqual(self.get("/page.html").status, 200)

    def test_a_web_config_takes_effect_on_the_next_request(self):
        self.serve()
        self.assertEqual(self.get("/data.unknown-extension").status, 404)
        self.host.write(
            "content/web.config",
            web_config('<staticContent><mimeMap fileExtension=".unknown-extension" mimeType="text/x-new"/></staticContent>'))
        wait_until(lambda: self.get("/data.unknown-extension").headers.get("content-type") == "text/x-new", "no effect")

    def test_a_folder_with_an_application_never_shows_its_files(self):
        self.host.write("content/app/appsettings.json", '{"password": "hunter2"}')
        self.host.write(
            "content/app/web.config",
            web_config('<handlers><add name="aspNetCore" path="*" verb="*" modules="AspNetCoreModuleV2"/></handlers>'))
        self.serve()
        answer = self.get("/app/appsettings.json")
        self.assertEqual(answer.status, 500)
        self.assertNotIn("hunter2", answer.text)

    def test_a_section_that_restricts_access_and_is_not_there_yet_fails_closed_and_says_its_name(self):
        self.serve(more=f'''<location path="Site/folder"><system.webServer><rewrite><rules>
            <rule name="Keep out"><match url=".*"/><action type="AbortRequest"/></rule>
            </rules></rewrite></system.webServer></location>''')
        answer = self.get("/folder/file.txt")
        self.assertGreaterEqual(answer.status, 400)
        self.assertIn("rewrite/rules", answer.text)
        self.assertEqual(self.get("/page.html").status, 200)


class OneSiteAsAnOrdinaryUser(OneSite):
    user = "nobody"

    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to become another user")
        reachable = all(parent.stat().st_mode & 0o001 for parent in HOSTELRY.resolve().parents)
        if not reachable:
            self.skipTest("the programs lie where an ordinary user cannot reach them")
        super().setUp()


class ManySites(HostingCase):
    def test_requests_find_their_site_by_the_most_specific_binding(self):
        host = self.instance()
        names = {"any": "", "www": "www.example", "wild": "*.example", "upper": "UPPER.test"}
        sites = ""
        for number, (name, binding) in enumerate(names.items(), 1):
            host.content(name, "index.html", name)
            sites += host.site(name, number, host=binding, pool=f"Pool{number % 2}", folder=name)
        host.configure(sites, '<add name="Pool0"/><add name="Pool1"/>')
        host.serve()
        for asked, expected in [
            ("www.example", "www"), ("WWW.EXAMPLE:80", "www"), ("a.example", "wild"), ("a.b.example", "wild"),
            ("example", "any"), ("upper.test", "upper"), ("127.0.0.1", "any"), ("other", "any"),
        ]:
            self.assertEqual(host.ask(host=asked).text, expected, asked)

    def test_an_unknown_host_name_is_a_bad_request_and_nobodys_content(self):
        host = self.instance()
        host.configure(host.site("Site", 1, host="mine.example"))
        host.serve()
        answer = host.ask(host="yours.example")
        self.assertEqual(answer.status, 400)
        self.assertIn("Invalid Hostname", answer.text)

    def test_applications_are_found_by_whole_segments_and_run_in_their_own_pools(self):
        host = self.instance()
        for name in ["root", "root/shopping", "shop", "cart"]:
            host.content(name, "index.html", name)
        more = "".join(
            f'<application path="{path}" applicationPool="{pool}">'
            f'<virtualDirectory path="/" physicalPath="{host.path / name}"/></application>'
            for path, pool, name in [("/shop", "B", "shop"), ("/shop/cart", "C", "cart")])
        host.configure(
            host.site("Site", 1, pool="A", folder="root", more=more),
            "".join(f'<add name="{name}"/>' for name in ["A", "B", "C", "Unused"]))
        host.serve()
        for path, expected in [("/", "root"), ("/shop/", "shop"), ("/SHOP/", "shop"), ("/shop/cart/", "cart"),
                               ("/shopping/", "root/shopping")]:
            self.assertEqual(host.ask(path).text, expected)
        self.assertEqual(len(host.pid("hostelry-worker")), 3)


class Strangers(HostingCase):
    def test_garbage_is_refused_and_harms_nobody(self):
        host = self.instance().serve()
        head = b"Host: localhost\r\n"
        for request in [
            b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + head + head + b"\r\n", b"GET / HTTP/1.1\nHost: localhost\n\n",
            b"GET / HTTP/1.1\r\n" + head + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + head + b"Transfer-Encoding: xchunked\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + head + b" folded: x\r\n\r\n", b"GET / HTTP/1.1\r\n" + head + b"A\x00B: x\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + head + b"Name : x\r\n\r\n", b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\n" + head + b"\r\n",
            b"GET / HTTP/3.7\r\n" + head + b"\r\n", b"G\xffT / HTTP/1.1\r\n" + head + b"\r\n",
            b"GET / HTTP/1.1\r\n" + head + b"Content-Length: -1\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + head + b"Content-Length: 1, 2\r\n\r\n",
        ]:
            answer = host.raw(request)
            self.assertRegex(answer, rb"^HTTP/1\.1 (400|414|431|501|505) ", request[:80])
            self.assertEqual(answer.count(b"HTTP/1.1 "), 1, request[:80])
        self.assertEqual(host.ask().text, "the page")


class StartingAgain(HostingCase):
    def test_an_edited_file_shows_its_change_after_starting_again(self):
        host = self.instance()
        host.configure(host.site("Site", 1, host="old.example"))
        host.serve()
        self.assertEqual(host.ask(host="old.example").text, "the page")
        host.stop()
        host.configuration.write_text(host.configuration.read_text().replace("old.example", "new.example"))
        host.serve()
        self.assertEqual(host.ask(host="new.example").text, "the page")
        self.assertEqual(host.ask(host="old.example").status, 400)


class CommandLine(HostingCase):
    def run_hostelry(self, *arguments):
        return subprocess.run(
            [HOSTELRY, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)

    def line_of(self, host, word):
        """The line of the instance's file that holds the word."""
        lines = host.configuration.read_text().splitlines()
        return next(number for number, line in enumerate(lines, 1) if word in line)

    def test_check_says_file_line_and_text_and_answers_0_1_or_2(self):
        host = self.instance()
        host.configure(host.site("Good", 1))
        fine = self.run_hostelry("check", "--config", host.configuration)
        self.assertEqual(fine.returncode, 0, fine.stderr + fine.stdout)
        host.configure(host.site("Good", 1).replace("%HOSTELRY_CONFIG_DIR%/content", r"C:\inetpub\wwwroot"))
        warned = self.run_hostelry("check", "--config", host.configuration)
        self.assertEqual(warned.returncode, 0)
        self.assertIn(f"{host.configuration}:{self.line_of(host, 'inetpub')}: warning: ", warned.stdout)
        host.configure(host.site("Bad", 1).replace("<bindings>", '<bindings color="red">'))
        broken = self.run_hostelry("check", "--config", host.configuration)
        self.assertEqual(broken.returncode, 1)
        self.assertIn(
            f"{host.configuration}:{self.line_of(host, 'color')}: error: site \"Bad\": Unrecognized attribute 'color'",
            broken.stdout)
        self.assertEqual(self.run_hostelry("check", "--nonsense").returncode, 2)
        told = self.run_hostelry("check", "--json", "--config", host.configuration)
        self.assertEqual(told.returncode, 1)
        self.assertEqual(json.loads(told.stdout)["problems"][0]["line"], self.line_of(host, "color"))

    def test_check_of_single_web_config_files(self):
        host = self.instance()
        good = host.write("good/web.config", web_config('<directoryBrowse enabled="true"/>'))
        bad = host.write("bad/web.config", web_config("<webSocket/>"))
        self.assertEqual(self.run_hostelry("check", good).returncode, 0)
        both = self.run_hostelry("check", good, bad)
        self.assertEqual(both.returncode, 1)
        self.assertIn(f"{bad}:3: error: This configuration section cannot be used at this path.", both.stdout)

    def test_config_show_prints_the_effective_section_and_where_it_comes_from(self):
        host = self.instance()
        host.write("content/web.config", web_config('<directoryBrowse enabled="true"/>'))
        host.configure(host.site("Site", 1))
        shown = self.run_hostelry("config", "show", "Site", "system.webServer/directoryBrowse", "--config", host.configuration)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn('<directoryBrowse enabled="true" showFlags="Date, Time, Size, Extension"/>', shown.stdout)
        shown = self.run_hostelry(
            "config", "show", "Site", "system.webServer/directoryBrowse", "--provenance", "--config", host.configuration)
        self.assertIn(f"enabled: {host.path}/content/web.config:3", shown.stdout)
        self.assertIn("showFlags: schema default", shown.stdout)

    def test_init_writes_an_instance_that_runs(self):
        host = self.instance()
        port = free_port()
        made = self.run_hostelry("init", host.path / "mine", "--port", port)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertNotEqual(self.run_hostelry("init", host.path / "mine").returncode, 0, "overwrites nothing")
        host.configuration = host.path / "mine/applicationHost.config"
        self.assertEqual(self.run_hostelry("check", "--config", host.configuration).returncode, 0)
        host.serve()
        self.assertEqual(host.ask(port=port).status, 200)

    def test_help_is_there_for_every_command(self):
        overview = self.run_hostelry("--help")
        self.assertEqual(overview.returncode, 0)
        for command in ["run", "check", "config", "init"]:
            self.assertIn(command, overview.stdout)
            self.assertEqual(self.run_hostelry(command, "--help").returncode, 0)
        self.assertRegex(self.run_hostelry("--version").stdout, r"(?i)^hostelry \d+\.\d+")


class Demonstration(HostingCase):
    def readable_copy(self, host):
        """The demonstration where the pools' users can reach it, wherever the clone lies."""
        copy = host.path / "Sites"
        shutil.copytree(ROOT / "Sites", copy, ignore=shutil.ignore_patterns("state"))
        for path in [copy, *copy.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        return copy

    def test_its_sites_answer(self):
        host = self.instance()
        text = (ROOT / "Sites/applicationHost.config").read_text()
        ports = {number: free_port() for number in sorted(set(re.findall(r'bindingInformation="[^":]*:(\d+):', text)))}
        for old, new in ports.items():
            text = re.sub(rf'(bindingInformation="[^":]*:){old}:', rf"\g<1>{new}:", text)
        text = text.replace("%HOSTELRY_CONFIG_DIR%", str(self.readable_copy(host)))
        host.configuration.write_text(text)
        host.serve()
        sites = re.findall(r'<binding protocol="http" bindingInformation="([^":]*):(\d+):([^"]*)"', text)
        self.assertGreaterEqual(len(sites), 4)
        for _, port, name in sites:
            answer = host.ask(port=int(port), host=name.replace("*", "feature") or "localhost")
            self.assertEqual((answer.status, "<html" in answer.text), (200, True), name)


if __name__ == "__main__":
    unittest.main()
