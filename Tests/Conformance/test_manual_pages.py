"""The table of commands from outside: every command and option has its help, and stands in its man page."""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from instance import BINARIES  # noqa: E402


def hostelry(*words, status=0):
    answer = subprocess.run(
        [BINARIES / "hostelry", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert answer.returncode == status, (words, answer.stdout, answer.stderr)
    return answer.stdout if status == 0 else answer.stderr


def offered(*words):
    """Words with their meanings, as they are offered for the last one; None where one has no meaning."""
    lines = [line[1:].split("\t") for line in hostelry("complete", "fish", *words).split("\n")[:-1] if line[0] == "="]
    return {line[0]: line[1] if len(line) > 1 else None for line in lines}


def commands(*path):
    """The commands that can be invoked."""
    below = {name for name, meaning in offered(*path, "").items() if meaning and not name.startswith("-")}
    if not below or path in [("help",), ("man",)]:
        return [path]
    return [command for name in sorted(below) for command in commands(*path, name)]


class ManualPages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="hostelry-man-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        hostelry("man", "--all", str(cls.folder))
        cls.commands = commands()

    def page(self, command):
        text = (self.folder / f"hostelry-{command[0]}.1").read_text()
        return re.sub(r"\\f[BIR]", "", text).replace("\\-", "-").replace("\\ ", " ")

    def test_every_command_and_option_has_help_and_stands_in_its_page(self):
        self.assertIn(("site", "binding", "add"), self.commands)
        self.assertIn(("man",), self.commands)
        for command in self.commands:
            with self.subTest(command=" ".join(command)):
                page = self.page(command)
                self.assertIn(f"\nhostelry {' '.join(command)} ", page + " ")
                options = offered(*command, "-") if command != ("appcmd",) else {"--help": "x"}
                self.assertIn("--help", options)
                shown = hostelry("help", *command)
                for option, meaning in options.items():
                    self.assertTrue(meaning, option)
                    self.assertIn(f"\n{option}", page)
                    self.assertIn(f"\n  {option}", shown)
                # As somebody new to it reads: what it does, and how it is typed.
                self.assertRegex(shown, rf"^hostelry {' '.join(command)} - \S")

    def test_every_family_shows_an_example(self):
        for name in ["site", "app", "pool", "config", "shared", "history"]:
            self.assertIn(".SH EXAMPLES", self.page((name,)))
        self.assertIn("Examples:", hostelry())
        self.assertIn("Examples:", hostelry("help", "site"))

    def test_no_page_has_a_mistake_of_roff(self):
        pages = sorted(self.folder.glob("*.1"))
        self.assertEqual(len(pages), len({command[0] for command in self.commands}) + 1)
        if shutil.which("groff"):
            for page in pages:
                said = subprocess.run(
                    ["groff", "-man", "-ww", "-z", "-Tutf8", page], capture_output=True, text=True, timeout=60)
                self.assertEqual((said.returncode, said.stdout, said.stderr), (0, "", ""), page.name)
        if shutil.which("mandoc"):
            said = subprocess.run(
                ["mandoc", "-Tlint", "-Wwarning", *pages], capture_output=True, text=True, timeout=60)
            # The pages have no date: the same table makes the same bytes.
            told = [line for line in said.stdout.splitlines() if "missing date" not in line]
            self.assertEqual(told, [])
        if not shutil.which("groff") and not shutil.which("mandoc"):
            self.skipTest("neither groff nor mandoc is here")

    def test_what_is_typed_can_be_copied_from_a_page(self):
        if not shutil.which("groff"):
            self.skipTest("there is no groff here")
        text = subprocess.run(
            ["groff", "-man", "-Tutf8", "-P-cbou", self.folder / "hostelry-site.1"], capture_output=True, text=True,
            timeout=60).stdout
        self.assertIn("hostelry site add blog --host blog.example --path /srv/blog", text)
        self.assertIn("'hostelry history'", " ".join(text.split()))

    def test_a_command_that_is_none_is_told_of(self):
        self.assertIn('unknown command "sit" (did you mean "site"?)', hostelry("man", "sit", status=2))
        self.assertIn('unknown command "sit" (did you mean "site"?)', hostelry("help", "sit", status=2))


if __name__ == "__main__":
    unittest.main()
