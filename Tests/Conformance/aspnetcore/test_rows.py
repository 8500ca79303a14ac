"""Every row of the reference's table has a test or a reason."""

import re
import unittest
from pathlib import Path

from aspnetcore.rows import is_row, not_here, row_of
from instance import ROOT

REFERENCE = ROOT.parent / "shared" / "reference" / "aspnet-core-module.md"
# Sections whose rows do not name their class.
CLASSES = {"20.1": "StartupTests", "20.2": "ShutdownTests", "20.3": "LoggingTests", "20.4": "RequestResponseTests",
           "20.6": "ShadowCopyTests", "20.7": "Http2TrailerResetTests", "20.8": "Http3Tests"}


def tests():
    """All tests of this folder."""
    def flat(suite):
        for test in suite:
            if isinstance(test, unittest.TestSuite):
                yield from flat(test)
            else:
                yield test
    here = Path(__file__).resolve().parent
    return list(flat(unittest.TestLoader().discover(str(here), top_level_dir=str(here.parent))))


def rows_of_the_reference():
    rows, section, last = set(), None, ""
    text = REFERENCE.read_text(encoding="utf-8")
    for line in text[text.index("\n## 20. "):].splitlines():
        if heading := re.match(r"### (20\.\d+)", line):
            section = heading[1]
        row = re.match(r"\| \+?([^|]+?)(?: ×[^|]*)? \| [^|]+ \| [yan] \|$", line)
        if row and section:
            # Three dots stand for the row above it.
            name = row[1].replace("…Enabled", f"{last.removesuffix('Enabled')}Enabled")
            rows.add(name if "." in name else f"{CLASSES[section]}.{name}")
            last = name
    return rows


class Rows(unittest.TestCase):
    def test_every_row_has_a_test_or_a_reason(self):
        run = {row_of(test) for test in tests() if is_row(test)}
        self.assertEqual(run & not_here().keys(), set(), "both tested and left out")
        if not REFERENCE.exists():
            self.skipTest(f"no reference: {REFERENCE}")
        wanted = rows_of_the_reference()
        self.assertEqual(len(wanted), 359)
        self.assertEqual(wanted - run - not_here().keys(), set(), "neither tested nor left out")
        self.assertEqual((run | not_here().keys()) - wanted, set(), "no such row")


if __name__ == "__main__":
    unittest.main()
