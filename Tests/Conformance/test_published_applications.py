"""Published .NET applications: their web.config is written, and what is wrong with them is told."""

import json
import os
import shutil
import struct
import subprocess
import unittest
from pathlib import Path

from instance import BINARIES, wait_until, web_config
from test_commands import CommandCase
from test_express import Express

CORE = "Microsoft.NETCore.App"
WEB = "Microsoft.AspNetCore.App"
# Where hosts and frameworks of a made-up .NET lie; no test looks at the machine's own.
NOWHERE = "/nowhere/at/all"


def assembly():
    """A file whose headers say that it is a .NET assembly for any processor."""
    data = bytearray(0x400)
    data[0:2] = b"MZ"
    struct.pack_into("<I", data, 0x3C, 0x80)
    data[0x80:0x84] = b"PE\0\0"
    struct.pack_into("<HH", data, 0x84, 0x14C, 1)
    struct.pack_into("<H", data, 0x94, 224)
    struct.pack_into("<H", data, 0x98, 0x10B)
    struct.pack_into("<I", data, 0x98 + 92, 16)
    struct.pack_into("<I", data, 0x98 + 96 + 14 * 8, 0x2000)
    struct.pack_into("<IIII", data, 0x98 + 224 + 8, 0x200, 0x2000, 0x200, 0x200)
    struct.pack_into("<I", data, 0x210, 1)
    return bytes(data)


def windows():
    """A Windows program that is no assembly."""
    data = bytearray(assembly())
    struct.pack_into("<H", data, 0x84, 0x8664)
    struct.pack_into("<II", data, 0x98 + 96 + 14 * 8, 0, 0)
    return bytes(data)


def single_file(start=None):
    """A start program, by default for Linux, with the mark that a bundle is behind it; it cannot be run."""
    start = start or bytes([0x7F, 0x45, 0x4C, 0x46, 2, 1]) + bytes(12) + bytes([62]) + bytes(50)
    data = bytearray(start.ljust(64 << 10, b"\0"))
    struct.pack_into("<Q", data, 4096, 5000)
    data[4104:4136] = bytes.fromhex("8B1202B96A612038727B930214D7A03213F5B9E6EFAE3318EE3B2DCE24B36AAE")
    return bytes(data)


