"""appcmd from outside: the real program, a running server and none, scripts' command lines, exit statuses, pipes."""

import os
import signal
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from instance import BINARIES, Instance, wait_until, web_config

ROOT = "MACHINE/WEBROOT/APPHOST"


class AppCmdCase(unittest.TestCase):
    def instance(self, **named):
        instance = Instance(**named)
        self.addCleanup(instance.clean)
        return instance

    def ask(self, instance, *words, piped=None, environment=None, program="hostelry"):
        command = [BINARIES / "hostelry", "appcmd"] if program == "hostelry" else [program]
        return subprocess.run(
            [*command, *words, f"/apphostconfig:{instance.configuration}", f"/state:{instance.state}"],
            input=piped or "", capture_output=True, text=True, timeout=60,
            env={**os.environ, **(environment or {})})

    def says(self, instance, *words, code=0, **named):
        answer = self.ask(instance, *words, **named)
        self.assertEqual(answer.returncode, code, answer.stdout + answer.stderr)
        self.assertEqual(answer.stderr, "")
        return answer.stdout


class WithoutAServer(AppCmdCase):
    def test_objects_are_listed_added_changed_and_deleted(self):
        instance = self.instance()
        port = instance.port
        self.assertEqual(
            self.says(instance, "list", "site"), f'SITE "Main" (id:1,bindings:http/*:{port}:,state:Unknown)\n')
        self.assertEqual(
            self.says(instance, "add", "site", "/name:New", "/bindings:http/*:81:", "/physicalPath:/srv/new"),
            'SITE object "New" added\nAPP object "New/" added\nVDIR object "New/" added\n')
        self.assertEqual(self.says(instance, "list", "site", "New", "/text:id"), "2\n")
        self.assertEqual(
            self.says(instance, "add", "site", "/name:New", code=183),
            'ERROR ( message:Failed to add duplicate collection element "New". )\n')
        self.assertEqual(
            self.says(instance, "set", "apppool", "/apppool.name:Main", "/processModel.idleTimeout:0.00:00:00"),
            'APPPOOL object "Main" changed\n')
        self.assertEqual(self.says(instance, "delete", "site", "New"), 'SITE object "New" deleted\n')
        self.assertEqual(self.says(instance, "list", "site", "New", code=1), "")

    def test_an_exit_status_is_the_codes_low_byte(self):
        instance = self.instance()
        said = self.says(instance, "delete", "site", "X", "/debug", code=1168 & 0xFF)
        self.assertIn("1168", said)
        self.assertEqual(self.ask(instance, "set", "config", "/section:sites", "/-[name='X']").returncode, 4312 & 0xFF)

    def test_the_program_is_appcmd_under_that_name(self):
        instance = self.instance()
        link = instance.path / "appcmd"
        link.symlink_to(BINARIES / "hostelry")
        self.assertEqual(self.says(instance, "list", "site", "/text:name", program=link), "Main\n")
        environment = {"HOSTELRY_CONFIG": str(instance.configuration), "HOSTELRY_STATE": str(instance.state),
                       "HOSTELRY_CRLF": "1"}
        answer = subprocess.run(
            [link, "list", "site", "/text:name"], capture_output=True, env={**os.environ, **environment}, timeout=60)
        self.assertEqual(answer.stdout, b"Main\r\n")
        answer = subprocess.run([link], capture_output=True, timeout=60)
        self.assertEqual(answer.returncode, 87)

    def test_a_web_config_takes_what_is_set_for_its_folder(self):
        instance = self.instance()
        answer = self.says(
            instance, "set", "config", "Main", "/section:defaultDocument", "/+files.[value='home1.html']")
        self.assertEqual(
            answer, f'Applied configuration changes to section "system.webServer/defaultDocument" for "{ROOT}/Main" at '
            f'configuration commit path "{ROOT}/Main"\n')
        self.assertEqual((instance.path / "content/web.config").read_text(), """\
<?xml version="1.0" encoding="UTF-8"?>
<configuration>
    <system.webServer>
        <defaultDocument>
            <files>
                <add value="home1.html" />
            </files>
        </defaultDocument>
    </system.webServer>
</configuration>
""")
        listed = self.says(instance, "list", "config", "Main", "/section:defaultDocument")
        self.assertLess(listed.index("home1.html"), listed.index("Default.htm"))
        # The same again is a duplicate, and another file's item too.
        for value in ["home1.html", "Default.htm"]:
            self.says(
                instance, "set", "config", "Main", "/section:defaultDocument", f"/+files.[value='{value}']", code=183)
        # A folder below, and a file in it.
        instance.content("content/deep", "page.htm", "page")
        answer = self.says(
            instance, "set", "config", "Main/deep/page.htm", "/section:directoryBrowse", "/enabled:true")
        self.assertIn(f'for "{ROOT}/Main/deep/page.htm" at configuration commit path "{ROOT}/Main/deep"', answer)
        self.assertIn('<location path="page.htm">', (instance.path / "content/deep/web.config").read_text())
        self.assertEqual(
            self.says(instance, "search", "config", "/section:defaultDocument"), f'CONFIGSEARCH "{ROOT}/Main"\n')
        self.says(instance, "clear", "config", "Main", "/section:defaultDocument", "/delete")
        self.says(instance, "search", "config", "/section:defaultDocument", code=1)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_root_writes_no_web_config_of_another_user(self):
        instance = self.instance()
        aim, file = instance.path / "aim", instance.path / "content/web.config"
        file.symlink_to(aim)
        words = ["set", "config", "Main", "/section:directoryBrowse", "/enabled:true"]
        self.assertIn("is a link", self.says(instance, *words, code=31))
        self.assertFalse(aim.exists())
        file.unlink()
        os.chown(instance.path / "content", 65534, 65534)
        self.assertIn("/commit:apphost", self.says(instance, *words, code=31))
        self.assertFalse(file.exists())
        self.says(instance, *words, "/commit:apphost")
        self.assertIn('<location path="Main">', instance.configuration.read_text())

    def test_a_section_in_a_file_of_its_own_is_taken_in(self):
        instance = self.instance()
        instance.write("content/documents.config", '<defaultDocument enabled="false"/>')
        instance.write("content/web.config", web_config('<defaultDocument configSource="documents.config"/>'))
        self.says(instance, "set", "config", "Main", "/section:defaultDocument", "/+files.[value='x.html']")
        text = (instance.path / "content/web.config").read_text()
        self.assertIn('<defaultDocument enabled="false">', text)
        self.assertIn('<add value="x.html" />', text)
        self.assertNotIn("configSource", text)

    def test_what_a_site_has_already_is_not_written_again(self):
        instance = self.instance()
        listed = self.says(instance, "list", "config", "Main", "/section:defaultDocument", "/xml")
        self.says(instance, "set", "config", "/in", piped=listed)
        self.assertFalse((instance.path / "content/web.config").exists())
        self.says(instance, "set", "config", "/in", piped=listed.replace("iisstart.htm", "begin.htm"))
        text = (instance.path / "content/web.config").read_text()
        self.assertIn('<add value="begin.htm" />', text)
        self.assertNotIn("Default.htm", text)

    def test_a_locked_section_is_refused_and_stands_in_the_servers_file_instead(self):
        instance = self.instance()
        before = instance.configuration.read_bytes()
        section = "system.webServer/security/authentication/windowsAuthentication"
        answer = self.says(instance, "set", "config", "Main", f"-section:{section}", "/enabled:True", code=33)
        self.assertTrue(answer.startswith("ERROR ( message:Configuration error\nFilename: "), answer)
        self.assertIn("Description: This configuration section cannot be used at this path.", answer)
        self.assertTrue(answer.endswith("\n. )\n"), answer)
        self.assertFalse((instance.path / "content/web.config").exists())
        self.assertEqual(instance.configuration.read_bytes(), before)
        self.says(instance, "set", "config", "Main", f"-section:{section}", "/enabled:True", "/commit:apphost")
        self.assertIn('<location path="Main">', instance.configuration.read_text())
        self.assertEqual(
            self.says(instance, "list", "config", "Main", f"/section:{section}", "/text:enabled"), "true\n")
        # Unlocked, the site may say so itself.
        self.says(instance, "unlock", "config", f"/section:{section}")
        self.says(instance, "set", "config", "Main", f"-section:{section}", "/enabled:false")
        self.assertIn("windowsAuthentication", (instance.path / "content/web.config").read_text())

    def test_an_unreadable_or_missing_file_is_told(self):
        instance = self.instance()
        instance.configuration.unlink()
        answer = self.says(instance, "list", "site", code=2)
        self.assertTrue(answer.startswith("ERROR ( message:Configuration error\nFilename: "), answer)

    def test_hand_formatting_stays(self):
        instance = self.instance()
        text = instance.configuration.read_text().replace('id="1"', "id = '1'   \n  serverAutoStart='true' ")
        instance.configuration.write_text(text)
        self.says(instance, "set", "site", "Main", "/serverAutoStart:false")
        self.assertEqual(instance.configuration.read_text(), text.replace("'true'", "'false'"))

    def test_secrets_are_sealed(self):
        instance = self.instance()
        self.says(instance, "set", "apppool", "Main", "/processModel.password:Pl4nted-s3cret")
        for file in instance.path.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"Pl4nted-s3cret", file.read_bytes(), file)
        self.assertIn('password="[enc:', instance.configuration.read_text())

    def test_a_thousand_sites_are_added_by_one_command(self):
        instance = self.instance()
        objects = "".join(
            f'<SITE SITE.NAME="S{number}" SITE.ID="{number}" bindings="http/*:80:s{number}" />' for number in range(2, 1002))
        said = self.says(instance, "add", "site", "/in", piped=f"<appcmd>{objects}</appcmd>")
        self.assertEqual(said.count("added\n"), 1000)
        self.assertEqual(self.says(instance, "list", "site", "/text:name").count("\n"), 1001)

    def test_administrators_at_once_lose_nothing(self):
        instance = self.instance()

        def add(number):
            words = ["add", "site", f"/name:T{number}", f"/id:{100 + number}"]
            for _ in range(60):
                answer = self.ask(instance, *words)
                if answer.returncode == 0:
                    return True
                # Somebody else was first; nothing else is a reason.
                self.assertIn("ERROR ( message:", answer.stdout)
                self.assertIn("changed by somebody else", answer.stdout)
            return False

        with ThreadPoolExecutor(8) as pool:
            self.assertTrue(all(pool.map(add, range(16))))
        names = self.says(instance, "list", "site", "/text:name").split("\n")
        self.assertEqual(sorted(name for name in names if name.startswith("T")),
                         sorted(f"T{number}" for number in range(16)))

    def test_backups_come_back(self):
        instance = self.instance()
        self.assertEqual(self.says(instance, "add", "backup", "MyBackup"), 'BACKUP object "MyBackup" added\n')
        before = instance.configuration.read_bytes()
        self.says(instance, "delete", "site", "Main")
        self.assertIn('BACKUP "MyBackup"\n', self.says(instance, "list", "backup"))
        self.assertEqual(
            self.says(instance, "restore", "backup", "MyBackup"), 'Restored configuration from backup "MyBackup"\n')
        self.assertEqual(instance.configuration.read_bytes(), before)
        self.says(instance, "add", "backup", "MyBackup", code=183)
        self.says(instance, "delete", "backup", "MyBackup")
        self.says(instance, "restore", "backup", "MyBackup", code=1168 & 0xFF)


