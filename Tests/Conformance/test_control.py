"""Commands to a running server, and its control socket as others would use it."""

import contextlib
import json
import os
import pwd
import signal
import socket
import subprocess
import threading
import unittest

from instance import BINARIES, PATIENCE, Instance, free_port, is_running, wait_until

ORDINARY = "nobody"


class Control(unittest.TestCase):
    def instance(self, *arguments, **named):
        instance = Instance(*arguments, **named)
        self.addCleanup(instance.clean)
        return instance

    def command(self, instance, *words, user=None):
        """Runs a command against the instance's state folder."""
        identity = {}
        if user:
            account = pwd.getpwnam(user)
            identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        return subprocess.run(
            [BINARIES / "hostelry", *words, "--state", instance.state], capture_output=True, text=True,
            timeout=PATIENCE, cwd="/", **identity)

    def succeed(self, instance, *words, user=None):
        result = self.command(instance, *words, user=user)
        self.assertEqual((result.returncode, result.stderr), (0, ""), result)
        return result.stdout

    def status(self, instance, user=None):
        return json.loads(self.succeed(instance, "status", "--json", user=user))

    def talk(self, instance, data=b""):
        """A raw connection to the control socket."""
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        self.addCleanup(connection.close)
        connection.connect(str(instance.state / "control.sock"))
        connection.sendall(data)
        return connection

    # Status

    def test_the_status_says_everything_about_sites_pools_and_processes(self):
        instance = self.instance()
        broken = instance.site("Broken", 2, host="broken.test", pool="Nowhere")
        stopped = instance.site("Quiet", 3, host="quiet.test").replace(
            '<site ', '<site serverAutoStart="false" ')
        instance.configure(instance.site("Main", 1) + broken + stopped)
        instance.serve()
        for _ in range(3):
            self.assertEqual(instance.get("/")[0], 200)
        status = self.status(instance)
        self.assertEqual(list(status), ["server", "sharedConfiguration", "router", "sites", "pools"])
        server = status["server"]
        self.assertEqual(
            list(server), ["pid", "version", "state", "uptime", "memory", "configuration", "stateFolder"])
        self.assertEqual((server["pid"], server["state"]), (instance.process.pid, "running"))
        self.assertEqual(server["configuration"], str(instance.configuration))
        self.assertGreater(server["memory"], 100_000)
        router = status["router"]
        self.assertEqual(list(router), ["pid", "state", "connections", "memory", "uptime"])
        self.assertEqual((router["pid"], router["state"]), (instance.pid("hostelry-router")[0], "ready"))
        sites = {site["name"]: site for site in status["sites"]}
        self.assertEqual(
            {name: site["state"] for name, site in sites.items()},
            {"Main": "started", "Broken": "quarantined", "Quiet": "stopped"})
        self.assertEqual(
            sites["Main"]["bindings"],
            [{"protocol": "http", "information": f"*:{instance.port}:", "endpoint": f"*:{instance.port}",
              "failure": None}])
        self.assertIn("Nowhere", "".join(sites["Broken"]["reasons"]))
        self.assertIn(f"{instance.configuration}:", "".join(sites["Broken"]["reasons"]))
        pool, = status["pools"]
        self.assertEqual(
            (pool["name"], pool["state"], pool["identity"]), ("Main", "started", "ApplicationPoolIdentity"))
        worker, = pool["workers"]
        self.assertEqual(list(worker), ["id", "pid", "state", "requests", "inWork", "memory", "uptime"])
        self.assertEqual(
            (worker["pid"], worker["state"], worker["requests"], worker["inWork"]),
            (instance.pid("hostelry-worker")[0], "ready", 3, 0))
        self.assertGreater(worker["memory"], 100_000)
        text = self.succeed(instance, "status")
        for expected in ["Main", "quarantined", "Nowhere", "REQUESTS", str(worker["pid"])]:
            self.assertIn(expected, text)
        instance.stop()

    def test_a_binding_that_cannot_be_opened_is_shown_with_the_reason(self):
        with socket.socket() as taken:
            taken.bind(("0.0.0.0", 0))
            taken.listen()
            port = taken.getsockname()[1]
            instance = self.instance()
            instance.configure(instance.site("Main", 1) + instance.site("Late", 2, port=port))
            instance.serve()
            late = self.status(instance)["sites"][1]
            self.assertEqual(late["bindings"][0]["failure"], "Address already in use")
            self.assertIn("Address already in use", self.succeed(instance, "status"))
        instance.event("endpoint-opened", where=lambda event: event["object"] == f"Endpoint *:{port}")
        self.assertIsNone(self.status(instance)["sites"][1]["bindings"][0]["failure"])
        instance.stop()

    def test_a_worker_that_hangs_does_not_hold_the_status_up(self):
        instance = self.instance().serve()
        instance.get("/")
        worker, = instance.pid("hostelry-worker")
        os.kill(worker, signal.SIGSTOP)
        try:
            hanging, = self.status(instance)["pools"][0]["workers"]
            self.assertEqual((hanging["pid"], hanging["requests"]), (worker, None))
        finally:
            os.kill(worker, signal.SIGCONT)
        instance.stop()

    # Orders

    def test_a_pool_is_recycled_stopped_and_started(self):
        instance = self.instance().serve()
        instance.get("/")
        first = instance.pid("hostelry-worker")
        before = instance.count()
        self.assertIn("recycled", self.succeed(instance, "recycle", "main"))
        order = instance.event("operation-requested", after=before)
        self.assertEqual((order["object"], order["fields"]["user"]), ('Pool "Main"', os.geteuid()))
        instance.event("worker-ended", after=before)
        self.assertNotEqual(instance.pid("hostelry-worker"), first)
        self.assertEqual(instance.get("/")[0], 200)
        self.succeed(instance, "pool", "stop", "Main")
        wait_until(lambda: self.status(instance)["pools"][0]["state"] == "stopped", "the pool does not stop")
        self.assertEqual(instance.get("/")[0], 503)
        refused = self.command(instance, "recycle", "Main")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("not started", refused.stderr)
        self.succeed(instance, "pool", "start", "Main")
        self.assertEqual(instance.get("/")[0], 200)
        instance.stop()

    def test_a_site_is_stopped_and_started_and_the_others_stay(self):
        instance = self.instance()
        instance.content("other", "index.html", "another page")
        instance.configure(
            instance.site("Main", 1) + instance.site("Other", 2, host="other.test", folder="other"))
        instance.serve()
        self.succeed(instance, "site", "stop", "Other")
        self.assertEqual(self.status(instance)["sites"][1]["state"], "stopped")
        # As if its bindings were not there.
        wait_until(lambda: instance.get("/", host="other.test") == (200, "the page"), "the site still answers")
        self.succeed(instance, "site", "start", "Other")
        wait_until(lambda: instance.get("/", host="other.test") == (200, "another page"), "the site is not back")
        instance.stop()

    def test_what_there_is_not_is_named(self):
        instance = self.instance().serve()
        for words in [("recycle", "Nowhere"), ("pool", "stop", "Nowhere"), ("site", "start", "Nowhere")]:
            result = self.command(instance, *words)
            self.assertEqual(result.returncode, 1)
            self.assertIn('"Nowhere"', result.stderr)
        instance.stop()

    def test_a_reload_returns_when_it_is_in_force_or_says_what_is_wrong(self):
        instance = self.instance().serve()
        port = free_port()
        instance.configure(instance.site("Main", 1) + instance.site("New", 2, port=port))
        self.assertIn("in force", self.succeed(instance, "reload"))
        self.assertEqual(len(self.status(instance)["sites"]), 2)
        instance.configuration.write_text("<configuration>\n  <system.webServer>\n</configuration>")
        rejected = self.command(instance, "reload")
        self.assertEqual(rejected.returncode, 1)
        self.assertIn(f"{instance.configuration}:3: error:", rejected.stdout)
        self.assertIn("stays in force", rejected.stderr)
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    # Ending

    def test_stop_returns_when_everything_has_ended(self):
        instance = self.instance().serve()
        instance.get("/")
        processes = instance.pid("hostelry-router") + instance.pid("hostelry-worker")
        ended = threading.Thread(target=instance.ended)
        ended.start()
        self.succeed(instance, "stop")
        self.assertEqual([pid for pid in processes if is_running(pid)], [])
        ended.join(PATIENCE)
        self.assertEqual(instance.process.returncode, 0)
        self.assertFalse((instance.state / "control.sock").exists())

    def test_stop_now_does_not_wait_for_requests_in_work(self):
        instance = self.instance()
        with open(instance.path / "content" / "large.txt", "wb") as large:
            large.truncate(1 << 30)
        instance.serve()
        connection = instance.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/large.txt")
        self.assertEqual(connection.getresponse().status, 200)
        threading.Thread(target=instance.ended).start()
        self.succeed(instance, "stop", "--now")
        self.assertEqual(instance.ended(), 0)

    def test_without_a_server_commands_say_how_to_start_one(self):
        instance = self.instance()
        for words in [("status",), ("stop",), ("reload",), ("recycle", "Main"), ("events", "--follow")]:
            result = self.command(instance, *words)
            self.assertEqual(result.returncode, 1, words)
            self.assertIn(f"no server runs on {instance.state}", result.stderr)
            self.assertIn("hostelry run", result.stderr)

    def test_the_socket_of_a_killed_master_is_no_server_and_is_replaced(self):
        instance = self.instance().serve()
        instance.process.kill()
        instance.ended()
        self.addCleanup(instance.process.stderr.close)
        self.assertTrue((instance.state / "control.sock").exists())
        self.assertIn("no server runs", self.command(instance, "status").stderr)
        instance.serve()
        self.assertEqual(self.status(instance)["server"]["pid"], instance.process.pid)
        instance.stop()

    # Events

    def test_events_are_kept_and_numbered_across_restarts(self):
        instance = self.instance().serve()
        instance.get("/")
        instance.stop()
        instance.serve()
        instance.stop()
        events = [json.loads(line) for line in self.succeed(instance, "events", "--json").splitlines()]
        self.assertEqual([event["sequence"] for event in events], list(range(1, len(events) + 1)))
        names = [event["event"] for event in events]
        self.assertEqual(names.count("server-started"), 2)
        self.assertEqual(names[-1], "server-stopped")
        self.assertEqual(
            list(events[0]), ["sequence", "time", "level", "id", "event", "object", "text", "fields"])
        since = events[-2]["sequence"]
        self.assertEqual(
            [json.loads(line)["event"] for line in
             self.succeed(instance, "events", "--json", "--since", str(since)).splitlines()], ["server-stopped"])
        self.assertNotIn(" information ", self.succeed(instance, "events", "--level", "warning"))
        self.assertIn(" information 1003 Everything has ended.", self.succeed(instance, "events"))

    def test_a_follower_hears_what_happens_until_the_server_ends(self):
        instance = self.instance().serve()
        follower = subprocess.Popen(
            [BINARIES / "hostelry", "events", "--follow", "--json", "--state", instance.state],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(follower.stdout.close)
        self.addCleanup(follower.kill)
        seen = []

        def read_until(name):
            for line in follower.stdout:
                seen.append(json.loads(line))
                if seen[-1]["event"] == name:
                    return
            self.fail(f"no {name} in {seen}")

        read_until("server-started")
        instance.get("/")
        read_until("worker-ready")
        instance.stop()
        read_until("server-stopping")
        for line in follower.stdout:
            seen.append(json.loads(line))
        self.assertEqual(follower.wait(PATIENCE), 0)
        self.assertEqual([event["sequence"] for event in seen], list(range(1, len(seen) + 1)))

    # Strangers and the hostile

    def test_only_the_servers_user_and_root_may_ask(self):
        if os.geteuid() != 0:
            self.skipTest("becoming another user takes root")
        instance = self.instance().serve()
        instance.path.chmod(0o755)
        self.assertEqual((instance.state / "control.sock").stat().st_mode & 0o777, 0o600)
        refused = self.command(instance, "status", user=ORDINARY)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("another user", refused.stderr)
        # Somebody who gets past the file's mode is told apart by the kernel's word.
        (instance.state / "control.sock").chmod(0o666)
        refused = self.command(instance, "stop", user=ORDINARY)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("may not administrate", refused.stderr)
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    def test_an_ordinary_users_server_obeys_that_user_and_root(self):
        if os.geteuid() != 0:
            self.skipTest("becoming another user takes root")
        instance = self.instance(user=ORDINARY).serve()
        instance.get("/")
        self.assertEqual(self.status(instance, user=ORDINARY)["server"]["pid"], instance.process.pid)
        self.assertEqual(self.status(instance)["pools"][0]["workers"][0]["requests"], 1)
        threading.Thread(target=instance.ended).start()
        self.succeed(instance, "stop", user=ORDINARY)
        self.assertEqual(instance.ended(), 0)

    def test_garbage_crowds_and_idlers_harm_nobody(self):
        instance = self.instance().serve()
        idlers = [self.talk(instance) for _ in range(20)]
        for garbage in [b"\0" * 70_000, os.urandom(70_000) + b"\n", b"{" * 60_000 + b"\n",
                        b'{"version":1,"operation":"events","follow":true}\n' * 3]:
            connection = self.talk(instance)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(garbage)
                connection.recv(65536)
            connection.close()
        crowd = []
        for _ in range(60):
            with contextlib.suppress(OSError):
                crowd.append(self.talk(instance))
        self.assertEqual(instance.get("/"), (200, "the page"))
        for connection in idlers + crowd:
            connection.close()
        wait_until(lambda: self.command(instance, "status").returncode == 0, "the server does not answer any more")
        instance.stop()

    def test_the_protocol_is_lines_of_json_with_a_version(self):
        instance = self.instance().serve()
        connection = self.talk(instance, b'{"version":1,"operation":"status"}\n{"version":7,"operation":"status"}\n')
        lines = connection.makefile()
        answer = json.loads(lines.readline())
        self.assertEqual((answer["version"], answer["ok"]), (1, True))
        self.assertEqual(answer["server"]["pid"], instance.process.pid)
        answer = json.loads(lines.readline())
        self.assertEqual((answer["ok"], answer["error"]), (False, "unsupported-version"))
        lines.close()
        instance.stop()

    # Help

    def test_every_command_explains_itself(self):
        for words in [["status"], ["events"], ["reload"], ["recycle"], ["pool"], ["pool", "start"],
                      ["pool", "stop"], ["site"], ["site", "start"], ["site", "stop"], ["stop"]]:
            result = subprocess.run(
                [BINARIES / "hostelry", *words, "--help"], capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(result.returncode, 0)
            self.assertTrue(result.stdout.startswith(f"hostelry {' '.join(words)} - "), result.stdout)


if __name__ == "__main__":
    unittest.main()
