"""Two servers write one shared file at the same moment: one wins, the other is told, and nothing is lost or half-written."""

import hashlib
import json
import os
import subprocess
import sys
import unittest
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import BINARIES, wait_until  # noqa: E402
from test_shared_configuration import Sharing  # noqa: E402

ROUNDS = int(os.environ.get("HOSTELRY_ROUNDS", "15"))


class Writers(Sharing):
    def begin(self, instance, *arguments, configuration=None):
        return subprocess.Popen(
            [BINARIES / "hostelry", *arguments, "--config", configuration or instance.configuration, "--state",
             instance.state], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def outcomes(self, processes):
        """Status and what was said, of processes that run at the same time."""
        answers = [process.communicate(timeout=60) for process in processes]
        found = [(process.returncode, answer[0] + answer[1]) for process, answer in zip(processes, answers)]
        self.assertIn(0, [status for status, _ in found], found)
        for status, said in found:
            if status != 0:
                self.assertEqual(status, 1, said)
                self.assertRegex(said, "was changed by somebody else in the meantime, and is left as it is; look at it and try"
                                 " again|another program is writing it")
        return [status for status, _ in found]

    def versions(self, instance):
        answer = self.ask(instance, "history", "list", "--json")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return json.loads(answer.stdout)["versions"]

    def test_no_site_is_lost_of_those_that_two_put_beside_the_others(self):
        """Each reads the file, adds a site, and writes it; whoever comes second has read what is no more."""
        (self.share / "content").mkdir()
        self.replace(self.text(self.instance()))
        writers = [self.instance(), self.instance()]
        exports = {}
        for letter, writer in zip("ab", writers):
            names = [f"{letter}{number}" for number in range(ROUNDS)]
            writer.configure("".join(writer.site(name, 100, host=f"{name}.test", pool=name).replace(
                'id="100"', f'id="{100 + index}"') for index, name in enumerate(names)),
                pools="".join(f'<add name="{name}"/>' for name in names))
            for name in names:
                exports[name] = self.folder / f"export-{name}"
                done = self.run_program(writer, "export", "--site", name, "--without-keys", "--to", exports[name])
                self.assertEqual(done.returncode, 0, done.stderr)
        told = 0
        for number in range(ROUNDS):
            waiting = list(zip("ab", writers))
            while waiting:
                statuses = self.outcomes([
                    self.begin(writer, "import", "--from", exports[f"{letter}{number}"], "--yes", configuration=self.file)
                    for letter, writer in waiting])
                told += len(statuses) - statuses.count(0)
                # As the message says.
                waiting = [one for one, status in zip(waiting, statuses) if status != 0]
            text = self.file.read_text()
            for letter in "ab":
                for past in range(number + 1):
                    self.assertEqual(text.count(f'<site name="{letter}{past}"'), 1, f"{letter}{past} of round {number}")
        self.assertGreater(told, 0, "they never met")
        checked = self.begin(writers[0], "check", configuration=self.file)
        said = checked.communicate(timeout=60)[0]
        self.assertEqual(checked.returncode, 0, said)
        for writer in writers:
            tools = [version["tool"] for version in self.versions(writer)]
            self.assertEqual(tools.count("hostelry import"), ROUNDS, tools)
        self.assertEqual(sorted(path.name for path in self.share.iterdir()
                                if not path.name.startswith(".")), ["applicationHost.config", "content"])

    @unittest.skipUnless(os.geteuid() == 0, "needs root, for a network of each server's own")
    def test_two_running_servers_settle_on_one_file(self):
        instances = [self.instance(), self.instance()]
        contents = [self.text(instances[0]), self.text(instances[0], "other")]
        for instance in instances:
            self.give_network(instance)
        self.replace(contents[0])
        for instance in instances:
            self.redirect(instance)
            instance.serve()
            wait_until(lambda: len(self.versions(instance)) == 1, "the first version is not recorded")
        self.replace(contents[1])
        for instance in instances:
            wait_until(lambda: len(self.versions(instance)) == 2, "the second version is not recorded")
        for _ in range(ROUNDS):
            statuses = self.outcomes([
                self.begin(instance, "history", "restore", str(number + 1))
                for number, instance in enumerate(instances)])
            self.assertIn(self.file.read_text(), contents)
            self.assertIn(0, statuses)
        last = self.file.read_bytes()
        for instance in instances:
            def is_followed():
                newest = self.versions(instance)[0]["hash"]
                copy = next((instance.state / "shared-copy").glob("applicationHost-*"), None)
                return copy and newest.startswith(copy.stem.split("-")[1]) and newest == hashlib.sha256(last).hexdigest()
            wait_until(is_followed, "a server stays behind")
            self.assertEqual((instance.state / "intent").read_bytes(), b"")
            instance.stop()


class Following(Sharing):
    CHANGES = 10

    def delays(self, attributes=""):
        """Between the moment that a file is in place and the event of the server that serves by it. Seconds."""
        instance = self.instance()
        self.replace(self.text(instance))
        self.redirect(instance)
        redirection = instance.path / "redirection.config"
        redirection.write_text(redirection.read_text().replace('pollingPeriod="00:00:01"', attributes))
        # The making of a text touches the local file, which has everything looked at again.
        texts = [self.text(instance, "other"), self.text(instance)]
        instance.serve()
        found = []
        for number in range(self.CHANGES):
            before = instance.count()
            self.replace(texts[number % 2])
            written = self.file.stat().st_ctime
            event = instance.event("configuration-applied", after=before)
            found.append(seconds(event["time"]) - written)
        instance.stop()
        return found

    def test_a_change_is_followed_by_notification_long_before_the_next_look(self):
        """Tests/Benchmarks/shared-following prints how soon: within a second on a machine that is not loaded."""
        self.assertLess(max(self.delays('pollingPeriod="01:00:00"')), 20)

    def test_a_change_that_nobody_announces_is_found_within_the_polling_period(self):
        self.assertLess(max(self.delays('enableUncPolling="true" pollingPeriod="00:00:02"')), 20)


def seconds(text):
    """Of an event's time, since 1970."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


if __name__ == "__main__":
    unittest.main()
