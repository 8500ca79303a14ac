"""Who may do what with a running server, and web.config files that are changed for those who may."""

import contextlib
import json
import os
import socket
import subprocess
import unittest

from instance import BINARIES, PATIENCE, Instance, wait_until, web_config

# Users that have no account: the kernel's word is what counts.
ALICE, BOB, CAROL, TEAM = 61001, 61002, 61003, 61050
POOLS = '<add name="Blog"/><add name="Shop"/>'


@unittest.skipUnless(os.geteuid() == 0, "becoming other users takes root")
class Delegation(unittest.TestCase):
    def instance(self):
        instance = Instance()
        self.addCleanup(instance.clean)
        for folder in ["blog", "shop"]:
            instance.content(folder, "index.html", folder)
        instance.configure(
            instance.site("Blog", 1, host="blog.test", pool="Blog", folder="blog")
            + instance.site("Shop", 2, host="shop.test", pool="Shop", folder="shop"), POOLS)
        return instance

    def give(self, instance, *members):
        """Writes administration.config: (path, name, is a group)."""
        rules = "".join(
            f'<scope path="{path}"><add name="{name}" isRole="{str(is_group).lower()}"/></scope>'
            for path, name, is_group in members)
        instance.write("administration.config", f"""<configuration>
    <configSections><sectionGroup name="system.webServer"><sectionGroup name="management">
        <section name="authorization"/>
    </sectionGroup></sectionGroup></configSections>
    <system.webServer><management><authorization><authorizationRules>{rules}</authorizationRules></authorization>
    </management></system.webServer></configuration>""")

    def command(self, instance, *words, user=0, groups=(), environment=None):
        identity = {"user": user, "group": user, "extra_groups": list(groups)} if user else {}
        return subprocess.run(
            [BINARIES / "hostelry", *words, "--state", instance.state], capture_output=True, text=True, cwd="/",
            stdin=subprocess.DEVNULL, timeout=PATIENCE * 2, env={**os.environ, **(environment or {})}, **identity)

    def succeed(self, instance, *words, **named):
        result = self.command(instance, *words, **named)
        self.assertEqual((result.returncode, result.stderr), (0, ""), result)
        return result.stdout

    def refuse(self, instance, *words, **named):
        result = self.command(instance, *words, **named)
        self.assertEqual(result.returncode, 1, result)
        return result.stderr

    def owner(self, instance, *words):
        return self.command(instance, "site", "owner", *words, "--config", instance.configuration)

    # Who may do what

    def test_a_sites_owner_manages_that_site_and_no_other(self):
        instance = self.instance().serve()
        instance.get("/", host="blog.test")
        instance.get("/", host="shop.test")
        self.assertIn("another user's", self.refuse(instance, "status", user=ALICE))
        given = self.owner(instance, "add", "blog", str(ALICE))
        self.assertEqual((given.returncode, given.stderr), (0, ""), given)
        self.assertIn("the server goes by it", given.stdout)
        self.assertIn("Blog", self.owner(instance, "list").stdout)
        self.assertIn("manages Blog", self.succeed(instance, "whoami", user=ALICE))
        status = json.loads(self.succeed(instance, "status", "--json", user=ALICE))
        self.assertEqual([site["name"] for site in status["sites"]], ["Blog"])
        self.assertEqual([pool["name"] for pool in status["pools"]], ["Blog"])
        self.assertNotIn("Shop", self.succeed(instance, "status", user=ALICE))
        self.succeed(instance, "site", "stop", "Blog", user=ALICE)
        stopped = instance.event("operation-requested", where=lambda e: e["object"] == 'Site "Blog"')
        self.assertEqual(stopped["fields"]["user"], ALICE)
        self.succeed(instance, "site", "start", "Blog", user=ALICE)
        self.succeed(instance, "recycle", "Blog", user=ALICE)
        for words in [("site", "stop", "Shop"), ("site", "stop", "blog/../Shop"), ("site", "stop", "SHOP"),
                      ("recycle", "Shop"), ("pool", "stop", "Blog"), ("reload",), ("stop",)]:
            self.assertIn("root", self.refuse(instance, *words, user=ALICE), words)
        refused = instance.event("operation-refused")
        self.assertEqual(refused["fields"]["user"], ALICE)
        objects = {
            json.loads(line)["object"]
            for line in self.succeed(instance, "events", "--json", user=ALICE).splitlines()}
        self.assertLessEqual(objects, {'Site "Blog"', 'Pool "Blog"'})
        self.assertIn('Site "Blog"', objects)
        self.assertEqual(instance.get("/", host="shop.test")[0], 200)
        # Others are still strangers, and who is struck off is one at once.
        self.assertIn("another user's", self.refuse(instance, "status", user=BOB))
        taken = self.owner(instance, "remove", "Blog", str(ALICE))
        self.assertEqual(taken.returncode, 0, taken)
        self.refuse(instance, "status", user=ALICE)
        history = self.succeed(instance, "history", "list", "--config", instance.configuration)
        self.assertIn("hostelry site owner add", history)
        instance.stop()

    def test_the_administrators_group_may_do_everything(self):
        instance = self.instance()
        self.give(instance, ("/", TEAM, True))
        instance.serve()
        wait_until(
            lambda: self.command(instance, "status", user=CAROL, groups=[TEAM]).returncode == 0, "still a stranger")
        self.assertIn("administrates", self.succeed(instance, "whoami", user=CAROL, groups=[TEAM]))
        self.refuse(instance, "status", user=CAROL)
        self.succeed(instance, "reload", user=CAROL, groups=[TEAM])
        changed = self.command(
            instance, "site", "set", "Shop", "limits.maxConnections=7", "--config", instance.configuration,
            user=CAROL, groups=[TEAM])
        self.assertEqual(changed.returncode, 0, changed)
        self.assertIn('maxConnections="7"', instance.configuration.read_text())
        self.assertEqual(instance.configuration.stat().st_uid, 0)
        versions = json.loads(self.succeed(instance, "history", "list", "--json", "--config", instance.configuration))
        self.assertEqual(versions["versions"][0]["user"], CAROL)
        instance.stop()

    # web.config files

    def test_a_web_config_is_changed_as_the_user_whose_folder_it_is(self):
        instance = self.instance()
        self.give(instance, ("/Blog", ALICE, False))
        blog = instance.path / "blog"
        os.chown(blog, BOB, BOB)
        instance.serve()
        wait_until(lambda: self.command(instance, "whoami", user=ALICE).returncode == 0, "still a stranger")
        done = self.succeed(
            instance, "config", "set", "Blog", "defaultDocument", "enabled=false", "--web-config", user=ALICE)
        self.assertIn("system.webServer/defaultDocument", done)
        file = blog / "web.config"
        self.assertIn('enabled="false"', file.read_text())
        self.assertEqual((file.stat().st_uid, file.stat().st_mode & 0o777), (BOB, 0o644))
        event = instance.event("web-config-changed")
        self.assertEqual((event["object"], event["fields"]["user"], event["fields"]["file"]),
                         ('Site "Blog"', ALICE, str(file)))
        wait_until(lambda: instance.get("/", host="blog.test")[0] == 403, "the change is not served")
        # What is locked on this server is refused with its place, and mode and owner stay.
        file.chmod(0o640)
        locked = self.refuse(
            instance, "config", "set", "Blog", "windowsAuthentication", "enabled=true", "--web-config", user=ALICE)
        self.assertIn("web.config", locked)
        self.succeed(instance, "config", "unset", "blog", "defaultDocument", "--web-config", user=ALICE)
        self.assertNotIn("defaultDocument", file.read_text())
        self.assertEqual((file.stat().st_uid, file.stat().st_mode & 0o777), (BOB, 0o640))
        for place in ["Shop", "shop", "Blog/../Shop"]:
            self.refuse(instance, "config", "set", place, "defaultDocument", "enabled=false", "--web-config", user=ALICE)
        self.assertFalse((instance.path / "shop" / "web.config").exists())
        instance.stop()

    def test_a_folder_of_roots_is_written_by_root_and_by_the_pools_user_where_that_was_granted(self):
        instance = self.instance()
        self.give(instance, ("/Blog", ALICE, False))
        instance.serve()
        wait_until(lambda: self.command(instance, "whoami", user=ALICE).returncode == 0, "still a stranger")
        change = ["config", "set", "Blog", "defaultDocument", "enabled=false", "--web-config"]
        file = instance.path / "blog" / "web.config"
        self.assertIn("hostelry pool grant 'Blog'", self.refuse(instance, *change, user=ALICE))
        self.assertFalse(file.exists())
        self.succeed(instance, *change)
        self.assertEqual(file.stat().st_uid, 0)
        file.unlink()
        granted = self.command(
            instance, "pool", "grant", "Blog", instance.path / "blog", "--config", instance.configuration)
        self.assertEqual(granted.returncode, 0, granted)
        self.succeed(instance, *change, user=ALICE)
        self.assertGreaterEqual(file.stat().st_uid, 1000)
        self.assertEqual(instance.event("operation-refused")["fields"]["user"], ALICE)
        instance.stop()

    def editor(self, instance, name, script):
        path = instance.write(name, f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return {"VISUAL": str(path), "TMPDIR": "/tmp", "XDG_RUNTIME_DIR": ""}

    def test_an_edited_web_config_is_written_when_it_is_sound(self):
        instance = self.instance()
        self.give(instance, ("/Blog", ALICE, False))
        os.chown(instance.path / "blog", BOB, BOB)
        instance.serve()
        wait_until(lambda: self.command(instance, "whoami", user=ALICE).returncode == 0, "still a stranger")
        file = instance.path / "blog" / "web.config"
        sound = web_config('<directoryBrowse enabled="true"/>')
        result = self.command(
            instance, "edit", "Blog", user=ALICE, environment=self.editor(instance, "sound", f"cat >$1 <<'E'\n{sound}E"))
        self.assertEqual((result.returncode, result.stderr), (0, ""), result)
        self.assertEqual(file.read_text(), sound)
        broken = self.command(
            instance, "edit", "Blog", user=ALICE,
            environment=self.editor(instance, "broken", "sed -i s,enabled=,enabeld=, $1"))
        self.assertEqual(broken.returncode, 1)
        self.assertIn(f"{file}:3: error:", broken.stderr)
        self.assertIn("the text is kept in", broken.stderr)
        self.assertEqual(file.read_text(), sound)
        # Root does it the same way, without a server too.
        instance.stop()
        result = subprocess.run(
            [BINARIES / "hostelry", "edit", "Blog", "--state", instance.state, "--config", instance.configuration],
            capture_output=True, text=True, timeout=PATIENCE * 2,
            env={**os.environ, **self.editor(instance, "again", "sed -i s,true,false, $1")})
        self.assertEqual((result.returncode, result.stderr), (0, ""), result)
        self.assertIn('enabled="false"', file.read_text())
        self.assertEqual(file.stat().st_uid, BOB)

    def test_nothing_but_a_file_of_the_sites_own_is_read_or_written(self):
        instance = self.instance()
        self.give(instance, ("/Blog", ALICE, False))
        blog = instance.path / "blog"
        os.chown(blog, ALICE, ALICE)
        secret = instance.write("secret.config", web_config(""))
        secret.chmod(0o600)
        instance.serve()
        wait_until(lambda: self.command(instance, "whoami", user=ALICE).returncode == 0, "still a stranger")
        change = ["config", "set", "Blog", "defaultDocument", "enabled=false", "--web-config"]
        file = blog / "web.config"

        def link():
            file.symlink_to(secret)

        def hard_link():
            os.link(secret, file)

        def huge():
            with open(file, "wb") as stream:
                stream.truncate(1 << 30)

        for prepare in [link, hard_link, lambda: os.mkfifo(file), file.mkdir, huge, lambda: file.write_text("<broken")]:
            prepare()
            before = secret.read_text()
            self.refuse(instance, *change, user=ALICE)
            self.assertEqual(secret.read_text(), before)
            self.assertNotIn("enabled", before)
            if file.is_dir() and not file.is_symlink():
                file.rmdir()
            else:
                file.unlink()
        # A folder that a tenant made a link to another site's.
        os.rename(blog, instance.path / "old")
        blog.symlink_to(instance.path / "shop")
        os.lchown(blog, ALICE, ALICE)
        self.refuse(instance, *change, user=ALICE)
        self.assertFalse((instance.path / "shop" / "web.config").exists())
        instance.stop()

    def test_root_changes_a_web_config_with_appcmd_as_the_folders_owner(self):
        instance = self.instance().serve()
        blog = instance.path / "blog"
        os.chown(blog, BOB, BOB)
        appcmd = [BINARIES / "hostelry", "appcmd", "set", "config", "Blog", "-section:directoryBrowse", "-enabled:true",
                  f"/apphostconfig:{instance.configuration}", f"/state:{instance.state}", "/commit:site"]
        result = subprocess.run(appcmd, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(result.returncode, 0, result)
        file = blog / "web.config"
        self.assertEqual(file.stat().st_uid, BOB)
        self.assertIn('enabled="true"', file.read_text())
        file.unlink()
        target = instance.write("target.config", web_config(""))
        file.symlink_to(target)
        result = subprocess.run(appcmd, capture_output=True, text=True, timeout=PATIENCE)
        self.assertNotEqual(result.returncode, 0, result)
        self.assertNotIn("directoryBrowse", target.read_text())
        instance.stop()

    # Strangers and crowds

    def test_a_delegate_cannot_shut_the_administrators_out(self):
        instance = self.instance()
        self.give(instance, ("/Blog", ALICE, False))
        instance.serve()
        wait_until(lambda: self.command(instance, "whoami", user=ALICE).returncode == 0, "still a stranger")
        crowd = subprocess.Popen(
            ["python3", "-c", "import socket, sys\n"
             "held = []\n"
             "for _ in range(100):\n"
             "    each = socket.socket(socket.AF_UNIX); each.connect(sys.argv[1]); held.append(each)\n"
             "print('there', flush=True); sys.stdin.read()", str(instance.state / "control.sock")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, user=ALICE, group=ALICE, extra_groups=[])
        try:
            self.assertEqual(crowd.stdout.readline(), "there\n")
            self.succeed(instance, "status")
        finally:
            crowd.communicate("")
        wait_until(lambda: self.command(instance, "whoami", user=ALICE).returncode == 0, "shut out for good")
        instance.stop()

    def test_a_long_line_is_taken_for_a_file_alone(self):
        instance = self.instance().serve()

        def talk(data):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(PATIENCE)
                connection.connect(str(instance.state / "control.sock"))
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    connection.sendall(data)
                return json.loads(connection.makefile().readline())

        request = {"version": 1, "operation": "write-web-config", "site": "Blog", "path": "/", "replacing": None}
        text = "<configuration>" + "<!-- long -->" * 10_000 + "</configuration>"
        line = json.dumps({**request, "text": text}, separators=(",", ":")).encode() + b"\n"
        self.assertTrue(talk(line)["ok"])
        self.assertEqual((instance.path / "blog" / "web.config").read_text(), text)
        # The file is another one by now, and a line beyond all measure is no request.
        self.assertEqual(talk(line)["error"], "changed")
        self.assertEqual(talk(line[:-1] + b" " * (1 << 20) + b"\n")["error"], "malformed")
        self.assertEqual(talk(b'{"version":1,"operation":"status"' + b" " * 70_000 + b"}\n")["error"], "malformed")
        instance.stop()


if __name__ == "__main__":
    unittest.main()
