"""Sites that move with their content, exports for Windows, and what an import refuses."""

import os
import random
import shutil
import signal
import struct
import subprocess
import unittest
from pathlib import Path

import test_corpus
from instance import BINARIES, wait_until
from test_secrets import SECRET, SecretsCase

EXPORT = test_corpus.CORPUS and test_corpus.CORPUS / "shared-configuration"


class TransferCase(SecretsCase):
    def shop(self):
        """A server with a site of its own pool and a secret, and one with another site."""
        one, two = self.instance(), self.instance()
        one.content("shop", "index.html", "the shop")
        one.content("shop/images", "a b.txt", "picture")
        (one.path / "shop/latest").symlink_to("images")
        os.utime(one.path / "shop/index.html", (1_600_000_000, 1_600_000_000))
        os.chmod(one.path / "shop/images/a b.txt", 0o600)
        one.configure(
            one.site("Shop", 5, port=two.port + 1, pool="Shop", folder="shop"),
            pools=f'<add name="Shop"><processModel password="{SECRET}"/></add>',
            more='<location path="Shop"><system.webServer><defaultDocument enabled="true"/></system.webServer></location>')
        two.configure(two.site("Other", 1))
        return one, two

    @classmethod
    def everything(cls, folder):
        """But for the lock, which says nothing when nobody holds it."""
        files = SecretsCase.everything(folder)
        return {path: content for path, content in files.items() if not path.endswith("/content-import")}

    def export(self, instance, name="export", *more):
        folder = instance.path / name
        self.done(instance, "export", "--to", folder, "--password-file", self.password(instance), *more)
        return folder

    def take(self, one, folder, *more):
        return ["import", "--from", folder, "--password-file", self.password(one), *more]

    def tree(self, folder):
        return {
            str(path.relative_to(folder)): (os.readlink(path) if path.is_symlink() else path.is_file() and path.read_bytes(),
                                            path.lstat().st_mtime_ns)
            for path in sorted(Path(folder).rglob("*"))}


