"""What has happened, asked in SQL: the events and the worker processes in the history."""

import os
import signal
import sqlite3
import subprocess
import unittest

from instance import BINARIES, Instance, wait_until
from test_questions import QuestionCase


class WhatHappened(QuestionCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)

    def command(self, *arguments):
        answer = subprocess.run(
            [BINARIES / "hostelry", *arguments, "--state", self.instance.state], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60)
        self.assertEqual(answer.returncode, 0, answer.stderr)

    def wait_for(self, question, rows):
        """The history is a moment behind."""
        def is_there():
            answer = self.ask(question, "--format", "json")
            # While the history is made it answers nothing yet.
            return answer.returncode == 0 and self.parsed(answer) == rows
        wait_until(is_there, f"{question}\n{self.ask(question).stdout}")

    def serve(self):
        self.instance.serve()
        self.assertEqual(self.instance.get("/")[0], 200)
        ready = self.instance.event("worker-ready")
        self.assertEqual([ready["fields"]["pid"]], self.instance.pid("hostelry-worker"))
        return ready["fields"]

    def test_a_worker_that_crashes_is_there_with_its_signal_and_its_event(self):
        worker = self.serve()
        os.kill(worker["pid"], signal.SIGSEGV)
        crash = self.instance.event("worker-crashed")
        self.assertEqual(crash["fields"]["signal"], signal.SIGSEGV)
        self.wait_for("SELECT pool, worker, pid, outcome, signal, exit_code, reason, started < ready, ready < ended "
                      "FROM worker_processes WHERE ended IS NOT NULL",
                      [["Main", worker["worker"], worker["pid"], "crashed", signal.SIGSEGV, None, None, 1, 1]])
        question = self.example("crashed in the last day")
        [[ended, pool, pid, number, code, lifetime, text]] = self.rows(question)
        self.assertEqual((pool, pid, number, code, text),
                         ("Main", worker["pid"], signal.SIGSEGV, None, crash["text"]))
        self.assertGreater(lifetime, 0)
        self.assertEqual(self.rows("SELECT time FROM events WHERE name = 'worker-crashed'"), [[ended]])
        self.instance.stop()

    def test_a_pool_that_is_recycled_says_why_and_how_much_its_worker_did(self):
        worker = self.serve()
        self.assertEqual(self.instance.get("/")[0], 200)
        self.command("recycle", "Main")
        self.instance.event("worker-ended", where=lambda event: event["fields"]["worker"] == worker["worker"])
        # By default pools do not log that they are recycled by hand.
        # The router may have answered again by itself.
        self.wait_for("SELECT worker, outcome, exit_code, reason, requests BETWEEN 1 AND 2 FROM worker_processes "
                      "ORDER BY started LIMIT 1", [[worker["worker"], "exited", 0, "recycled-on-demand", 1]])
        [[pool, reason, times, lifetime]] = self.rows(self.example("was each pool recycled"))
        self.assertEqual((pool, reason, times), ("Main", "recycled-on-demand", 1))
        names = [row[2] for row in self.rows(self.example("between two times"))]
        for name in ["worker-started", "worker-ready", "operation-requested", "worker-ended"]:
            self.assertIn(name, names)
        self.instance.stop()

    def test_what_a_stopped_server_did_last_is_there(self):
        worker = self.serve()
        self.instance.stop()
        self.assertEqual(self.rows("SELECT name FROM events ORDER BY time DESC, sequence DESC LIMIT 1"),
                         [["server-stopped"]])
        self.assertEqual(self.rows("SELECT pid, outcome, reason FROM worker_processes"),
                         [[worker["pid"], "exited", "server-stopping"]])
        # Each event once, as the files have them.
        kept = sum(len(path.read_bytes().splitlines()) for path in (self.instance.state / "events").iterdir())
        self.assertEqual(self.rows("SELECT count(*), count(DISTINCT sequence) FROM events"), [[kept, kept]])

    def test_a_worker_that_outlives_its_master_goes_on_and_one_that_does_not_is_lost(self):
        worker = self.serve()
        self.instance.die()
        self.instance.serve()
        self.instance.event("roles-adopted")
        self.wait_for("SELECT pid, ended, outcome FROM worker_processes", [[worker["pid"], None, None]])
        self.instance.die()
        os.kill(worker["pid"], signal.SIGKILL)
        self.instance.serve()
        self.wait_for("SELECT pid, outcome, ended IS NULL FROM worker_processes", [[worker["pid"], "lost", 0]])
        self.instance.stop()

    def test_who_changed_the_bindings_of_a_site_and_when(self):
        self.instance.serve()
        self.wait_for("SELECT count(*) FROM history.versions", [[1]])
        text = self.instance.configuration.read_text()
        draft = self.instance.path / "draft"
        draft.write_text(text.replace("</bindings>", '<binding protocol="http" bindingInformation="*:1:new.test"/></bindings>'))
        draft.rename(self.instance.configuration)
        self.wait_for("SELECT count(*) FROM history.versions", [[2]])
        [[time, author, tool, old, new, comment, version]] = self.rows(self.example("changed the bindings"))
        self.assertRegex(time, r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual((tool, old, new, version), ("file", None, "http/*:1:new.test", 2))
        self.assertTrue(author)
        self.instance.stop()

    def test_every_question_of_the_page_is_answered_beside_a_server(self):
        self.serve()
        self.wait_for("SELECT count(*) > 0 FROM events", [[1]])
        wait_until(lambda: self.ask("SELECT 1").stderr == "", "there is no mirror")
        for question in self.examples():
            with self.subTest(question):
                answer = self.ask(question)
                self.assertEqual((answer.returncode, answer.stderr), (0, ""))
        self.instance.stop()

    def test_nothing_of_the_history_can_be_written_by_a_question(self):
        self.serve()
        self.wait_for("SELECT count(*) > 0 FROM events", [[1]])
        for statement in ["DELETE FROM history.event", "DELETE FROM events", "UPDATE history.event_place SET sequence = 0",
                          "DROP TABLE history.worker_process", "PRAGMA history.user_version = 7"]:
            with self.subTest(statement):
                self.assertEqual(self.ask(statement).returncode, 1)
        self.instance.stop()

    def test_a_history_of_another_version_is_said(self):
        self.instance.serve()
        self.wait_for("SELECT count(*) > 0 FROM events", [[1]])
        self.instance.stop()
        for version, words in [(1, "an earlier version"), (99, "a later version")]:
            store = sqlite3.connect(self.instance.state / "history.db")
            store.execute(f"PRAGMA user_version = {version}")
            store.close()
            answer = self.ask("SELECT count(*) > 0 FROM events", "--format", "csv")
            self.assertEqual(answer.stdout.splitlines()[1:], ["1"])
            self.assertIn(words, answer.stderr)

    def test_what_is_kept_no_longer_is_removed_while_the_server_runs(self):
        self.instance.configure(
            self.instance.site("Main", 1),
            more='<system.applicationHost><configHistory maxEvents="1000"/></system.applicationHost>')
        self.instance.serve()
        self.wait_for("SELECT count(*) > 0 FROM events", [[1]])
        self.instance.stop()
        store = sqlite3.connect(self.instance.state / "history.db")
        with store:
            store.executemany(
                "INSERT INTO event (sequence, time, id, level, name, object, text, fields) "
                "VALUES (?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 hour', ? || ' seconds'), 1, 'information', 'old', '', '', '{}')",
                ((number, number / 10) for number in range(5000)))
        store.close()
        self.instance.serve()
        self.wait_for("SELECT count(*) BETWEEN 900 AND 1100 FROM events", [[1]])
        self.instance.stop()


if __name__ == "__main__":
    unittest.main()
