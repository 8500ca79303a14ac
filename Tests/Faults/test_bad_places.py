"""What stands in the way of a change of the configuration is told with what to do about it, and nothing is changed.

Wrong passwords and altered exports: Tests/Conformance/test_secrets.py and test_shared_keys.py. Clocks: test_clock.py.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import BINARIES  # noqa: E402
from test_shared_configuration import HangingFolder, Sharing  # noqa: E402

PASSWORD = "Tr4vel-with-care"
ROOT = os.geteuid() == 0


class BadPlaces(Sharing):
    def everything(self, *folders):
        """Files and what is in them; locks and the journals of databases come and go."""
        found = {}
        for folder in folders:
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file() and not path.name.endswith((".lock", "-wal", "-shm")):
                    found[str(path)] = path.read_bytes()
        return found

    def done(self, instance, *arguments):
        answer = self.run_program(instance, *arguments)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        return answer.stdout

    def refused(self, instance, *arguments, beside=()):
        before = self.everything(instance.path, *beside)
        answer = self.run_program(instance, *arguments)
        said = answer.stdout + answer.stderr
        self.assertEqual(answer.returncode, 1, said)
        self.assertIn("hostelry: ", answer.stderr)
        after = self.everything(instance.path, *beside)
        self.assertEqual(sorted(before), sorted(after), said)
        for path, content in before.items():
            self.assertEqual(content, after[path], path)
        return said

    def export(self, text=None):
        """The folder of an export of another server."""
        other = self.instance()
        if text:
            other.configuration.write_text(text)
        password = self.folder / "password"
        password.write_text(PASSWORD + "\n")
        folder = self.folder / f"export-{len(list(self.folder.iterdir()))}"
        self.done(other, "export", "--to", folder, "--password-file", password)
        return ["--from", folder, "--password-file", password, "--yes"]

    def with_history(self):
        """An instance with two versions and a backup."""
        instance = self.instance()
        self.done(instance, "backup", "add", "first")
        instance.configuration.write_text(
            instance.configuration.read_text().replace('name="Main" id', 'name="Renamed" id'))
        self.done(instance, "backup", "restore", "first")
        self.done(instance, "history", "restore", "1")
        return instance

    # What is not to be served here

    def test_what_would_not_be_served_is_neither_imported_nor_shared(self):
        instance = self.instance()
        good = self.text(instance)
        for text, reason in [
            # Two sites of one binding: the second would be quarantined.
            (good.replace("</sites>", instance.site("Second", 2) + "</sites>"), "Second"),
            (good.replace('<add name="Main"/>', '<add name="Main"><processModel identityType="SpecificUser" '
                          'userName="no-such-user"/></add>'), "no-such-user"),
        ]:
            with self.subTest(reason=reason):
                told = self.refused(instance, "import", *self.export(text))
                self.assertIn(reason, told)
                self.share.joinpath("applicationHost.config").write_text(text)
                self.assertIn(reason, self.refused(instance, "shared", "enable", "--path", self.share, beside=[self.share]))

    def test_a_section_without_a_schema_is_not_imported_until_the_schema_is_there(self):
        instance = self.instance()
        text = self.text(instance).replace(
            "<system.applicationHost>",
            '<configSections><sectionGroup name="system.applicationHost"><section name="sites"/>'
            '<section name="applicationPools"/></sectionGroup><section name="thirdParty"/></configSections>'
            '<thirdParty a="1"/><system.applicationHost>', 1)
        source = self.export(text)
        told = self.refused(instance, "import", *source)
        self.assertIn("no schema describes the section 'thirdParty'", told)
        self.assertIn("into the folder 'schema'", told)
        schema = instance.path / "schema"
        schema.mkdir()
        (schema / "third.xml").write_text(
            '<configSchema><sectionSchema name="thirdParty"><attribute name="a" type="string"/></sectionSchema></configSchema>')
        self.done(instance, "import", *source)
        self.assertIn("<thirdParty", instance.configuration.read_text())

    # Where nothing can be written

    def mount(self, path, size):
        """A file system of its own in place of a folder, with what the folder holds."""
        kept = self.folder / f"kept-{path.name}"
        shutil.copytree(path, kept)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", path],
                          capture_output=True).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", path], check=True)
        shutil.copytree(kept, path, dirs_exist_ok=True)

    def commands(self, instance):
        (self.share / "applicationHost.config").write_text(instance.configuration.read_text().replace("Main", "Other"))
        text = instance.configuration.read_text().replace(
            '<add name="Main"/>', '<add name="Main"><processModel password="clear"/></add>')
        return [["history", "restore", "2"], ["backup", "restore", "first"],
                ["import", *self.export(self.text(instance, "other"))],
                ["shared", "enable", "--path", str(self.share)]], text

    @unittest.skipUnless(ROOT, "mounting takes root")
    def test_a_folder_that_cannot_be_written(self):
        instance = self.with_history()
        commands, secretive = self.commands(instance)
        instance.configuration.write_text(secretive)
        self.mount(instance.path, "64m")
        subprocess.run(["mount", "-o", "remount,ro", instance.path], check=True)
        for command in [*commands, ["keys", "encrypt"], ["keys", "rotate"], ["backup", "add", "second"]]:
            with self.subTest(command=command[:2]):
                self.assertRegex(self.refused(instance, *command).lower(), "read-only|for writing")

    @unittest.skipUnless(ROOT, "mounting takes root")
    def test_a_disk_that_is_full(self):
        instance = self.with_history()
        commands, secretive = self.commands(instance)
        instance.configuration.write_text(secretive)
        self.mount(instance.path, "8m")
        filler = instance.path / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        for command in [*commands, ["keys", "encrypt"], ["backup", "add", "second"]]:
            with self.subTest(command=command[:2]):
                self.assertIn("space", self.refused(instance, *command))
        filler.unlink()
        for command in commands:
            self.done(instance, *command)

    @unittest.skipUnless(ROOT and os.path.exists("/dev/fuse"), "needs root and FUSE")
    def test_a_share_that_hangs_is_given_up_on(self):
        instance = self.with_history()
        self.replace(self.text(instance, "other"))
        hanging = HangingFolder(self.share)
        self.addCleanup(hanging.end)
        self.assertIn("does not answer", self.refused(instance, "shared", "enable", "--path", self.share))
        hanging.end()
        self.done(instance, "shared", "enable", "--path", self.share)
        hanging = HangingFolder(self.share)
        self.addCleanup(hanging.end)
        told = self.refused(instance, "history", "restore", "1")
        self.assertRegex(told, "does not answer|no answer")
        self.assertIn("not answer", self.refused(instance, "backup", "add", "second"))
        hanging.end()
        self.done(instance, "history", "restore", "1")


if __name__ == "__main__":
    unittest.main()
