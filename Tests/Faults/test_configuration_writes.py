"""Changes of the configuration that are stopped anywhere: always the old or the new one, with a history that tells which.

The number of random kills is HOSTELRY_KILLS (60 where it is not given).
"""

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import BINARIES, Instance, wait_until  # noqa: E402

KILLS = int(os.environ.get("HOSTELRY_KILLS", "60"))


class Store:
    """An instance that nothing runs, with a history of two versions and a backup of the first one."""

    def __init__(self, test):
        self.test = test
        self.instance = Instance()
        test.addCleanup(self.instance.clean)
        self.beside = self.instance.path / "administration.config"
        self.one = self.instance.configuration.read_bytes(), b"<configuration><!-- one --></configuration>\n"
        self.beside.write_bytes(self.one[1])
        test.assertEqual(self.run("backup", "add", "one").returncode, 0)
        self.instance.configuration.write_bytes(self.one[0].replace(b'name="Main" id', b'name="Other" id'))
        self.beside.write_bytes(b"<configuration><!-- two --></configuration>\n")
        self.two = self.files()
        # Both are in the history from now on.
        for command in [["backup", "restore", "one"], ["history", "restore", "1"]]:
            test.assertEqual(self.run(*command).returncode, 0)
        self.beside.write_bytes(self.two[1])
        test.assertEqual(self.files(), self.two)
        self.saved = Path(tempfile.mkdtemp(prefix="hostelry-saved-"))
        test.addCleanup(shutil.rmtree, self.saved, True)
        self.copy(self.instance.path, self.saved)

    @staticmethod
    def copy(source, target):
        subprocess.run(["cp", "-a", f"{source}/.", str(target)], check=True)

    def reset(self):
        for entry in self.instance.path.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        self.copy(self.saved, self.instance.path)

    def files(self):
        return self.instance.configuration.read_bytes(), self.beside.read_bytes()

    def command(self, *arguments):
        return [BINARIES / "hostelry", *arguments, "--config", self.instance.configuration, "--state", self.instance.state]

    def run(self, *arguments, environment=None):
        arguments = self.command(*arguments)
        if "list" in arguments and "history" in arguments:
            arguments = arguments[:-4] + arguments[-2:]
        return subprocess.run(
            arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env={**os.environ, **(environment or {})}, timeout=60)

    def newest(self):
        answer = self.run("history", "list", "--limit", "1", "--json")
        self.test.assertEqual(answer.returncode, 0, answer.stderr)
        return json.loads(answer.stdout)["versions"][0]

    def restore(self):
        """The next writer is able to write, whatever happened before, and nothing lies about."""
        answer = self.run("backup", "restore", "one")
        self.test.assertEqual(answer.returncode, 0, answer.stderr)
        self.test.assertEqual(self.files(), self.one)
        self.test.assertEqual(self.newest()["hash"], hashlib.sha256(self.one[0]).hexdigest())
        # The file of a lock stays where it could not be removed; it is nobody's.
        leftovers = [
            entry.name for entry in self.instance.path.iterdir()
            if entry.name.startswith(".") and not entry.name.endswith(".lock")
        ]
        self.test.assertEqual(leftovers, [])
        self.test.assertEqual((self.instance.state / "intent").read_bytes(), b"")


