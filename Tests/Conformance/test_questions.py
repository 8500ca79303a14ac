"""Questions in SQL: `hostelry sql`, with and without a server."""

import csv
import io
import json
import re
import subprocess
import unittest
from pathlib import Path

from instance import BINARIES, Instance, wait_until

PAGE = Path(__file__).resolve().parents[2] / "Documentation/questions.md"


# What only an instance answers where a server has run.
HISTORY = re.compile(r"\b(events|worker_processes|configuration_changes)\b")


class QuestionCase(unittest.TestCase):
    """Asks `self.instance`."""

    @staticmethod
    def examples():
        return re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)

    @staticmethod
    def example(words):
        """The statement of the example whose question has those words."""
        found = re.findall(r"\n([^\n]*\?)\n\n```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
        return next(statement for question, statement in found if words in question)

    def ask(self, question, *options):
        return subprocess.run(
            [BINARIES / "hostelry", "sql", "--config", self.instance.configuration, "--state", self.instance.state,
             *options, question], capture_output=True, text=True, timeout=60)

    def rows(self, question):
        answer = self.ask(question, "--format", "json")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return self.parsed(answer)

    @staticmethod
    def parsed(answer):
        return json.loads(answer.stdout)["rows"]


class Questions(QuestionCase):
    def setUp(self):
        self.instance = Instance(pools='<add name="Main" enable32BitAppOnWin64="true"/><add name="Idle"/>')
        self.addCleanup(self.instance.clean)

    def names(self):
        return sorted(path.name for path in Path(self.instance.state).glob("*.db*"))

    def mirrored(self, count):
        def is_mirrored():
            # While it is made it answers nothing yet.
            answer = self.ask("SELECT count(*) FROM sites", "--format", "json")
            return answer.returncode == 0 and self.parsed(answer) == [[count]]

        wait_until(lambda: (self.instance.state / "mirror.db").exists() and is_mirrored(), "the mirror is behind")

    def test_a_question_is_answered_before_any_server_ran_and_makes_no_file(self):
        answer = self.ask("SELECT name FROM pools ORDER BY name")
        self.assertEqual(answer.stdout, "name\nIdle\nMain\n")
        self.assertIn("answered from the configuration file", answer.stderr)
        self.assertEqual(self.names(), [])

    def test_a_question_is_answered_beside_a_server_and_after_it(self):
        self.instance.serve()
        self.mirrored(1)
        self.instance.configure(self.instance.site("Main", 1) + self.instance.site("Other", 2, host="other.test"))
        self.mirrored(2)
        self.assertEqual(self.rows("SELECT site FROM bindings WHERE host = 'OTHER.test'"), [["Other"]])
        self.instance.stop()
        before = self.names()
        self.assertEqual(self.rows("SELECT name FROM sites ORDER BY id"), [["Main"], ["Other"]])
        self.assertEqual(self.names(), before)

    def test_every_question_of_the_page_is_answered(self):
        questions = [question for question in self.examples() if not HISTORY.search(question)]
        self.assertGreater(len(questions), 8)
        for question in questions:
            with self.subTest(question):
                answer = self.ask(question)
                self.assertEqual(answer.returncode, 0, answer.stderr)

    def test_what_web_config_files_say_is_asked_with_effective(self):
        self.instance.write("content/web.config", """<configuration><system.webServer><security><requestFiltering>
            <requestLimits maxAllowedContentLength="1000"/></requestFiltering></security></system.webServer></configuration>""")
        question = next(each for each in self.examples() if "maxAllowedContentLength" in each)
        self.assertEqual(self.rows(question), [["Main", 1000]])

    def test_only_questions_are_answered(self):
        for statement in ["DELETE FROM site", "PRAGMA user_version = 5", "ATTACH '/tmp/x.db' AS x", "BEGIN",
                          "SELECT load_extension('/tmp/x')", "VACUUM INTO '/tmp/x.db'"]:
            with self.subTest(statement):
                answer = self.ask(statement)
                self.assertEqual(answer.returncode, 1)
                self.assertIn("hostelry: ", answer.stderr)
        self.assertEqual(self.ask("SELECT 1; SELECT 2").returncode, 1)

    def test_rows_and_time_are_limited(self):
        answer = self.ask("SELECT value FROM generate", "--limit", "2")
        self.assertIn("no such table", answer.stderr)
        numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
        answer = self.ask(numbers, "--limit", "3", "--format", "csv")
        self.assertEqual(list(csv.reader(io.StringIO(answer.stdout))), [["x"], ["1"], ["2"], ["3"]])
        self.assertIn("--limit", answer.stderr)
        answer = self.ask(numbers.replace("SELECT x FROM n", "SELECT max(x) FROM n"), "--timeout", "1")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("--timeout", answer.stderr)


if __name__ == "__main__":
    unittest.main()
