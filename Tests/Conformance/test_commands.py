"""The commands for people who never used Windows, as a new administrator types them: with a running server and without."""

import contextlib
import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from instance import BINARIES, PATIENCE, Instance, web_config  # noqa: E402


class CommandCase(unittest.TestCase):
    def instance(self, **named):
        instance = Instance(**named)
        self.addCleanup(instance.clean)
        return instance

    def command(self, instance, *arguments):
        return [BINARIES / "hostelry", *arguments, "--config", instance.configuration, "--state", instance.state]

    def ask(self, instance, *arguments, **environment):
        return subprocess.run(
            self.command(instance, *arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
            env={**os.environ, **environment})

    def done(self, instance, *arguments, **environment):
        answer = self.ask(instance, *arguments, **environment)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        return answer.stdout

    def refused(self, instance, *arguments, status=1, **environment):
        before = instance.configuration.read_bytes()
        answer = self.ask(instance, *arguments, **environment)
        self.assertEqual(answer.returncode, status, answer.stdout + answer.stderr)
        self.assertEqual(instance.configuration.read_bytes(), before)
        return answer.stderr

    def listed(self, instance, *arguments):
        return json.loads(self.done(instance, *arguments, "--json"))

    def at_a_terminal(self, instance, *arguments, answers, **environment):
        """What is shown, and the exit status. Each answer is typed when a question mark and brackets wait for it."""
        pid, terminal = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
            os.environ.update({"TERM": "xterm", **environment})
            os.environ.pop("NO_COLOR", None)
            os.execv(BINARIES / "hostelry", [str(word) for word in self.command(instance, *arguments)])
        shown, rest = "", list(answers)
        try:
            while select.select([terminal], [], [], PATIENCE)[0]:
                with contextlib.suppress(OSError):
                    if piece := os.read(terminal, 65536):
                        shown += piece.decode("utf-8", "replace")
                        if rest and shown.endswith(("[y/N] ", "[Y/n] ")):
                            os.write(terminal, rest.pop(0).encode() + b"\n")
                        continue
                break
            _, status = os.waitpid(pid, 0)
        finally:
            os.close(terminal)
        self.assertFalse(rest, shown)
        return shown, os.waitstatus_to_exitcode(status)


class Sites(CommandCase):
    def test_a_first_site_is_hosted_at_once_in_a_pool_of_its_own(self):
        instance = self.instance().serve()
        instance.content("blog", "index.html", "the blog")
        said = self.done(
            instance, "site", "add", "blog", "--host", "blog.example", "--port", str(instance.port), "--path",
            instance.path / "blog")
        self.assertIn(
            f'Site "blog" is added with the number 2 as http/*:{instance.port}:blog.example, in the new pool "blog", '
            "as version 2; the server serves by it.", said)
        self.assertEqual(instance.get(host="blog.example"), (200, "the blog"))
        self.assertEqual(instance.get(), (200, "the page"))

        blog = self.listed(instance, "site", "list")["sites"][1]
        self.assertEqual(
            blog, {
                "id": 2, "name": "blog", "state": "started", "pool": "blog", "path": str(instance.path / "blog"),
                "bindings": [{"protocol": "http", "information": f"*:{instance.port}:blog.example"}],
                "applications": [
                    {"path": "/", "pool": "blog",
                     "directories": [{"path": "/", "physicalPath": str(instance.path / "blog")}]}],
            })
        self.assertEqual(self.listed(instance, "site", "show", "BLOG"), blog)

        # One more host name, then none of it.
        self.done(instance, "site", "binding", "add", "blog", f"http://www.blog.example:{instance.port}")
        self.assertEqual(instance.get(host="www.blog.example"), (200, "the blog"))
        self.done(instance, "site", "binding", "remove", "blog", f"http/*:{instance.port}:www.blog.example")
        self.assertEqual(instance.get(host="www.blog.example"), (200, "the page"))

        versions = self.listed(instance, "history", "list")["versions"]
        self.assertEqual(versions[0]["tool"], "hostelry site binding remove")
        self.assertEqual(versions[2]["comment"], "blog")

        said = self.done(instance, "site", "remove", "blog", "--yes", "--comment", "no more to say")
        self.assertIn("'hostelry pool remove' takes it away", said)
        self.assertEqual(instance.get(host="blog.example"), (200, "the page"))
        self.assertEqual(self.listed(instance, "history", "list")["versions"][0]["comment"], "no more to say")
        instance.stop()

    def test_a_site_moves_to_a_pool_of_its_own(self):
        instance = self.instance().serve()
        self.assertIn("there is no pool \"own\"", self.refused(instance, "site", "set", "Main", "--pool", "own"))
        self.done(instance, "pool", "add", "own", "processModel.idleTimeout=00:05:00")
        self.done(instance, "site", "set", "Main", "--pool", "own")
        self.assertEqual(instance.get(), (200, "the page"))
        pools = {pool["name"]: pool for pool in self.listed(instance, "pool", "list")["pools"]}
        self.assertEqual(pools["own"]["applications"], ["Main/"])
        self.assertEqual(pools["Main"]["applications"], [])
        self.assertEqual(pools["own"]["state"], "started")
        shown = self.listed(instance, "pool", "show", "own")
        self.assertEqual(
            [(s["name"], s["value"]) for s in shown["settings"]], [("processModel.idleTimeout", "00:05:00")])
        self.done(instance, "pool", "remove", "Main", "--yes")
        self.assertEqual(instance.get(), (200, "the page"))
        instance.stop()

    def test_without_a_server_the_file_is_changed(self):
        instance = self.instance()
        said = self.done(
            instance, "site", "add", "blog", "--binding", "http://blog.example:8080", "--path", instance.path / "content",
            "--pool", "main", "--id", "40")
        self.assertIn('in the pool "Main", as version', said)
        self.assertNotIn("serves by it", said)
        blog = self.listed(instance, "site", "show", "blog")
        self.assertEqual((blog["id"], blog["state"], blog["pool"]), (40, None, "Main"))
        self.assertIn("name one with --pool", self.refused(instance, "site", "add", "a:b", "--path", "/srv"))
        self.done(
            instance, "site", "set", "blog", "--id", "41", "--path", "%HOSTELRY_CONFIG_DIR%/content",
            "limits.maxConnections=10")
        self.assertEqual(self.listed(instance, "site", "show", "blog")["id"], 41)
        text = instance.configuration.read_text()
        self.assertIn('maxConnections="10"', text)
        # What was said of the site goes with it.
        self.done(instance, "config", "set", "blog/private", "directoryBrowse", "enabled=true")
        self.assertIn('<location path="blog/private">', instance.configuration.read_text())
        self.done(instance, "site", "remove", "blog")
        self.assertNotIn("blog", instance.configuration.read_text())
        self.assertIn('physicalPath="%HOSTELRY_CONFIG_DIR%/content"', text)

    def test_what_makes_no_sense_changes_nothing_and_says_what_would(self):
        instance = self.instance()
        self.assertIn(
            "there is no site \"Mian\"; did you mean \"Main\"? 'hostelry site list' shows all",
            self.refused(instance, "site", "show", "Mian"))
        self.assertIn("already", self.refused(instance, "site", "add", "MAIN", "--path", "/srv"))
        self.assertIn("--path is missing", self.refused(instance, "site", "add", "new", status=2))
        self.assertIn(
            "--host and --port are not given with it",
            self.refused(
                instance, "site", "add", "new", "--path", "/srv", "--binding", "http/*:80:", "--port", "8", status=2))
        self.assertIn("there is nothing to change", self.refused(instance, "site", "set", "Main", status=2))
        self.assertIn(
            f"but to http/*:{instance.port}:",
            self.refused(instance, "site", "binding", "remove", "Main", "http://x.example"))
        self.assertIn("has the form", self.refused(instance, "site", "binding", "add", "Main", "x.example"))
        self.assertIn("'id' set to '1'", self.refused(instance, "site", "add", "n", "--path", "/srv", "--id", "1"))
        self.assertIn(
            "applications run in the pool \"Main\": Main/;", self.refused(instance, "pool", "remove", "main", "--yes"))
        self.assertIn("--name gives", self.refused(instance, "pool", "set", "Main", "Name=x"))
        self.assertIn("--name gives", self.refused(instance, "site", "set", "Main", "name=x"))
        self.assertIn("--id", self.refused(instance, "site", "set", "Main", "ID=7"))
        self.assertIn("needs a value", self.refused(instance, "pool", "set", "Main", "startMode"))
        self.assertIn("startMode", self.refused(instance, "pool", "set", "Main", "startMode=Never"))

    @unittest.skipUnless(os.geteuid() == 0, "pools have users of their own where root starts the server")
    def test_a_folder_that_the_pools_user_cannot_read_is_told_of(self):
        instance = self.instance()
        instance.content("secret", "index.html", "the secret")
        (instance.path / "secret").chmod(0o700)
        answer = self.ask(instance, "site", "add", "blog", "--host", "b", "--path", instance.path / "secret")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn(f"hostelry pool grant 'blog' '{instance.path}/secret' --read", answer.stderr)

    def test_the_environment_names_the_instance_for_every_command(self):
        instance = self.instance()
        instance.serve()
        named = {**os.environ, "HOSTELRY_CONFIG": str(instance.configuration), "HOSTELRY_STATE": str(instance.state)}
        for words in [
            ["site", "list"], ["status"], ["history", "list"], ["events"], ["appcmd", "list", "site"],
            ["explain", f"http://localhost:{instance.port}/"], ["config", "show", "Main", "system.webServer/defaultDocument"],
        ]:
            answer = subprocess.run(
                [BINARIES / "hostelry", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=PATIENCE, env=named)
            self.assertEqual(answer.returncode, 0, f"{words}: {answer.stdout}{answer.stderr}")
            self.assertTrue(answer.stdout, words)
        # What is typed goes before what is set.
        empty = self.instance()
        listed = json.loads(self.done(empty, "site", "list", "--json", **named))
        self.assertEqual(
            [binding["information"] for site in listed["sites"] for binding in site["bindings"]], [f"*:{empty.port}:"])
        instance.stop()

    def test_several_administrators_at_once_all_get_their_sites(self):
        for instance in [self.instance(), self.instance().serve()]:
            commands = [
                subprocess.Popen(
                    self.command(
                        instance, "site", "add", f"s{number}", "--host", f"h{number}", "--port",
                        str(instance.port), "--pool", "Main", "--path", instance.path / "content"),
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                for number in range(6)]
            for command in commands:
                said, _ = command.communicate(timeout=60)
                self.assertEqual(command.returncode, 0, said)
            names = {site["name"] for site in self.listed(instance, "site", "list")["sites"]}
            self.assertEqual(names, {"Main", *(f"s{number}" for number in range(6))})
        instance.stop()

    def test_a_server_that_hangs_keeps_nobody_waiting(self):
        instance = self.instance().serve()
        instance.signal(signal.SIGSTOP)
        before = time.monotonic()
        self.assertIn("cannot be asked", self.refused(instance, "pool", "add", "new"))
        self.assertEqual(self.listed(instance, "pool", "list")["pools"][0]["state"], None)
        # A second each; the minute that a change may take is not waited for.
        self.assertLess(time.monotonic() - before, 30)
        instance.signal(signal.SIGCONT)
        instance.stop()

    def test_a_binding_that_another_site_has_is_refused(self):
        instance = self.instance()
        said = self.refused(
            instance, "site", "add", "twin", "--path", instance.path / "content", "--port", str(instance.port))
        self.assertIn("nothing is changed, since the configuration would have mistakes", said)

    def test_nothing_steers_the_terminal(self):
        instance = self.instance()
        name = "a'b c\u202ed"
        self.done(
            instance, "site", "add", name, "--host", "x.example", "--pool", "Main", "--path", instance.path / "content")
        said = self.done(instance, "site", "list") + self.done(instance, "site", "show", name)
        self.assertNotIn("\u202e", said)
        self.assertIn("a'b c\\u202ed", said)
        self.assertEqual(self.listed(instance, "site", "list")["sites"][1]["name"], name)
        self.assertNotIn("\x1b", self.refused(instance, "site", "show", "\x1b[2J\nx"))
        self.assertNotIn("\x1b", self.refused(instance, "site", "add", "\x1b[2J", "--path", "/srv"))

    def test_a_trial_shows_and_changes_nothing(self):
        instance = self.instance()
        before = instance.configuration.read_bytes()
        said = self.done(
            instance, "site", "add", "blog", "--host", "b", "--path", instance.path / "content", "--dry-run")
        self.assertIn('bindingInformation="*:80:b"', said)
        self.assertTrue(said.startswith(f"--- {instance.configuration}\n+++ "))
        self.assertEqual(instance.configuration.read_bytes(), before)


class Applications(CommandCase):
    def test_an_application_is_added_and_removed(self):
        instance = self.instance().serve()
        instance.content("shop", "index.html", "the shop")
        self.done(instance, "app", "add", "main/shop/", "--path", instance.path / "shop")
        self.assertEqual(instance.get("/shop/"), (200, "the shop"))
        self.assertEqual(
            self.listed(instance, "app", "list", "Main")["applications"][1],
            {"site": "Main", "path": "/shop", "pool": "Main",
             "directories": [{"path": "/", "physicalPath": str(instance.path / "shop")}]})
        self.assertIn("already", self.refused(instance, "app", "add", "Main/Shop", "--path", "/srv"))
        self.assertIn("did you mean \"Main/shop\"", self.refused(instance, "app", "remove", "Main/shpo"))
        self.assertIn("goes with the site", self.refused(instance, "app", "remove", "Main/"))
        self.refused(instance, "app", "remove", "Main", status=2)
        self.done(instance, "app", "remove", "Main/shop", "--yes")
        self.assertEqual(instance.get("/shop/")[0], 404)
        instance.stop()


class Sections(CommandCase):
    def test_a_section_is_set_with_provenance_and_taken_back_by_the_history(self):
        instance = self.instance().serve()
        instance.content("content", "home.html", "the home")
        values = self.listed(instance, "config", "get", "Main", "defaultDocument", "enabled")["values"]
        self.assertEqual(values[0]["value"], "true")
        self.done(instance, "config", "set", "main", "defaultDocument", "+files.[@start,value='home.html']")
        self.assertEqual(instance.get(), (200, "the home"))

        value = self.listed(
            instance, "config", "get", "Main", "system.webServer/defaultDocument", "files.[value='home.html']")
        self.assertEqual((value["path"], value["section"]), ("Main", "system.webServer/defaultDocument"))
        value = value["values"][0]
        self.assertEqual((value["file"], value["location"]), (str(instance.configuration), "Main"))
        line = instance.configuration.read_text().splitlines()[value["line"] - 1]
        self.assertIn('value="home.html"', line)
        self.assertIn(
            f"{instance.configuration}:{value['line']} location \"Main\"",
            self.done(instance, "config", "get", "Main", "defaultDocument"))

        versions = self.listed(instance, "history", "list")["versions"]
        self.assertEqual(versions[0]["tool"], "hostelry config set")
        self.done(instance, "history", "restore", str(versions[1]["number"]))
        self.assertEqual(instance.get(), (200, "the page"))
        instance.stop()

    def test_what_was_set_is_unset(self):
        instance = self.instance()
        before = instance.configuration.read_text()
        self.done(instance, "config", "set", "/", "directoryBrowse", "enabled=true")
        self.assertEqual(self.done(instance, "config", "get", "Main/a", "directoryBrowse", "enabled", "--value"), "true\n")
        self.assertIn(
            "nothing to change", self.done(instance, "config", "set", "/", "directoryBrowse", "enabled=true"))
        self.done(instance, "config", "unset", "/", "directoryBrowse", "enabled")
        self.assertEqual(self.done(instance, "config", "get", "/", "directoryBrowse", "enabled", "--value"), "false\n")
        self.done(instance, "config", "set", "Main", "directoryBrowse", "enabled=true")
        self.done(instance, "config", "unset", "Main", "directoryBrowse")
        self.assertNotIn("<location", instance.configuration.read_text())
        self.assertNotIn("<location", before)

    def test_a_web_config_that_says_otherwise_is_told_of(self):
        instance = self.instance()
        instance.content("content", "web.config", web_config('<directoryBrowse enabled="false"/>'))
        answer = self.ask(instance, "config", "set", "Main", "directoryBrowse", "enabled=true")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn('enabled will be "false" all the same at Main', answer.stderr)
        self.assertIn("web.config:3", answer.stderr)

    def test_what_makes_no_sense_is_refused(self):
        instance = self.instance()
        self.assertIn(
            "there is no section \"directoryBrwose\"; did you mean \"directoryBrowse\"?",
            self.refused(instance, "config", "set", "Main", "directoryBrwose", "enabled=true"))
        self.assertIn("there is no site", self.refused(instance, "config", "set", "Mian", "directoryBrowse", "enabled=true"))
        self.assertIn(
            "no attribute \"enbaled\"; did you mean \"enabled\"? 'hostelry config get / system.webServer/directoryBrowse' "
            "shows all", self.refused(instance, "config", "set", "/", "directoryBrowse", "enbaled=true"))
        self.assertIn(
            "did you mean \"limits.maxConnections\"",
            self.refused(instance, "site", "set", "Main", "limits.maxConections=1"))
        self.assertIn("enabled", self.refused(instance, "config", "set", "/", "directoryBrowse", "enabled=perhaps"))
        self.refused(instance, "config", "set", "/", "directoryBrowse", status=2)

    def test_at_a_terminal_the_change_is_shown_and_asked_about(self):
        instance = self.instance()
        before = instance.configuration.read_bytes()
        words = ["config", "set", "/", "directoryBrowse", "enabled=true"]
        shown, status = self.at_a_terminal(instance, *words, answers=["n"])
        self.assertEqual(status, 1, shown)
        self.assertIn("\x1b[32m+", shown)
        self.assertIn("Nothing is changed.", shown)
        self.assertEqual(instance.configuration.read_bytes(), before)
        shown, status = self.at_a_terminal(instance, *words, answers=["what?", "y"])
        self.assertEqual(status, 0, shown)
        self.assertIn("as version", shown)
        self.assertIn(b'enabled="true"', instance.configuration.read_bytes())


class Editing(CommandCase):
    def editor(self, instance, script):
        file = instance.write("editor", f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        # Editors are named with arguments.
        return {"VISUAL": "", "EDITOR": f"{file} --wait", "TMPDIR": str(instance.path), "XDG_RUNTIME_DIR": ""}

    def drafts(self, instance):
        return list(instance.path.glob("hostelry-edit-*/*"))

    def test_what_is_edited_is_served_when_the_editor_ends(self):
        instance = self.instance().serve()
        instance.content("other", "index.html", "the other page")
        said = self.done(
            instance, "edit", "--comment", "moved", **self.editor(instance, 'sed -i "s,/content,/other," "$2"'))
        self.assertIn("the server serves by it.", said)
        self.assertEqual(instance.get(), (200, "the other page"))
        versions = self.listed(instance, "history", "list")["versions"]
        self.assertEqual((versions[0]["tool"], versions[0]["comment"]), ("hostelry edit", "moved"))
        self.assertEqual(self.drafts(instance), [])
        self.done(instance, "history", "restore", "1")
        self.assertEqual(instance.get(), (200, "the page"))
        instance.stop()

    def test_what_is_broken_is_kept_and_not_applied(self):
        instance = self.instance()
        said = self.refused(instance, "edit", **self.editor(instance, 'echo "<broken" >> "$2"'))
        draft, = self.drafts(instance)
        self.assertIn(f"the text is kept in {draft}", said)
        self.assertTrue(draft.read_text().endswith("<broken\n"))
        self.assertEqual(draft.stat().st_mode & 0o777, 0o600)

    def test_a_site_with_a_mistake_is_not_applied(self):
        instance = self.instance()
        said = self.refused(instance, "edit", **self.editor(instance, 'sed -i "s,Pool=.Main,Pool=\\"None," "$2"'))
        self.assertIn("nothing is changed, since the configuration would have mistakes", said)
        self.assertEqual(len(self.drafts(instance)), 1)

    def test_nothing_edited_leaves_nothing(self):
        instance = self.instance()
        self.assertIn("nothing to change", self.done(instance, "edit", **self.editor(instance, "true")))
        self.assertIn("the status 3", self.refused(instance, "edit", **self.editor(instance, "exit 3")))
        self.assertEqual(self.drafts(instance), [])

    def test_without_a_terminal_no_editor_waits_for_one(self):
        instance = self.instance()
        for place in [[], ["Main"]]:
            said = self.refused(instance, "edit", *place, VISUAL="", EDITOR="")
            self.assertIn("set VISUAL or EDITOR", said)
        self.assertEqual(self.drafts(instance), [])

    def test_at_a_terminal_it_is_edited_again(self):
        instance = self.instance()
        script = 'if grep -q "<broken" "$2"; then sed -i "/<broken/d; s,id=.1.,id=\\"9\\"," "$2"; else echo "<broken" >> "$2"; fi'
        shown, status = self.at_a_terminal(instance, "edit", answers=["", "yes"], **self.editor(instance, script))
        self.assertEqual(status, 0, shown)
        self.assertIn("Edit it again?", shown)
        self.assertEqual(self.listed(instance, "site", "show", "Main")["id"], 9)
        self.assertEqual(self.drafts(instance), [])


if __name__ == "__main__":
    unittest.main()
