"""hostelry doctor: each planted fault is found, and the command that it prints repairs it."""

import contextlib
import json
import os
import shlex
import shutil
import socket
import subprocess
import unittest

from instance import BINARIES, Instance, wait_until, web_config

PATIENCE = 60


class Doctor(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        (self.instance.path / "bin").mkdir()
        os.symlink(self.instance.programs / "hostelry", self.instance.path / "bin" / "hostelry")

    def environment(self):
        return {**os.environ, "PATH": f"{self.instance.path / 'bin'}:{os.environ['PATH']}"}

    def doctor(self, *words, user=None):
        return subprocess.run(
            [BINARIES / "hostelry", "doctor", *words, "--config", self.instance.configuration, "--state",
             self.instance.state], capture_output=True, text=True, timeout=PATIENCE, user=user,
            **({"group": user, "extra_groups": []} if user else {}))

    def findings(self, *words, user=None):
        answer = self.doctor("--json", *words, user=user)
        self.assertIn(answer.returncode, [0, 1], answer.stderr)
        report = json.loads(answer.stdout)
        self.assertEqual(answer.returncode, 1 if report["errors"] + report["warnings"] else 0)
        return {finding["check"]: finding for finding in report["findings"]}

    def repair(self, check, *words):
        """Finds the fault, types what is printed, and finds it no more."""
        found = self.findings(*words)
        self.assertIn(check, found)
        for command in found[check]["commands"]:
            answer = subprocess.run(
                ["sh", "-c", command], env=self.environment(), capture_output=True, text=True, timeout=PATIENCE,
                stdin=subprocess.DEVNULL)
            self.assertEqual(answer.returncode, 0, f"{command}\n{answer.stdout}{answer.stderr}")
        self.assertNotIn(check, self.findings(*words))
        return found[check]

    def test_a_server_that_runs_well_has_no_fault_of_its_own(self):
        self.instance.serve()
        found = self.findings()
        for check in ["server-not-running", "port-taken", "site-not-served", "pool-not-started", "configuration",
                      "folder-unreadable", "folder-missing", "programs-replaced", "clear-secrets"]:
            self.assertNotIn(check, found)
        self.instance.stop()

    def test_a_site_that_is_not_there_is_told(self):
        answer = self.doctor("Nobody")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("there is no site", answer.stderr)

    def test_a_configuration_that_cannot_be_read_is_told(self):
        self.instance.configuration.write_text("<configuration><oops")
        self.assertEqual(self.findings()["configuration"]["severity"], "error")

    @unittest.skipUnless(os.geteuid() == 0, "pools have users of their own only where root starts the server")
    def test_a_folder_that_the_pool_cannot_read_is_granted(self):
        content = self.instance.path / "content"
        content.chmod(0o700)
        found = self.repair("folder-unreadable")
        self.assertIn(str(content), found["text"])

    @unittest.skipUnless(os.geteuid() == 0, "pools have users of their own only where root starts the server")
    def test_the_first_folder_that_refuses_is_named(self):
        inner = self.instance.path / "closed" / "content"
        inner.mkdir(parents=True)
        self.instance.write("closed/content/index.html", "page")
        self.instance.configure(self.instance.site("Main", 1, folder="closed/content"))
        (self.instance.path / "closed").chmod(0o700)
        found = self.repair("folder-unreadable", "Main")
        self.assertIn(f"cannot pass through {self.instance.path / 'closed'},", found["text"])

    def test_a_missing_folder_is_made(self):
        self.instance.configure(self.instance.site("Main", 1, folder="missing"))
        self.repair("folder-missing")

    @unittest.skipUnless(os.geteuid() == 0, "another user is needed")
    def test_root_is_sent_to_make_nothing_in_another_users_folder(self):
        self.instance.content("theirs", "index.html", "")
        os.chown(self.instance.path / "theirs", 65534, 65534)
        self.instance.configure(self.instance.site("Main", 1, folder="theirs/missing"))
        self.assertEqual(self.findings()["folder-missing"]["commands"], [])

    def test_a_stopped_pool_and_site_are_started(self):
        self.instance.serve()
        for words in [["pool", "stop", "Main"], ["site", "stop", "Main"]]:
            subprocess.run([BINARIES / "hostelry", *words, "--state", self.instance.state], check=True,
                           stdout=subprocess.DEVNULL, timeout=PATIENCE)
        self.repair("pool-not-started")
        self.repair("site-not-served")
        wait_until(lambda: self.instance.get()[0] == 200, "the site is served again")
        self.instance.stop()

    def test_who_has_the_port_is_named_and_ended(self):
        holder = subprocess.Popen(
            ["python3", "-c", "import socket, sys\ns = socket.socket()\n"
             "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
             f"s.bind(('', {self.instance.port}))\ns.listen()\nprint('there', flush=True)\nsys.stdin.read()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(holder.stdin.close)
        self.addCleanup(holder.stdout.close)
        holder.stdout.readline()
        found = self.findings()["port-taken"]
        self.assertIn(f"process {holder.pid}", found["text"])
        if found["commands"] == [f"kill {holder.pid}"]:
            os.kill(holder.pid, 15)
            holder.wait(PATIENCE)
            self.assertNotIn("port-taken", self.findings())
        else:
            # Beside a service of systemd's the whole of it is named.
            holder.kill()
            holder.wait(PATIENCE)

    def test_settings_for_development_are_changed_in_the_web_config(self):
        file = self.instance.write("content/web.config", web_config(
            '<aspNetCore processPath="dotnet" arguments="a.dll" stdoutLogEnabled="true" processesPerApplication="3">'
            '<environmentVariables><environmentVariable name="ASPNETCORE_ENVIRONMENT" value="Development"/>'
            "</environmentVariables></aspNetCore>"))
        # What its pool limits is nothing to be told.
        self.assertNotIn("stdout-log", self.findings())
        for check in ["several-processes", "development-environment"]:
            self.assertIn(f"{file}:3", self.repair(check)["text"])
        self.assertIn('value="Production"', file.read_text())

    def test_detailed_errors_are_hidden(self):
        self.instance.configure(
            self.instance.site("Main", 1),
            more='<location path="Main"><system.webServer><httpErrors errorMode="Detailed"/></system.webServer></location>')
        self.repair("detailed-errors")

    def test_clear_secrets_are_sealed(self):
        self.instance.configure(
            self.instance.site("Main", 1),
            '<add name="Main"><processModel identityType="SpecificUser" userName="nobody" password="secret"/></add>')
        self.repair("clear-secrets")

    def test_a_configuration_that_others_may_write_is_closed(self):
        self.instance.configuration.chmod(0o666)
        self.assertEqual(self.repair("file-writable")["severity"], "error")

    @unittest.skipUnless(os.geteuid() == 0, "another user is needed")
    def test_an_ordinary_user_is_told_what_he_does_not_see(self):
        self.instance.serve()
        answer = self.doctor(user=65534)
        self.assertIn("not looked at: the running server", answer.stdout)
        self.assertNotIn("Traceback", answer.stderr)
        self.instance.stop()

    @unittest.skipUnless(os.geteuid() == 0, "another user is needed")
    def test_an_ordinary_users_own_server_is_looked_at(self):
        instance = Instance(user="nobody")
        self.addCleanup(instance.clean)
        self.instance = instance
        instance.serve()
        self.assertNotIn("folder-unreadable", self.findings(user=65534))
        (instance.path / "content").chmod(0o000)
        found = self.findings(user=65534)["folder-unreadable"]
        self.assertEqual(found["commands"], [f"chmod -R u+rX {shlex.quote(str(instance.path / 'content'))}"])
        (instance.path / "content").chmod(0o755)
        instance.stop()


class IISReset(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        self.link = self.instance.path / "iisreset"
        shutil.copy(self.instance.programs / "hostelry", self.instance.path / "hostelry")
        os.symlink(self.instance.programs / "hostelry", self.link)

    def iisreset(self, *words):
        return subprocess.run(
            [self.link, *words], capture_output=True, text=True, timeout=PATIENCE,
            env={**os.environ, "HOSTELRY_CONFIG": str(self.instance.configuration),
                 "HOSTELRY_STATE": str(self.instance.state)})

    def end(self):
        with contextlib.suppress(OSError, ValueError):
            answer = self.iisreset("/stop", "/timeout:5")
            self.assertEqual(answer.returncode, 0, answer.stderr)

    def test_it_restarts_a_server_that_was_started_by_hand(self):
        self.instance.serve()
        self.assertEqual(self.instance.get()[0], 200)
        first = self.instance.process.pid
        self.addCleanup(self.end)
        answer = self.iisreset()
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(answer.stdout.split("\n")[:4], [
            "Attempting stop...", "Internet services successfully stopped", "Attempting start...",
            "Internet services successfully restarted"])
        self.instance.process.wait(PATIENCE)
        self.assertNotIn(str(first), (self.instance.state / "master.pid").read_text())
        wait_until(lambda: self.instance.get()[0] == 200, "the site is served again")
        self.assertIn("( W3SVC ) : Running", self.iisreset("/status").stdout)
        self.assertEqual(self.iisreset("/stop").returncode, 0)
        self.assertIn("( WAS ) : Stopped", self.iisreset("/status").stdout)
        self.assertEqual(self.iisreset("/start").returncode, 0)
        wait_until(lambda: self.instance.get()[0] == 200, "the site is served again")

    def test_nothing_is_stopped_that_could_not_start_again(self):
        self.instance.serve()
        self.instance.configuration.write_text("<configuration><oops")
        answer = self.iisreset()
        self.assertEqual(answer.returncode, 1)
        self.assertIn("nothing is stopped", answer.stderr)
        self.assertEqual(self.instance.get()[0], 200)
        self.instance.stop()

    @unittest.skipUnless(os.geteuid() == 0, "another user is needed")
    def test_another_users_server_is_restarted_by_nobody_else(self):
        self.instance = Instance(user="nobody")
        self.addCleanup(self.instance.clean)
        self.link = self.instance.path / "iisreset"
        os.symlink(self.instance.programs / "hostelry", self.link)
        self.instance.serve()
        answer = self.iisreset()
        self.assertEqual(answer.returncode, 1)
        self.assertIn("nothing is stopped: the server is the user nobody's", answer.stderr)
        self.assertEqual(self.instance.get()[0], 200)
        self.instance.stop()

    def test_words_that_make_no_sense_are_refused(self):
        for words in [["/reboot"], ["/rebootonerror"], ["OTHER"], ["/timeout:x"], ["/nonsense"]]:
            answer = self.iisreset(*words)
            self.assertEqual(answer.returncode, 2, words)
            self.assertIn("iisreset: ", answer.stderr)
        self.assertIn("/noforce", self.iisreset("/?").stdout)


if __name__ == "__main__":
    unittest.main()
