"""Encrypted attributes from outside: a planted secret is nowhere in what the program ever writes, and travels sealed."""

import os
import subprocess
import unittest
from pathlib import Path

from instance import BINARIES, Instance, wait_until

SECRET = "Pl4nted-s3cret-of-this-test"
PASSWORD = "Tr4vel-with-care"


class SecretsCase(unittest.TestCase):
    def instance(self, **named):
        instance = Instance(**named)
        self.addCleanup(instance.clean)
        return instance

    def secretive(self):
        instance = self.instance()
        instance.content("content", "index.html", "page")
        instance.configure(
            instance.site("Site", 1),
            pools=f'<add name="Main"><processModel password="{SECRET}"/></add>',
            more='<location path="Site"><system.webServer><security><authentication>'
            f'<anonymousAuthentication enabled="true" password="{SECRET}"/>'
            "</authentication></security></system.webServer></location>")
        return instance

    def command(self, instance, *arguments, **named):
        return subprocess.run(
            [BINARIES / "hostelry", *arguments, "--config", instance.configuration, "--state", instance.state],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, **named)

    def done(self, instance, *arguments, **named):
        answer = self.command(instance, *arguments, **named)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.said += answer.stdout + answer.stderr
        return answer.stdout

    def refused(self, instance, *arguments, **named):
        before = self.everything(instance.path)
        answer = self.command(instance, *arguments, **named)
        self.assertEqual(answer.returncode, 1, answer.stdout)
        self.assertEqual(before, self.everything(instance.path), "something was changed")
        self.said += answer.stdout + answer.stderr
        return answer.stderr

    def setUp(self):
        self.said = ""

    def password(self, instance, text=PASSWORD):
        path = instance.path / "password"
        path.write_text(text + "\n")
        return str(path)

    @staticmethod
    def everything(folder):
        files = {}
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and path.name not in ["password"]:
                files[str(path)] = path.read_bytes()
        return files

    def assert_nowhere(self, folder):
        for path, content in self.everything(folder).items():
            self.assertNotIn(SECRET.encode(), content, path)


class Secrets(SecretsCase):
    def test_a_planted_secret_is_nowhere_in_what_was_written(self):
        instance = self.secretive()
        for section in ["system.applicationHost/applicationPools", "system.applicationHost/sites"]:
            shown = subprocess.run(
                [BINARIES / "hostelry", "config", "show", "/", section, "--config", instance.configuration],
                capture_output=True, text=True, timeout=60)
            self.assertEqual(shown.returncode, 0, shown.stderr)
            self.said += shown.stdout
        self.assertEqual(self.done(instance, "keys", "encrypt", "--dry-run").count("would be sealed"), 2)
        self.assertFalse((instance.state / "keys").exists())
        self.assertEqual(self.done(instance, "keys", "encrypt").count(": sealed"), 2)
        self.assertEqual((instance.state / "keys").stat().st_mode & 0o777, 0o600)
        instance.serve()
        self.assertEqual(instance.get("/"), (200, "page"))
        workers = instance.roles()
        keys = self.done(instance, "keys", "show").splitlines()
        self.assertIn("2  current", keys[1])
        before = instance.configuration.read_bytes()
        self.assertEqual(self.done(instance, "keys", "rotate").count(": sealed"), 2)
        self.assertNotEqual(before, instance.configuration.read_bytes())
        self.assertEqual([line.split()[2] for line in self.done(instance, "keys", "show").splitlines()[1:]], ["0", "2"])
        self.done(instance, "keys", "rotate", "--forget")
        self.assertEqual(len(self.done(instance, "keys", "show").splitlines()), 2)
        self.assertEqual(instance.get("/"), (200, "page"))
        self.assertEqual(instance.roles(), workers, "a rotation recycles nothing")
        self.said += self.command(instance, "check").stdout
        for arguments in [["status"], ["events", "--json"], ["history", "list"], ["history", "show", "1"]]:
            answer = subprocess.run(
                [BINARIES / "hostelry", *arguments, "--state", instance.state], capture_output=True, text=True, timeout=60)
            self.said += answer.stdout + answer.stderr
        out = instance.path / "export"
        self.done(instance, "export", "--to", out, "--password-file", self.password(instance))
        self.assertEqual(sorted(path.name for path in out.iterdir()), ["applicationHost.config", "configEncKey.key", "manifest"])
        instance.stop()
        self.assert_nowhere(instance.path)
        self.assertNotIn(SECRET, self.said)
        self.assertNotIn(PASSWORD, self.said)

    def test_values_that_cannot_be_decrypted_are_told_with_their_line(self):
        instance = self.secretive()
        self.done(instance, "keys", "encrypt")
        (instance.state / "keys").unlink()
        answer = self.command(instance, "check")
        self.assertEqual(answer.returncode, 1)
        self.assertRegex(answer.stdout, r"applicationHost.config:\d+: error: Failed to decrypt attribute 'password'")
        self.assertIn("no key opens these values", self.command(instance, "keys", "rotate").stderr)


