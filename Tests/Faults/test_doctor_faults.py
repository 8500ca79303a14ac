"""hostelry doctor where a file system does not answer."""

import json
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import BINARIES, Instance
from slow_folder import GETATTR, LOOKUP, OPENDIR, SlowFolder, is_possible

PATIENCE = 60


@unittest.skipUnless(is_possible(), "only root may mount a file system that hangs")
class HungFolder(unittest.TestCase):
    def test_it_is_told_and_nothing_else_is_kept_from_being_looked_at(self):
        instance = Instance()
        self.addCleanup(instance.clean)
        place = instance.path / "slow"
        with SlowFolder(place, {"index.html": b"page"}) as folder:
            instance.configure(
                instance.site("Slow", 1, folder="slow") + instance.site("Gone", 2, host="gone.example", folder="gone"))
            for kind in [LOOKUP, GETATTR, OPENDIR]:
                folder.hold(kind)
            begun = time.monotonic()
            answer = subprocess.run(
                [BINARIES / "hostelry", "doctor", "--json", "--config", instance.configuration, "--state",
                 instance.state], capture_output=True, text=True, timeout=PATIENCE)
            taken = time.monotonic() - begun
        self.assertEqual(answer.returncode, 1, answer.stderr)
        report = json.loads(answer.stdout)
        checks = {finding["check"] for finding in report["findings"]}
        self.assertLessEqual({"folder-silent", "folder-missing"}, checks)
        self.assertIn("web.config files", [part["what"] for part in report["notLookedAt"]])
        self.assertLess(taken, 30)


if __name__ == "__main__":
    unittest.main()
