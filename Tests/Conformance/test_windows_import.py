"""Coming from Windows: IIS's own shared-configuration export is imported, and its sites start and serve."""

import json
import shutil
import subprocess
import unittest

import test_corpus
from instance import BINARIES, Instance

EXPORT = test_corpus.CORPUS and test_corpus.CORPUS / "shared-configuration"
SITES = ["redisoncloud.com", "ikinci.com", "deneme.com"]


@unittest.skipIf(EXPORT is None, f"no corpus of real files in {', '.join(map(str, test_corpus.PLACES))}")
class WindowsImport(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        self.instance.configuration.unlink()
        self.export = self.instance.path / "export"
        shutil.copytree(EXPORT, self.export)
        # As an administrator would who tries it beside another server.
        file = self.export / "applicationHost.config"
        file.write_text(file.read_text().replace('"*:80:', f'"*:{self.instance.port}:'))
        for site in SITES:
            self.instance.write(f"vhosts/{site}/http/Images/Logo.TXT", f"logo of {site}")
            self.instance.write(f"vhosts/{site}/http/INDEX.HTM", f"welcome to {site}")

    def command(self, *arguments):
        return subprocess.run(
            [BINARIES / "hostelry", *arguments, "--config", self.instance.configuration, "--state",
             self.instance.state], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def importing(self, *arguments):
        return self.command(
            "import", "--from", self.export, "--map", f"C:\\vhosts={self.instance.path}/vhosts", *arguments)

    def test_its_sites_start_and_serve_once_their_content_is_mapped(self):
        answer = self.importing("--yes")
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.instance.serve()
        self.addCleanup(self.instance.stop)
        for site in SITES:
            self.assertEqual(self.instance.get("/images/logo.txt", host=site), (200, f"logo of {site}"))
            self.assertEqual(self.instance.get("/", host=f"www.{site}"), (200, f"welcome to {site}"))

    def test_a_trial_changes_nothing_and_reports_everything(self):
        report = self.instance.path / "report.json"
        answer = self.importing("--dry-run", "--report", report)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertFalse(self.instance.configuration.exists())
        told = json.loads(report.read_text())
        rows = told["rows"]
        self.assertEqual(told["decide"], sum(row["outcome"] == "decide" for row in rows))
        # Lines and texts of the real file.
        mapped = [row for row in rows if row["line"] == 199 and row["attribute"] == "virtualDirectory/physicalPath"]
        self.assertEqual(mapped[0]["value"], "C:\\vhosts\\redisoncloud.com\\http")
        self.assertEqual(mapped[0]["note"], f"{self.instance.path}/vhosts/redisoncloud.com/http")
        self.assertEqual(mapped[0]["outcome"], "replaced")
        unmapped = [row for row in rows if row["line"] == 191 and row["attribute"] == "virtualDirectory/physicalPath"]
        self.assertEqual(unmapped[0]["outcome"], "decide")
        outcomes = {row["section"]: row["outcome"] for row in rows if not row["attribute"]}
        self.assertEqual(outcomes["system.webServer/fastCgi"], "decide")
        self.assertEqual(outcomes["system.webServer/asp"], "decide")
        self.assertEqual(outcomes["system.webServer/globalModules"], "replaced")
        self.assertEqual(outcomes["system.webServer/security/requestFiltering"], "works")

    def test_what_means_nothing_here_is_kept(self):
        self.assertEqual(self.importing("--yes").returncode, 0)
        before = (self.export / "applicationHost.config").read_bytes().split(b"\n")
        after = self.instance.configuration.read_bytes().split(b"\n")
        self.assertEqual(len(before), len(after))
        changed = [number for number, lines in enumerate(zip(before, after), 1) if lines[0] != lines[1]]
        # Folders and logs of the three sites whose content is mapped.
        self.assertEqual(changed, [199, 206, 210, 217, 221, 228])

    def test_a_map_that_is_none_is_refused(self):
        answer = self.command("import", "--from", self.export, "--map", "somewhere", "--yes")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("'somewhere' is no map", answer.stderr)
        self.assertFalse(self.instance.configuration.exists())
