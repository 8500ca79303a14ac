"""Files that do not come, or come late, stall nobody who asks for others.

The slow folder is a file system of the test's own, which holds back what the test says until it is told to go on; so
nothing here depends on how fast the machine is.
"""

import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

import slow_folder  # noqa: E402
from instance import PATIENCE, Instance  # noqa: E402
from slow_folder import FLUSH, GETATTR, LOOKUP, OPEN, OPENDIR, READ  # noqa: E402

COLD = 4


@unittest.skipUnless(slow_folder.is_possible(), "only root may mount a slow file system, and /dev/fuse must be there")
class SlowDisk(unittest.TestCase):
    def serve(self, size):
        instance = Instance()
        self.addCleanup(instance.clean)
        instance.write("content/warm.txt", "warm" * 5000)
        for number in range(40):
            instance.write(f"content/new-{number}.txt", f"new {number}")
        files = {f"cold-{number}.txt": bytes([97 + number]) * size for number in range(COLD)}
        files["index.html"] = b"the slow page"
        folder = slow_folder.SlowFolder(instance.path / "content" / "slow", files)
        try:
            folder.__enter__()
        except OSError as failure:
            self.skipTest(f"no file system can be mounted here: {failure}")
        self.addCleanup(folder.__exit__)
        instance.serve()
        self.assertEqual(instance.get("/warm.txt"), (200, "warm" * 5000))
        return instance, folder, files

    def held(self, kind, size=20_000, paths=None):
        instance, folder, files = self.serve(size)
        paths = paths or [f"/slow/cold-{number}.txt" for number in range(COLD)]
        answers = {}

        def ask(path):
            answers[path] = instance.get(path)

        folder.hold(kind)
        threads = [threading.Thread(target=ask, args=(path,), daemon=True) for path in paths]
        for thread in threads:
            thread.start()
        self.assertTrue(folder.wait_for(kind, 1, PATIENCE), "nobody asks for the slow files")
        # Files in memory, files that nobody asked for yet, and what is not there.
        for number in range(40):
            self.assertEqual(instance.get("/warm.txt"), (200, "warm" * 5000))
            self.assertEqual(instance.get(f"/new-{number}.txt"), (200, f"new {number}"))
            self.assertEqual(instance.get(f"/missing-{number}.txt")[0], 404)
        self.assertEqual(answers, {})
        folder.release()
        for thread in threads:
            thread.join(PATIENCE)
        return answers, files

    def check(self, kind, size=20_000):
        answers, files = self.held(kind, size)
        self.assertEqual(
            answers, {f"/slow/{name}": (200, text.decode()) for name, text in files.items() if name != "index.html"})

    def test_files_that_are_looked_for_stall_nobody(self):
        self.check(LOOKUP)

    def test_files_whose_state_is_asked_for_stall_nobody(self):
        self.check(GETATTR)

    def test_files_that_are_opened_stall_nobody(self):
        self.check(OPEN)

    def test_files_that_are_read_stall_nobody(self):
        self.check(READ)

    def test_large_files_that_are_read_stall_nobody(self):
        self.check(READ, 400_000)

    def test_files_that_are_closed_stall_nobody(self):
        self.check(FLUSH)

    def test_large_files_that_are_closed_stall_nobody(self):
        self.check(FLUSH, 400_000)

    def test_folders_that_are_looked_through_stall_nobody(self):
        answers, _ = self.held(OPENDIR, paths=["/slow/"])
        self.assertEqual(answers, {"/slow/": (200, "the slow page")})

    def test_default_documents_that_are_looked_for_stall_nobody(self):
        answers, _ = self.held(LOOKUP, paths=["/slow/"])
        self.assertEqual(answers, {"/slow/": (200, "the slow page")})
