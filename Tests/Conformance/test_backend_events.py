"""What is told of applications: events with their source, their site and their worker."""

import json
import subprocess
import unittest

from instance import BINARIES, Instance, wait_until


class BackendEvents(unittest.TestCase):
    def serve(self, program, arguments="", pool="", **attributes):
        instance = Instance(pools=f'<add name="Main">{pool}</add>')
        self.addCleanup(instance.clean)
        # The pool's user writes its logs there.
        (instance.path / "content").chmod(0o777)
        written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
        instance.content("content", "web.config", f"""<configuration><system.webServer>
            <handlers><add name="aspNetCore" path="*" verb="*" modules="AspNetCoreModuleV2"
                           resourceType="Unspecified"/></handlers>
            <aspNetCore processPath="{program}" arguments="{arguments}" {written}/>
            </system.webServer></configuration>""")
        return instance.serve()

    def command(self, instance, *arguments):
        answer = subprocess.run(
            [BINARIES / "hostelry", *arguments, "--state", instance.state], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer.stdout

    def told(self, instance, *arguments):
        return [json.loads(line) for line in self.command(instance, "events", "--json", *arguments).splitlines()]

    def test_the_modules_events_are_found_by_their_site_and_their_source(self):
        instance = self.serve("/bin/false")
        self.assertEqual(instance.get("/")[0], 502)
        failure = instance.event("backend-start-failed")
        self.assertEqual((failure["id"], failure["source"]), (1020, "IIS AspNetCore Module V2"))
        self.assertEqual(failure["object"], 'Site "Main"')
        self.assertEqual([failure["fields"]["pid"]], instance.pid("hostelry-worker"))
        self.assertEqual((failure["fields"]["pool"], failure["fields"]["application"]), ("Main", "/"))
        found = self.told(instance, "--site", "main", "--source", "aspnetcore")
        self.assertIn(1020, [event["id"] for event in found])
        self.assertEqual({event["source"] for event in found}, {"IIS AspNetCore Module V2"})
        self.assertFalse([event for event in self.told(instance, "--source", "server") if "source" in event])
        self.assertEqual(self.told(instance, "--site", "Other"), [])
        question = "SELECT count(*) > 0 FROM events WHERE source = 'IIS AspNetCore Module V2' AND id = 1020"
        wait_until(lambda: "1" in self.command(instance, "sql", question, "--format", "csv"), "not in the history")
        instance.stop()


if __name__ == "__main__":
    unittest.main()