class Content(TransferCase):
    def test_a_site_moves_with_what_it_serves(self):
        one, two = self.shop()
        folder = self.export(one, "export", "--site", "Shop", "--content")
        self.assertEqual(
            sorted(path.name for path in folder.iterdir()),
            ["configEncKey.key", "content", "content.list", "manifest", "sites.config"])
        two.serve()
        said = self.done(two, *self.take(one, folder, "--yes"))
        self.assertIn(f"content {two.path}/shop: 3 files", said)
        self.assertEqual(self.tree(one.path / "shop"), self.tree(two.path / "shop"))
        wait_until(lambda: self.served(two), "the site is not served")
        self.assertEqual(two.get("/images/a%20b.txt", port=two.port + 1), (200, "picture"))
        two.stop()
        # The export of what was imported is the same, byte for byte.
        again = self.export(two, "again", "--site", "Shop", "--content")
        for name in ["configEncKey.key", "content.list", "manifest", "sites.config"]:
            self.assertEqual((folder / name).read_bytes(), (again / name).read_bytes(), name)
        self.assertEqual(self.tree(folder / "content"), self.tree(again / "content"))
        self.assert_nowhere(two.path)

    def served(self, instance):
        try:
            return instance.get("/", port=instance.port + 1) == (200, "the shop")
        except OSError:
            return False

    def test_a_trial_places_nothing_and_a_file_that_differs_is_never_written_over(self):
        one, two = self.shop()
        folder = self.export(one, "export", "--site", "Shop", "--content")
        before = self.everything(two.path)
        said = self.done(two, *self.take(one, folder, "--dry-run"))
        self.assertIn(f"content {two.path}/shop: 3 files", said)
        self.assertEqual(before, self.everything(two.path))
        two.content("shop", "index.html", "mine")
        told = self.refused(two, *self.take(one, folder, "--yes"))
        self.assertIn(f"{two.path}/shop/index.html differs", told)
        elsewhere = two.path / "sites/shop"
        self.done(two, *self.take(one, folder, "--yes", "--map", f"%HOSTELRY_CONFIG_DIR%/shop={elsewhere}"))
        self.assertEqual(self.tree(one.path / "shop"), self.tree(elsewhere))
        self.assertIn(f'physicalPath="{elsewhere}"', two.configuration.read_text())

    def test_what_was_altered_changes_nothing(self):
        one, two = self.shop()
        folder = self.export(one, "export", "--site", "Shop", "--content")
        for name, marker in [("content/1/index.html", b"shop"), ("content.list", b"index.html"), ("manifest", b"sites.config"),
                             ("manifest", b"content.list"), ("configEncKey.key", b"keys "), ("sites.config", b"Shop")]:
            path = folder / name
            content, modified = path.read_bytes(), path.stat().st_mtime_ns
            at = content.index(marker)
            path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
            for how in ["--yes", "--dry-run"]:
                self.refused(two, *self.take(one, folder, how))
            path.write_bytes(content)
            os.utime(path, ns=(modified, modified))
        listed = (folder / "content.list").read_bytes()
        (folder / "content.list").unlink()
        self.assertIn("content.list is missing", self.refused(two, *self.take(one, folder, "--yes")))
        (folder / "content.list").write_bytes(listed)
        (folder / "content/1/images/a b.txt").unlink()
        self.assertIn("a b.txt", self.refused(two, *self.take(one, folder, "--yes")))
        self.assertFalse((two.path / "shop").exists())

    def test_an_import_that_is_killed_is_finished_by_the_same_command(self):
        one, two = self.shop()
        for number in range(200):
            one.content(f"shop/many/{number % 7}", f"{number}.txt", str(number) * 2000)
        folder = self.export(one, "export", "--site", "Shop", "--content")
        before = two.configuration.read_bytes()
        command = [BINARIES / "hostelry", *self.take(one, folder, "--yes"), "--config", two.configuration, "--state", two.state]
        chance = random.Random(7)
        for _ in range(6):
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            try:
                process.communicate(timeout=chance.uniform(0.2, 1.0))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
            if two.configuration.read_bytes() != before:
                break
            if (two.path / "shop").exists():
                self.assertEqual(self.tree(one.path / "shop"), self.tree(two.path / "shop"), "half in place")
        if two.configuration.read_bytes() == before:
            self.done(two, *self.take(one, folder, "--yes"))
        self.assertEqual(self.tree(one.path / "shop"), self.tree(two.path / "shop"))
        self.assertEqual([path.name for path in two.path.glob(".*hostelry-import")], [])
        self.assertIn('name="Shop"', two.configuration.read_text())

    @unittest.skipUnless(os.geteuid() == 0, "as root only")
    def test_the_pools_user_may_read_what_is_placed_and_no_room_is_told_before(self):
        one, two = self.shop()
        folder = self.export(one, "export", "--site", "Shop", "--content")
        mount = two.path / "small"
        mount.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", mount], capture_output=True).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", mount])
        (mount / "full").write_bytes(b"x" * 61440)
        big = one.path / "shop/big"
        big.write_bytes(os.urandom(200_000))
        large = self.export(one, "large", "--site", "Shop", "--content")
        moved = ["--map", f"%HOSTELRY_CONFIG_DIR%/shop={mount}/shop"]
        self.assertIn("no room", self.refused(two, *self.take(one, large, "--yes", *moved)))
        told = self.command(one, "export", "--to", mount / "e", "--site", "Shop", "--content", "--password-file", self.password(one))
        self.assertEqual(told.returncode, 1)
        self.assertIn("no space left", told.stderr)
        self.assertEqual([path.name for path in (mount / "e").iterdir()], [])
        self.done(two, *self.take(one, folder, "--yes"))
        user = self.done(two, "pool", "user", "Shop")
        number = next(line.split()[1] for line in user.splitlines() if line.startswith("user"))
        listed = subprocess.run(["getfacl", "-n", two.path / "shop/images/a b.txt"], capture_output=True, text=True)
        if listed.returncode == 0:
            self.assertIn(f"user:{number}:r--", listed.stdout)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_a_pool_that_serves_a_folder_in_it_may_read_no_other(self):
        one, two = self.shop()
        one.content("shop/private", "file.txt", "the shop's")
        one.content("shop", "web.config", "<configuration/>")
        text = one.configuration.read_text()
        one.configuration.write_text(text.replace("</application>", """</application>
            <application path="/images" applicationPool="Images"><virtualDirectory path="/"
                physicalPath="%HOSTELRY_CONFIG_DIR%/shop/images"/></application>""", 1)
            .replace("<applicationPools>", '<applicationPools><add name="Images"/>', 1))
        folder = self.export(one, "export", "--site", "Shop", "--content")
        self.done(two, *self.take(one, folder, "--yes"))
        user = self.done(two, "pool", "user", "Images")
        number = int(next(line.split()[1] for line in user.splitlines() if line.startswith("user")))

        def granted(name):
            try:
                entries = os.getxattr(two.path / name, "system.posix_acl_access")[4:]
            except OSError:
                return None
            for tag, permissions, holder in struct.iter_unpack("<HHI", entries):
                if tag == 2 and holder == number:
                    return permissions
            return None

        self.assertEqual(granted("shop/images"), 5)
        self.assertEqual(granted("shop/images/a b.txt"), 4)
        # Their web.config holds for the folder in it.
        self.assertEqual(granted("shop"), 5)
        self.assertEqual(granted("shop/web.config"), 4)
        for name in ["shop/index.html", "shop/private", "shop/private/file.txt"]:
            self.assertIsNone(granted(name), name)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_a_link_gives_a_pools_user_nothing_of_what_it_leads_to(self):
        one, two = self.shop()
        secret = one.path / "secret"
        secret.mkdir(0o700)
        (secret / "file").write_text("the administrator's")
        (one.path / "shop/leads out").symlink_to(secret)
        folder = self.export(one, "export", "--site", "Shop", "--content")
        # All but the link is there already, so that it is placed by itself.
        shutil.copytree(one.path / "shop", two.path / "shop", symlinks=True)
        (two.path / "shop/leads out").unlink()
        before = os.listxattr(secret), secret.stat().st_mode
        self.done(two, *self.take(one, folder, "--yes"))
        self.assertEqual(os.readlink(two.path / "shop/leads out"), str(secret))
        self.assertEqual((os.listxattr(secret), secret.stat().st_mode), before)
        self.assertEqual(os.listxattr(secret / "file"), [])

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_another_users_link_leads_root_nowhere(self):
        one, two = self.shop()
        folder = self.export(one, "export", "--site", "Shop", "--content")
        aim = two.path / "aim"
        aim.mkdir()
        (two.path / "shop").symlink_to(aim)
        os.lchown(two.path / "shop", 65534, 65534)
        told = self.refused(two, *self.take(one, folder, "--yes"))
        self.assertIn("another user's link", told)
        self.assertEqual(list(aim.iterdir()), [])
        # And out of the server that exports as well.
        os.rename(one.path / "shop", one.path / "elsewhere")
        (one.path / "shop").symlink_to(one.path / "elsewhere")
        os.lchown(one.path / "shop", 65534, 65534)
        told = self.refused(
            one, "export", "--to", one.path / "again", "--password-file", self.password(one), "--site", "Shop", "--content")
        self.assertIn("another user's link", told)
        # The administrator's own link is followed.
        os.lchown(one.path / "shop", 0, 0)
        self.export(one, "again", "--site", "Shop", "--content")

    def test_content_without_a_site_and_a_folder_inside_it_are_refused(self):
        one, _ = self.shop()
        password = self.password(one)
        self.assertIn("--site", self.refused(one, "export", "--to", one.path / "e", "--content", "--password-file", password))
        told = self.refused(
            one, "export", "--to", one.path / "shop/e", "--site", "Shop", "--content", "--password-file", password)
        self.assertIn("outside it", told)
        self.assertIn("there is no site", self.refused(
            one, "export", "--to", one.path / "e", "--site", "Nobody", "--content", "--password-file", password))
        one.configure(one.site("Shop", 5, folder=""))
        self.assertIn("which is no content", self.refused(
            one, "export", "--to", "/tmp/never-made-by-hostelry", "--site", "Shop", "--content", "--password-file", password))
        self.assertFalse(Path("/tmp/never-made-by-hostelry").exists())


