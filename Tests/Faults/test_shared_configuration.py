"""Several servers read one configuration; the folder changes, goes, comes back, hangs, and holds what is broken."""

import concurrent.futures
import ctypes
import hashlib
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import BINARIES, Instance, wait_until  # noqa: E402
from load import Load  # noqa: E402

REDIRECTION = """<configuration>
  <configSections><section name="configurationRedirection"/></configSections>
  <configurationRedirection enabled="{enabled}" path="{path}" pollingPeriod="00:00:01"/>
</configuration>
"""


def unfinished_change(path, old, new):
    """What a crash leaves in STATE/intent behind the writing of one file."""
    def number(value):
        return struct.pack("<q", value)

    def field(value):
        return number(len(value)) + value

    body = number(1000) + number(-1) + field(b"") + field(b"hostelry history restore") + field(b"") + number(1)
    body += field(os.fsencode(path)) + field(hashlib.sha256(old).digest()) + field(hashlib.sha256(new).digest())
    body += number(1) + number(0o644) + number(-1) + number(-1)
    return f"hostelry-change 1 {len(body)} {hashlib.sha256(body).hexdigest()}\n".encode() + body


class HangingFolder:
    """Mounts a file system that answers nothing over a folder: whoever looks waits until it is taken away."""

    def __init__(self, path):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.path = os.fsencode(path)
        self.device = os.open("/dev/fuse", os.O_RDWR)
        options = f"fd={self.device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
        if self.libc.mount(b"hanging", self.path, b"fuse", 0, options) != 0:
            os.close(self.device)
            raise unittest.SkipTest(f"no file system may be mounted: {os.strerror(ctypes.get_errno())}")

    def end(self):
        if self.device is not None:
            self.libc.umount2(self.path, 2)
            os.close(self.device)
            self.device = None


