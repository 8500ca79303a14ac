"""A shared configuration whose values are encrypted: its keys are checked and taken over before a server goes over to it."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from instance import BINARIES, Instance

SECRET = "Pl4nted-s3cret-of-this-test"
PASSWORD = "Tr4vel-with-care"


def everything(folder):
    return {str(path): path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file()}


class SharedKeys(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hostelry-shared-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self.share = self.folder / "share"
        self.password = self.folder / "password"
        self.password.write_text(PASSWORD + "\n")
        # The server that seals, and the one that joins.
        self.one, self.two = self.instance(), self.instance()
        self.one.configure(
            self.one.site("Site", 1, port=self.two.port),
            pools=f'<add name="Main">\n<processModel password="{SECRET}"/></add>')
        self.assertEqual(self.command(self.one, "keys", "encrypt").returncode, 0)
        exported = self.command(self.one, "export", "--to", self.share, "--password-file", self.password)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        self.wrapped = self.share / "configEncKey.key"

    def instance(self):
        instance = Instance()
        self.addCleanup(instance.clean)
        return instance

    def command(self, instance, *arguments, **named):
        return subprocess.run(
            [BINARIES / "hostelry", *arguments, "--config", instance.configuration, "--state", instance.state],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, start_new_session=True, **named)

    def enable(self, *arguments):
        return self.command(self.two, "shared", "enable", "--path", self.share, *arguments)

    def refused(self, *arguments):
        before = everything(self.two.path), everything(self.share)
        answer = self.enable(*arguments)
        self.assertEqual(answer.returncode, 1, answer.stdout + answer.stderr)
        self.assertEqual(before, (everything(self.two.path), everything(self.share)), "something was changed")
        self.assertNotIn(SECRET, answer.stdout + answer.stderr)
        self.assertNotIn(PASSWORD, answer.stdout + answer.stderr)
        return answer.stdout + answer.stderr

    def keys(self, instance):
        return [line.split()[0] for line in self.command(instance, "keys", "show").stdout.splitlines()[1:]]

    def line(self):
        text = (self.share / "applicationHost.config").read_text()
        return 1 + text[:text.index("[enc:HostelryAesProvider:")].count("\n")

    def test_values_that_no_key_opens_keep_the_server_where_it_is(self):
        self.wrapped.unlink()
        told = self.refused()
        self.assertIn(f"{self.share}/applicationHost.config:{self.line()}: error: Failed to decrypt attribute 'password'", told)
        self.assertIn("configEncKey.key", told)
        self.assertIn("--password-file", told)
        # Keys of its own make no difference.
        self.assertEqual(self.command(self.two, "keys", "rotate").returncode, 0)
        self.assertIn("Failed to decrypt attribute 'password'", self.refused())

    def test_the_folders_keys_become_the_servers_and_its_own_stay(self):
        self.assertEqual(self.command(self.two, "keys", "rotate").returncode, 0)
        own = self.keys(self.two)
        trial = self.enable("--password-file", self.password, "--dry-run")
        self.assertEqual(trial.returncode, 0, trial.stderr)
        self.assertIn("would take in 1 keys", trial.stdout)
        self.assertEqual(self.keys(self.two), own)
        self.assertFalse((self.two.path / "redirection.config").exists())
        self.two.serve()
        done = self.enable("--password-file", self.password)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(sorted(self.keys(self.two)), sorted(own + self.keys(self.one)))
        # What it seals from now on the other server opens.
        self.assertEqual(self.keys(self.two)[-1], self.keys(self.one)[-1])
        self.assertEqual(self.command(self.two, "check").returncode, 0)
        # With the keys there, nobody has to say the password again.
        self.assertEqual(self.command(self.two, "shared", "disable").returncode, 0)
        again = self.enable()
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("is not opened", again.stdout)
        self.two.stop()
        for path, content in everything(self.two.path).items():
            self.assertNotIn(SECRET.encode(), content, path)

    def test_a_descriptor_gives_the_password_too(self):
        with open(self.password) as file:
            done = self.command(
                self.two, "shared", "enable", "--path", self.share, "--password-fd", str(file.fileno()),
                pass_fds=[file.fileno()])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.keys(self.two), self.keys(self.one))

    def test_whatever_fails_changes_nothing(self):
        # Nobody says the password.
        told = self.refused()
        self.assertIn("there is no password", told)
        self.assertIn(f"applicationHost.config:{self.line()}", told)
        wrong = self.folder / "wrong"
        wrong.write_text("An0ther-password\n")
        self.assertIn("the password does not open", self.refused("--password-file", wrong))
        content = self.wrapped.read_bytes()
        at = content.index(b"keys ", 30) + 9
        self.wrapped.write_bytes(content[:at] + (b"A" if content[at:at + 1] != b"A" else b"B") + content[at + 1:])
        self.assertIn("altered", self.refused("--password-file", self.password))
        self.wrapped.write_bytes(content.replace(b"wrapped keys 1", b"wrapped keys 7"))
        self.assertIn("version 7", self.refused("--password-file", self.password))
        self.wrapped.write_bytes(b"keys of Windows")
        self.assertIn("holds no keys that Hostelry wrapped", self.refused("--password-file", self.password))
        # The right keys, and a configuration with a mistake.
        self.wrapped.write_bytes(content)
        file = self.share / "applicationHost.config"
        good = file.read_text()
        file.write_text(good.replace("<bindings>", "<bindings><nonsense/>"))
        self.refused("--password-file", self.password)
        # The keys of another server.
        other = self.instance()
        self.assertEqual(self.command(other, "keys", "rotate").returncode, 0)
        foreign = self.folder / "foreign"
        other.configure(
            other.site("Site", 1), pools=f'<add name="Main"><processModel password="{SECRET}"/></add>')
        exported = self.command(other, "export", "--to", foreign, "--password-file", self.password)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        file.write_text(good)
        shutil.copy(foreign / "configEncKey.key", self.wrapped)
        self.assertIn("does not hold their keys either", self.refused("--password-file", self.password))
        self.wrapped.unlink()
        self.assertIn("there is no", self.refused("--password-file", self.password))

    @unittest.skipUnless(os.geteuid() == 0, "mounting takes root")
    def test_keys_are_taken_out_again_where_the_redirection_cannot_be_written(self):
        """The state can be written, the folder of the configuration cannot."""
        self.two.state.mkdir(exist_ok=True)
        if subprocess.run(["mount", "--bind", self.two.path, self.two.path], capture_output=True).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.two.path], check=True)
        subprocess.run(["mount", "--bind", self.two.state, self.two.state], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.two.state], check=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", self.two.path], check=True)
        answer = self.enable("--password-file", self.password)
        self.assertEqual(answer.returncode, 1, answer.stdout)
        self.assertIn("read-only", answer.stderr.lower())
        self.assertFalse((self.two.state / "keys").exists())
        self.assertFalse((self.two.path / "redirection.config").exists())

    @unittest.skipUnless(os.geteuid() == 0, "reading as another account takes root")
    def test_the_folder_is_read_as_the_account_that_is_named(self):
        shutil.chown(self.share, "nobody")
        for path in [self.share, *self.share.iterdir()]:
            shutil.chown(path, "nobody")
        self.share.chmod(0o700)
        told = self.refused("--user", "daemon", "--password-file", self.password)
        self.assertIn("applicationHost.config", told)
        self.assertIn("there is no account of that name", self.refused("--user", "no-such-account"))
        done = self.enable("--user", "nobody", "--password-file", self.password)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.two.serve()
        self.assertEqual(self.two.event("shared-configuration-followed")["fields"]["account"], "nobody")
        status = json.loads(self.command(self.two, "shared", "status", "--json").stdout)
        self.assertEqual((status["userName"], status["remark"], status["server"]["state"]), ("nobody", None, "followed"))
        # Root could still read it; the account cannot.
        shutil.chown(self.share, "root")
        (self.share / "applicationHost.config").touch()
        asked = subprocess.run(
            [BINARIES / "hostelry", "reload", "--state", self.two.state], capture_output=True, text=True, timeout=60)
        self.assertEqual(asked.returncode, 1)
        self.two.event("shared-configuration-away")
        shutil.chown(self.share, "nobody")
        self.two.event("shared-configuration-back")
        # A password does nothing here, and that is said everywhere.
        text = (self.two.path / "redirection.config").read_text()
        (self.two.path / "redirection.config").write_text(text.replace("userName=", 'password="x" userName='))
        self.assertIn("password in redirection.config is of no effect", self.command(self.two, "check").stdout)
        self.assertIn("is of no effect", self.command(self.two, "shared", "status").stdout)
        event = self.two.event("shared-configuration-followed", where=lambda event: "of no effect" in event["text"])
        self.assertIn("credentials=", event["text"])
        self.two.stop()


if __name__ == "__main__":
    unittest.main()
