"""appcmd from outside: the real program, a running server and none, scripts' command lines, exit statuses, pipes."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
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
    def test_root_writes_a_web_config_as_the_folders_owner_and_over_no_link(self):
        instance = self.instance()
        aim, file = instance.path / "aim", instance.path / "content/web.config"
        file.symlink_to(aim)
        words = ["set", "config", "Main", "/section:directoryBrowse", "/enabled:true"]
        self.assertIn("not a regular file", self.says(instance, *words, code=31))
        self.assertFalse(aim.exists())
        file.unlink()
        os.chown(instance.path / "content", 65534, 65534)
        self.says(instance, *words)
        self.assertEqual(file.stat().st_uid, 65534)
        file.unlink()
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
                # It begins anew by itself, but not for ever; nothing else is a reason.
                self.assertEqual(answer.returncode, 33, answer.stdout)
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


    def test_what_a_server_alone_knows_is_not_told_without_one(self):
        instance = self.instance()
        for words in [["list", "wp"], ["list", "request"], ["start", "site", "Main"], ["stop", "apppool", "Main"],
                      ["recycle", "apppool", "Main"]]:
            self.assertEqual(
                self.says(instance, *words, code=1062 & 0xFF),
                "ERROR ( message:The WAS service is not available - try starting the service first. )\n")

    def test_broken_input_and_broken_files_change_nothing(self):
        instance = self.instance()
        before = instance.configuration.read_bytes()
        for piped in ['<appcmd><SITE SITE.NAME="Main"', "", "nothing", '<appcmd><SITE SITE.NAME="A" /><THING /></appcmd>']:
            for verb in ["add", "set", "delete"]:
                answer = self.says(instance, verb, "site", "/in", piped=piped, code=13)
                self.assertTrue(
                    answer.startswith("ERROR ( hresult:8007000d, message:Command execution failed.\nThe data is invalid."),
                    answer)
        self.assertEqual(instance.configuration.read_bytes(), before)
        broken = before.replace(b"</sites>", b"</site>")
        instance.configuration.write_bytes(broken)
        answer = self.says(instance, "set", "site", "Main", "/id:5", code=13)
        self.assertTrue(answer.startswith("ERROR ( message:Configuration error\nFilename: "), answer)
        self.assertEqual(instance.configuration.read_bytes(), broken)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_whoever_may_not_is_told_so(self):
        instance = self.instance()
        self.says(instance, "set", "site", "Main", "/serverAutoStart:true")
        before = instance.configuration.read_bytes()
        program = [BINARIES / "hostelry", "appcmd"]
        places = [f"/apphostconfig:{instance.configuration}", f"/state:{instance.state}"]
        answer = subprocess.run(
            [*program, "set", "site", "Main", "/serverAutoStart:false", *places], capture_output=True, text=True,
            timeout=60, user="nobody", stdin=subprocess.DEVNULL)
        self.assertEqual(answer.returncode, 5, answer.stdout)
        instance.configuration.chmod(0o600)
        answer = subprocess.run(
            [*program, "list", "site", *places], capture_output=True, text=True, timeout=60, user="nobody",
            stdin=subprocess.DEVNULL)
        self.assertEqual(answer.returncode, 5, answer.stdout)
        self.assertIn("Cannot read configuration file due to insufficient permissions", answer.stdout)
        self.assertEqual(instance.configuration.read_bytes(), before)

    def test_objects_of_every_kind_are_piped_back(self):
        instance = self.instance()
        before = instance.configuration.read_bytes()
        for kind in ["site", "app", "vdir", "apppool"]:
            for more in [[], ["/config"]]:
                piped = self.says(instance, "list", kind, "/xml", *more)
                self.assertIn(" changed\n", self.says(instance, "set", kind, "/in", piped=piped))
        piped = self.says(instance, "list", "config", "/section:sites", "/config", "/xml")
        self.says(instance, "set", "config", "/in", piped=piped)
        self.assertEqual(instance.configuration.read_bytes(), before)

    def test_the_history_tells_what_was_different(self):
        instance = self.instance()
        self.says(instance, "set", "site", "Main", "/limits.maxConnections:77")
        shown = subprocess.run(
            [BINARIES / "hostelry", "history", "show", "2", "--config", instance.configuration, "--state", instance.state],
            capture_output=True, text=True, timeout=60)
        self.assertIn("77", shown.stdout, shown.stderr)
        asked = subprocess.run(
            [BINARIES / "hostelry", "sql", "SELECT name, new FROM history.changes", "--config", instance.configuration,
             "--state", instance.state], capture_output=True, text=True, timeout=60)
        self.assertIn("77", asked.stdout, asked.stderr)


class Listener:
    """Something in the place of a server: what it is asked goes to `answer`, which says what comes back."""

    def __init__(self, state, answer):
        state.mkdir(mode=0o700, exist_ok=True)
        self.answer = answer
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(state / "control.sock"))
        self.socket.listen(8)
        self.held = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.held.append(connection)
                line = connection.makefile("rb").readline()
                if answer := self.answer(line):
                    connection.sendall(answer)

    def close(self):
        for connection in self.held:
            connection.close()
        self.socket.close()


class BesideOthers(AppCmdCase):
    def refused(self, answer, text):
        instance = self.instance()
        listener = Listener(instance.state, answer)
        self.addCleanup(listener.close)
        before = instance.configuration.read_bytes()
        for words in [["set", "site", "Main", "/serverAutoStart:false"], ["add", "site", "/name:B"],
                      ["delete", "apppool", "Main"], ["stop", "site", "Main"], ["list", "wp"], ["list", "request"]]:
            start = time.monotonic()
            said = self.says(instance, *words, code=31)
            self.assertTrue(said.startswith("ERROR ( message:"), said)
            self.assertIn(text, said)
            # A second is meant; the machine may be busy.
            self.assertLess(time.monotonic() - start, 15)
        self.assertIn("state:Unknown", self.says(instance, "list", "site"))
        self.assertEqual(instance.configuration.read_bytes(), before)

    def test_a_server_that_says_nothing_is_given_up(self):
        self.refused(lambda line: None, "does not answer within 1 s")

    def test_a_server_of_another_version_is_told_of(self):
        answer = b'{"version":7,"ok":false,"error":"unsupported-version","text":"This server speaks version 7."}\n'
        self.refused(lambda line: answer, "This server speaks version 7.")

    def test_an_answer_that_is_none_is_told_of(self):
        self.refused(lambda line: b"\x1b[2JGET / HTTP/1.1\n", "the server answers what is no answer")


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

    def test_orders_go_on_behind_a_refusal(self):
        instance = self.instance(pools='<add name="Main"/><add name="Other"/>').serve()
        self.says(instance, "stop", "apppool", "Other", "/wait:true", "/timeout:30000")
        listed = self.says(instance, "list", "apppool", "/xml")
        self.assertEqual(
            self.says(instance, "start", "apppool", "/in", piped=listed, code=1056 & 0xFF),
            'ERROR ( message:The object "Main" is already started. )\n"Other" successfully started.\n')
        listed = self.says(instance, "list", "site", "/xml")
        self.assertEqual(self.says(instance, "stop", "site", "/in", piped=listed), '"Main" successfully stopped\n')
        self.assertEqual(
            self.says(instance, "recycle", "apppool", "Nosuch", code=1168 & 0xFF),
            'ERROR ( message:Cannot find APPPOOL object with identifier "Nosuch". )\n')

    def test_a_backup_comes_back_beside_the_server(self):
        instance = self.instance().serve()
        self.says(instance, "add", "backup", "Before")
        self.says(instance, "set", "vdir", "Main/", "/physicalPath:/nowhere")
        wait_until(lambda: instance.get("/")[0] != 200, "the other folder is served")
        self.assertEqual(
            self.says(instance, "restore", "backup", "Before"), 'Restored configuration from backup "Before"\n')
        wait_until(lambda: instance.get("/") == (200, "the page"), "the first folder is served again")

    def test_differences_of_a_change_are_known_to_whoever_asks_in_SQL(self):
        instance = self.instance().serve()
        self.says(instance, "set", "site", "Main", "/limits.maxConnections:77")
        question = "SELECT count(*) FROM history.changes WHERE aspect LIKE 'limits%' AND new = '77'"

        def answer():
            return subprocess.run(
                [BINARIES / "hostelry", "sql", question, "--format", "csv", "--config", instance.configuration, "--state",
                 instance.state], capture_output=True, text=True, timeout=60).stdout

        wait_until(lambda: answer().strip().endswith("1"), "the difference is written")

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
