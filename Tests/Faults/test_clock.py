"""The clock is set back while a server runs: what is newer is told by numbers, never by times, and nothing waits for the clock."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import BINARIES, Instance, wait_until  # noqa: E402
from test_shared_configuration import REDIRECTION  # noqa: E402

DAY = 86_400


class SetBack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="hostelry-clock-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.library = cls.folder / "moved_clock.so"
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-o", cls.library, Path(__file__).with_name("moved_clock.c"), "-ldl"],
            check=True, capture_output=True)

    def setUp(self):
        self.offset = self.folder / self.id().rsplit(".", 1)[1]
        self.move(0)
        # Its programs see the clock that the test moves.
        self.programs = Path(tempfile.mkdtemp(prefix="hostelry-clock-"))
        self.addCleanup(shutil.rmtree, self.programs, True)
        self.programs.chmod(0o755)
        self.program = self.programs / "hostelry"
        self.program.write_text(
            f'#!/bin/sh\nexport LD_PRELOAD="{self.library}" CLOCK_OFFSET="{self.offset}"\n'
            f'exec "{BINARIES}/hostelry" "$@"\n')
        self.program.chmod(0o755)
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        self.instance.programs = self.programs

    def move(self, seconds):
        new = self.offset.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self.offset)

    def run_program(self, *arguments, config=True):
        places = ["--config", self.instance.configuration] if config else []
        answer = subprocess.run(
            [self.program, *arguments, *places, "--state", self.instance.state], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        return answer.stdout

    def versions(self):
        return json.loads(self.run_program("history", "list", "--json", config=False))["versions"]

    def edit(self, number):
        text = self.text.replace("<sites>", f"<!-- {number} --><sites>", 1)
        draft = self.instance.path / "draft"
        draft.write_text(text)
        draft.rename(self.instance.configuration)

    def test_the_history_goes_on_by_number(self):
        self.text = self.instance.configuration.read_text().replace(
            "<sites>", '<configHistory maxHistories="2" period="00:00:10"/><sites>', 1)
        history = self.instance.state / "history"
        folders = lambda: sorted(path.name for path in history.glob("CFGHISTORY_*"))
        self.edit(0)
        self.instance.serve()
        wait_until(lambda: len(self.versions()) == 1, "the first version is not recorded")
        for number, days in enumerate([-1, 2, -3000], start=1):
            self.move(days * DAY)
            before = self.instance.count()
            self.edit(number)
            self.instance.event("configuration-applied", after=before)
            wait_until(lambda: len(self.versions()) == number + 1, "a version is not recorded")
            # The keeper looks every ten seconds.
            wait_until(lambda: f"CFGHISTORY_{number + 1:010}" in folders(), "no folder is made")
        self.assertEqual(folders(), ["CFGHISTORY_0000000003", "CFGHISTORY_0000000004"])
        versions = self.versions()
        self.assertEqual([version["number"] for version in versions], [4, 3, 2, 1])
        self.assertLess(versions[0]["time"], versions[1]["time"])
        # Backups and restores.
        self.run_program("backup", "add", "one")
        self.run_program("history", "restore", "2")
        self.assertIn("<!-- 1 -->", self.instance.configuration.read_text())
        self.run_program("backup", "restore", "one")
        self.assertIn("<!-- 3 -->", self.instance.configuration.read_text())
        self.assertEqual(self.versions()[0]["number"], 6)
        # A restart finds what is newest, and changes nothing.
        self.instance.stop()
        self.move(-9000 * DAY)
        self.instance.serve()
        self.assertEqual(self.instance.get("/"), (200, "the page"))
        wait_until(lambda: self.versions()[0]["number"] == 6, "the newest version is another one")
        self.run_program("keys", "rotate")
        self.assertEqual([e["event"] for e in self.instance.events if e["level"] == "error"], [])
        self.instance.stop()

    def test_a_shared_folder_is_looked_at_as_often_as_before(self):
        share = self.instance.path / "share"
        share.mkdir()
        file = share / "applicationHost.config"
        text = self.instance.configuration.read_text()
        file.write_text(text)
        self.instance.content("other", "index.html", "the other page")
        other = text.replace("/content", "/other")
        polled = REDIRECTION.format(enabled="true", path=share).replace("/>\n<", ' enableUncPolling="true"/>\n<')
        (self.instance.path / "redirection.config").write_text(polled)
        self.instance.serve()
        for days, content, page in [(-1, other, "the other page"), (-400, text, "the page"), (3, other, "the other page"),
                                    (-3000, text, "the page")]:
            self.move(days * DAY)
            new = share / "new"
            new.write_text(content)
            new.rename(file)
            wait_until(lambda: self.instance.get("/") == (200, page), "the folder is not looked at any more")
        # The copy is of this time, whatever its own says.
        away = self.instance.path / "away"
        share.rename(away)
        self.instance.event("shared-configuration-away")
        self.instance.die()
        self.instance.serve()
        self.assertEqual(self.instance.get("/"), (200, "the page"))
        away.rename(share)
        self.instance.event("shared-configuration-back")
        self.instance.stop()


if __name__ == "__main__":
    unittest.main()