class Refusals(TransferCase):
    """Bad input of the issue: each leaves everything as it was."""

    def test_what_would_not_be_served_here_is_not_imported(self):
        one, two = self.shop()
        for name, configuration, told in [
            ("quarantine", one.site("A", 1) + one.site("B", 2), 'site "B" would not be served'),
            ("pool", one.site("A", 1, pool="Nobody"), "would not be served"),
        ]:
            one.configure(configuration)
            folder = self.export(one, name)
            self.assertIn(told, self.refused(two, *self.take(one, folder, "--yes")))
        one.configure(one.site("A", 1, pool="P"), pools='<add name="P"><processModel identityType="SpecificUser" '
                      'userName="nobody-has-this-name"/></add>')
        folder = self.export(one, "user")
        self.assertIn("this machine has no such user", self.refused(two, *self.take(one, folder, "--yes")))
        (one.path / "schema").mkdir()
        (one.path / "schema/contoso.xml").write_text(
            '<configSchema><sectionSchema name="contoso"><attribute name="a" type="int"/></sectionSchema></configSchema>')
        one.configure(one.site("A", 1), more="<contoso a='1'/>")
        one.configuration.write_text(one.configuration.read_text().replace(
            "<configuration>", '<configuration><configSections><sectionGroup name="system.applicationHost"><section name="sites"/>'
            '<section name="applicationPools"/></sectionGroup><section name="contoso"/></configSections>'))
        folder = self.export(one, "schema-missing")
        self.assertIn("no schema describes the section 'contoso'", self.refused(two, *self.take(one, folder, "--yes")))

    def test_a_trial_says_where_nothing_would_change(self):
        one, _ = self.shop()
        folder = self.export(one)
        self.done(one, *self.take(one, folder, "--yes"))
        said = self.done(one, *self.take(one, folder, "--dry-run"))
        self.assertEqual(said, "Nothing would change.\n")
        self.assertIn("Nothing is different.", self.done(one, *self.take(one, folder, "--yes")))


