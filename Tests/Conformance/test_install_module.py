"""Installing the ASP.NET Core Module as its documentation tells it, into a configuration that has nothing of it."""

import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from instance import BINARIES, web_config  # noqa: E402
from test_commands import CommandCase  # noqa: E402

SECTION = '<section name="aspNetCore" overrideModeDefault="Allow" />'
MODULE = '<add name="AspNetCoreModuleV2" />'


class InstallationCase(CommandCase):
    def bare(self):
        """A whole configuration as 'init' writes it, without the module."""
        instance = self.instance()
        folder = instance.path / "new"
        subprocess.run(
            [BINARIES / "hostelry", "init", folder, "--port", str(instance.port)], check=True, capture_output=True)
        self.whole = (folder / "applicationHost.config").read_text()
        text = re.sub(r'\n *<(section name="aspNetCore"|add name="AspNetCoreModuleV2")[^>]*/>', "", self.whole)
        self.assertNotIn("AspNetCoreModuleV2", text)
        instance.configuration.write_text(text)
        self.logs = instance.path / "logs"
        self.logs.mkdir()
        return instance

    def install(self, instance, *arguments, **environment):
        return self.ask(instance, "install-module", *arguments, TMPDIR=str(self.logs), **environment)

    def log(self):
        """The newest."""
        logs = sorted(self.logs.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        self.assertRegex(
            logs[-1].name, r"^dd_DotNetCoreWinSvrHosting__\d{14}_\d{3}_AspNetCoreModule_(x64|arm64)\.log$")
        self.assertEqual(logs[-1].stat().st_mode & 0o777, 0o600)
        return logs[-1].read_text()


class Installing(InstallationCase):
    def test_what_is_missing_is_added_once_and_no_handler(self):
        instance = self.bare()
        before = instance.configuration.read_text()
        answer = self.install(instance, "--dry-run")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(
            [line[1:].strip() for line in answer.stdout.splitlines() if re.match(r"\+[^+]", line)],
            [SECTION, MODULE, MODULE])
        self.assertEqual(instance.configuration.read_text(), before)
        self.assertIn("To be added", self.log())

        answer = self.install(instance)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("Added: the section system.webServer/aspNetCore in configSections, AspNetCoreModuleV2 in "
                      "globalModules, AspNetCoreModuleV2 in modules, as version ", answer.stdout)
        text = instance.configuration.read_text()
        self.assertEqual((text.count(SECTION), text.count(MODULE)), (1, 2))
        handlers = re.search(r"<handlers.*?</handlers>", text, re.DOTALL).group()
        self.assertNotIn("AspNetCore", handlers)
        log = self.log()
        self.assertIn("AspNetCoreModuleV2 in modules: missing", log)
        self.assertIn("Ended with the status 0.", log)
        self.assertIn(f"The log is {self.logs}/dd_", answer.stdout)

        again = self.install(instance)
        self.assertIn("has all of it already; nothing is changed", again.stdout)
        self.assertEqual(instance.configuration.read_text(), text)
        # A web.config may have the section now.
        instance.write("content/web.config", web_config('<aspNetCore processPath="dotnet" arguments="App.dll"/>'))
        self.assertIn("dotnet", self.done(instance, "config", "get", "Default Web Site", "aspNetCore", "processPath"))

        # That one needs it.
        gone = self.install(instance, "--uninstall")
        self.assertEqual((gone.returncode, instance.configuration.read_text()), (1, text), gone.stdout)
        (instance.path / "content" / "web.config").unlink()
        gone = self.install(instance, "--uninstall")
        self.assertEqual(gone.returncode, 0, gone.stderr)
        self.assertEqual(instance.configuration.read_text(), before)

    def test_what_init_writes_has_all_of_it_already(self):
        instance = self.bare()
        instance.configuration.write_text(self.whole)
        answer = self.install(instance)
        self.assertIn("has all of it already; nothing is changed", answer.stdout)
        self.assertEqual(instance.configuration.read_text(), self.whole)
        # So has a file that lies on top of what the program brings.
        instance.configure(instance.site("Main", 1))
        self.assertIn("has all of it already", self.install(instance).stdout)
        self.assertIn("what the program brings lies beneath it", self.install(instance, "--uninstall").stderr)

    def test_the_versions_are_told_as_they_are(self):
        instance = self.instance()
        version = self.done(instance, "install-module", "--version")
        self.assertRegex(version, r"\AHostelry \d+\.\d+\nASP\.NET Core Module \d+\.\d+, a part of it\n\Z")
        said = subprocess.run([BINARIES / "hostelry", "--version"], capture_output=True, text=True).stdout
        self.assertEqual(said, version)


class SharedInstalling(InstallationCase):
    def setUp(self):
        super().setUp()
        self.served = self.bare()
        self.share = self.served.path / "share"
        self.share.mkdir()
        self.file = self.share / "applicationHost.config"
        shutil.copy(self.served.configuration, self.file)

    def share_it(self):
        self.done(self.served, "shared", "enable", "--path", self.share)

    def test_the_documented_way_is_printed_and_works(self):
        instance = self.served.serve()
        self.share_it()
        before = self.file.read_bytes()
        refused = self.install(instance)
        self.assertEqual((refused.returncode, self.file.read_bytes()), (1, before))
        self.assertIn(f"nothing is changed: the configuration is shared, in {self.share}", refused.stderr)
        self.assertIn("Refused", self.log())
        lines = [line.strip() for line in refused.stderr.splitlines() if line.startswith("  ")]
        self.assertEqual(
            [" ".join(line.split()[:3]) for line in lines],
            ["hostelry shared disable", "hostelry install-module --config", "hostelry export --to",
             f"cp '{self.share}-export'/applicationHost.config '{self.share}'/", "hostelry shared enable"])
        programs = instance.path / "programs"
        programs.mkdir()
        (programs / "hostelry").symlink_to(BINARIES / "hostelry")
        for line in lines:
            done = subprocess.run(
                ["sh", "-c", line], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "TMPDIR": str(self.logs)})
            self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}{done.stderr}")
        text = self.file.read_text()
        self.assertEqual((text.count(SECTION), text.count(MODULE)), (1, 2))
        self.assertEqual(self.listed(instance, "shared", "status")["folder"], str(self.share))
        self.assertTrue(self.listed(instance, "shared", "status")["enabled"])
        self.assertEqual(instance.get(), (200, "the page"))
        instance.stop()

    def test_a_share_on_this_machine_is_changed_in_place_where_that_is_asked_for(self):
        self.share_it()
        local = self.served.configuration.read_bytes()
        self.assertEqual(self.install(self.served, OPT_NO_SHARED_CONFIG_CHECK="0").returncode, 1)
        done = self.install(self.served, OPT_NO_SHARED_CONFIG_CHECK="1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(MODULE, self.file.read_text())
        self.assertEqual(self.served.configuration.read_bytes(), local)


if __name__ == "__main__":
    unittest.main()
