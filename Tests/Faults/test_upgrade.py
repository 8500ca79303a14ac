"""Upgrade in place: the master becomes its new version, and replaces everything without a failed request."""

import os
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import BINARIES, PATIENCE, Instance, is_running, wait_until  # noqa: E402
from load import Load  # noqa: E402


class Upgrade(unittest.TestCase):
    def instance(self, *arguments, **named):
        instance = Instance(*arguments, **named)
        self.addCleanup(instance.clean)
        return instance

    def upgrade(self, instance):
        before = instance.count()
        instance.signal(signal.SIGUSR2)
        instance.event("upgrade-finished", after=before)

    def test_three_upgrades_under_load_fail_no_request_and_replace_every_role(self):
        instance = self.instance(pools='<add name="Main"/><add name="Other"/>')
        instance.configure(
            instance.site("Main", 1) + instance.site("Other", 2, host="other.test", pool="Other"),
            '<add name="Main"/><add name="Other"/>')
        instance.serve()
        master = instance.process.pid
        with Load(instance.port) as load, Load(instance.port, clients=2, host="other.test", pause=0.05) as others:
            for _ in range(3):
                old = instance.roles()
                self.upgrade(instance)
                load.wait_for(50)
                others.wait_for(4)
                wait_until(lambda: not any(is_running(pid) for pid in old), f"of {old} some live on")
        self.assertEqual(load.failures + others.failures, [])
        self.assertEqual(instance.process.pid, master)
        self.assertIsNone(instance.process.poll())
        self.assertEqual((len(instance.pid("hostelry-router")), len(instance.pid("hostelry-worker"))), (1, 2))
        instance.stop()

    def test_an_idle_connection_gets_its_next_answer_from_the_old_router_and_then_the_new_one_serves(self):
        instance = self.instance().serve()
        connection = instance.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/", headers={"Host": "localhost"})
        connection.getresponse().read()
        router, = instance.pid("hostelry-router")
        self.upgrade(instance)
        connection.request("GET", "/", headers={"Host": "localhost"})
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.getheader("Connection")), (200, "close"))
        answer.read()
        wait_until(lambda: not is_running(router), "the old router lives on")
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    def command(self, instance):
        return subprocess.run(
            [BINARIES / "hostelry", "upgrade", "--state", instance.state], capture_output=True, text=True, timeout=PATIENCE)

    def test_the_command_returns_when_the_new_version_has_taken_over(self):
        instance = self.instance().serve()
        instance.get("/")
        before = instance.count()
        result = self.command(instance)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn(f"has taken over, as process {instance.process.pid}.", result.stdout)
        instance.event("upgrade-finished", after=before)
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    def test_the_command_says_why_there_is_no_upgrade(self):
        instance = self.instance().serve()
        instance.configuration.write_text("<configuration>\n")
        result = self.command(instance)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn(str(instance.configuration), result.stderr)
        instance.stop()

    def test_a_new_version_that_does_not_start_changes_nothing(self):
        instance = self.instance()
        programs = instance.path / "programs"
        programs.mkdir()
        for name in ("hostelry", "hostelry-router", "hostelry-worker"):
            shutil.copy(BINARIES / name, programs / name)
        instance.programs = programs
        instance.serve()
        instance.get("/")
        roles = instance.roles()
        broken = programs / "broken"
        broken.write_text("#!/bin/sh\nexit 3\n")
        broken.chmod(0o755)
        os.replace(broken, programs / "hostelry")
        instance.signal(signal.SIGUSR2)
        refused = instance.event("upgrade-refused")
        self.assertIn("status 3", refused["text"])
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertEqual(instance.roles(), roles)
        instance.stop()

    def test_a_configuration_that_cannot_be_read_refuses_the_upgrade(self):
        instance = self.instance().serve()
        instance.configuration.write_text("<configuration>\n")
        instance.signal(signal.SIGUSR2)
        refused = instance.event("upgrade-refused")
        self.assertIn(str(instance.configuration), refused["text"])
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    def test_the_lock_stays_with_the_master_and_a_second_one_is_refused(self):
        instance = self.instance().serve()
        self.upgrade(instance)
        second = Instance()
        self.addCleanup(second.clean)
        second.state = instance.state
        second.start()
        self.assertEqual(second.ended(), 1)
        self.assertIn(f"process {instance.process.pid}", second.event("server-cannot-start")["text"])
        # What it found in the folder is not its own.
        second.state = second.path / "state"
        instance.stop()


if __name__ == "__main__":
    unittest.main()