class Transfer(SecretsCase):
    def exported(self, instance, *more):
        folder = instance.path / "export"
        self.done(instance, "export", "--to", folder, "--password-file", self.password(instance), *more)
        return folder

    def test_a_round_trip_gives_the_same_bytes(self):
        one, two = self.secretive(), self.instance()
        folder = self.exported(one)
        for path in [two.configuration, two.state / "keys"]:
            path.unlink(missing_ok=True)
        take = ["import", "--from", folder, "--password-file", self.password(one)]
        self.assertIn("Site", self.done(two, *take, "--dry-run"))
        self.assertFalse(two.configuration.exists())
        self.done(two, *take, "--yes")
        again = self.exported(two)
        for path in folder.iterdir():
            self.assertEqual(path.read_bytes(), (again / path.name).read_bytes(), path.name)
        self.assert_nowhere(two.path)

    def test_what_the_machine_does_to_openssl_breaks_no_seal(self):
        """With a configuration of OpenSSL that activates only old algorithms there is no HMAC but our own."""
        one, two = self.secretive(), self.instance()
        openssl = one.path / "openssl.cnf"
        openssl.write_text(
            "openssl_conf = all\n[all]\nproviders = chosen\n[chosen]\nlegacy = old\n[old]\nactivate = 1\n")
        environment = os.environ | {"OPENSSL_CONF": str(openssl)}
        folder = one.path / "export"
        self.done(one, "export", "--to", folder, "--password-file", self.password(one), env=environment)
        manifest = folder / "manifest"
        content = manifest.read_text()
        self.assertRegex(content, r"\nseal [0-9a-f]{64}\n$")
        take = ["import", "--from", folder, "--password-file", self.password(one), "--yes"]
        manifest.write_text(content[:content.index("seal ")] + "seal \n")
        self.assertIn("was altered", self.refused(two, *take, env=environment))
        manifest.write_text(content)
        self.done(two, *take, env=environment)

    def test_a_running_server_takes_an_import_over(self):
        one, two = self.instance(), self.instance()
        # The path begins at whichever configuration holds it.
        two.content("other", "index.html", "from one")
        one.configure(one.site("Site", 1, port=two.port, folder="other"))
        two.content("content", "index.html", "from two")
        two.configure(two.site("Site", 1))
        two.serve()
        self.assertEqual(two.get("/"), (200, "from two"))
        folder = self.exported(one)
        self.done(two, "import", "--from", folder, "--password-file", self.password(one), "--yes")
        wait_until(lambda: two.get("/") == (200, "from one"), "the import is not served")

    def test_what_is_wrong_is_told_and_changes_nothing(self):
        one, two = self.secretive(), self.instance()
        two.configure(two.site("Other", 7))
        folder = self.exported(one)
        good = self.password(one)
        bad = two.path / "password"
        bad.write_text("Wr0ng-password\n")
        told = self.refused(two, "import", "--from", folder, "--password-file", bad, "--yes")
        self.assertIn("the password does not open", told)
        self.assertNotIn("Wr0ng", told)
        self.assertIn("say --yes", self.refused(two, "import", "--from", folder, "--password-file", good))
        self.assertIn("there is no password", self.refused(
            two, "import", "--from", folder, "--yes", start_new_session=True))
        for name, marker in [("configEncKey.key", b"keys "), ("manifest", b"seal "), ("applicationHost.config", b"Main")]:
            path = folder / name
            content = path.read_bytes()
            at = content.index(marker) + len(marker) + 2
            path.write_bytes(content[:at] + (b"0" if content[at:at + 1] != b"0" else b"1") + content[at + 1:])
            self.refused(two, "import", "--from", folder, "--password-file", good, "--yes")
            path.write_bytes(content)
        manifest = (folder / "manifest").read_bytes()
        (folder / "manifest").write_bytes(manifest.replace(b"export 1", b"export 9"))
        self.assertIn("version 9", self.refused(two, "import", "--from", folder, "--password-file", good, "--yes"))
        unsealed = manifest[:manifest.index(b"seal ")]
        (folder / "manifest").write_bytes(unsealed)
        self.assertIn("not under one", self.refused(two, "import", "--from", folder, "--password-file", good, "--yes"))
        (folder / "manifest").unlink()
        self.assertIn("no whole export", self.refused(two, "import", "--from", folder, "--password-file", good, "--yes"))
        stripped = two.path / "stripped"
        stripped.mkdir()
        (stripped / "applicationHost.config").write_text(two.configuration.read_text())
        self.assertIn("not under one", self.refused(two, "import", "--from", stripped, "--password-file", good, "--yes"))
        (folder / "manifest").write_bytes(manifest)
        self.assertIn("is there already", self.refused(one, "export", "--to", folder, "--password-file", good))
        weak = one.path / "password"
        weak.write_text("weak\n")
        self.assertIn("too weak", self.refused(one, "export", "--to", one.path / "e2", "--password-file", weak))

    @unittest.skipUnless(os.geteuid() == 0, "as root only")
    def test_a_folder_that_cannot_be_written_and_a_full_disk_are_told(self):
        one = self.secretive()
        mount = one.path / "small"
        mount.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "none", mount], capture_output=True).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", mount])
        told = self.command(one, "export", "--to", mount, "--password-file", self.password(one))
        self.assertEqual(told.returncode, 1)
        self.assertIn("no space left", told.stderr)
        self.assertEqual(list(mount.iterdir()), [], "nothing is left")
        subprocess.run(["mount", "-o", "remount,ro", mount], check=True)
        told = self.command(one, "export", "--to", mount, "--password-file", self.password(one))
        self.assertEqual(told.returncode, 1)
        self.assertIn("read-only", told.stderr)

    def test_nothing_is_imported_past_a_shared_configuration(self):
        one, two = self.instance(), self.instance()
        folder, shared = self.exported(one), two.path / "shared"
        self.done(two, "backup", "add", "before")
        shared.mkdir()
        (shared / "applicationHost.config").write_text(two.configuration.read_text())
        two.write(
            "redirection.config",
            '<configuration><configSections><section name="configurationRedirection"/></configSections>'
            f'<configurationRedirection enabled="true" path="{shared}"/></configuration>')
        for arguments in [["import", "--from", folder, "--password-file", self.password(one), "--yes"], ["keys", "rotate"],
                          ["backup", "restore", "before"]]:
            self.assertIn(f"the shared one in {shared}", self.refused(two, *arguments))

    def test_a_site_moves_beside_others(self):
        one, two = self.instance(), self.instance()
        one.configure(one.site("Shop", 1, port=two.port + 1, pool="Shop"), pools='<add name="Shop"/>')
        two.configure(two.site("Other", 1))
        folder = self.exported(one, "--site", "Shop")
        said = self.done(two, "import", "--from", folder, "--password-file", self.password(one), "--yes")
        self.assertIn('site "Shop" gets the id 2', said)
        text = two.configuration.read_text()
        self.assertIn('name="Other"', text)
        self.assertIn('<add name="Shop"/>', text)
        self.assertIn("is here already", self.command(
            two, "import", "--from", folder, "--password-file", self.password(one), "--yes").stderr)
