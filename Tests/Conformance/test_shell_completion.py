"""Tab in real shells: bash, zsh and fish complete commands, options, values, files and names from the installed program."""

import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from instance import BINARIES, Instance, wait_until  # noqa: E402

# What bash has of its own.
BREAKS = " \t\n\"'@><=;|&(:"


class CompletionCase(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hostelry-completion-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "hostelry").symlink_to(BINARIES / "hostelry")
        self.instance = Instance()
        self.addCleanup(self.instance.clean)
        site = self.instance.site
        self.instance.configure(
            site("Default Web Site", 1) + site("it's", 2) + site("größe", 3) + site("$(touch hacked)", 4)
            + site("evil&#10;name", 5) + site("evil&#x9B;31mname", 6) + site("two words", 7, more="").replace(
                "</application>", '</application><application path="/shop"/>'),
            pools='<add name="Main"/><add name="Own pool"/>')
        self.config = self.instance.configuration
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(self.folder), "TERM": "dumb", "LC_ALL": "C.UTF-8"}

    def complete(self, *words):
        answer = subprocess.run(
            [BINARIES / "hostelry", "complete", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60, env=self.environment)
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))
        return answer.stdout.split("\n")[:-1]

    def typed(self, shell, setup, line):
        """The arguments that the shell hands over when the line, with its tabs, has been typed and sent."""
        result, ready = self.folder / "result", self.folder / "ready"
        for file in [result, ready]:
            file.unlink(missing_ok=True)
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execvpe(shell[0], shell, self.environment)
        try:
            stand_in = f"hostelry() {{ printf '%s\\0' \"$@\" > {result}.new; mv {result}.new {result}; }}"
            os.write(terminal, f"{setup}; {stand_in}; touch {ready}\n".encode())
            self.wait_for(ready, terminal)
            os.write(terminal, line.encode() + b"\n")
            self.wait_for(result, terminal)
            return result.read_bytes().decode().split("\0")[:-1]
        finally:
            os.kill(pid, signal.SIGKILL)
            os.close(terminal)
            os.waitpid(pid, 0)

    def wait_for(self, file, terminal):
        os.set_blocking(terminal, False)
        shown = []

        def is_there():
            try:
                # What nobody reads would stop the shell.
                shown.append(os.read(terminal, 65536))
            except OSError:
                pass
            return file.exists()

        wait_until(is_there, f"the shell does not get there: {shown}")


class Answers(CompletionCase):
    def test_names_come_from_the_instance_that_the_line_names(self):
        config = str(self.config)
        self.assertEqual(
            self.complete("zsh", "site", "show", "--config", config, ""),
            ["=Default Web Site", "=it's", "=größe", "=$(touch hacked)", "=two words"])
        self.assertEqual(self.complete("zsh", "site", "set", "x", f"--config={config}", "--pool", "O"), ["=Own pool"])
        self.assertEqual(self.complete("zsh", "site", "set", "x", f"--config={config}", "--pool=O"), ["=--pool=Own pool"])
        self.assertEqual(
            self.complete("zsh", "app", "show", f"--config={config}", "two"), ["=two words/", "=two words/shop"])
        self.assertEqual(self.complete("zsh", "config", "get", f"--config={config}", "/"), ["=/"])
        (self.folder / "own.config").symlink_to(config)
        self.assertEqual(self.complete("zsh", "pool", "show", "--config", "~/own.config", "M"), ["=Main"])
        self.assertEqual(
            self.complete("zsh", "config", "get", f"--config={config}", "/", "system.webServer/defaultD"),
            ["=system.webServer/defaultDocument"])
        self.assertEqual(self.complete("zsh", "pool", "grant", "Main", ""), ["files"])
        self.assertFalse((self.folder / "hacked").exists())

    def test_bash_gets_what_it_reads_as_the_name(self):
        def bash(rest):
            return self.complete("bash", BREAKS, f"hostelry site show --config {self.config} {rest}")

        self.assertEqual(bash("De"), ["=Default\\ Web\\ Site"])
        self.assertEqual(bash("Default\\ W"), ["=Default\\ Web\\ Site"])
        self.assertEqual(bash('"De'), ["=Default Web Site"])
        self.assertEqual(bash("it"), ["=it\\'s"])
        self.assertEqual(bash("'it"), ["=it'\\''s"])
        self.assertEqual(bash("$"), ["=\\$\\(touch\\ hacked\\)"])
        self.assertEqual(bash("> x"), ["files"])
        self.assertEqual(self.complete("bash", BREAKS, "hostelry run --log=j"), ["=json"])

    def test_nothing_is_said_where_nothing_can_be_known(self):
        self.assertEqual(self.complete("zsh", "site", "show", "--config", "/nowhere/x.config", ""), [])
        self.config.write_text("<configuration><broken>")
        self.assertEqual(self.complete("zsh", "site", "show", "--config", str(self.config), ""), [])
        for words in [[], ["tcsh", "x"], ["bash"], ["zsh"], ["bash", BREAKS], ["zsh", "nonsense", ""]]:
            self.assertEqual(self.complete(*words), [])