class ForWindows(TransferCase):
    def test_what_windows_cannot_read_is_left_out_and_listed(self):
        one = self.instance()
        folder = one.path / "instance"
        subprocess.run([BINARIES / "hostelry", "init", folder, "--port", str(one.port)], check=True, capture_output=True)
        one.configuration, one.state = folder / "applicationHost.config", folder / "state"
        text = one.configuration.read_text()
        one.configuration.write_text(text.replace(
            '<virtualDirectory path="/"', '<virtualDirectory path="/" caseSensitive="false"').replace(
            '<add name="DefaultAppPool"/>', f'<add name="DefaultAppPool"><processModel password="{SECRET}"/></add>'))
        out = one.path / "windows"
        command = ["export", "--to", out, "--for-windows", "--map", f"C:\\inetpub={folder}"]
        told = self.refused(one, *command)
        self.assertIn("--without-secrets", told)
        said = self.done(one, *command, "--without-secrets")
        self.assertIn("left out: system.applicationHost/sites virtualDirectory/caseSensitive", said)
        self.assertIn("secret: system.applicationHost/applicationPools processModel/password", said)
        self.assertEqual([path.name for path in out.iterdir()], ["applicationHost.config"])
        written = (out / "applicationHost.config").read_text()
        self.assertIn('physicalPath="C:\\inetpub\\content"', written)
        self.assertNotIn("caseSensitive=\"false\"", written)
        self.assertNotIn("HostelryAesProvider", written)
        self.assertIn("is there already", self.refused(one, *command, "--without-secrets"))
        self.assertIn("means nothing for Windows", self.refused(one, *command, "--site", "x", "--content"))

    @unittest.skipIf(EXPORT is None, f"no corpus of real files in {', '.join(map(str, test_corpus.PLACES))}")
    def test_a_file_of_windows_that_was_imported_goes_back_as_it_came(self):
        one = self.instance()
        one.configuration.unlink()
        shutil.copytree(EXPORT, one.path / "export")
        maps = ["--map", "C:\\vhosts=/srv/vhosts"]
        self.done(one, "import", "--from", one.path / "export", *maps, "--yes")
        said = self.done(one, "export", "--to", one.path / "back", "--for-windows", *maps)
        self.assertNotIn("secret:", said)
        self.assertEqual(
            (one.path / "back/applicationHost.config").read_bytes(), (EXPORT / "applicationHost.config").read_bytes())
        self.assertEqual(
            (one.path / "back/administration.config").read_bytes(), (EXPORT / "administration.config").read_bytes())
