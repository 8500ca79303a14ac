"""The reference pages name every attribute of their sections, and the index leads to every page."""

import re
import unittest
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "Documentation/Reference"
SCHEMA = ROOT / "Sources/CBuiltInFiles/Schema"


def sections():
    """Each section's schema by the last part of its name."""
    found = {}
    for file in SCHEMA.glob("*.xml"):
        for section in ElementTree.parse(file).iter("sectionSchema"):
            found.setdefault(section.get("name").rsplit("/", 1)[-1], []).append(section)
    return found


class ReferencePages(unittest.TestCase):
    def test_a_page_names_every_attribute_of_its_section(self):
        known = sections()
        pages = [page for page in sorted(PAGES.glob("*.md")) if page.stem in known]
        self.assertGreater(len(pages), 2)
        for page in pages:
            text = page.read_text(encoding="utf-8")
            # Another section may have the same last name; the page's title says which is meant.
            meant = [each for each in known[page.stem] if f"`{each.get('name')}`" in text.splitlines()[0]]
            attributes = {each.get("name") for section in meant or known[page.stem] for each in section.iter("attribute")}
            missing = sorted(name for name in attributes if not re.search(rf"\b{re.escape(name)}\b", text))
            with self.subTest(page.name):
                self.assertEqual(missing, [])

    def test_the_index_leads_to_every_page_and_to_no_other(self):
        index = set(re.findall(r"\((\w+\.md)\)", (PAGES / "README.md").read_text(encoding="utf-8")))
        self.assertEqual(index, {page.name for page in PAGES.glob("*.md")} - {"README.md"})


if __name__ == "__main__":
    unittest.main()