class ConfigurationWrites(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="hostelry-faults-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.library = Path(cls.folder.name) / "failing_calls.so"
        source = Path(__file__).with_name("failing_calls.c")
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-o", cls.library, source, "-ldl"], check=True, capture_output=True)

    def environment(self, store, number, kind):
        return {
            "LD_PRELOAD": str(self.library), "FAULT_AT": str(number), "FAULT_KIND": kind,
            "FAULT_BELOW": str(store.instance.path), "FAULT_COUNT": str(Path(self.folder.name) / "count"),
        }

    def count(self, store, *command):
        answer = store.run(*command, environment=self.environment(store, 0, "fail"))
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return int((Path(self.folder.name) / "count").read_text())

    def settled(self, store):
        """Whoever looks next settles it: then both files are of one configuration, and the history says of which."""
        newest = store.newest()
        files = store.files()
        self.assertIn(files, [store.one, store.two])
        self.assertEqual(newest["hash"], hashlib.sha256(files[0]).hexdigest(), newest)
        return files

    def each_call(self, kind, *command):
        store = Store(self)
        total = self.count(store, *command)
        self.assertEqual(store.files(), store.one)
        self.assertGreater(total, 20)
        outcomes = {"old": 0, "new": 0}
        for number in range(1, total + 1):
            with self.subTest(call=number, of=total):
                store.reset()
                answer = store.run(*command, environment=self.environment(store, number, kind))
                if kind == "fail":
                    if answer.returncode == 0:
                        self.assertEqual(store.files(), store.one)
                    else:
                        self.assertIn(answer.returncode, [1])
                        self.assertIn("hostelry: ", answer.stderr)
                self.assertIn(store.files()[0], [store.one[0], store.two[0]])
                self.assertIn(store.files()[1], [store.one[1], store.two[1]])
                files = self.settled(store)
                outcomes["new" if files == store.one else "old"] += 1
                store.restore()
        self.assertGreater(min(outcomes.values()), 0, outcomes)

    def test_a_system_call_that_fails(self):
        self.each_call("fail", "backup", "restore", "one")

    def test_a_death_before_each_system_call(self):
        self.each_call("kill", "backup", "restore", "one")

    # Random deaths: a command's while it changes files, a master's while it does, and while it records what editors do

    def deaths(self, store, new, *command, settled=None):
        """Kills a command, which makes `new` of the store's files, at a random moment of its life, again and again."""
        began = time.monotonic()
        answer = store.run(*command)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(store.files(), new)
        duration = time.monotonic() - began
        outcomes = {True: 0, False: 0}
        for _ in range(KILLS):
            store.reset()
            process = subprocess.Popen(
                store.command(*command), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(random.uniform(0, duration * 1.2))
            process.send_signal(signal.SIGKILL)
            process.wait()
            newest, files = store.newest(), store.files()
            self.assertIn(files, [new, store.two])
            self.assertEqual(newest["hash"], hashlib.sha256(files[0]).hexdigest(), newest)
            outcomes[files == new] += 1
            if settled:
                settled(files)
        return outcomes

    def test_random_deaths(self):
        store = Store(self)
        self.deaths(store, store.one, "backup", "restore", "one")

    def test_random_deaths_of_a_restore_from_the_history(self):
        store = Store(self)
        self.deaths(store, (store.one[0], store.two[1]), "history", "restore", "2")

    def test_random_deaths_of_an_import(self):
        other = Instance()
        self.addCleanup(other.clean)
        other.configuration.write_text(other.configuration.read_text().replace(
            '<add name="Main"/>', '<add name="Main"><processModel password="sealed when it is exported"/></add>'))
        (other.path / "administration.config").write_text("<configuration><!-- three --></configuration>\n")
        export = Path(self.folder.name) / "export"
        password = Path(self.folder.name) / "password"
        password.write_text("Tr4vel-with-care\n")
        exported = subprocess.run(
            [BINARIES / "hostelry", "export", "--to", export, "--password-file", password, "--config",
             other.configuration, "--state", other.state], capture_output=True, text=True, timeout=60)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        store = Store(self)

        def settled(files):
            # What is in force can be opened.
            if files != store.two:
                checked = store.run("keys", "show")
                self.assertEqual(checked.returncode, 0, checked.stderr)
                self.assertNotIn("Failed to decrypt", checked.stdout)

        new = tuple((export / name).read_bytes() for name in ["applicationHost.config", "administration.config"])
        self.deaths(
            store, new, "import", "--from", export, "--password-file", password, "--yes", settled=settled)

    def test_random_deaths_of_a_master(self):
        store = Store(self)
        instance = store.instance
        for _ in range(max(3, KILLS // 10)):
            store.reset()
            instance.serve()
            command = subprocess.Popen(
                store.command("backup", "restore", "one"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                command.wait(random.uniform(0, 0.4))
            instance.die()
            command.wait(60)
            # Whatever the command did: what stands there is one of both, and a master serves by it.
            self.settled(store)
            instance.serve()
            instance.stop()
            self.settled(store)

    def test_random_deaths_of_a_master_that_records(self):
        """The stores: an editor saves, and the master dies while it writes the history, its backup and the mirror."""
        instance = Instance()
        self.addCleanup(instance.clean)
        text = instance.configuration.read_text()
        saved = 0
        for _ in range(max(3, KILLS // 10)):
            instance.serve()
            for _ in range(random.randrange(1, 4)):
                saved += 1
                draft = instance.path / "draft"
                draft.write_text(text.replace('name="Main" id', f'name="Site {saved}" id'))
                draft.rename(instance.configuration)
                time.sleep(random.uniform(0, 0.15))
            instance.die()
            for name in ["history.db", "mirror.db"]:
                self.assert_sound(instance.state, name)
            # The next one knows what the file is now, and its mirror says so.
            digest = hashlib.sha256(instance.configuration.read_bytes()).hexdigest()
            instance.serve()
            wait_until(lambda: self.ask(instance, "history", "list", "--limit", "1", "--json")["versions"][0]["hash"]
                       == digest, "the history does not tell what the file is")
            question = ["sql", "--format", "json", "--config", instance.configuration, "SELECT name FROM sites"]
            wait_until(lambda: self.ask(instance, *question).get("rows") == [[f"Site {saved}"]],
                       "the mirror does not tell what the file is")
            instance.stop()
        versions = self.ask(instance, "history", "list", "--json")["versions"]
        self.assertEqual([version["number"] for version in versions], list(range(len(versions), 0, -1)))

    def assert_sound(self, state, name):
        """Looks at a copy: to open the file itself would mend it."""
        if (state / name).exists():
            with tempfile.TemporaryDirectory(prefix="hostelry-copy-") as folder:
                for suffix in ["", "-wal"]:
                    if (state / f"{name}{suffix}").exists():
                        shutil.copy(state / f"{name}{suffix}", folder)
                with contextlib.closing(sqlite3.connect(Path(folder) / name)) as database:
                    self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)], name)

    def ask(self, instance, *arguments):
        answer = subprocess.run(
            [BINARIES / "hostelry", *arguments, "--state", instance.state], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=60)
        return json.loads(answer.stdout) if answer.returncode == 0 else {"versions": [{"hash": None}]}


if __name__ == "__main__":
    unittest.main()
