"""From the file to the page: the built program from outside, as root and as an ordinary user."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import unittest

from hosting import HOSTELRY, PATIENCE, PROJECT, Instance, free_port, named, server, site, wait_until, web_config


class HostingCase(unittest.TestCase):
    user = None

    def instance(self):
        instance = Instance(self.user)
        self.addCleanup(instance.close)
        return instance


class OneSite(HostingCase):
    def setUp(self):
        self.host = self.instance()
        self.port = free_port()
        self.host.write("content/index.html", "<h1>It works</h1>")
        self.host.write("content/page.html", "<p>page</p>")
        self.host.write("content/secret.config", "secret")
        self.host.write("content/bin/app.dll", "code")
        self.host.write("content/data.unknown-extension", "data")
        self.host.write("content/folder/file.txt", "text")

    def start(self, more="", pools=("Pool",), sites=""):
        self.host.start(server(site("Site", 1, self.port, self.host.content) + sites, pools, more))

    def get(self, path, **more):
        return self.host.get(self.port, path, **more)

    def test_a_file_its_validators_and_its_head(self):
        self.start()
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
        self.start()
        self.assertIn("It works", self.get("/").text)
        moved = self.get("/folder")
        self.assertIn(moved.status, (301, 302))
        self.assertTrue(moved.headers["location"].endswith("/folder/"))
        self.assertEqual(self.get("/folder/").status, 403)

    def test_what_is_not_there_or_not_for_anybody(self):
        self.start()
        for path, sub_status in [
            ("/nowhere.html", "404.0"), ("/web.config", "404.7"), ("/WEB.CONFIG", "404.7"), ("/bin/app.dll", "404.8"), ("/BIN/", "404.8"),
            ("/secret.config", "404.7"), ("/data.unknown-extension", "404.3"), ("/%252e%252e/x", "404.11"),
        ]:
            answer = self.get(path)
            self.assertEqual(answer.status, 404, path)
            self.assertIn(sub_status, answer.text, path)

    def test_paths_do_not_leave_the_folder(self):
        self.host.write("outside.html", "outside")
        os.symlink(self.host.folder / "outside.html", self.host.content / "link.html")
        self.start()
        for path in ["/../outside.html", "/%2e%2e/outside.html", "/..%2foutside.html", "/folder/../../outside.html",
                     "/..\\outside.html", "/%c0%ae%c0%ae/outside.html", "/link.html", "/page.html%00.txt", "/page.html."]:
            request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
            answer = self.host.raw(self.port, request)
            self.assertNotIn(b"outside</", answer)
            self.assertFalse(answer.endswith(b"outside"), path)
            self.assertRegex(answer, rb"^HTTP/1.1 (400|403|404) ", path)

    def test_a_broken_web_config_is_told_with_file_and_line_and_breaks_its_folder_only(self):
        self.host.write("content/broken/web.config", web_config('<directoryBrowse enabled="perhaps"/>'))
        self.start()
        answer = self.get("/broken/x.html")
        self.assertEqual(answer.status, 500)
        self.assertIn("500.19", answer.text)
        self.assertIn("The &#39;enabled&#39; attribute is invalid.", answer.text.replace("'", "&#39;"))
        self.assertRegex(answer.text, r"broken/web\.config")
        self.assertIn("perhaps", answer.text)
        self.assertEqual(self.get("/page.html").status, 200)

    def test_a_web_config_takes_effect_on_the_next_request(self):
        self.start()
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
        self.start()
        answer = self.get("/app/appsettings.json")
        self.assertEqual(answer.status, 500)
        self.assertIn("500.21", answer.text)
        self.assertIn("AspNetCoreModuleV2", answer.text)
        self.assertNotIn("hunter2", answer.text)

    def test_a_section_that_restricts_access_and_is_not_there_yet_fails_closed_and_says_its_name(self):
        self.start(more=f'''<location path="Site/folder"><system.webServer><security>
            <ipSecurity allowUnlisted="false"/></security></system.webServer></location>''')
        answer = self.get("/folder/file.txt")
        self.assertGreaterEqual(answer.status, 400)
        self.assertIn("ipSecurity", answer.text)
        self.assertEqual(self.get("/page.html").status, 200)

    def test_a_worker_that_dies_is_replaced_on_the_next_request(self):
        self.start()
        self.assertEqual(self.get("/page.html").status, 200)
        (worker,) = named(self.host.processes(), "hostelry-worker")
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: worker not in self.host.processes(), "the worker is still there")
        self.assertEqual(self.get("/page.html").status, 200)

    def test_a_router_that_dies_is_replaced_on_the_same_sockets(self):
        self.start()
        self.assertEqual(self.get("/page.html").status, 200)
        (router,) = named(self.host.processes(), "hostelry-router")
        os.kill(router, signal.SIGKILL)

        def answers():
            try:
                return self.get("/page.html").status == 200
            except OSError:
                return False

        wait_until(answers, "no new router")
        self.assertNotEqual(named(self.host.processes(), "hostelry-router"), [router])

    def test_it_ends_gracefully(self):
        self.start()
        self.assertEqual(self.get("/page.html").status, 200)
        self.assertEqual(self.host.stop(), 0)

    def test_a_second_master_on_the_same_state_folder_is_refused_with_the_first_ones_pid(self):
        self.start()
        second = subprocess.run(
            [HOSTELRY, "run", "--config", self.host.config, "--state", self.host.state],
            capture_output=True, text=True, timeout=PATIENCE, user=self.user)
        self.assertNotEqual(second.returncode, 0)
        self.assertIn(str(self.host.process.pid), second.stderr)
        self.assertEqual(self.get("/page.html").status, 200)

    def test_a_changed_server_file_is_applied_on_sighup_and_a_broken_one_is_not(self):
        self.start()
        other = free_port()
        good = server(site("Site", 1, self.port, self.host.content) + site("New", 2, other, self.host.content / "folder"))
        self.host.config.write_text(good)
        self.host.process.send_signal(signal.SIGHUP)

        def answers():
            try:
                return self.host.get(other, "/file.txt").status == 200
            except OSError:
                return False

        wait_until(answers, "the new site does not answer")
        self.host.config.write_text("<configuration>\n<oops")
        self.host.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "applicationHost.config:2" in self.host.output, "the broken file was not told")
        self.assertEqual(self.get("/page.html").status, 200)
        self.assertEqual(self.host.get(other, "/file.txt").status, 200)

    def test_a_port_in_use_takes_its_site_only(self):
        with socket.socket() as taken:
            taken.bind(("0.0.0.0", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.start(sites=site("Blocked", 2, port, self.host.content))
            self.assertEqual(self.get("/page.html").status, 200)
            self.assertRegex(self.host.output, rf"(?i){port}.*in use|in use.*{port}")
            self.assertIn("Blocked", self.host.output)

    def test_a_broken_site_never_stops_another(self):
        self.start(sites='<site name="Bad" id="x"/>' + site("Worse", 3, "none", "relative")
                   + site("Orphan", 4, self.port, self.host.content, pool="Nobody", host="orphan.example"))
        self.assertEqual(self.get("/page.html").status, 200)
        self.assertEqual(self.get("/page.html", host="orphan.example").status, 503)
        for name in ["Bad", "Worse", "Orphan"]:
            self.assertIn(name, self.host.output)


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
        port = free_port()
        names = {"any": "", "www": "www.example", "wild": "*.example", "upper": "UPPER.test"}
        sites = ""
        for number, (name, binding) in enumerate(names.items(), 1):
            host.write(f"content/{name}/index.html", name)
            sites += site(name, number, port, host.content / name, host=binding, pool=f"Pool{number % 2}")
        host.start(server(sites, ["Pool0", "Pool1"]))
        for asked, expected in [
            ("www.example", "www"), ("WWW.EXAMPLE:80", "www"), ("a.example", "wild"), ("a.b.example", "wild"),
            ("example", "any"), ("upper.test", "upper"), ("127.0.0.1", "any"), ("other", "any"),
        ]:
            self.assertEqual(host.get(port, host=asked).text, expected, asked)

    def test_an_unknown_host_name_is_a_bad_request_and_nobodys_content(self):
        host = self.instance()
        port = free_port()
        host.write("content/index.html", "mine")
        host.start(server(site("Site", 1, port, host.content, host="mine.example")))
        answer = host.get(port, host="yours.example")
        self.assertEqual(answer.status, 400)
        self.assertIn("Invalid Hostname", answer.text)

    def test_applications_are_found_by_whole_segments_and_run_in_their_own_pools(self):
        host = self.instance()
        port = free_port()
        for name in ["root", "shop", "cart"]:
            host.write(f"content/{name}/index.html", name)
        host.write("content/root/shopping/index.html", "shopping")
        more = "".join(
            f'<application path="{path}" applicationPool="{pool}">'
            f'<virtualDirectory path="/" physicalPath="{host.content / name}"/></application>'
            for path, pool, name in [("/shop", "B", "shop"), ("/shop/cart", "C", "cart")])
        host.start(server(site("Site", 1, port, host.content / "root", pool="A", more=more), ["A", "B", "C", "Unused"]))
        for path, expected in [("/", "root"), ("/shop/", "shop"), ("/SHOP/", "shop"), ("/shop/cart/", "cart"),
                               ("/shopping/", "shopping")]:
            self.assertEqual(host.get(port, path).text, expected)
        self.assertEqual(len(named(host.processes(), "hostelry-worker")), 3)


class Strangers(HostingCase):
    def test_garbage_is_refused_and_harms_nobody(self):
        host = self.instance()
        port = free_port()
        host.write("content/index.html", "fine")
        host.start(server(site("Site", 1, port, host.content)))
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
            answer = host.raw(port, request)
            self.assertRegex(answer, rb"^HTTP/1\.1 (400|414|431|501|505) ", request[:80])
            self.assertEqual(answer.count(b"HTTP/1.1 "), 1, request[:80])
        self.assertEqual(host.get(port).text, "fine")


class CommandLine(HostingCase):
    def run_hostelry(self, *arguments):
        return subprocess.run(
            [HOSTELRY, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)

    def test_check_says_file_line_and_text_and_answers_0_1_or_2(self):
        host = self.instance()
        host.config.write_text(server(site("Good", 1, 80, host.content)))
        fine = self.run_hostelry("check", "--config", host.config)
        self.assertEqual(fine.returncode, 0, fine.stderr + fine.stdout)
        host.config.write_text(server(site("Good", 1, 80, r"C:\inetpub\wwwroot")))
        warned = self.run_hostelry("check", "--config", host.config)
        self.assertEqual(warned.returncode, 0)
        self.assertRegex(warned.stdout, r"(?m)^.*applicationHost\.config:8: warning: ")
        host.config.write_text(server(site("Bad", 1, 80, host.content).replace("<bindings>", '<bindings color="red">')))
        broken = self.run_hostelry("check", "--config", host.config)
        self.assertEqual(broken.returncode, 1)
        self.assertRegex(broken.stdout, r"""(?m)^.*applicationHost\.config:7: error: site "Bad": Unrecognized attribute 'color'""")
        self.assertEqual(self.run_hostelry("check", "--nonsense").returncode, 2)
        json = self.run_hostelry("check", "--json", "--config", host.config)
        self.assertEqual(json.returncode, 1)
        import json as parser
        self.assertEqual(parser.loads(json.stdout)["problems"][0]["line"], 7)

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
        host.config.write_text(server(site("Site", 1, 80, host.content)))
        shown = self.run_hostelry("config", "show", "Site", "system.webServer/directoryBrowse", "--config", host.config)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn('<directoryBrowse enabled="true" showFlags="Date, Time, Size, Extension"/>', shown.stdout)
        shown = self.run_hostelry(
            "config", "show", "Site", "system.webServer/directoryBrowse", "--provenance", "--config", host.config)
        self.assertIn(f"enabled: {host.content}/web.config:3", shown.stdout)
        self.assertIn("showFlags: schema default", shown.stdout)

    def test_init_writes_an_instance_that_runs(self):
        host = self.instance()
        port = free_port()
        made = self.run_hostelry("init", host.folder / "mine", "--port", port)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertNotEqual(self.run_hostelry("init", host.folder / "mine").returncode, 0, "overwrites nothing")
        host.config = host.folder / "mine/applicationHost.config"
        self.assertEqual(self.run_hostelry("check", "--config", host.config).returncode, 0)
        host.start()
        self.assertEqual(host.get(port).status, 200)

    def test_help_is_there_for_every_command(self):
        overview = self.run_hostelry("--help")
        self.assertEqual(overview.returncode, 0)
        for command in ["run", "check", "config", "init"]:
            self.assertIn(command, overview.stdout)
            self.assertEqual(self.run_hostelry(command, "--help").returncode, 0)
        self.assertRegex(self.run_hostelry("--version").stdout, r"(?i)^hostelry \d+\.\d+")


class Demonstration(HostingCase):
    def test_its_sites_answer(self):
        host = self.instance()
        text = (PROJECT / "Sites/applicationHost.config").read_text()
        ports = {number: free_port() for number in sorted(set(re.findall(r'bindingInformation="[^":]*:(\d+):', text)))}
        for old, new in ports.items():
            text = re.sub(rf'(bindingInformation="[^":]*:){old}:', rf"\g<1>{new}:", text)
        text = text.replace("%HOSTELRY_CONFIG_DIR%", str(PROJECT / "Sites"))
        host.start(text)
        sites = re.findall(r'<binding protocol="http" bindingInformation="([^":]*):(\d+):([^"]*)"', text)
        self.assertGreaterEqual(len(sites), 4)
        for _, port, name in sites:
            answer = host.get(int(port), host=name.replace("*", "feature") or "localhost")
            self.assertEqual((answer.status, "<html" in answer.text), (200, True), name)


if __name__ == "__main__":
    unittest.main()
