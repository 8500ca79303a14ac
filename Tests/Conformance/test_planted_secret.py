"""A secret that stands in the configuration in clear text stands nowhere else: not in what a server writes of its own accord
or when it is asked, and in nothing that it says."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from instance import BINARIES, Instance, wait_until

SECRET = "Pl4nted-s3cret-in-clear"


class PlantedSecret(unittest.TestCase):
    def setUp(self):
        self.said = ""
        self.instance = Instance()
        self.addCleanup(self.instance.clean)

    def command(self, *arguments, config=True, state=True, status=0):
        places = ["--config", self.instance.configuration] if config else []
        places += ["--state", self.instance.state] if state else []
        answer = subprocess.run(
            [BINARIES / "hostelry", *arguments, *places], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60)
        self.assertEqual(answer.returncode, status, answer.stdout + answer.stderr)
        self.said += answer.stdout + answer.stderr
        return answer.stdout

    def configure(self, secret, folder="content"):
        """At once, as editors save: a half-way text would be a version of its own."""
        instance = self.instance
        live, draft = instance.configuration, instance.path / "draft"
        instance.configuration = draft
        instance.configure(
            instance.site("Site", 1, folder=folder),
            pools=f'<add name="Main"><processModel userName="shop" password="{secret}"/></add>',
            more='<location path="Site"><system.webServer><httpErrors errorMode="Detailed"/><security><authentication>'
            f'<anonymousAuthentication enabled="true" userName="u" password="{secret}"/>'
            "</authentication></security></system.webServer></location>")
        instance.configuration = live
        text = draft.read_text().replace("<sites>", '<configHistory period="00:00:10"/><sites>', 1)
        # A password of a virtual directory, as for a share.
        text = text.replace('<virtualDirectory path="/"', f'<virtualDirectory path="/" userName="u" password="{secret}"')
        draft.write_text(text)
        draft.rename(live)

    def ask_everything(self):
        """Whatever shows something of the configuration."""
        for place in [["/", "system.applicationHost/applicationPools"], ["/", "system.applicationHost/sites"],
                      ["Site", "system.webServer/security/authentication/anonymousAuthentication"]]:
            self.command("config", "show", *place, state=False)
        for arguments in [["check"], ["keys", "show"], ["keys", "encrypt", "--dry-run"], ["history", "show", "1", "--text"],
                          ["history", "diff", "2"], ["shared", "status"], ["shared", "status", "--json"]]:
            self.command(*arguments)
        for table in ["sites", "pools", "virtual_directories", "sections", "files", "versions", "history.changes"]:
            self.command("sql", f"SELECT * FROM {table}")
        for arguments in [["status"], ["status", "--json"], ["events", "--json"], ["history", "list", "--json"]]:
            self.command(*arguments, config=False)
        for path in ["/", "/missing", "/broken/", "/%00", "/..%2f"]:
            answer = self.instance.ask(path)
            self.said += f"{answer.headers} {answer.text}"

    def assert_nowhere(self, *folders, but):
        for folder in folders:
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file() and path not in but:
                    content = path.read_bytes()
                    self.assertNotIn(SECRET.encode(), content, path)
                    self.assertNotIn(SECRET.encode("utf-16-le"), content, path)

    def versions(self):
        return len(self.command("history", "list", config=False).splitlines()) - 1

    def test_it_is_nowhere_else(self):
        instance = self.instance
        self.configure(SECRET)
        instance.content("content", "broken/web.config", "<configuration><nonsense")
        instance.serve()
        wait_until(lambda: self.versions() == 1, "the first version is not recorded")
        before = instance.count()
        self.configure(SECRET + "2", folder="other")
        instance.content("other", "index.html", "the other page")
        instance.event("configuration-applied", after=before)
        wait_until(lambda: self.versions() == 2, "the second version is not recorded")
        history = instance.state / "history"
        wait_until(lambda: list(history.glob("CFGHISTORY_*/applicationHost.config")), "no folder of configHistory is made")
        wait_until(lambda: (instance.state / "history.backup.db").exists(), "no backup of the history is made")
        self.command("backup", "add", "kept")
        self.ask_everything()
        # A mistake, which is told with its line.
        before, good = instance.count(), instance.configuration.read_text()
        instance.configuration.write_text(good.replace('enabled="true"', 'enabled="perhaps"'))
        instance.event("configuration-problem", after=before)
        self.command("check", status=1)
        instance.configuration.write_text(good.replace("</sites>", ""))
        instance.event("configuration-rejected", after=before)
        self.command("check", status=1)
        instance.configuration.write_text(good)
        self.command("reload", config=False)
        # Copies are readable by the server's user alone, and lead back to a configuration that opens.
        for path in [*history.rglob("*"), *(instance.state / "backup").rglob("*")]:
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)
        copies = [*history.rglob("applicationHost.config"), *(instance.state / "backup").rglob("applicationHost.config")]
        for path in copies:
            self.assertEqual(path.read_text().count("[enc:HostelryAesProvider:"), 3, path)
        self.command("backup", "restore", "kept")
        self.assertNotIn(SECRET, instance.configuration.read_text())
        self.assertNotIn("Failed to decrypt", self.command("check"))
        self.assertEqual(instance.get("/"), (200, "the other page"))
        self.configure(SECRET)
        before = instance.count()
        instance.event("configuration-applied", after=before - 1)
        instance.stop()
        self.said += "".join(filter(None, instance.lines))
        self.assertNotIn(SECRET, self.said)
        self.assert_nowhere(instance.path, but={instance.configuration})

    def test_it_is_not_in_the_copy_of_a_shared_folder(self):
        instance = self.instance
        self.configure(SECRET)
        share = Path(tempfile.mkdtemp(prefix="hostelry-shared-"))
        self.addCleanup(shutil.rmtree, share, True)
        share.chmod(0o755)
        shutil.copy(instance.configuration, share / "applicationHost.config")
        instance.configuration.write_text(instance.configuration.read_text().replace(SECRET, ""))
        instance.serve()
        self.command("shared", "enable", "--path", share)
        wait_until(lambda: (instance.state / "shared-copy" / "copy").exists(), "no copy is kept")
        wait_until(lambda: self.versions() == 3, "the shared version is not recorded")
        self.command("backup", "add", "kept")
        instance.die()
        away = share.with_name(share.name + "-away")
        share.rename(away)
        self.addCleanup(shutil.rmtree, away, True)
        instance.serve()
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()
        self.said += "".join(filter(None, instance.lines))
        self.assertNotIn(SECRET, self.said)
        self.assert_nowhere(instance.path, but=set())


if __name__ == "__main__":
    unittest.main()
