"""Twenty administrators who work on one server at once, while it is used: what was accepted is there, who was refused was
told why, and nobody who uses the server noticed."""

import json
import subprocess
import sys
import threading
import time
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import BINARIES, Instance  # noqa: E402
from load import Load  # noqa: E402

ADMINISTRATORS = 20
# A command waits for all others where it comes last. Seconds.
PATIENCE = 120


class Administrator(threading.Thread):
    """Makes a site of its own, wants what others want too, changes what is its own, and may remove it again."""

    def __init__(self, instance, number, begin):
        super().__init__(daemon=True)
        self.instance, self.number, self.begin = instance, number, begin
        self.name_of_site = f"Site {number}"
        # Every second one knows IIS.
        self.knows_iis = number % 2 == 1
        self.leaves = number % 5 == 0
        self.folder = instance.path / f"content-{number}"
        # (what was done, whether it was accepted, what was said)
        self.answers = []

    def run(self):
        self.begin.wait()
        host, folder = f"site-{self.number}.test", str(self.folder)
        for step, iis, linux in [
            ("add",
             ["add", "site", f"/name:{self.name_of_site}", f"/bindings:http/*:{self.instance.port}:{host}",
              f"/physicalPath:{folder}"],
             ["site", "add", self.name_of_site, "--host", host, "--port", str(self.instance.port), "--path", folder]),
            ("contest",
             ["add", "site", "/name:Contested", f"/bindings:http/*:{self.instance.port}:contested-{self.number}.test",
              f"/physicalPath:{folder}"],
             ["site", "add", "Contested", "--host", f"contested-{self.number}.test", "--port",
              str(self.instance.port), "--path", folder]),
            ("change",
             ["set", "site", self.name_of_site, f"/limits.maxConnections:{1000 + self.number}"],
             ["site", "set", self.name_of_site, f"limits.maxConnections={1000 + self.number}"]),
            *([("remove", ["delete", "site", self.name_of_site], ["site", "remove", self.name_of_site, "--yes"])]
              if self.leaves else []),
        ]:
            if self.knows_iis:
                words = ["appcmd", *iis, f"/apphostconfig:{self.instance.configuration}",
                         f"/state:{self.instance.state}"]
            else:
                words = [*linux, "--config", str(self.instance.configuration), "--state", str(self.instance.state)]
            began = time.monotonic()
            done = subprocess.run(
                [str(BINARIES / "hostelry"), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=PATIENCE)
            self.answers.append((step, done.returncode == 0, done.stdout + done.stderr, time.monotonic() - began))

    def accepted(self, step):
        return any(name == step and accepted for name, accepted, _, _ in self.answers)


class AdministratorsTest(unittest.TestCase):
    def test_twenty_administrators_at_once_are_each_served_or_told_why_and_no_request_fails(self):
        # appcmd's sites are in IIS's usual pool.
        instance = Instance(pools='<add name="Main"/><add name="DefaultAppPool"/>')
        self.addCleanup(instance.clean)
        for number in range(ADMINISTRATORS):
            instance.content(f"content-{number}", "index.html", f"the page of {number}")
        instance.serve()

        begin = threading.Barrier(ADMINISTRATORS)
        administrators = [Administrator(instance, number, begin) for number in range(ADMINISTRATORS)]
        began = time.monotonic()
        with Load(instance.port, clients=4, expected=b"the page") as load:
            load.wait_for(100)
            for administrator in administrators:
                administrator.start()
            for administrator in administrators:
                administrator.join(2 * PATIENCE)
                self.assertFalse(administrator.is_alive())
            load.wait_for(100)
        took = time.monotonic() - began

        self.assertEqual(load.failures, [])
        answers = [answer for administrator in administrators for answer in administrator.answers]
        for step, accepted, text, _ in answers:
            self.assertTrue(text.strip(), "an answer without a word")
            if not accepted and step == "contest":
                self.assertRegex(text, r"there is a site \"Contested\" already|duplicate collection element")
            else:
                self.assertTrue(accepted, f"{step}: {text}")
        self.assertEqual(sum(administrator.accepted("contest") for administrator in administrators), 1)

        sites = {site.get("name"): site for site in ElementTree.parse(instance.configuration).iter("site")}
        self.assertEqual(
            set(sites),
            {"Main", "Contested", *(a.name_of_site for a in administrators if not a.leaves)})
        self.assertEqual(len({site.get("id") for site in sites.values()}), len(sites), "two sites have one number")
        for administrator in administrators:
            if administrator.leaves:
                continue
            limits = sites[administrator.name_of_site].find("limits")
            self.assertEqual(limits.get("maxConnections"), str(1000 + administrator.number))
            self.assertEqual(
                instance.get(host=f"site-{administrator.number}.test"), (200, f"the page of {administrator.number}"))

        # One version each, and the one that the server began with.
        history = json.loads(subprocess.run(
            [BINARIES / "hostelry", "history", "list", "--limit", "1000", "--json", "--state", instance.state],
            capture_output=True, text=True, timeout=PATIENCE, check=True).stdout)
        changes = sum(accepted for _, accepted, _, _ in answers)
        self.assertEqual(len(history if isinstance(history, list) else history["versions"]), changes + 1)
        instance.stop()
        slowest = max(took for *_, took in answers)
        print(f"{changes} changes by {ADMINISTRATORS} administrators in {took:.1f} s, the slowest command {slowest:.1f} s; "
              f"{load.answers} requests, the slowest {load.slowest * 1000:.0f} ms", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
