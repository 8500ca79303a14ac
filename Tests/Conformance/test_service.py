"""Under a service manager: what it is told, what it passes, and the files that are shipped for it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from instance import BINARIES, PATIENCE, ROOT, Instance

SERVICE = ROOT / "Sources" / "hostelry" / "Service"


class Manager:
    """The notification socket of a service manager."""

    def __init__(self, folder):
        self.path = str(Path(folder) / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(PATIENCE)
        self.notices = []

    def wait(self, line):
        """The first notice from now on that has that line."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            notice = self.socket.recv(65536).decode().splitlines()
            self.notices.append(notice)
            if line in notice:
                return notice
        raise AssertionError(f"no {line} in {self.notices}")


class Service(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hostelry-manager-")
        self.addCleanup(folder.cleanup)
        self.manager = Manager(folder.name)
        self.addCleanup(self.manager.socket.close)

    def instance(self, environment, sites=None, passed=()):
        """Starts an instance with these variables and with these sockets from descriptor 3 on."""
        instance = Instance()
        self.addCleanup(instance.clean)
        if sites:
            instance.configure(sites(instance))
        start = instance.start
        variables = {"NOTIFY_SOCKET": self.manager.path, **environment}
        popen = subprocess.Popen

        def spawn(arguments, **named):
            # The shell's own id becomes the server's, as systemd's child's does.
            script = 'LISTEN_PID=$$ WATCHDOG_PID=$$ exec "$0" "$@"'
            moved = [f"{3 + index}<&{number}" for index, number in enumerate(passed)]
            return popen(
                ["/bin/bash", "-c", f"exec {' '.join(moved)}; {script}" if moved else script, *arguments],
                env={**os.environ, **variables}, pass_fds=passed, **named)

        subprocess.Popen = spawn
        try:
            start()
        finally:
            subprocess.Popen = popen
        return instance

    # What it is told

    def test_readiness_reloads_and_the_end_are_announced(self):
        instance = self.instance({})
        ready = self.manager.wait("READY=1")
        self.assertIn(f"MAINPID={instance.process.pid}", ready)
        self.assertTrue(any(line.startswith("STATUS=Serving 1 of 1 sites") for line in ready), ready)
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        instance.signal(signal.SIGHUP)
        reloading = self.manager.wait("RELOADING=1")
        moment = int(next(line for line in reloading if line.startswith("MONOTONIC_USEC=")).split("=")[1])
        self.assertTrue(before <= moment <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)
        self.manager.wait("READY=1")
        # A rejected configuration ends the reload, too.
        instance.configuration.write_text("<")
        instance.signal(signal.SIGHUP)
        self.manager.wait("RELOADING=1")
        self.manager.wait("READY=1")
        instance.signal(signal.SIGTERM)
        self.manager.wait("STOPPING=1")
        self.assertEqual(instance.ended(), 0)

    def test_signs_of_life_come_while_it_serves(self):
        instance = self.instance({"WATCHDOG_USEC": "200000"})
        self.manager.wait("READY=1")
        for _ in range(3):
            self.manager.wait("WATCHDOG=1")
        instance.stop()

    # What it passes

    def test_a_passed_socket_is_used_for_the_endpoint_that_it_fits(self):
        with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listener:
            port = listener.getsockname()[1]
            instance = self.instance(
                {"LISTEN_FDS": "1", "LISTEN_FDNAMES": "web"},
                lambda instance: instance.site("Main", 1, port=port), [listener.fileno()])
            self.manager.wait("READY=1")
            self.assertEqual(instance.get("/", port=port), (200, "the page"))
            self.assertEqual(
                [event for event in instance.events if event["event"] in ("endpoint-failed", "passed-socket-unused")], [])
            instance.stop()

    def test_a_socket_for_all_ipv4_addresses_serves_a_wildcard_binding(self):
        with socket.create_server(("0.0.0.0", 0)) as listener:
            port = listener.getsockname()[1]
            instance = self.instance(
                {"LISTEN_FDS": "1"}, lambda instance: instance.site("Main", 1, port=port), [listener.fileno()])
            self.manager.wait("READY=1")
            self.assertEqual(instance.get("/", port=port), (200, "the page"))
            instance.stop()

    def test_what_fits_no_endpoint_is_told_and_left_open(self):
        with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_UNIX) as other:
            instance = self.instance(
                {"LISTEN_FDS": "2", "LISTEN_FDNAMES": "stray:odd"}, None, [listener.fileno(), other.fileno()])
            self.manager.wait("READY=1")
            texts = [
                instance.event("passed-socket-unused", where=lambda event, name=name: name in event["text"])["text"]
                for name in ['"stray"', '"odd"']]
            self.assertIn(f"port {listener.getsockname()[1]}", texts[0])
            self.assertIn("no listening TCP socket", texts[1])
            self.assertEqual(instance.get("/"), (200, "the page"))
            # Connections still wait there.
            socket.create_connection(listener.getsockname()).close()
            instance.stop()

    def test_variables_for_another_process_are_ignored(self):
        instance = Instance()
        self.addCleanup(instance.clean)
        os.environ["LISTEN_FDS"], os.environ["LISTEN_PID"] = "1", "1"
        try:
            instance.serve()
        finally:
            del os.environ["LISTEN_FDS"], os.environ["LISTEN_PID"]
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    # What is shipped

    def tool(self, name):
        path = shutil.which(name)
        if not path:
            self.skipTest(f"there is no {name} on this machine (Debian package systemd)")
        return path

    def unit(self):
        """The unit, with the program where it was built."""
        folder = tempfile.TemporaryDirectory(prefix="hostelry-unit-")
        self.addCleanup(folder.cleanup)
        unit = Path(folder.name) / "hostelry.service"
        unit.write_text(
            (SERVICE / "hostelry.service").read_text().replace("/usr/bin/hostelry", str(BINARIES.resolve() / "hostelry")))
        return unit

    def test_the_unit_passes_systemds_own_verifier(self):
        result = subprocess.run(
            [self.tool("systemd-analyze"), "verify", "--man=no", self.unit()], capture_output=True, text=True,
            timeout=PATIENCE)
        # It also tells of units that this machine lacks.
        ours = [line for line in result.stderr.splitlines() if "hostelry" in line]
        self.assertEqual(ours, [])
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_the_unit_exposes_little(self):
        # Of 100; what is above 50 systemd calls exposed.
        result = subprocess.run(
            [self.tool("systemd-analyze"), "security", "--offline=true", "--no-pager", "--threshold=45", self.unit()],
            capture_output=True, text=True, timeout=PATIENCE)
        if "unrecognized option" in result.stderr:
            self.skipTest("this systemd cannot judge a unit that is not loaded")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_the_accounts_are_understood_by_systemd_sysusers(self):
        with tempfile.TemporaryDirectory() as root:
            (Path(root) / "etc").mkdir()
            result = subprocess.run(
                [self.tool("systemd-sysusers"), f"--root={root}", SERVICE / "hostelry.sysusers"], capture_output=True,
                text=True, timeout=PATIENCE)
            self.assertEqual(result.returncode, 0, result.stderr)
            names = [line.split(":")[0] for line in (Path(root) / "etc" / "passwd").read_text().splitlines()]
        self.assertEqual(sorted(names), ["hostelry-local", "hostelry-network", "hostelry-router"])


if __name__ == "__main__":
    unittest.main()
