"""The history cannot take what happens: the server serves on, says it once, and catches up."""

import os
import signal
import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import Instance, wait_until  # noqa: E402


class SpoiltHistory(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        self.history = self.instance.state / "history.db"

    def events(self):
        try:
            store = sqlite3.connect(f"file:{self.history}?mode=ro", uri=True)
            try:
                return [row[0] for row in store.execute("SELECT sequence FROM events ORDER BY sequence")]
            finally:
                store.close()
        except sqlite3.Error:
            return []

    def kept(self, words=b""):
        """How many events the files hold that have those words."""
        return sum(words in line for path in (self.instance.state / "events").iterdir()
                   for line in path.read_bytes().splitlines())

    def caught_up(self):
        wait_until(lambda: self.events() == list(range(1, self.kept() + 1)), "the history is behind")

    def serves(self):
        self.assertEqual(self.instance.get("/")[0], 200)

    def crash(self):
        """Something happens: of five within five minutes rapid-fail protection would take the pool offline."""
        self.serves()
        before = self.instance.count()
        os.kill(self.instance.pid("hostelry-worker")[0], signal.SIGKILL)
        self.instance.event("worker-crashed", after=before)
        self.serves()

    def wait_for_crash(self, number):
        """A master that is killed takes along what it has not written yet."""
        wait_until(lambda: self.kept(b'"worker-crashed"') == number, "the crash is not in the files")

    def unavailable(self):
        return sum(1 for event in self.instance.events
                   if event["event"] == "history-unavailable" and "not copied" in event["text"])

    def test_one_that_another_program_holds_is_said_once_and_catches_up(self):
        self.instance.serve()
        self.caught_up()
        holder = sqlite3.connect(self.history, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        self.crash()
        self.instance.event("history-unavailable", where=lambda event: "not copied" in event["text"])
        self.crash()
        self.assertNotEqual(len(self.events()), self.kept())
        holder.execute("ROLLBACK")
        holder.close()
        self.instance.event("history-caught-up")
        self.caught_up()
        self.assertEqual(self.unavailable(), 1)
        self.instance.stop()

    def test_one_that_is_damaged_while_the_server_runs_comes_back_from_the_files(self):
        self.instance.serve()
        self.crash()
        self.caught_up()
        self.instance.stop()
        self.history.write_bytes(b"rubbish " * 4096)
        self.instance.serve()
        self.instance.event("history-set-aside")
        self.crash()
        self.caught_up()
        self.instance.stop()

    def test_one_that_is_deleted_while_the_server_runs_is_made_again_of_the_files(self):
        self.instance.serve()
        self.crash()
        self.caught_up()
        for file in self.instance.state.glob("history.*db*"):
            file.unlink()
        self.crash()
        self.caught_up()
        self.instance.stop()

    def test_one_that_cannot_be_written_is_said_and_serving_goes_on(self):
        self.instance.state.mkdir(mode=0o711)
        self.history.mkdir()
        self.instance.serve()
        self.instance.event("history-unavailable", where=lambda event: "not copied" in event["text"])
        self.crash()
        self.history.rmdir()
        self.instance.event("history-caught-up")
        self.caught_up()
        self.instance.stop()

    def test_a_master_that_is_killed_again_and_again_loses_and_doubles_nothing(self):
        for number in range(1, 5):
            self.instance.serve()
            self.crash()
            self.wait_for_crash(number)
            self.instance.die()
        self.instance.serve()
        self.caught_up()
        store = sqlite3.connect(f"file:{self.history}?mode=ro", uri=True)
        outcomes = store.execute("SELECT count(*) FROM worker_processes WHERE outcome = 'crashed'").fetchone()
        store.close()
        self.assertEqual(outcomes, (4,))
        self.instance.stop()


if __name__ == "__main__":
    unittest.main()
