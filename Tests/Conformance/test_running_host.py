"""The running host, seen from outside: what serves, what survives, what is refused, and how it ends."""

import os
import signal
import socket
import subprocess
import unittest

from instance import BINARIES, PATIENCE, Instance, free_port, wait_until


class RunningHost(unittest.TestCase):
    def instance(self, *arguments, **named):
        instance = Instance(*arguments, **named)
        self.addCleanup(instance.clean)
        return instance

    # Serving

    def test_a_site_is_served_and_nothing_is_left_after_the_end(self):
        instance = self.instance().serve()
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()
        self.assertEqual([line for line in instance.lines if line][-1].find("server-stopped") > 0, True)

    def test_no_worker_runs_before_it_is_asked_for(self):
        instance = self.instance().serve()
        self.assertEqual(instance.pid("hostelry-worker"), [])
        instance.get("/")
        self.assertEqual(len(instance.pid("hostelry-worker")), 1)
        instance.stop()

    def test_a_pool_that_is_always_running_has_its_worker_at_once(self):
        instance = self.instance(pools='<add name="Main" startMode="AlwaysRunning"/>').serve()
        instance.event("worker-ready")
        instance.stop()

    def test_each_pool_has_a_process_of_its_own(self):
        instance = self.instance()
        instance.content("other", "index.html", "another page")
        instance.configure(
            instance.site("Main", 1) + instance.site("Other", 2, host="other.test", pool="Other", folder="other"),
            '<add name="Main"/><add name="Other"/>')
        instance.serve()
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertEqual(instance.get("/", host="other.test"), (200, "another page"))
        self.assertEqual(len(instance.pid("hostelry-worker")), 2)
        instance.stop()

    def test_events_are_json_lines(self):
        instance = self.instance().serve()
        instance.get("/")
        instance.stop()
        lines = [line for line in instance.lines if line and line.startswith("{")]
        self.assertEqual(len(lines), len(instance.events))
        for event in instance.events:
            self.assertEqual(list(event), ["time", "level", "id", "event", "object", "text", "fields"])

    # Surviving

    def test_a_killed_worker_is_replaced_by_the_next_request(self):
        instance = self.instance().serve()
        instance.get("/")
        first, = instance.pid("hostelry-worker")
        os.kill(first, signal.SIGKILL)
        crash = instance.event("worker-crashed")
        self.assertEqual((crash["id"], crash["level"], crash["fields"]["pid"]), (5011, "error", first))
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertNotEqual(instance.pid("hostelry-worker"), [first])
        instance.stop()

    def test_a_worker_that_crashes_five_times_takes_its_pool_offline_and_no_other(self):
        instance = self.instance()
        instance.configure(
            instance.site("Main", 1) + instance.site("Other", 2, host="other.test", pool="Other"),
            '<add name="Main"/><add name="Other"/>')
        instance.serve()
        for crash in range(5):
            self.assertEqual(instance.get("/")[0], 200)
            worker, = instance.pid("hostelry-worker")
            os.kill(worker, signal.SIGKILL)
            instance.event("worker-crashed", where=lambda event: event["fields"]["pid"] == worker)
        instance.event("pool-offline")
        self.assertEqual(instance.get("/")[0], 503)
        self.assertEqual(instance.get("/", host="other.test")[0], 200)
        instance.stop()

    def test_a_killed_router_is_replaced_and_the_workers_stay(self):
        instance = self.instance().serve()
        instance.get("/")
        worker = instance.pid("hostelry-worker")
        router, = instance.pid("hostelry-router")
        before = instance.count()
        os.kill(router, signal.SIGKILL)
        instance.event("router-crashed")
        instance.event("router-started", after=before)
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertEqual(instance.pid("hostelry-worker"), worker)
        instance.stop()

    # Changing

    def test_a_changed_configuration_is_applied_when_it_is_read_again(self):
        instance = self.instance().serve()
        instance.get("/")
        worker = instance.pid("hostelry-worker")
        port = free_port()
        instance.content("new", "index.html", "the new page")
        instance.configure(instance.site("Main", 1) + instance.site("New", 2, port=port, folder="new"))
        instance.signal(signal.SIGHUP)
        instance.event("configuration-applied")
        instance.event("endpoint-opened", where=lambda event: f":{port}" in event["object"])
        self.assertEqual(instance.get("/", port=port), (200, "the new page"))
        self.assertEqual(instance.get("/"), (200, "the page"))
        # The pool's worker learned about its new site without being replaced.
        self.assertEqual(instance.pid("hostelry-worker"), worker)
        instance.configure(instance.site("New", 2, port=port, folder="new"))
        instance.signal(signal.SIGHUP)
        instance.event("endpoint-closed")
        self.assertEqual(instance.get("/", port=port), (200, "the new page"))
        wait_until(lambda: self.is_refused(instance), "the closed port still answers")
        instance.stop()

    def is_refused(self, instance):
        try:
            instance.get("/")
        except ConnectionError:
            return True
        return False

    def test_a_broken_file_changes_nothing_and_says_where_it_is_broken(self):
        instance = self.instance().serve()
        instance.configuration.write_text("<configuration>\n  <system.webServer>\n</configuration>")
        instance.signal(signal.SIGHUP)
        rejected = instance.event("configuration-rejected")
        self.assertEqual(rejected["fields"], {"file": str(instance.configuration), "line": 3})
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    def test_a_change_of_what_a_process_begins_with_replaces_the_worker_without_a_failed_request(self):
        instance = self.instance().serve()
        instance.get("/")
        first = instance.pid("hostelry-worker")
        instance.configure(
            instance.site("Main", 1),
            '<add name="Main"><environmentVariables><add name="A" value="1"/></environmentVariables></add>')
        before = instance.count()
        instance.signal(signal.SIGHUP)
        instance.event("worker-ended", after=before)
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertNotEqual(instance.pid("hostelry-worker"), first)
        instance.stop()

    # Refusing

    def test_a_second_master_on_the_state_folder_is_refused_with_the_first_ones_process_id(self):
        instance = self.instance().serve()
        second = subprocess.run(
            [BINARIES / "hostelry", "run", "--config", instance.configuration, "--state", instance.state],
            capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(second.returncode, 1)
        self.assertIn(f"already: process {instance.process.pid}", second.stderr)
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    def test_a_port_in_use_is_named_with_its_site_and_the_others_are_served(self):
        with socket.socket() as taken:
            taken.bind(("0.0.0.0", 0))
            taken.listen()
            port = taken.getsockname()[1]
            instance = self.instance()
            instance.configure(instance.site("Main", 1) + instance.site("Late", 2, port=port))
            instance.serve()
            failure = instance.event("endpoint-failed")
            self.assertEqual(failure["object"], f"Endpoint *:{port}")
            self.assertIn("Address already in use", failure["text"])
            self.assertIn('"Late"', failure["text"])
            self.assertEqual(instance.get("/"), (200, "the page"))
        # It becomes free and is opened without anybody's doing.
        instance.event("endpoint-opened", where=lambda event: event["object"] == f"Endpoint *:{port}")
        self.assertEqual(instance.get("/", port=port), (200, "the page"))
        instance.stop()

    def test_where_every_port_is_in_use_the_start_fails(self):
        with socket.socket() as taken:
            taken.bind(("0.0.0.0", 0))
            taken.listen()
            instance = self.instance()
            instance.configure(instance.site("Main", 1, port=taken.getsockname()[1]))
            instance.start()
            self.assertEqual(instance.ended(), 1)
            instance.event("server-cannot-start")

    def test_what_is_no_configuration_is_refused_with_file_and_line(self):
        instance = self.instance()
        instance.configuration.write_text("<configuration>\n<\n")
        instance.start()
        self.assertEqual(instance.ended(), 1)
        self.assertIn(f"{instance.configuration}:", instance.event("server-cannot-start")["text"])
        instance.configuration.unlink()
        instance.start()
        self.assertEqual(instance.ended(), 1)
        self.assertIn(str(instance.configuration), instance.event("server-cannot-start")["text"])

    def test_a_site_with_a_mistake_answers_503_and_the_others_are_served(self):
        instance = self.instance()
        broken = instance.site("Broken", 2, host="broken.test", pool="Nowhere")
        instance.configure(instance.site("Main", 1) + broken)
        instance.serve()
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertEqual(instance.get("/", host="broken.test")[0], 503)
        instance.stop()

    # Ending

    def test_a_request_in_work_is_finished_before_the_end(self):
        instance = self.instance()
        size = 64 << 20
        with open(instance.path / "content" / "large.txt", "wb") as large:
            large.truncate(size)
        instance.serve()
        connection = instance.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/large.txt")
        response = connection.getresponse()
        self.assertEqual(response.status, 200)
        instance.signal(signal.SIGTERM)
        instance.event("server-stopping")
        received = 0
        while chunk := response.read(1 << 20):
            received += len(chunk)
        self.assertEqual(received, size)
        self.assertEqual(instance.ended(), 0)

    def test_ctrl_c_ends_like_a_request_to_terminate_and_the_second_time_at_once(self):
        instance = self.instance()
        with open(instance.path / "content" / "large.txt", "wb") as large:
            large.truncate(1 << 30)
        instance.serve()
        connection = instance.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/large.txt")
        self.assertEqual(connection.getresponse().status, 200)
        instance.signal(signal.SIGINT)
        instance.event("server-stopping")
        instance.signal(signal.SIGINT)
        self.assertEqual(instance.ended(), 0)


if __name__ == "__main__":
    unittest.main()
