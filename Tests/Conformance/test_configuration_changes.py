"""Changes of the server's file are noticed and applied without anybody asking."""

import os
import pwd
import subprocess
import threading
import unittest

from instance import BINARIES, PATIENCE, Instance, wait_until, web_config

# Takes every inotify instance that its user may have, says so, and holds them until its input ends.
GREEDY = """
import ctypes, sys
libc = ctypes.CDLL(None)
while libc.inotify_init1(0) >= 0:
    pass
print("full", flush=True)
sys.stdin.read()
"""


class ConfigurationChanges(unittest.TestCase):
    def setUp(self):
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        self.instance.content("other", "index.html", "the other page")

    def text(self, folder="content", more=""):
        """The file with one site that serves the folder."""
        configuration = self.instance.configuration
        before = configuration.read_text() if configuration.exists() else ""
        self.instance.configure(self.instance.site("Main", 1, folder=folder), more=more)
        text = configuration.read_text()
        configuration.write_text(before)
        return text

    def shows(self, page):
        wait_until(lambda: self.instance.get("/")[1] == page, f"the answer is not {page!r}")

    def test_a_file_that_is_replaced_is_applied(self):
        new = self.text("other")
        instance = self.instance.serve()
        self.shows("the page")
        (instance.path / "new").write_text(new)
        (instance.path / "new").rename(instance.configuration)
        self.shows("the other page")
        instance.stop()

    def test_a_change_by_a_command_comes_into_force_once(self):
        instance = self.instance.serve()
        for number in (1, 2, 3):
            before = instance.count()
            done = subprocess.run(
                [BINARIES / "hostelry", "site", "set", "Main", f"limits.maxConnections={number}", "--config",
                 instance.configuration, "--state", instance.state], capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            instance.event("configuration-applied", after=before)
            # What an administrator asks for is done whatever has changed, and comes last.
            subprocess.run(
                [BINARIES / "hostelry", "reload", "--state", instance.state], capture_output=True, timeout=PATIENCE,
                check=True)
            wait_until(lambda: self.applied(before) >= 2, "nothing was read again")
            self.assertEqual(self.applied(before), 2)
        instance.stop()

    def applied(self, since):
        return sum(event["event"] == "configuration-applied" for event in self.instance.events[since:])

    def test_a_file_that_is_written_in_pieces_is_applied_and_its_moments_between_are_no_errors(self):
        old, new = self.instance.configuration.read_text(), self.text("other")
        instance = self.instance.serve()
        for text, page in [(new, "the other page"), (old, "the page")] * 3:
            with open(instance.configuration, "w") as file:
                for position in range(0, len(text), 100):
                    file.write(text[position:position + 100])
                    file.flush()
            self.shows(page)
        instance.stop()
        self.assertEqual([e for e in instance.events if e["event"] == "configuration-rejected"], [])

    def test_a_file_behind_a_link_is_applied_when_the_link_leads_elsewhere(self):
        instance = self.instance
        text = instance.configuration.read_text().replace("%HOSTELRY_CONFIG_DIR%", str(instance.path))
        for version, folder in (("one", "content"), ("two", "other")):
            instance.write(f"{version}/host.config", text.replace("/content", f"/{folder}"))
        (instance.path / "current").symlink_to("one")
        instance.configuration.unlink()
        instance.configuration.symlink_to("current/host.config")
        instance.serve()
        self.shows("the page")
        # As those who keep whole versions side by side switch over.
        (instance.path / "next").symlink_to("two")
        (instance.path / "next").rename(instance.path / "current")
        self.shows("the other page")
        (instance.path / "two" / "host.config").write_text(text)
        self.shows("the page")
        instance.stop()

    def test_a_file_that_stays_broken_is_told_once_and_the_mended_one_applied(self):
        new = self.text("other")
        instance = self.instance.serve()
        count = instance.count()
        instance.configuration.write_text(new.replace("</sites>", ""))
        event = instance.event("configuration-rejected", after=count)
        self.assertIn("applicationHost.config", event["fields"]["file"])
        self.shows("the page")
        instance.configuration.write_text(new)
        self.shows("the other page")
        instance.stop()
        rejected = [e for e in instance.events if e["event"] == "configuration-rejected"]
        self.assertEqual(len(rejected), 1)

    def test_a_file_that_is_taken_away_and_put_back_is_applied(self):
        new = self.text("other")
        instance = self.instance.serve()
        instance.configuration.unlink()
        instance.configuration.write_text(new)
        self.shows("the other page")
        instance.stop()

    def test_a_schema_file_that_comes_is_read(self):
        instance = self.instance
        section = '<sectionSchema name="acme"><attribute name="size" type="uint"/></sectionSchema>'
        self.instance.configuration.write_text(self.text(more='<acme size="many"/>'))
        instance.serve()
        count = instance.count()
        instance.write("schema/acme.xml", f"<configSchema>{section}</configSchema>")
        instance.event("configuration-applied", after=count)
        instance.stop()

    def test_a_change_touches_no_open_connection_of_another_site(self):
        instance = self.instance
        two = instance.site("Two", 2, host="two.test", folder="other")
        instance.configure(instance.site("Main", 1, host="one.test") + two)
        instance.serve()
        connection = instance.connect()
        self.addCleanup(connection.close)
        stop, failures, answers = threading.Event(), [], []

        def ask():
            while not stop.is_set():
                try:
                    connection.request("GET", "/", headers={"Host": "two.test"})
                    answers.append(connection.getresponse().read().decode())
                except OSError as error:
                    failures.append(error)
                    return

        thread = threading.Thread(target=ask)
        thread.start()
        for number in range(10):
            host = f"one{number}.test"
            instance.configure(instance.site("Main", 1, host=host) + two)
            wait_until(lambda: instance.get("/", host=host) == (200, "the page"), f"{host} is not served")
        stop.set()
        thread.join(PATIENCE)
        self.assertEqual(failures, [])
        self.assertEqual(set(answers), {"the other page"})
        instance.stop()

    def test_a_web_config_that_is_written_in_place_is_never_read_half(self):
        instance = self.instance
        instance.content("content", "a.html", "a")
        instance.content("content", "b.html", "b")
        path = instance.path / "content" / "web.config"

        def config(page):
            return web_config(f'<defaultDocument><files><clear/><add value="{page}.html"/></files></defaultDocument>')

        path.write_text(config("a"))
        instance.serve()
        self.shows("a")
        stop, answers = threading.Event(), set()

        def ask():
            while not stop.is_set():
                answers.add(instance.get("/"))

        thread = threading.Thread(target=ask)
        thread.start()
        for number in range(40):
            text = config("ab"[number % 2])
            with open(path, "w") as file:
                file.write(text[:60])
                file.flush()
                file.write(text[60:])
        stop.set()
        thread.join(PATIENCE)
        self.assertLessEqual(answers, {(200, "a"), (200, "b")})
        self.shows("b")
        instance.stop()


@unittest.skipUnless(os.geteuid() == 0, "needs another user")
class WithoutAnnouncements(unittest.TestCase):
    def test_where_the_user_may_have_no_more_watches_the_file_is_looked_at(self):
        instance = Instance(user="nobody")
        self.addCleanup(instance.clean)
        instance.content("other", "index.html", "the other page")
        account = pwd.getpwnam("nobody")
        greedy = subprocess.Popen(
            ["/usr/bin/python3", "-c", GREEDY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            user=account.pw_uid, group=account.pw_gid, extra_groups=[])
        self.addCleanup(greedy.stdout.close)
        self.addCleanup(greedy.wait)
        self.addCleanup(greedy.stdin.close)
        self.assertEqual(greedy.stdout.readline(), "full\n")
        instance.serve()
        instance.event("configuration-polled")
        instance.configure(instance.site("Main", 1, folder="other"))
        wait_until(lambda: instance.get("/")[1] == "the other page", "the change is not applied")
        instance.stop()


if __name__ == "__main__":
    unittest.main()