class WithAServer(AppCmdCase):
    def test_states_orders_and_workers(self):
        instance = self.instance().serve()
        self.assertIn("state:Started", self.says(instance, "list", "site", "Main"))
        self.assertEqual(instance.get("/")[0], 200)
        pid = self.says(instance, "list", "wp", "/apppool.name:Main", "/text:WP.NAME").strip()
        self.assertTrue(pid.isdigit())
        self.assertEqual(self.says(instance, "stop", "site", "Main"), '"Main" successfully stopped\n')
        wait_until(lambda: "Stopped" in self.says(instance, "list", "site", "/text:state"), "the site stops")
        self.says(instance, "stop", "site", "Main", code=1062 & 0xFF)
        self.assertEqual(self.says(instance, "start", "site", "Main"), '"Main" successfully started.\n')
        wait_until(lambda: "Started" in self.says(instance, "list", "site", "/text:state"), "the site starts")
        self.says(instance, "start", "site", "Main", code=1056 & 0xFF)
        self.assertEqual(self.says(instance, "recycle", "apppool", "Main"), '"Main" successfully recycled\n')
        self.assertEqual(
            self.says(instance, "stop", "apppool", "Main", "/wait:true", "/timeout:30000"),
            '"Main" successfully stopped\n')
        stopped = self.says(instance, "list", "apppool", "/state:Stopped", "/xml")
        self.assertEqual(
            self.says(instance, "start", "apppool", "/in", piped=stopped), '"Main" successfully started.\n')
        self.assertEqual(self.says(instance, "list", "request", code=1), "")

    def test_a_change_is_served_at_once(self):
        instance = self.instance().serve()
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.content("other", "index.html", "another page")
        self.says(instance, "set", "vdir", "Main/", f"/physicalPath:{instance.path}/other")
        wait_until(lambda: instance.get("/")[1] == "another page", "the other folder is served")
        self.says(instance, "set", "config", "Main", "/section:defaultDocument", "/enabled:false")
        wait_until(lambda: instance.get("/")[0] != 200, "no default document is served")

    def test_a_server_that_hangs_keeps_nobody_waiting(self):
        instance = self.instance().serve()
        before = instance.configuration.read_bytes()
        os.kill(instance.process.pid, signal.SIGSTOP)
        try:
            start = time.monotonic()
            answer = self.ask(instance, "set", "site", "Main", "/serverAutoStart:false")
            self.assertEqual(answer.returncode, 31, answer.stdout)
            self.assertIn("ERROR ( message:", answer.stdout)
            # A second is meant; the machine may be busy.
            self.assertLess(time.monotonic() - start, 15)
            self.assertIn("state:Unknown", self.says(instance, "list", "site"))
        finally:
            os.kill(instance.process.pid, signal.SIGCONT)
        self.assertEqual(instance.configuration.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
