"""The mirror of the configuration is lost, spoilt or held by others: the server serves on, and says it."""

import signal
import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import Instance, wait_until  # noqa: E402


class SpoiltMirror(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        self.mirror = self.instance.state / "mirror.db"

    def sites(self):
        try:
            store = sqlite3.connect(f"file:{self.mirror}?mode=ro", uri=True)
            try:
                return store.execute("SELECT count(*) FROM sites").fetchone()[0]
            finally:
                store.close()
        except sqlite3.Error:
            return None

    def mirrored(self, count):
        wait_until(lambda: self.sites() == count, "the mirror is behind")

    def change(self, count):
        self.instance.configure("".join(
            self.instance.site(f"Site{number}", number, host="" if number == 1 else f"{number}.test")
            for number in range(1, count + 1)))
        self.instance.signal(signal.SIGHUP)

    def serves(self):
        self.assertEqual(self.instance.get("/")[0], 200)

    def test_one_that_is_deleted_is_made_again_with_the_next_change(self):
        self.instance.serve()
        self.mirrored(1)
        for file in self.instance.state.glob("mirror.db*"):
            file.unlink()
        self.serves()
        self.change(2)
        self.mirrored(2)
        self.instance.stop()

    def test_one_that_is_deleted_is_made_again_without_a_change(self):
        self.instance.serve()
        self.mirrored(1)
        for file in self.instance.state.glob("mirror.db*"):
            file.unlink()
        self.serves()
        self.mirrored(1)
        self.instance.stop()

    def test_one_that_is_rubbish_is_made_again_and_that_is_said(self):
        self.instance.state.mkdir(mode=0o711)
        self.mirror.write_bytes(b"rubbish " * 4096)
        self.instance.serve()
        self.instance.event("mirror-rebuilt")
        self.mirrored(1)
        self.serves()
        self.instance.stop()

    def test_one_that_another_program_holds_is_said_and_written_later(self):
        self.instance.serve()
        self.mirrored(1)
        holder = sqlite3.connect(self.mirror, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        self.change(2)
        self.instance.event("mirror-unavailable")
        self.serves()
        holder.execute("ROLLBACK")
        holder.close()
        self.instance.event("mirror-back")
        self.mirrored(2)
        self.instance.stop()

    def test_one_that_cannot_be_written_is_said(self):
        self.instance.state.mkdir(mode=0o711)
        self.mirror.mkdir()
        self.instance.serve()
        self.instance.event("mirror-unavailable")
        self.serves()
        self.instance.stop()

    def test_one_of_a_later_version_is_left_alone_and_that_is_said(self):
        self.instance.state.mkdir(mode=0o711)
        store = sqlite3.connect(self.mirror)
        store.execute("PRAGMA user_version = 99")
        store.execute("CREATE TABLE later (x)")
        store.commit()
        store.close()
        before = self.mirror.read_bytes()
        self.instance.serve()
        self.instance.event("mirror-unavailable")
        self.serves()
        self.instance.stop()
        self.assertEqual(self.mirror.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
