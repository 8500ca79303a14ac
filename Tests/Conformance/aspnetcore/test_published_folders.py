"""Folders as 'dotnet publish' leaves them for Linux, without a web.config, run by one command."""

import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from aspnetcore import dotnet
from aspnetcore.hosted import web_config
from instance import is_running, processes_of, wait_until
from test_express import Express


class PublishedFolders(unittest.TestCase):
    def express(self, source):
        """The command that serves a copy of a published folder, and the folder."""
        if dotnet.MISSING:
            self.skipTest(dotnet.MISSING)
        base = Path(tempfile.mkdtemp(prefix="hostelry-published-"))
        self.addCleanup(shutil.rmtree, base, ignore_errors=True)
        folder = base / "app"
        shutil.copytree(dotnet.PUBLISHED / source, folder, copy_function=shutil.copy)
        folder.chmod(0o755)
        (folder / "web.config").unlink(missing_ok=True)
        with mock.patch.dict(os.environ, dotnet.variables()):
            return Express(self, "--path", folder, base=base), folder

    def serves(self, source, path, text):
        express, folder = self.express(source)
        before = sorted(entry.name for entry in folder.iterdir())
        _, port = express.address()
        status, body = express.get(path, port)
        self.assertEqual(status, 200)
        self.assertIn(text, body)
        self.assertEqual(express.interrupt(), 0, express.errors)
        # Nothing is left in it.
        self.assertEqual(sorted(entry.name for entry in folder.iterdir()), before)

    def test_one_for_linux_runs_by_its_program(self):
        self.serves("web-linux-x64", "/", "Hello World!")

    def test_a_portable_one_runs_by_dotnet(self):
        self.serves("razor-pages", "/", "Welcome")

    def test_one_for_windows_runs_by_its_library(self):
        self.serves("web-win-x64", "/", "Hello World!")

    def test_one_with_a_web_config_that_is_written_meanwhile_goes_on(self):
        express, folder = self.express("web-linux-x64")
        _, port = express.address()
        self.assertEqual(express.get("/", port), (200, "Hello World!"))
        shutil.copy(dotnet.PUBLISHED / "web" / "web.config", folder / "web.config")
        for _ in range(3):
            self.assertEqual(express.get("/", port), (200, "Hello World!"))
        self.assertEqual(express.interrupt(), 0, express.errors)


class ChangedFolders(unittest.TestCase):
    def test_another_hosting_model_replaces_the_worker_and_no_request_fails(self):
        base = Path(tempfile.mkdtemp(prefix="hostelry-changed-"))
        self.addCleanup(shutil.rmtree, base, ignore_errors=True)
        folder = base / "app"
        folder.mkdir()
        shutil.copy(Path(__file__).with_name("backend.py"), folder)
        (folder / "web.config").write_text(web_config(sys.executable, "backend.py", model="outofprocess"))
        express = Express(self, "--path", folder, base=base)
        _, port = express.address()
        first = express.get("/pid", port)
        self.assertEqual(first[0], 200)
        [worker] = [pid for pid in processes_of(express.process.pid) if int(first[1]) in processes_of(pid)]
        (folder / "web.config").write_text(web_config(sys.executable, "backend.py", model="inprocess"))

        def is_replaced():
            self.assertEqual(express.get("/pid", port)[0], 200)
            return not is_running(worker)
        wait_until(is_replaced, "the worker goes on")
        self.assertNotEqual(express.get("/pid", port), first)
        self.assertEqual(express.interrupt(), 0, express.errors)


if __name__ == "__main__":
    unittest.main()
