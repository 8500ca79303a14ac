"""What the master does with its processes, seen from outside: starting, replacing, protecting, changing, ending."""

import http.client
import json
import os
import signal
import socket
import subprocess
import unittest

from hosting import HOSTELRY, PATIENCE, Instance, alive, free_port, named, server, site, wait_until


class Supervision(unittest.TestCase):
    def setUp(self):
        self.host = Instance()
        self.addCleanup(self.host.close)
        self.port = free_port()
        self.host.write("content/index.html", "the page")

    def configuration(self, more_sites="", pools=("Pool",)):
        return server(site("Site", 1, self.port, self.host.content) + more_sites, pools)

    def get(self, path="/", port=None, **more):
        return self.host.get(port or self.port, path, **more)

    def workers(self):
        return named(self.host.processes(), "hostelry-worker")

    def reload(self, config):
        self.host.config.write_text(config)
        before = self.host.output.count("is in force")
        self.host.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.host.output.count("is in force") > before, "the configuration is not applied")

    def kill(self, pid):
        """Kills a process and waits until the master has told of it."""
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: f"pid={pid}" in self.host.output, "the end of the process is not told")

    # Starting

    def test_a_worker_runs_from_the_first_request_on(self):
        self.host.start(self.configuration())
        self.assertEqual(self.workers(), [])
        self.assertEqual(self.get().text, "the page")
        self.assertEqual(len(self.workers()), 1)

    def test_a_pool_that_is_always_running_has_its_worker_at_once(self):
        config = self.configuration().replace('<add name="Pool"/>', '<add name="Pool" startMode="AlwaysRunning"/>')
        self.host.start(config)
        wait_until(lambda: len(self.workers()) == 1, "no worker")

    def test_events_are_json_lines_where_that_is_asked_for(self):
        self.host.start(self.configuration(), ["--log", "json"])
        self.assertEqual(self.get().status, 200)
        self.assertEqual(self.host.stop(), 0)
        events = [json.loads(line) for line in self.host.output.splitlines()]
        for event in events:
            self.assertEqual(list(event), ["time", "level", "id", "event", "object", "text", "fields"])
        self.assertEqual([events[0]["event"], events[-1]["event"]], ["server-starting", "server-stopped"])

    def refusal(self, config):
        """What a start that fails says."""
        if config is not None:
            self.host.config.write_text(config)
        run = subprocess.run(
            [HOSTELRY, "run", "--config", self.host.config, "--state", self.host.state],
            capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(run.returncode, 1)
        return run.stderr

    def test_what_is_no_configuration_is_refused_with_file_and_line(self):
        self.assertIn(f"{self.host.config}: ", self.refusal(None))
        self.assertIn(f"{self.host.config}:2: ", self.refusal("<configuration>\n<"))

    def test_where_every_port_is_in_use_the_start_fails(self):
        with socket.socket() as taken:
            taken.bind(("0.0.0.0", self.port))
            taken.listen()
            self.assertIn(f"*:{self.port}: Cannot be opened: Address already in use", self.refusal(self.configuration()))

    def test_a_port_that_becomes_free_is_opened(self):
        with socket.socket() as taken:
            taken.bind(("0.0.0.0", 0))
            taken.listen()
            late = taken.getsockname()[1]
            self.host.start(self.configuration(site("Late", 2, late, self.host.content)))
        wait_until(lambda: f"*:{late}: Open" in self.host.output, "it is not opened")
        self.assertEqual(self.get(port=late).text, "the page")

    # Replacing

    def test_after_a_killed_master_the_next_one_serves_the_same_ports(self):
        self.host.start(self.configuration())
        self.get()
        master, *orphans = self.host.processes()
        self.host.process.kill()
        self.host.process.wait()
        self.host.log.close()
        self.assertTrue(all(alive(pid) for pid in orphans))
        self.host.start()
        self.assertEqual(self.get().text, "the page")
        self.assertFalse(any(alive(pid) for pid in orphans))

    def test_five_crashes_take_a_pool_offline_and_no_other_until_the_configuration_is_read_again(self):
        config = self.configuration(site("Other", 2, self.port, self.host.content, "Other", "other.test"), ("Pool", "Other"))
        self.host.start(config)
        for _ in range(5):
            self.assertEqual(self.get().status, 200)
            self.kill(*self.workers())
        self.assertEqual(self.get().status, 503)
        self.assertEqual(self.get(host="other.test").status, 200)
        self.reload(config)
        self.assertEqual(self.get().status, 200)

    # Changing

    def test_a_new_site_is_known_to_its_worker_before_its_first_request(self):
        self.host.start(self.configuration())
        self.get()
        workers = self.workers()
        for number in range(2, 12):
            name = f"site-{number}.test"
            self.host.write(f"{name}/index.html", name)
            self.reload(self.configuration(site(name, number, self.port, self.host.folder / name, host=name)))
            self.assertEqual(self.get(host=name).text, name)
        self.assertEqual(self.workers(), workers)

    def test_a_site_that_is_gone_answers_no_more(self):
        gone = free_port()
        self.host.start(self.configuration(site("Gone", 2, gone, self.host.content)))
        self.assertEqual(self.get(port=gone).status, 200)
        self.reload(self.configuration())

        def is_refused():
            try:
                self.get(port=gone)
            except ConnectionRefusedError:
                return True

        wait_until(is_refused, "the port is still open")
        self.assertEqual(self.get().status, 200)

    def test_a_change_of_what_a_process_begins_with_replaces_the_worker(self):
        self.host.start(self.configuration())
        self.get()
        first, = self.workers()
        self.reload(self.configuration().replace(
            '<add name="Pool"/>',
            '<add name="Pool"><environmentVariables><add name="A" value="1"/></environmentVariables></add>'))
        self.assertEqual(self.get().text, "the page")
        wait_until(lambda: not alive(first), "the old worker does not end")
        self.assertEqual(self.get().text, "the page")

    # Ending

    def download(self, size):
        """A request whose answer is on its way."""
        with open(self.host.content / "large.txt", "wb") as large:
            large.truncate(size)
        self.host.start(self.configuration())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.request("GET", "/large.txt")
        response = connection.getresponse()
        self.assertEqual(response.status, 200)
        return response

    def test_a_request_in_work_is_finished_before_the_end(self):
        size = 32 << 20
        response = self.download(size)
        self.host.process.send_signal(signal.SIGTERM)
        wait_until(lambda: " 1002 " in self.host.output, "it does not stop")
        self.assertEqual(len(response.read()), size)
        self.assertEqual(self.host.stop(), 0)

    def test_the_second_ctrl_c_ends_at_once(self):
        self.download(1 << 30)
        self.host.process.send_signal(signal.SIGINT)
        wait_until(lambda: " 1002 " in self.host.output, "it does not stop")
        self.host.process.send_signal(signal.SIGINT)
        self.assertEqual(self.host.process.wait(PATIENCE), 0)


if __name__ == "__main__":
    unittest.main()
