"""The history of the configuration from outside: who changed what, going back, backups, and what stands in their way."""

import hashlib
import json
import os
import pwd
import sqlite3
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from instance import BINARIES, Instance, wait_until  # noqa: E402


class History(unittest.TestCase):
    def instance(self, *arguments, **named):
        instance = Instance(*arguments, **named)
        self.addCleanup(instance.clean)
        return instance

    def run_command(self, instance, *arguments, user=None, config=True):
        identity = {}
        if user:
            account = pwd.getpwnam(user)
            identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        places = ["--config", instance.configuration] if config else []
        return subprocess.run(
            [BINARIES / "hostelry", *arguments, *places, "--state", instance.state], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60, **identity)

    def done(self, instance, *arguments, **named):
        answer = self.run_command(instance, *arguments, **named)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer.stdout

    def refused(self, instance, *arguments, **named):
        answer = self.run_command(instance, *arguments, **named)
        self.assertEqual(answer.returncode, 1, answer.stdout)
        return answer.stderr

    def versions(self, instance):
        return json.loads(self.done(instance, "history", "list", "--json", config=False))["versions"]

    def wait_for_version(self, instance, number):
        wait_until(lambda: any(v["number"] == number for v in self.versions(instance)), f"no version {number}")

    def edit(self, instance, old, new):
        text = instance.configuration.read_text()
        self.assertIn(old, text)
        draft = instance.path / "draft"
        draft.write_text(text.replace(old, new))
        draft.rename(instance.configuration)

    def test_an_edit_is_found_and_a_restore_is_served_at_once(self):
        instance = self.instance().serve()
        self.wait_for_version(instance, 1)
        first = instance.configuration.read_bytes()
        instance.content("other", "index.html", "the other page")
        self.edit(instance, "/content", "/other")
        self.wait_for_version(instance, 2)
        wait_until(lambda: instance.get("/") == (200, "the other page"), "the edit is not served")
        newest, oldest = self.versions(instance)
        self.assertEqual((newest["tool"], newest["user"], newest["comment"]), ("file", os.geteuid(), ""))
        self.assertEqual(newest["hash"], hashlib.sha256(instance.configuration.read_bytes()).hexdigest())
        self.assertEqual(oldest["hash"], hashlib.sha256(first).hexdigest())

        difference = json.loads(self.done(instance, "history", "diff", "2", "--json"))
        self.assertEqual(
            [(o["kind"], o["name"], o["aspect"]) for o in difference["objects"]],
            [("site", "Main", "application /: folder /: physicalPath")])
        self.assertIn('+                    <virtualDirectory path="/" physicalPath="%HOSTELRY_CONFIG_DIR%/other"/>',
                      difference["text"])

        output = self.done(instance, "history", "restore", "1")
        self.assertIn("Version 1 is restored, as version 3; the server serves by it.", output)
        # No waiting: it is in force when the command returns.
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertEqual(instance.configuration.read_bytes(), first)
        version = self.versions(instance)[0]
        self.assertEqual((version["tool"], version["comment"]), ("hostelry history restore", "restored from 1"))
        self.assertEqual(len(self.versions(instance)), 3)
        instance.event("configuration-changed")
        instance.stop()

    def test_what_was_saved_while_no_server_ran_is_found_at_its_start(self):
        instance = self.instance().serve()
        self.wait_for_version(instance, 1)
        instance.stop()
        self.edit(instance, 'name="Main" id', 'name="Renamed" id')
        instance.serve()
        self.wait_for_version(instance, 2)
        shown = self.done(instance, "history", "show", "2")
        self.assertIn('site "Renamed": name: Main → Renamed', shown)
        instance.stop()
        # Nothing new: no version.
        instance.serve()
        self.done(instance, "backup", "add", "x")
        self.assertEqual(len(self.versions(instance)), 2)
        instance.stop()

    def test_what_cannot_be_compared_now_is_compared_later(self):
        instance = self.instance()
        for name in ["one", "two"]:
            self.done(instance, "site", "add", name, "--host", name, "--path", instance.path / "content")
        question = ["sql", "--format", "json", "SELECT name FROM configuration_changes WHERE kind = 'site'"]
        key = instance.state / "history.key"
        key.rename(instance.path / "elsewhere")
        self.run_command(instance, *question)
        (instance.path / "elsewhere").rename(key)
        self.assertIn('"two"', self.done(instance, *question))

    def test_a_restore_without_a_server(self):
        instance = self.instance()
        self.done(instance, "backup", "add", "first")
        first = instance.configuration.read_bytes()
        self.edit(instance, 'name="Main" id', 'name="Renamed" id')
        self.assertIn("Restored configuration from backup \"first\"", self.done(instance, "backup", "restore", "first"))
        self.assertEqual(instance.configuration.read_bytes(), first)
        # What was found, and what was restored.
        self.assertEqual([v["tool"] for v in self.versions(instance)], ["hostelry backup restore", "file"])
        self.done(instance, "history", "restore", "1")
        self.assertIn(b"Renamed", instance.configuration.read_bytes())
        self.assertIn('BACKUP "first"', self.done(instance, "backup", "list"))
        self.done(instance, "backup", "delete", "first")
        self.assertEqual(self.done(instance, "backup", "list"), "")

    def test_a_restore_that_would_quarantine_a_site_is_refused(self):
        instance = self.instance()
        good = instance.configuration.read_text()
        instance.configuration.write_text(good.replace('applicationPool="Main"', 'applicationPool="Gone"'))
        self.done(instance, "backup", "add", "broken")
        instance.configuration.write_text(good)
        complaint = self.refused(instance, "backup", "restore", "broken")
        self.assertIn("Gone", complaint)
        self.assertIn("nothing is changed", complaint)
        self.assertEqual(instance.configuration.read_text(), good)
        self.done(instance, "backup", "restore", "broken", "--force")
        self.assertIn("Gone", instance.configuration.read_text())

    def test_secrets_are_in_no_file_and_on_no_screen(self):
        secret = "pl4nted-S3cret"
        pool = f'<add name="Main"><processModel userName="shop" password="{secret}"/></add>'
        instance = self.instance(pools=pool).serve()
        self.wait_for_version(instance, 1)
        self.edit(instance, secret, secret + "2")
        self.wait_for_version(instance, 2)
        for command in [["show", "1"], ["show", "1", "--text"], ["diff", "2"], ["diff", "1", "2", "--json"]]:
            output = self.done(instance, "history", *command)
            self.assertNotIn(secret, output)
        self.done(instance, "history", "restore", "1")
        self.assertIn(secret + '"', instance.configuration.read_text())
        self.assertNotIn(secret, "".join(filter(None, instance.lines)))
        wait_until(lambda: (instance.state / "history.backup.db").exists(), "no backup of the history")
        self.assertIn("added", self.done(instance, "backup", "add", "kept"))
        for file in instance.state.rglob("*"):
            if file.is_file():
                self.assertNotIn(secret.encode(), file.read_bytes(), file)
        instance.stop()

    def test_folders_of_the_configuration_history(self):
        instance = self.instance()
        text = instance.configuration.read_text().replace(
            "<sites>", '<configHistory maxHistories="2" period="00:00:10"/><sites>', 1)
        instance.configuration.write_text(text)
        instance.serve()
        folder = instance.state / "history" / "CFGHISTORY_0000000001"
        wait_until(folder.exists, "no folder of the configuration history")
        self.assertEqual((folder / "applicationHost.config").read_text(), text)
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        self.assertIn('BACKUP "CFGHISTORY_0000000001"', self.done(instance, "backup", "list"))
        self.edit(instance, 'name="Main" id', 'name="Renamed" id')
        self.wait_for_version(instance, 2)
        self.done(instance, "backup", "restore", "CFGHISTORY_0000000001")
        self.assertEqual(instance.configuration.read_text(), text)
        instance.stop()

    def test_a_damaged_history_is_set_aside_and_a_newer_one_left_alone(self):
        instance = self.instance().serve()
        self.wait_for_version(instance, 1)
        wait_until(lambda: (instance.state / "history.backup.db").exists(), "no backup of the history")
        instance.stop()
        database = instance.state / "history.db"
        database.write_bytes(b"\x5a" * 20_000)
        for suffix in ["-wal", "-shm"]:
            Path(f"{database}{suffix}").unlink(missing_ok=True)
        instance.serve()
        instance.event("history-set-aside")
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.wait_for_version(instance, 1)
        instance.stop()

        connection = sqlite3.connect(database)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
        before = database.read_bytes()
        instance.serve()
        event = instance.event("history-unavailable")
        self.assertIn("later version", event["text"])
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertIn("later version", self.refused(instance, "history", "list", config=False))
        self.done(instance, "backup", "add", "x")
        self.edit(instance, 'name="Main" id', 'name="Renamed" id')
        complaint = self.refused(instance, "backup", "restore", "x")
        self.assertIn("history cannot be written", complaint)
        self.assertIn("Renamed", instance.configuration.read_text())
        instance.stop()
        self.assertEqual(database.read_bytes(), before)

    @unittest.skipUnless(os.geteuid() == 0, "making an instance another user's takes root")
    def test_root_changes_another_users_instance_and_others_cannot(self):
        instance = self.instance(user="nobody").serve()
        self.wait_for_version(instance, 1)
        self.edit(instance, 'name="Main" id', 'name="Renamed" id')
        os.chown(instance.configuration, pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
        self.wait_for_version(instance, 2)
        self.assertEqual(self.versions(instance)[0]["author"], "nobody")
        self.done(instance, "history", "restore", "1")
        self.assertEqual(self.versions(instance)[0]["author"], "root")
        complaint = self.refused(instance, "history", "restore", "2", user="daemon")
        self.assertIn("permission", complaint.lower())
        instance.stop()
        # Without a server too, and it can be used by its user afterwards.
        self.done(instance, "history", "restore", "2")
        account = pwd.getpwnam("nobody")
        for file in instance.state.glob("history.*"):
            self.assertEqual(file.stat().st_uid, account.pw_uid, file)
        self.done(instance, "history", "restore", "1", user="nobody")

    @unittest.skipUnless(os.geteuid() == 0, "mounting takes root")
    def test_a_full_disk_and_a_read_only_one_change_nothing(self):
        instance = self.instance()
        instance.state.mkdir()
        instance.state.chmod(0o711)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=711", "tmpfs", instance.state],
                          capture_output=True).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", instance.state], check=True)
        self.done(instance, "backup", "add", "first")
        self.edit(instance, 'name="Main" id', 'name="Renamed" id')
        self.done(instance, "backup", "restore", "first")
        instance.serve()
        # What the mirror gives back where it cannot be written would be room again.
        wait_until(
            lambda: (instance.state / "mirror.db").exists()
            and self.run_command(instance, "sql", "SELECT count(*) FROM sites").returncode == 0, "there is no mirror")
        before = instance.configuration.read_bytes()
        filler = instance.state / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        complaint = self.refused(instance, "history", "restore", "1")
        self.assertIn("space", complaint)
        self.assertEqual(instance.configuration.read_bytes(), before)
        self.assertEqual(instance.get("/"), (200, "the page"))
        filler.unlink()
        self.done(instance, "history", "restore", "1")
        self.assertNotEqual(instance.configuration.read_bytes(), before)
        instance.stop()
        before = instance.configuration.read_bytes()
        subprocess.run(["mount", "-o", "remount,ro", instance.state], check=True)
        complaint = self.refused(instance, "history", "restore", "2")
        self.assertIn("read-only", complaint)
        self.assertEqual(instance.configuration.read_bytes(), before)

    def test_two_changes_at_once_come_one_after_the_other(self):
        instance = self.instance().serve()
        self.wait_for_version(instance, 1)
        self.edit(instance, 'name="Main" id', 'name="Renamed" id')
        self.wait_for_version(instance, 2)
        commands = [
            subprocess.Popen(
                [BINARIES / "hostelry", "history", "restore", "1", "--config", instance.configuration, "--state",
                 instance.state], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(4)]
        statuses = [command.wait(60) for command in commands]
        # The first one wins; the others are told, or find nothing left to do.
        self.assertIn(0, statuses)
        self.assertEqual([v["tool"] for v in self.versions(instance)], ["hostelry history restore", "file", "file"])
        instance.stop()


if __name__ == "__main__":
    unittest.main()