def publish(folder, name="Shop", version="8.0.0"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.dll").write_bytes(assembly())
    frameworks = [{"name": CORE, "version": version}, {"name": WEB, "version": version}]
    (folder / f"{name}.runtimeconfig.json").write_text(json.dumps(
        {"runtimeOptions": {"tfm": f"net{version.split('.')[0]}.0", "frameworks": frameworks}}))
    return folder


def install(folder, *versions):
    """A folder that looks like an installed .NET."""
    folder.mkdir()
    (folder / "dotnet").write_bytes(bytes([0x7F, 0x45, 0x4C, 0x46, 2, 1]) + bytes(12) + bytes([62]) + bytes(50))
    (folder / "dotnet").chmod(0o755)
    for version in versions:
        for part in [f"host/fxr/{version}", f"shared/{CORE}/{version}", f"shared/{WEB}/{version}"]:
            (folder / part).mkdir(parents=True)
    return folder


class PublishedCase(CommandCase):
    def published(self, instance, **options):
        return publish(instance.path / "app", **options)

    def write(self, folder, *arguments):
        return subprocess.run(
            [BINARIES / "hostelry", "web-config", folder, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=60)


class WritingWebConfig(PublishedCase):
    def test_the_file_is_written_once_and_over_another_only_when_forced(self):
        instance = self.instance()
        folder = self.published(instance)
        answer = self.write(folder)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        file = folder / "web.config"
        self.assertIn(f"{file} is written: Shop (net8.0), started by dotnet .\\Shop.dll, hosting model inprocess.",
                      answer.stdout)
        self.assertIn(f"hostelry express --path {folder}", answer.stdout)
        text = file.read_text()
        self.assertIn('<location path="." inheritInChildApplications="false">', text)
        self.assertIn('processPath="dotnet" arguments=".\\Shop.dll"', text)
        self.assertEqual(file.stat().st_mode & 0o777, 0o644)

        (folder / "web.config").rename(folder / "Web.Config")
        again = self.write(folder, "--hosting-model", "outofprocess")
        self.assertEqual(again.returncode, 1)
        self.assertIn("Web.Config is there and is left as it is; --force writes over it", again.stderr)
        self.assertEqual((folder / "Web.Config").read_text(), text)
        forced = self.write(folder, "--hosting-model", "outofprocess", "--force")
        self.assertEqual(forced.returncode, 0, forced.stderr)
        self.assertIn('hostingModel="outofprocess"', (folder / "Web.Config").read_text())
        self.assertFalse(file.exists())
        checked = subprocess.run(
            [BINARIES / "hostelry", "check", folder / "Web.Config"], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_a_link_is_not_followed(self):
        instance = self.instance()
        folder = self.published(instance)
        target = instance.path / "precious"
        target.write_text("precious")
        (folder / "web.config").symlink_to(target)
        answer = self.write(folder, "--force")
        self.assertEqual((answer.returncode, target.read_text()), (1, "precious"), answer.stdout)

    def test_what_is_no_application_is_refused(self):
        instance = self.instance()
        folder = instance.path / "empty"
        folder.mkdir()
        for place, words in [(folder, "holds no published .NET application"), (folder / "missing", "is no folder")]:
            answer = self.write(place)
            self.assertEqual(answer.returncode, 1)
            self.assertIn(words, answer.stderr)
        self.assertEqual(self.write(folder, "--hosting-model", "sideways").returncode, 2)
        (folder / "Legacy.exe").write_bytes(assembly())
        answer = self.write(folder)
        self.assertEqual(answer.returncode, 1)
        self.assertIn("Legacy.exe is made for the .NET Framework, which only Windows has; it cannot run here",
                      answer.stderr)
        self.assertEqual([entry.name for entry in folder.iterdir()], ["Legacy.exe"])

    def test_of_several_applications_one_is_named(self):
        instance = self.instance()
        folder = publish(self.published(instance), name="Admin")
        answer = self.write(folder)
        self.assertIn("several applications: Admin, Shop", answer.stderr)
        self.assertEqual(self.write(folder, "--application", "Admin").returncode, 0)
        self.assertIn("Admin.dll", (folder / "web.config").read_text())

    def test_help_manual_and_completion_know_it(self):
        run = lambda *words: subprocess.run([BINARIES / "hostelry", *words], capture_output=True, text=True)
        self.assertIn("--hosting-model", run("web-config", "--help").stdout)
        self.assertIn("hostelry\\-web\\-config", run("man", "web-config").stdout)
        self.assertIn("web-config", run("complete", "bash", "1", "hostelry", "web").stdout + run("--help").stdout)


class TellingOfApplications(PublishedCase):
    def host(self, web_config_text=None, dotnet=NOWHERE, version="8.0.0"):
        """An instance whose only site is a published application, and its pool sees one .NET."""
        instance = self.instance()
        self.folder = self.published(instance, version=version)
        if web_config_text:
            (self.folder / "web.config").write_text(web_config_text)
        pool = ('<add name="Main"><environmentVariables>'
                f'<add name="PATH" value="{dotnet}"/></environmentVariables></add>')
        instance.configure(instance.site("Main", 1, folder="app"), pools=pool)
        return instance

    MAPPED = web_config(
        '<handlers><add name="aspNetCore" path="*" verb="*" modules="AspNetCoreModuleV2"/></handlers>'
        '<aspNetCore processPath="dotnet" arguments=".\\Shop.dll" hostingModel="outofprocess"/>')

    def findings(self, instance):
        answer = self.ask(instance, "doctor", "--json")
        return {finding["check"]: finding for finding in json.loads(answer.stdout)["findings"]}

    def test_an_application_that_nothing_hands_requests_to_is_told(self):
        instance = self.host()
        told = self.ask(instance, "check").stdout
        text = (f"{self.folder} holds the application Shop, and there is no web.config that hands requests to it; "
                f"'hostelry web-config {self.folder}' writes it")
        self.assertIn(f'warning: application "Main/": {text}', told)
        finding = self.findings(instance)["application-unmapped"]
        self.assertEqual((finding["text"], finding["commands"]), (text, [f"hostelry web-config {self.folder}"]))
        instance.serve()
        status, page = instance.get()
        self.assertEqual(status, 403)
        self.assertIn(f"hostelry web-config {self.folder}", page)
        (self.folder / "index.html").write_text("the page")
        self.assertEqual(instance.get(), (200, "the page"))
        instance.stop()

    def test_a_missing_framework_is_named_with_what_is_there(self):
        dotnet = install(self.instance().path / "dotnet", "8.0.31", "9.0.2")
        instance = self.host(self.MAPPED, dotnet, version="10.0.0")
        text = (f"Shop wants {CORE} 10.0.0 or a later 10 (net10.0); {dotnet} has 8.0.31, 9.0.2 of it. Install the "
                "ASP.NET Core Runtime 10.0 (package aspnetcore-runtime-10.0)")
        self.assertIn(f'warning: application "Main/": {text}', self.ask(instance, "check").stdout)
        self.assertEqual(self.findings(instance)["application-unable"]["text"], text)

    def test_an_application_whose_framework_is_there_is_not_told(self):
        dotnet = install(self.instance().path / "dotnet", "8.0.31")
        instance = self.host(self.MAPPED, dotnet)
        self.assertNotIn("Shop", self.ask(instance, "check").stdout)
        self.assertNotIn("application-unable", self.findings(instance))


class ExpressApplications(PublishedCase):
    def express(self, folder, **variables):
        """What 'hostelry express' says of a folder that it does not serve."""
        return subprocess.run(
            [BINARIES / "hostelry", "express", "--path", folder], capture_output=True, text=True, timeout=60,
            env={**os.environ, "XDG_RUNTIME_DIR": str(Path(folder).parent), **variables})

    def test_what_cannot_run_is_told_before_anything_is_served(self):
        folder = self.published(self.instance(), version="10.0.0")
        dotnet = install(folder.parent / "dotnet", "8.0.31")
        answer = self.express(folder, PATH=str(dotnet))
        self.assertEqual(answer.returncode, 1)
        self.assertIn(f"{dotnet} has 8.0.31 of it", answer.stderr)
        (folder / "Shop.runtimeconfig.json").unlink()
        (folder / "Global.asax").touch()
        (folder / "bin").mkdir()
        (folder / "Shop.dll").rename(folder / "bin" / "Shop.dll")
        answer = self.express(folder)
        self.assertIn("app is made for the .NET Framework", answer.stderr)

    def serves(self, folder, path, text):
        express = Express(self, "--path", folder, base=folder.parent)
        _, port = express.address()
        self.assertEqual(express.get(path, port), (200, text))
        self.assertEqual(express.interrupt(), 0)
        return express

    def test_programs_among_files_are_files(self):
        folder = self.instance().path / "files"
        folder.mkdir()
        (folder / "Legacy.exe").write_bytes(assembly())
        (folder / "notes.txt").write_text("the notes")
        self.assertEqual(self.serves(folder, "/notes.txt", "the notes").errors, [])
        for name in ["tool", "tool2"]:
            (folder / name).write_bytes(single_file())
        self.assertEqual(self.serves(folder, "/notes.txt", "the notes").errors, [])
        (folder / "tool2").unlink()
        (folder / "index.html").write_text("the page")
        express = self.serves(folder, "/", "the page")
        self.assertEqual(express.errors, [])
        self.assertNotIn("tool", "".join(express.lines))
        # A lone one for Windows cannot answer.
        (folder / "index.html").unlink()
        (folder / "tool").unlink()
        (folder / "Setup.exe").write_bytes(single_file(windows()))
        express = self.serves(folder, "/notes.txt", "the notes")
        self.assertIn("Setup.exe is a single-file program for Windows", "".join(express.errors))

    def test_what_is_started_is_printed(self):
        folder = self.instance().path / "files"
        folder.mkdir()
        (folder / "tool").write_bytes(single_file())
        express = Express(self, "--path", folder, base=folder.parent)
        express.address()
        self.assertIn("holds the application tool, which answers: .\\tool\n", "".join(express.lines))
        self.assertEqual(express.interrupt(), 0)

    @unittest.skipIf(os.geteuid() != 0, "only root would run what is another's")
    def test_root_starts_nothing_that_another_user_decides(self):
        folder = self.instance().path / "files"
        folder.mkdir()
        (folder / "tool").write_bytes(single_file())
        shutil.chown(folder, "nobody")
        answer = self.express(folder)
        self.assertEqual(answer.returncode, 1)
        self.assertIn(f"the application tool of {folder} would run as root, and {folder} belongs to the user nobody, "
                      f"who decides what it is. Serve the folder as that user: runuser -u nobody -- hostelry express "
                      f"--path {folder}", answer.stderr)
        (folder / "tool").unlink()
        (folder / "web.config").write_text(TellingOfApplications.MAPPED)
        answer = self.express(folder)
        self.assertEqual(answer.returncode, 1)
        self.assertIn(f"the program that {folder}/web.config:", answer.stderr)
        # Files are served, and a program that is named later is not started.
        (folder / "web.config").unlink()
        (folder / "index.html").write_text("the page")
        express = Express(self, "--path", folder, base=folder.parent)
        _, port = express.address()
        self.assertEqual(express.get("/", port), (200, "the page"))
        (folder / "web.config").write_text(TellingOfApplications.MAPPED)
        wait_until(lambda: express.get("/", port)[0] == 500, "a program may be named")
        self.assertIn("locked", express.get("/", port)[1])
        self.assertEqual(express.interrupt(), 0)

    def test_a_folder_with_a_web_config_is_served_by_it(self):
        folder = self.published(self.instance(), version="10.0.0")
        (folder / "web.config").write_text(web_config('<defaultDocument><files><add value="Shop.json"/></files>'
                                                      "</defaultDocument>"))
        (folder / "Shop.json").write_text("{}")
        express = Express(self, "--path", folder, base=folder.parent)
        _, port = express.address()
        self.assertEqual(express.get("/", port), (200, "{}"))
        self.assertEqual(express.interrupt(), 0)


if __name__ == "__main__":
    unittest.main()
