"""Sites and pools under other names, and the rest of what can be done with sites, applications and pools."""

import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from instance import BINARIES  # noqa: E402
from test_commands import CommandCase  # noqa: E402


class Renaming(CommandCase):
    def recycle(self, instance, pool):
        return subprocess.run(
            [BINARIES / "hostelry", "pool", "recycle", pool, "--state", instance.state], capture_output=True, text=True,
            timeout=60, check=True).stdout

    def test_a_site_takes_what_is_said_of_it_along_in_one_step(self):
        instance = self.instance().serve()
        self.done(instance, "config", "set", "Main/private", "directoryBrowse", "enabled=true")
        administration = instance.write(
            "administration.config",
            '<configuration>\n    <location path="Main"/>\n    <location path="Mainly"/>\n</configuration>\n')
        before = self.listed(instance, "history", "list")["versions"][0]["number"]
        said = self.done(instance, "site", "set", "main", "--name", "Blog")
        self.assertIn('Site "Main" is changed and is "Blog" now, with 1 location, as version', said)
        text = instance.configuration.read_text()
        self.assertIn('<site name="Blog" id="1">', text)
        self.assertIn('<location path="Blog/private">', text)
        self.assertEqual(
            administration.read_text(),
            '<configuration>\n    <location path="Blog"/>\n    <location path="Mainly"/>\n</configuration>\n')
        self.assertEqual(self.listed(instance, "history", "list")["versions"][0]["number"], before + 1)
        self.assertEqual(instance.get(), (200, "the page"))
        self.assertEqual([site["name"] for site in self.listed(instance, "site", "list")["sites"]], ["Blog"])
        instance.stop()

    def test_a_pool_takes_its_applications_along(self):
        instance = self.instance().serve()
        self.assertEqual(instance.get(), (200, "the page"))
        answer = self.ask(instance, "pool", "set", "main", "--name", "Blog", "queueLength=500")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn('is "Blog" now, as 1 application that named it say', answer.stdout)
        self.assertEqual(instance.get(), (200, "the page"))
        pools = self.listed(instance, "pool", "list")["pools"]
        self.assertEqual([(pool["name"], pool["applications"]) for pool in pools], [("Blog", ["Main/"])])
        self.assertIn("Blog is being recycled", self.recycle(instance, "Blog"))
        instance.stop()

    def test_a_name_that_is_taken_or_none_changes_nothing(self):
        instance = self.instance()
        self.done(instance, "site", "add", "blog", "--host", "b", "--path", instance.path / "content")
        self.assertIn('there is "BLOG" already', self.refused(instance, "site", "set", "Main", "--name", "BLOG"))
        self.assertIn('there is "blog" already', self.refused(instance, "pool", "set", "Main", "--name", "blog"))
        self.assertIn("that is its name already", self.refused(instance, "site", "set", "Main", "--name", "Main"))
        self.refused(instance, "site", "set", "Main", "--name", "a/b")
        instance.write("administration.config", "<broken>")
        self.refused(instance, "site", "set", "Main", "--name", "other")

    def test_owners_go_with_their_site_wherever_it_goes(self):
        instance = self.instance()
        for place in ["Main", "Main/shop"]:
            if place != "Main":
                self.done(instance, "app", "add", place, "--path", instance.path / "content")
            self.done(instance, "site", "owner", "add", place, "root")
        self.done(instance, "site", "set", "Main", "--name", "Other")
        self.assertEqual(self.owners(instance), ["Other", "Other/shop"])
        # Another one of the name is nobody's.
        self.done(instance, "app", "remove", "Other/shop", "--yes")
        self.assertEqual(self.owners(instance), ["Other"])
        self.done(instance, "site", "remove", "Other", "--yes")
        self.assertEqual(self.owners(instance), [])

    def test_several_who_give_a_site_away_at_once_are_all_heard(self):
        instance = self.instance()
        users = [str(61000 + number) for number in range(8)]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda user: self.ask(instance, "site", "owner", "add", "Main", user), users))
        self.assertEqual([answer.returncode for answer in answers], [0] * 8, [answer.stderr for answer in answers])
        found = self.listed(instance, "site", "owner", "list", "Main")["owners"]
        self.assertEqual(sorted(owner["name"] for owner in found), users)

    def owners(self, instance):
        found = self.listed(instance, "site", "owner", "list")["owners"]
        return [owner["place"] for owner in found if owner["place"] != "/"]

    def test_what_was_said_of_an_application_goes_with_it(self):
        instance = self.instance()
        self.done(instance, "app", "add", "Main/shop", "--path", instance.path / "content")
        self.done(instance, "config", "set", "Main/shop", "system.webServer/directoryBrowse", "enabled=true", "--yes")
        self.assertIn('<location path="Main/shop"', instance.configuration.read_text())
        self.done(instance, "app", "remove", "Main/shop", "--yes")
        self.assertNotIn("Main/shop", instance.configuration.read_text())


class Families(CommandCase):
    def test_an_application_is_shown_and_changed(self):
        instance = self.instance()
        self.done(instance, "pool", "add", "own")
        self.done(instance, "app", "add", "Main/shop", "--path", instance.path / "content")
        said = self.done(instance, "app", "set", "main/SHOP", "--pool", "OWN", "--path", "/srv", "preloadEnabled=true")
        self.assertIn("Application Main/shop is changed, as version", said)
        self.assertEqual(
            self.listed(instance, "app", "show", "Main/shop"),
            {"site": "Main", "path": "/shop", "pool": "own", "directories": [{"path": "/", "physicalPath": "/srv"}]})
        self.assertIn("own", self.done(instance, "app", "show", "Main/shop"))
        self.assertIn('preloadEnabled="true"', instance.configuration.read_text())
        self.assertIn("did you mean \"Main/shop\"?", self.refused(instance, "app", "show", "Main/shpo"))
        self.assertIn("nothing to change", self.refused(instance, "app", "set", "Main/shop", status=2))
        self.assertIn("--pool", self.refused(instance, "app", "set", "Main/shop", "pool=x"))
        self.assertIn("keeps its path", self.refused(instance, "app", "set", "Main/shop", "path=/x"))

    def test_a_new_pool_names_its_runtime(self):
        instance = self.instance()
        path = instance.path / "content"
        self.done(instance, "site", "add", "core", "--host", "c", "--path", path, "--runtime", "none")
        self.assertIn('<add name="core" managedRuntimeVersion="" />', instance.configuration.read_text())
        self.assertIn(
            "--runtime is for a new pool",
            self.refused(
                instance, "site", "add", "x", "--host", "x", "--path", path, "--pool", "Main", "--runtime", "v4.0",
                status=2))
        self.assertIn(
            "expected none or v4.0 or v2.0",
            self.refused(instance, "site", "add", "x", "--path", path, "--runtime", "core", status=2))

    def test_the_command_that_would_work_is_named(self):
        instance = self.instance()
        for typed, meant in [
            (["add", "site", "x"], 'did you mean "hostelry site add"?'),
            (["site", "create", "x"], 'did you mean "add"?'),
            (["pool", "set", "--host", "x"], '("hostelry site add" or "hostelry explain" take it)'),
        ]:
            self.assertIn(meant, self.refused(instance, *typed, status=2))


if __name__ == "__main__":
    unittest.main()
