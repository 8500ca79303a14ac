"""Pools that ask for the .NET Framework, which is never there: nothing of theirs is shown as a file."""

import subprocess
import unittest

from instance import BINARIES, PATIENCE, Instance, wait_until, web_config

HANDLERS = web_config(
    '<handlers><add name="Json" path="*.json" verb="*" type="A.Handler" preCondition="integratedMode,runtimeVersionv4.0"/></handlers>')
MODULES = '<configuration><system.web>\n<httpModules><add name="M" type="T"/></httpModules>\n</system.web></configuration>'


class ManagedPools(unittest.TestCase):
    def serve(self, pool=""):
        host = Instance(pools=f'<add name="Main" {pool}/>')
        self.addCleanup(host.clean)
        host.write("content/data.json", "secret")
        host.serve()
        self.addCleanup(host.stop)
        return host

    def check(self, host):
        return subprocess.run(
            [BINARIES / "hostelry", "check", "--config", host.configuration, "--state", host.state],
            capture_output=True, text=True, timeout=PATIENCE)

    def test_what_a_managed_handler_takes_is_500_21_until_the_pool_asks_for_no_managed_code(self):
        host = self.serve('managedRuntimeVersion="v4.0"')
        self.assertEqual(host.ask("/data.json").body, b"secret")
        host.write("content/web.config", HANDLERS)
        wait_until(lambda: "500.21" in host.ask("/data.json").text, "the file is shown")
        self.assertNotIn("secret", host.ask("/data.json").text)
        told = self.check(host)
        self.assertIn("The .NET Framework is never there", told.stdout)
        host.configuration.write_text(host.configuration.read_text().replace('managedRuntimeVersion="v4.0"', ""))
        # The next handler takes it.
        wait_until(lambda: host.ask("/data.json").body == b"secret", "the pool's change is not seen")
        self.assertNotIn("The .NET Framework is never there", self.check(host).stdout)

    def test_settings_of_classic_mode_are_refused_and_told_by_the_check(self):
        host = self.serve('managedRuntimeVersion="v4.0"')
        host.write("content/web.config", MODULES)
        wait_until(lambda: "500.22" in host.ask("/").text, "the setting is ignored")
        page = host.ask("/").text
        self.assertIn("ConfigurationValidationModule", page)
        self.assertIn("line 2", page)
        told = self.check(host)
        self.assertEqual(told.returncode, 1, told.stdout)
        self.assertIn("500.22", told.stdout)
        self.assertIn("web.config:2", told.stdout)

    def test_without_managed_code_they_are_not_looked_at(self):
        host = self.serve()
        host.write("content/web.config", MODULES)
        self.assertEqual(self.check(host).returncode, 0)
        self.assertEqual(host.ask("/").status, 200)


if __name__ == "__main__":
    unittest.main()