class Shells(CompletionCase):
    def test_bash(self):
        if not shutil.which("bash"):
            self.skipTest("there is no bash here")
        shell = ["bash", "--norc", "--noprofile", "-i"]

        def typed(line):
            return self.typed(shell, 'eval "$(command hostelry completion bash)"', line)

        self.assertEqual(
            typed(f"hostelry si\tsh\t--config {self.config} De\t"),
            ["site", "show", "--config", str(self.config), "Default Web Site"])
        self.assertEqual(
            typed(f"hostelry site set --config {self.config} x --pool \"Ow\t"),
            ["site", "set", "--config", str(self.config), "x", "--pool", "Own pool"])
        self.assertEqual(typed(f"hostelry site set --config {self.config} x --pool=Ow\t")[-1], "--pool=Own pool")
        self.assertEqual(typed(f"hostelry site show --config {self.config} it\t")[-1], "it's")
        self.assertEqual(typed("hostelry run --lo\tj\t"), ["run", "--log", "json"])
        self.assertEqual(typed(f"hostelry check {str(self.config)[:-3]}\t")[-1], str(self.config))

    def test_zsh(self):
        if not shutil.which("zsh"):
            self.skipTest("there is no zsh here")

        def typed(line):
            return self.typed(
                ["zsh", "-f", "-i"],
                'autoload -Uz compinit && compinit -u -D; eval "$(command hostelry completion zsh)"', line)

        self.assertEqual(
            typed(f"hostelry si\tsh\t--config {self.config} De\t"),
            ["site", "show", "--config", str(self.config), "Default Web Site"])
        self.assertEqual(typed(f"hostelry site set --config {self.config} x --pool=Ow\t")[-1], "--pool=Own pool")
        self.assertEqual(typed(f"hostelry site show --config {self.config} it\t")[-1], "it's")
        self.assertEqual(typed(f"hostelry check {str(self.config)[:-3]}\t")[-1], str(self.config))

    def test_fish(self):
        if not shutil.which("fish"):
            self.skipTest("there is no fish here")

        def offered(line):
            answer = subprocess.run(
                ["fish", "--no-config", "-c", "command hostelry completion fish | source; complete -C $argv[1]", line],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, cwd=self.folder,
                env=self.environment)
            self.assertEqual((answer.returncode, answer.stderr), (0, ""))
            return answer.stdout.split("\n")[:-1]

        self.assertEqual(offered("hostelry si"), ["site\tlook after sites"])
        self.assertEqual(offered(f"hostelry site show --config {self.config} De"), ["Default Web Site"])
        self.assertEqual(offered(f"hostelry site show --config {self.config} 'De"), ["Default Web Site"])
        self.assertEqual(offered("hostelry run --log j"), ["json"])
        self.assertIn(str(self.config), offered(f"hostelry check {str(self.config)[:-3]}"))


if __name__ == "__main__":
    unittest.main()