class Sharing(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hostelry-shared-"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.share = self.folder / "share"
        self.share.mkdir()
        self.file = self.share / "applicationHost.config"

    def instance(self):
        instance = Instance()
        self.addCleanup(instance.clean)
        instance.content("other", "index.html", "the other page")
        return instance

    @staticmethod
    def give_network(instance):
        """Servers of one configuration open the same ports: each gets a network of its own."""
        program = instance.path / "programs" / "hostelry"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec unshare --net "{BINARIES}/hostelry" "$@"\n')
        program.chmod(0o755)
        instance.programs = program.parent

    def redirect(self, instance, enabled="true"):
        text = REDIRECTION.format(enabled=enabled, path=self.share)
        new = instance.path / "redirection.new"
        new.write_text(text)
        new.rename(instance.path / "redirection.config")

    def text(self, instance, folder="content", more=""):
        """A configuration that serves a folder beside the local file."""
        before = instance.configuration.read_text()
        instance.configure(instance.site("Main", 1, folder=folder) + more)
        text = instance.configuration.read_text()
        instance.configuration.write_text(before)
        return text

    def replace(self, text):
        """As editors save."""
        new = self.share / f"editor-{random.randrange(1 << 30)}"
        new.write_text(text)
        new.rename(self.file)

    def shows(self, instance, page):
        wait_until(lambda: instance.get("/")[1] == page, f"the answer is not {page!r}")

    def run_program(self, instance, *arguments, limit=60):
        return subprocess.run(
            [BINARIES / "hostelry", *arguments, "--config", instance.configuration, "--state", instance.state],
            capture_output=True, text=True, timeout=limit)

    def ask(self, instance, *arguments, limit=60):
        return subprocess.run(
            [BINARIES / "hostelry", *arguments, "--state", instance.state], capture_output=True, text=True, timeout=limit)

    def status(self, instance):
        return json.loads(self.ask(instance, "status", "--json").stdout)

    def shared_state(self, instance):
        return (self.status(instance)["sharedConfiguration"] or {}).get("state")


class FollowingAShare(Sharing):
    def test_the_shared_file_takes_the_local_ones_place_and_is_followed(self):
        instance = self.instance()
        self.replace(self.text(instance, "other"))
        self.redirect(instance)
        instance.serve()
        self.shows(instance, "the other page")
        self.assertEqual(self.status(instance)["server"]["configuration"], str(self.file))
        # A redirection in the shared folder says nothing.
        (self.share / "redirection.config").write_text(REDIRECTION.format(enabled="true", path=instance.path))
        self.replace(self.text(instance))
        self.shows(instance, "the page")
        with open(self.file, "w") as file:
            text = self.text(instance, "other")
            file.write(text[:100])
            file.flush()
            file.write(text[100:])
        self.shows(instance, "the other page")
        self.assertEqual(self.run_program(instance, "check").returncode, 0)
        instance.stop()
        self.assertEqual([e for e in instance.events if e["event"] == "configuration-rejected"], [])

    def test_a_redirection_is_enabled_and_disabled_without_a_restart_or_a_failed_request(self):
        instance = self.instance().serve()
        self.shows(instance, "the page")
        self.replace(self.text(instance, "other"))
        with Load(instance.port) as load:
            for _ in range(3):
                self.redirect(instance)
                self.shows(instance, "the other page")
                self.redirect(instance, enabled="false")
                self.shows(instance, "the page")
            load.wait_for(20)
        self.assertEqual(load.failures, [])
        self.assertIsNone(self.shared_state(instance))
        instance.stop()

    def test_a_broken_redirection_changes_nothing_and_is_told(self):
        instance = self.instance().serve()
        (instance.path / "redirection.config").write_text("<configuration><configuration")
        event = instance.event("configuration-rejected")
        self.assertIn("redirection.config", event["fields"]["file"])
        self.shows(instance, "the page")
        instance.stop()

    def test_a_broken_file_on_the_share_keeps_what_is_served_also_across_a_restart(self):
        instance = self.instance()
        good = self.text(instance)
        self.replace(good)
        self.redirect(instance)
        instance.serve()
        wait_until(lambda: (instance.state / "shared-copy" / "copy").exists(), "no copy is kept")
        self.replace(good.replace("</sites>", ""))
        instance.event("configuration-rejected")
        self.shows(instance, "the page")
        wait_until(lambda: self.shared_state(instance) == "rejected", "the status does not tell")
        instance.die()
        instance.serve()
        self.shows(instance, "the page")
        self.replace(self.text(instance, "other"))
        self.shows(instance, "the other page")
        instance.stop()

    def test_a_folder_without_a_configuration_is_no_reason_to_stop_serving(self):
        instance = self.instance().serve()
        self.redirect(instance)
        event = instance.event("shared-configuration-away")
        self.assertIn("applicationHost.config", event["text"])
        self.shows(instance, "the page")
        self.assertEqual(self.run_program(instance, "check").returncode, 1)
        self.replace(self.text(instance, "other"))
        self.shows(instance, "the other page")
        instance.stop()

    def test_a_server_that_never_had_the_share_does_not_start_and_says_what_to_do(self):
        instance = self.instance()
        self.redirect(instance)
        instance.start()
        event = instance.event("server-cannot-start")
        self.assertIn("hostelry shared disable", event["text"])
        self.assertEqual(instance.ended(), 1)


class ShareAway(Sharing):
    def test_a_share_that_goes_and_comes_back_is_caught_up_with_also_across_a_restart(self):
        instance = self.instance()
        self.replace(self.text(instance))
        self.redirect(instance)
        instance.serve()
        wait_until(lambda: (instance.state / "shared-copy" / "copy").exists(), "no copy is kept")
        away = self.folder / "away"
        with Load(instance.port) as load:
            self.share.rename(away)
            event = instance.event("shared-configuration-away")
            self.assertIn("hostelry shared disable", event["text"])
            self.assertEqual(self.shared_state(instance), "away")
            (away / "applicationHost.config").write_text(self.text(instance, "other"))
            away.rename(self.share)
            instance.event("shared-configuration-back")
            self.shows(instance, "the other page")
            self.assertEqual(self.shared_state(instance), "followed")
            self.share.rename(away)
            instance.event("shared-configuration-away", after=instance.count() - 1)
            load.wait_for(10)
        self.assertEqual(load.failures, [])
        instance.die()
        instance.serve()
        instance.event("shared-configuration-away")
        self.shows(instance, "the other page")
        (away / "applicationHost.config").write_text(self.text(instance))
        away.rename(self.share)
        self.shows(instance, "the page")
        instance.stop()

    @unittest.skipUnless(os.geteuid() == 0 and os.path.exists("/dev/fuse"), "needs root and FUSE")
    def test_a_share_that_hangs_keeps_nobody_waiting(self):
        instance = self.instance()
        self.replace(self.text(instance))
        self.redirect(instance)
        instance.serve()
        wait_until(lambda: (instance.state / "shared-copy" / "copy").exists(), "no copy is kept")
        hanging = HangingFolder(self.share)
        self.addCleanup(hanging.end)
        with Load(instance.port) as load:
            instance.event("shared-configuration-away")
            self.assertEqual(self.shared_state(instance), "away")
            self.assertEqual(self.ask(instance, "reload").returncode, 1)
            self.assertEqual(self.run_program(instance, "shared", "status").returncode, 0)
            load.wait_for(10)
        self.assertEqual(load.failures, [])
        instance.die()
        instance.serve()
        self.shows(instance, "the page")
        hanging.end()
        self.replace(self.text(instance, "other"))
        self.shows(instance, "the other page")
        instance.stop()

    @unittest.skipUnless(os.geteuid() == 0 and os.path.exists("/dev/fuse"), "needs root and FUSE")
    def test_a_change_that_stopped_half_way_on_a_share_that_hangs_keeps_no_server_from_starting(self):
        instance = self.instance()
        old, new = self.text(instance), self.text(instance, "other")
        self.replace(old)
        self.redirect(instance)
        instance.serve()
        wait_until(lambda: (instance.state / "shared-copy" / "copy").exists(), "no copy is kept")
        instance.die()
        self.replace(new)
        intent = instance.state / "intent"
        intent.write_bytes(unfinished_change(self.file, old.encode(), new.encode()))
        hanging = HangingFolder(self.share)
        self.addCleanup(hanging.end)
        instance.serve()
        self.assertIn(str(self.file), instance.event("history-unavailable")["text"])
        self.shows(instance, "the page")
        # Nothing is changed meanwhile.
        refused = self.run_program(instance, "backup", "add", "one")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("does not answer", refused.stdout + refused.stderr)
        refused = self.run_program(instance, "history", "restore", "1")
        self.assertEqual(refused.returncode, 1)
        self.assertRegex(refused.stdout + refused.stderr, "stopped half-way|does not answer")
        self.assertNotEqual(intent.read_bytes(), b"")
        hanging.end()
        self.shows(instance, "the other page")
        instance.event("change-finished")
        wait_until(lambda: intent.read_bytes() == b"", "the change is not finished")
        # It hangs again behind a crash, and the server leaves the folder for good, the change in it included.
        hanging = HangingFolder(self.share)
        self.addCleanup(hanging.end)
        intent.write_bytes(unfinished_change(self.file, new.encode(), old.encode()))
        done = self.run_program(instance, "shared", "disable")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("given up", done.stdout)
        self.shows(instance, "the page")
        self.assertEqual(intent.read_bytes(), b"")
        hanging.end()
        instance.stop()

    @unittest.skipUnless(os.geteuid() == 0 and os.path.exists("/dev/fuse"), "needs root and FUSE")
    def test_a_command_that_waits_for_a_share_that_hangs_keeps_no_other_from_its_work(self):
        instance = self.instance()
        old, new = self.text(instance), self.text(instance, "other")
        self.replace(new)
        self.redirect(instance)
        instance.state.mkdir(exist_ok=True)
        intent = instance.state / "intent"
        intent.write_bytes(unfinished_change(self.file, old.encode(), new.encode()))
        hanging = HangingFolder(self.share)
        self.addCleanup(hanging.end)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            both = [pool.submit(self.run_program, instance, "shared", "disable") for _ in range(2)]
            done = sorted((each.result() for each in both), key=lambda each: each.returncode)
        said = "".join(each.stdout + each.stderr for each in done)
        self.assertEqual(done[0].returncode, 0, said)
        # Whoever comes second may find his work done.
        if done[1].returncode != 0:
            self.assertIn("was changed by somebody else", done[1].stderr)
        self.assertEqual(said.count("is given up"), 1, said)
        self.assertEqual(intent.read_bytes(), b"")
        hanging.end()

    @unittest.skipUnless(os.geteuid() == 0 and os.path.exists("/dev/fuse"), "needs root and FUSE")
    def test_a_command_gives_a_share_that_hangs_up(self):
        instance = self.instance()
        self.redirect(instance)
        hanging = HangingFolder(self.share)
        self.addCleanup(hanging.end)
        check = self.run_program(instance, "check")
        self.assertEqual(check.returncode, 1)
        self.assertIn("does not answer", check.stdout)
        # The way out that the server's event names.
        self.assertEqual(self.run_program(instance, "shared", "disable").returncode, 0)
        hanging.end()
        self.assertEqual(self.run_program(instance, "check").returncode, 0)


@unittest.skipUnless(os.geteuid() == 0, "needs root, for a network of each server's own")
class ManyServers(Sharing):
    CHANGES = 200

    def test_two_hundred_changes_reach_three_servers_and_none_is_lost(self):
        instances = [self.instance() for _ in range(3)]
        first = instances[0]
        for instance in instances:
            self.give_network(instance)
        sites, mark = [], "<!-- here -->"
        base = self.text(first, more=mark)
        self.replace(base)
        for instance in instances:
            self.redirect(instance)
            instance.start()
        for instance in instances:
            instance.event("server-started")
        dice = random.Random(7)
        for number in range(2, self.CHANGES + 2):
            sites.append(number)
            text = self.file.read_text()
            text = text.replace(mark, first.site(f"Site {number}", number, host=f"s{number}.test") + mark)
            if dice.random() < 0.5:
                self.replace(text)
            else:
                self.file.write_text(text)
        wanted = {1, *sites}
        for instance in instances:
            wait_until(lambda: {s["id"] for s in self.status(instance)["sites"]} == wanted, "a change is missing")
        copies = {next((i.state / "shared-copy").glob("applicationHost-*")).name for i in instances}
        digits = hashlib.sha256(self.file.read_bytes()).hexdigest()[:16]
        self.assertEqual(copies, {f"applicationHost-{digits}.sealed"})
        for instance in instances:
            instance.stop()


class SharedCommand(Sharing):
    def test_enabling_checks_first_and_disabling_leads_back(self):
        instance = self.instance().serve()
        self.shows(instance, "the page")
        self.replace(self.text(instance, "other").replace("<bindings>", "<bindings><nonsense/>"))
        refused = self.run_program(instance, "shared", "enable", "--path", self.share)
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertFalse((instance.path / "redirection.config").exists())
        self.replace(self.text(instance, "other"))
        trial = self.run_program(instance, "shared", "enable", "--path", self.share, "--dry-run")
        self.assertEqual(trial.returncode, 0, trial.stdout + trial.stderr)
        self.assertIn('* site "Main"', trial.stdout)
        self.assertFalse((instance.path / "redirection.config").exists())
        with Load(instance.port) as load:
            done = self.run_program(instance, "shared", "enable", "--path", self.share)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(instance.get("/")[1], "the other page")
            status = json.loads(self.run_program(instance, "shared", "status", "--json").stdout)
            self.assertEqual((status["enabled"], status["server"]["state"]), (True, "followed"))
            # Back without the share, with the copy of it.
            shutil.rmtree(self.share)
            done = self.run_program(instance, "shared", "disable", "--copy-back")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(instance.get("/")[1], "the other page")
            load.wait_for(5)
        self.assertEqual(load.failures, [])
        versions = json.loads(self.ask(instance, "history", "list", "--json").stdout)["versions"]
        tools = [version["tool"] for version in versions if version["tool"].startswith("hostelry")]
        self.assertEqual(tools, ["hostelry shared disable", "hostelry shared enable"])
        self.assertIn("/other", instance.configuration.read_text())
        instance.stop()

    def test_a_folder_that_is_none_is_refused(self):
        instance = self.instance()
        missing = self.run_program(instance, "shared", "enable", "--path", self.folder / "nowhere")
        self.assertEqual(missing.returncode, 1)
        self.assertFalse((instance.path / "redirection.config").exists())
        self.assertEqual(self.run_program(instance, "shared", "disable").returncode, 1)


if __name__ == "__main__":
    unittest.main()
