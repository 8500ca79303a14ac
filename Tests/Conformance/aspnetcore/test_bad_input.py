"""Backends that are no good, each to its specified page, event and clean-up (issue 9, "Bad input")."""

import http.client
import os
import signal
import socket
import unittest
from concurrent.futures import ThreadPoolExecutor

from aspnetcore.hosted import INPROCESS, OUTOFPROCESS, Case
from instance import free_port, is_running, wait_until


class BadInput(Case):
    def fails(self, application, *, containing="", rounds=4):
        """Each request's answer is 502.5 with its event; nothing is left, and no descriptor is lost."""
        host = application.host
        counts = []
        for _ in range(rounds):
            before = host.count()
            self.assert_startup_failure(application.ask())
            host.says(1020, after=before, containing=containing)
            wait_until(lambda: not host.backends(), "a process is left")
            counts.append(host.descriptors())
        # What stays open from the first time on is no leak.
        self.assertLessEqual(counts[-1], counts[0] + 3, counts)
        host.stop()

    def leaves_nothing(self, application, act, *, rounds=5):
        """Does it again and again: no descriptor of the worker's is lost, and no process of the application's outlives it."""
        host = application.host
        counts = []
        for _ in range(rounds):
            act()
            if counts:
                # Connections end a moment later.
                wait_until(lambda: host.descriptors() <= counts[0] + 2, f"descriptors are left, {counts[0]} before")
            counts.append(host.descriptors())
        host.stop()

    def stops(self, application, *, event=None):
        """Taken offline and back, with nothing of it left in between."""
        host = application.host
        self.assertEqual(application.until(lambda answer: answer.status == 200).text, "the backend")
        before = host.count()
        application.go_offline()
        application.until(lambda answer: answer.status == 503)
        wait_until(lambda: not host.backends(), "a process is left")
        if event:
            host.says(event, after=before)
        application.go_online()

    def test_no_processPath(self):
        for process in [None, ""]:
            with self.subTest(process):
                host = self.host()
                application = host.deploy("backend", model=OUTOFPROCESS)
                application.configure(process=process)
                host.serve()

                def refused():
                    self.assertEqual(application.ask().status, 500)
                refused()
                host.says(1034, containing="Attribute 'processPath' is required.")
                self.leaves_nothing(application, refused)

    def test_a_program_that_is_not_there(self):
        self.fails(self.backend(model=OUTOFPROCESS, process="./nothing"))

    def test_a_program_that_nobody_may_execute(self):
        host = self.host()
        application = host.deploy("backend", model=OUTOFPROCESS)
        program = application.folder / "program"
        program.write_text("#!/bin/sh\nsleep 100\n")
        program.chmod(0o644)
        application.configure(process="./program")
        host.serve()
        self.fails(application)

    def test_a_program_that_is_no_program(self):
        for content in [b"", b"\x7fELF nonsense", b"#!/no/such/interpreter\n"]:
            with self.subTest(content):
                host = self.host()
                application = host.deploy("backend", model=OUTOFPROCESS)
                (application.folder / "program").write_bytes(content)
                (application.folder / "program").chmod(0o755)
                application.configure(process="./program")
                host.serve()
                self.fails(application)

    def test_a_program_that_is_a_folder(self):
        host = self.host()
        application = host.deploy("backend", model=OUTOFPROCESS)
        (application.folder / "program").mkdir()
        application.configure(process="./program")
        host.serve()
        self.fails(application)

    def test_one_that_exits_at_once(self):
        for status in [0, 1, 255]:
            with self.subTest(status):
                self.fails(self.backend(model=OUTOFPROCESS, mode=f"exit {status}"), containing="the backend ends")

    def test_one_that_never_listens(self):
        self.fails(self.backend(model=OUTOFPROCESS, mode="never", startupTimeLimit=1), rounds=2)

    def test_one_that_listens_on_another_port(self):
        self.fails(self.backend(model=OUTOFPROCESS, mode="other-port", startupTimeLimit=1), rounds=2)

    def test_one_whose_port_is_another_programs(self):
        with socket.create_server(("127.0.0.1", free_port())) as taken:
            application = self.backend(
                model=OUTOFPROCESS, mode="never", startupTimeLimit=1,
                variables={"ASPNETCORE_PORT": str(taken.getsockname()[1])})
            answer = application.ask()
            self.assertEqual(answer.status, 502, answer)
            wait_until(lambda: not application.host.backends(), "a process is left")
            application.host.stop()

    def test_one_that_floods_its_output(self):
        application = self.backend(model=OUTOFPROCESS, mode="flood")
        for _ in range(50):
            self.assertEqual(application.ask().text, "the backend")
        worker = application.host.worker()
        size = int(open(f"/proc/{worker}/statm").read().split()[1]) * 4096
        self.assertLess(size, 200_000_000)
        self.leaves_nothing(application, lambda: self.stops(application))

    def test_one_that_floods_its_log_fills_no_disk(self):
        application = self.backend(model=OUTOFPROCESS, mode="flood", stdoutLogEnabled="true", stdoutLogFile="logs\\out")
        for _ in range(100):
            self.assertEqual(application.ask().text, "the backend")
        application.host.stop()
        size = sum(file.stat().st_size for file in application.written("logs/*"))
        self.assertLess(size, 1_000_000_000)

    def test_one_that_crashes_at_each_request(self):
        application = self.backend(model=OUTOFPROCESS, rapidFailsPerMinute=100)
        counts = []
        for _ in range(20):
            answer = application.ask("/crash")
            self.assertEqual(answer.status, 502, answer)
            self.assertIn("502.3", answer.text + answer.reason)
            wait_until(lambda: not application.host.backends(), "a process is left")
            counts.append(application.host.descriptors())
        # What the last one left is closed a moment after it.
        wait_until(lambda: application.host.descriptors() <= counts[1], f"descriptors are left: {counts}")
        self.assertEqual(application.ask().text, "the backend")
        application.host.stop()

    def test_one_that_refuses_to_stop(self):
        application = self.backend(model=OUTOFPROCESS, mode="stubborn", shutdownTimeLimit=1)
        pid = application.pid()
        application.go_offline()
        application.until(lambda answer: answer.status == 503)
        wait_until(lambda: not is_running(pid), "it runs on")
        application.host.says(1005, containing=str(pid))
        application.go_online()
        self.leaves_nothing(application, lambda: self.stops(application, event=1005), rounds=3)

    def test_answers_that_are_none(self):
        application = self.backend(model=OUTOFPROCESS)
        self.assertEqual(application.ask().text, "the backend")
        begun = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"

        def answers():
            for how in ["close", "reset", "wait"]:
                answer = application.answers_raw(b"garbage\r\n\r\n", **{how: True})
                self.assertEqual(answer.status, 502, answer)
                self.assertIn("502.3", answer.text + answer.reason)
            for how in ["close", "reset"]:
                for data in [b"", b"HTTP/1.1 200 OK\r\nContent-"]:
                    self.assertEqual(application.answers_raw(data, **{how: True}).status, 502)
                with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
                    application.answers_raw(begun, **{how: True})
            self.assertEqual(application.ask("/huge-header?n=1000000").status, 502)
            self.assertEqual(application.ask().text, "the backend")
        self.leaves_nothing(application, answers, rounds=8)

    def test_one_that_refuses_to_stop_does_not_keep_the_server(self):
        application = self.backend(model=OUTOFPROCESS, mode="stubborn", shutdownTimeLimit=1)
        application.pid()
        # Sees that nothing is left.
        application.host.stop()

    def test_one_that_leaves_daemons(self):
        for mode, path in [("daemon", "/"), ("serve", "/daemon")]:
            with self.subTest(mode):
                application = self.backend(model=OUTOFPROCESS, mode=mode)
                self.assertEqual(application.ask(path).status, 200)
                self.assertGreaterEqual(len(application.host.backends()), 2)
                application.go_offline()
                application.until(lambda answer: answer.status == 503)
                wait_until(lambda: not application.host.backends(), "what it left runs on")
                application.go_online()
                self.leaves_nothing(application, lambda: self.stops(application))

    def test_a_worker_that_is_killed_leaves_no_backend(self):
        application = self.backend(model=OUTOFPROCESS)
        pid = application.pid()
        os.kill(application.host.worker(), signal.SIGKILL)
        wait_until(lambda: not is_running(pid), "the backend outlives its worker")
        application.until(lambda answer: answer.status == 200)
        application.host.stop()

    def test_a_page_is_not_shown_where_it_is_switched_off(self):
        application = self.backend(model=OUTOFPROCESS, mode="exit 1", disableStartUpErrorPage="true")
        answer = application.ask()
        # 502.5 turns into 502.3, without a page of the module's (reference §18).
        self.assertEqual(answer.status, 502, answer)
        self.assertNotIn("ANCM", answer.text)
        application.host.says(1020)

    def test_details_are_for_development_only(self):
        quiet = self.backend(model=OUTOFPROCESS, mode="exit 1")
        self.assertNotIn("the backend ends", quiet.ask().text)
        told = self.backend(model=OUTOFPROCESS, mode="exit 1", variables={"DOTNET_ENVIRONMENT": "Development"})
        self.assertIn("the backend ends", told.ask().text)

    def test_settings_out_of_their_limits_are_refused(self):
        for attribute, value in [
                ("processesPerApplication", "0"), ("startupTimeLimit", "3601"), ("shutdownTimeLimit", "601"),
                ("rapidFailsPerMinute", "101"), ("requestTimeout", "00:00:60"), ("stdoutLogEnabled", "maybe")]:
            with self.subTest(attribute):
                application = self.backend(model=OUTOFPROCESS, **{attribute: value})
                self.assertEqual(application.ask().status, 500)
                self.assertEqual(application.host.backends(), [])
                application.host.stop()

    def test_a_thousand_visitors_of_an_application_that_does_not_start(self):
        application = self.backend(model=OUTOFPROCESS, mode="exit 1")
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(lambda _: application.ask().status, range(100)))
        self.assertEqual(set(answers), {502})
        wait_until(lambda: not application.host.backends(), "processes are left")
        application.host.stop()

    def test_web_config_of_nobody_knows_what(self):
        for text in ["", "<configuration>", "not xml",
                     "<configuration><system.webServer><aspNetCore/></system.webServer></configuration>"]:
            with self.subTest(text):
                host = self.host()
                application = host.deploy("backend", text=text)
                host.serve()
                self.assertIn(application.ask().status, (200, 403, 404, 500))
                # Sensitive files stay so.
                self.assertNotEqual(application.ask("/web.config").status, 200)
                host.stop()


class AsOrdinaryUser(Case):
    """Everything as one ordinary user, as `hostelry run` of a developer is."""

    def test_it_runs(self):
        user = "nobody" if os.geteuid() == 0 else None
        application = self.serve("backend", user=user, model=INPROCESS)
        host = application.host
        self.assertEqual(application.ask().text, "the backend")
        environment = application.variables()
        self.assertEqual(environment["cwd"], str(application.folder))
        pid = application.pid()
        application.go_offline()
        application.until(lambda answer: answer.status == 503)
        wait_until(lambda: not is_running(pid), "it runs on")
        application.go_online()
        application.until(lambda answer: answer.status == 200)
        host.stop()

    def test_a_killed_worker_leaves_nothing(self):
        user = "nobody" if os.geteuid() == 0 else None
        application = self.serve("backend", user=user, model=OUTOFPROCESS)
        pid = application.pid()
        os.kill(application.host.worker(), signal.SIGKILL)
        wait_until(lambda: not is_running(pid), "the backend outlives its worker")


if __name__ == "__main__":
    unittest.main()
