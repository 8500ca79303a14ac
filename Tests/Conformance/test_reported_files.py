"""What workers have read of web.config files, asked with `hostelry sql`."""

import json
import subprocess
import unittest

from instance import BINARIES, Instance, wait_until, web_config
from test_questions import QuestionCase

POOLS = '<add name="One"/><add name="Two"/>'


def limits(length):
    return web_config(f"""<security><requestFiltering>
<requestLimits maxAllowedContentLength="{length}"/>
</requestFiltering></security>""")


class ReportedFiles(unittest.TestCase):
    def setUp(self):
        self.instance = Instance(pools=POOLS)
        self.addCleanup(self.instance.clean)
        self.instance.configure(self.sites(), POOLS)
        self.question = next(each for each in QuestionCase.examples() if "<requestLimits" in each)

    def sites(self, *, pool="Two", binding=""):
        for name in ["one", "two", "two/sub"]:
            self.instance.content(name, "index.html", "the page")
        return (self.instance.site("First", 1, host="one.test", pool="One", folder="one")
                + self.instance.site("Second", 2, host="two.test", pool=pool, folder="two") + binding)

    def path(self, name):
        return str(self.instance.path / name)

    def ask(self, question):
        answer = subprocess.run(
            [BINARIES / "hostelry", "sql", "--config", self.instance.configuration, "--state", self.instance.state,
             "--format", "json", question], capture_output=True, text=True, timeout=60)
        # While the mirror is made it answers nothing yet.
        return json.loads(answer.stdout)["rows"] if answer.returncode == 0 else None

    def becomes(self, question, rows):
        wait_until(lambda: self.ask(question) == rows, f"{self.ask(question)} instead of {rows}")

    def get(self, host, path="/"):
        return self.instance.get(path, host=host)[0]

    FILES = "SELECT path, reporter, configuration_path FROM files WHERE kind = 'web.config' ORDER BY path"

    def test_every_application_that_overrides_request_limits_is_named_and_follows_its_file(self):
        one = self.instance.write("one/web.config", limits(1000))
        self.instance.write("two/sub/web.config", limits(2000))
        self.instance.serve()
        self.assertEqual(self.get("one.test"), 200)
        self.assertEqual(self.get("two.test", "/sub/"), 200)
        second = ["Second", "/", self.path("two/sub/web.config"), 3]
        self.becomes(self.question, [["First", "/", self.path("one/web.config"), 3], second])
        self.assertEqual(self.ask(self.FILES), [
            [self.path("one/web.config"), "One", "First"], [self.path("two/sub/web.config"), "Two", "Second/sub"]])

        one.write_text("\n" + web_config('<directoryBrowse enabled="true"/>').replace("\n", "\n\n"))
        wait_until(lambda: self.get("one.test") == 200 and self.ask(self.question) == [second], "the old words stand")
        self.assertEqual(self.ask(f"SELECT section, line FROM sections WHERE file = '{one}'"),
                         [["system.webServer/directoryBrowse", 6]])

        one.unlink()
        wait_until(lambda: self.get("one.test") == 200 and len(self.ask(self.FILES) or []) == 1, "it stands still")
        self.instance.stop()

    def test_a_mistake_is_named_with_its_line(self):
        self.instance.write("one/web.config", web_config('<directoryBrowse wrong="true"/>'))
        self.instance.serve()
        self.assertEqual(self.get("one.test"), 500)
        question = next(each for each in QuestionCase.examples() if "FROM problems WHERE file IN" in each)
        self.becomes(question, [["First", self.path("one/web.config"), 3, "Unrecognized attribute 'wrong'"]])
        self.instance.stop()

    def test_what_is_told_stays_with_a_change_that_is_not_its_own_and_goes_with_its_application(self):
        self.instance.write("one/web.config", limits(1000))
        self.instance.write("two/web.config", limits(2000))
        self.instance.serve()
        self.assertEqual((self.get("one.test"), self.get("two.test")), (200, 200))
        first, second = ["First", "/", self.path("one/web.config"), 3], ["Second", "/", self.path("two/web.config"), 3]
        self.becomes(self.question, [first, second])
        self.instance.configure("\n\n" + self.sites(binding=self.instance.site("Third", 3, host="3.test")), POOLS)
        self.becomes("SELECT count(*) FROM sites", [[3]])
        self.assertEqual(self.ask(self.question), [first, second])
        # Another pool has it, whose worker has not read it yet.
        self.instance.configure(self.sites(pool="One"), POOLS)
        self.becomes(self.question, [first])
        wait_until(lambda: self.get("two.test") == 200 and self.ask(self.question) == [first, second], "the new pool")
        self.assertEqual(self.ask(f"SELECT reporter FROM files WHERE path = '{self.path('two/web.config')}'"), [["One"]])
        self.instance.stop()

    def test_workers_that_outlive_their_master_tell_the_next_one(self):
        self.instance.write("one/web.config", limits(1000))
        self.instance.serve()
        self.assertEqual(self.get("one.test"), 200)
        first = [["First", "/", self.path("one/web.config"), 3]]
        self.becomes(self.question, first)
        workers = self.instance.pid("hostelry-worker")
        self.instance.die()
        for file in self.instance.state.glob("mirror.db*"):
            file.unlink()
        self.instance.serve()
        # Without a request.
        self.becomes(self.question, first)
        self.assertEqual(self.instance.pid("hostelry-worker"), workers)
        self.instance.stop()

    def test_a_mirror_that_is_made_anew_is_told_again(self):
        self.instance.write("one/web.config", limits(1000))
        self.instance.serve()
        self.assertEqual(self.get("one.test"), 200)
        first = [["First", "/", self.path("one/web.config"), 3]]
        self.becomes(self.question, first)
        for file in self.instance.state.glob("mirror.db*"):
            file.unlink()
        self.instance.configure("\n" + self.sites(), POOLS)
        self.becomes(self.question, first)
        self.instance.stop()


if __name__ == "__main__":
    unittest.main()
