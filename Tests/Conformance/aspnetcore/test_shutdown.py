"""ShutdownTests: stopping, app_offline.htm and changes of configuration (reference §4, §12, §15, §20.2)."""

import os
import signal
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from aspnetcore.hosted import INPROCESS, OUTOFPROCESS, Case, SharedCase
from aspnetcore.traffic import Tally, sequential
from instance import PATIENCE, is_running, wait_until

# Rounds of what runs under load; the whole with HOSTELRY_WHOLE=1.
ROUNDS = 100 if os.environ.get("HOSTELRY_WHOLE") else 6


class ShutdownTests(Case):
    def assert_offline(self, application, text="offline now"):
        answer = application.until(lambda answer: answer.status == 503)
        self.assertEqual((answer.reason, answer.headers["content-type"], answer.text),
                         ("Service Unavailable", "text/html", text))
        return answer

    def assert_online(self, application):
        answer = application.until(lambda answer: answer.status == 200, "/HelloWorld")
        self.assertEqual(answer.text, "Hello World")

    def of_model(self, **configuration):
        model = INPROCESS if self._testMethodName.endswith("_InProcess") else OUTOFPROCESS
        return self.serve(model=model, **configuration)

    # Stopping

    def test_ShutdownTimeoutIsApplied(self):
        application = self.serve(mode="HangOnStop", model=INPROCESS, shutdownTimeLimit=1)
        pid = application.pid()
        application.touch()
        application.host.says(1005, containing=f"'{pid}'")
        wait_until(lambda: not is_running(pid), "the process that does not end is not killed")
        application.host.says(1006, containing=str(pid))
        self.assert_online(application)

    def test_CallStopAsyncOnRequestThread_DoesNotHangIndefinitely(self):
        for model in [INPROCESS, OUTOFPROCESS]:
            with self.subTest(model=model):
                application = self.serve(model=model)
                pid = application.pid()
                self.assertEqual(application.ask("/Shutdown").text, "Shutting down")
                wait_until(lambda pid=pid: not is_running(pid), "the application does not end")
                self.assert_online(application)
                self.assertNotEqual(application.pid(), pid)
                application.host.stop()

    def test_GracefulShutdownWorksWithMultipleRequestsInFlight_InProcess(self):
        application = self.of_model()
        pid = application.pid()
        with ThreadPoolExecutor(5) as threads:
            waiting = [threads.submit(application.ask, "/WaitForAppToStartShuttingDown") for _ in range(2)]
            waiting += [threads.submit(application.ask, "/Sleep?ms=1500") for _ in range(3)]
            wait_until(lambda: application.ask("/WaitingRequestCount").text == "3", "the requests do not arrive")
            application.touch()
            answers = [each.result(PATIENCE) for each in waiting]
        self.assertEqual([answer.text for answer in answers], ["stopping"] * 2 + ["slept"] * 3)
        wait_until(lambda: not is_running(pid), "the process does not end")
        self.assertEqual(application.host.said(1005), [])
        self.assert_online(application)

    # app_offline.htm

    def offline_first(self, application, text="offline now"):
        application.go_offline(text)
        self.assert_offline(application, text)
        self.assertEqual(application.host.backends(), [])
        application.go_online()
        self.assert_online(application)

    def test_AppOfflineDroppedWhileSiteIsDown_SiteReturns503_InProcess(self):
        self.offline_first(self.of_model())

    def test_AppOfflineDroppedWhileSiteIsDown_SiteReturns503_OutOfProcess(self):
        self.offline_first(self.of_model(), "über das Wochenende 彡")

    def test_LockedAppOfflineDroppedWhileSiteIsDown_SiteReturns503_InProcess(self):
        application = self.of_model()
        application.go_offline()
        (application.folder / "app_offline.htm").chmod(0)
        self.assert_offline(application, "")
        application.go_online()
        self.assert_online(application)

    def test_LockedAppOfflineDroppedWhileSiteIsDown_SiteReturns503_OutOfProcess(self):
        self.test_LockedAppOfflineDroppedWhileSiteIsDown_SiteReturns503_InProcess()

    def failed_first(self, application):
        self.assertGreaterEqual(application.ask().status, 500)
        worker = application.host.worker()
        application.go_offline()
        self.assert_offline(application)
        # Put right while offline, it runs.
        application.configure(process="dotnet", mode="")
        application.go_online()
        self.assert_online(application)
        self.assertEqual(application.host.worker(), worker)

    def test_AppOfflineDroppedWhileSiteFailedToStartInShim_AppOfflineServed_InProcess(self):
        application = self.serve("web-x86", model=INPROCESS)
        self.assertEqual(application.ask().status, 500)
        application.go_offline()
        self.assert_offline(application)

    def test_AppOfflineDroppedWhileSiteFailedToStartInShim_AppOfflineServed_OutOfProcess(self):
        self.failed_first(self.of_model(process="nonexistent"))

    def test_AppOfflineDroppedWhileSiteFailedToStartInRequestHandler_SiteStops_InProcess(self):
        self.failed_first(self.of_model(mode="EarlyReturn"))

    def cycle(self, application, rounds=3):
        for number in range(rounds):
            pid = application.pid()
            before = application.host.count()
            application.go_offline(f"round {number}")
            self.assert_offline(application, f"round {number}")
            wait_until(lambda pid=pid: not is_running(pid), "the backend runs on")
            application.host.says(1012, after=before, containing="app_offline.htm")
            application.go_online()
            self.assert_online(application)

    def test_AppOfflineDroppedWhileSiteRunning_SiteShutsDown_InProcess(self):
        self.cycle(self.of_model(), 1)

    def test_AppOfflineDroppedWhileSiteRunning_SiteShutsDown_OutOfProcess(self):
        application = self.of_model()
        worker = application.pid() and application.host.worker()
        self.cycle(application)
        self.assertEqual(application.host.worker(), worker)

    def added_and_removed(self, application):
        self.assert_online(application)
        # At once, before anything notices the one or the other.
        application.go_offline()
        application.go_online()
        self.assert_online(application)
        application.go_offline()
        self.assert_offline(application)
        # The page is read anew while it is there.
        application.go_offline("another page")
        application.until(lambda answer: answer.text == "another page")
        application.go_online()
        self.assert_online(application)

    def test_AppOfflineDropped_CanRemoveAppOfflineAfterAddingAndSiteWorks_InProcess(self):
        self.added_and_removed(self.of_model())

    def test_AppOfflineDropped_CanRemoveAppOfflineAfterAddingAndSiteWorks_OutOfProcess(self):
        self.added_and_removed(self.of_model())

    def stress(self, application, change, rounds):
        """Only 200 and 503 while `change(number)` happens again and again under load, and no connection is lost."""
        self.assert_online(application)
        with Tally(application.host.port, clients=4, path="/HelloWorld") as load:
            for number in range(rounds):
                change(number)
            load.wait_for(20)
        self.assertEqual(load.failures, [])
        self.assertLessEqual(load.statuses.keys(), {200, 503}, load.bodies)
        self.assertIn(200, load.statuses)
        application.until(lambda answer: answer.status == 200, "/HelloWorld")
        return load

    def offline_stress(self, application):
        def change(_):
            application.go_offline()
            self.assert_offline(application)
            application.go_online()
            self.assert_online(application)
        load = self.stress(application, change, ROUNDS)
        self.assertIn(503, load.statuses)

    def test_AppOfflineAddedAndRemovedStress_InProcess(self):
        self.offline_stress(self.of_model())

    def test_AppOfflineAddedAndRemovedStress_OutOfProcess(self):
        self.offline_stress(self.of_model())

    # Changes of configuration

    def test_RequestsWhileRestartingAppFromConfigChangeAreProcessed(self):
        application = self.serve(model=INPROCESS)
        pid = application.pid()
        touched = []
        bad = sequential(application.host.port, 2000, "/ProcessId",
                         at={number: lambda: touched.append(application.touch()) for number in (300, 1100)})
        self.assertEqual(bad, [])
        application.until(lambda answer: answer.text != str(pid), "/ProcessId")

    def test_RequestsWhileRecyclingAppAreProcessed(self):
        application = self.serve(model=INPROCESS)
        pid = application.pid()
        worker = application.host.worker()
        bad = sequential(application.host.port, 2000, "/ProcessId", at={300: application.host.recycle})
        self.assertEqual(bad, [])
        application.until(lambda answer: answer.text != str(pid), "/ProcessId")
        wait_until(lambda: not is_running(worker) and not is_running(pid), "the old worker or its backend is left")

    def change_restarts(self, application):
        pid = application.pid()
        worker = application.host.worker()
        application.touch()
        application.until(lambda answer: answer.status == 200 and answer.text != str(pid), "/ProcessId")
        wait_until(lambda: not is_running(pid), "the old process is left")
        return worker

    def test_ConfigurationChangeStopsInProcess(self):
        self.change_restarts(self.serve(model=INPROCESS))

    def test_ConfigurationChangeForcesChildProcessRestart(self):
        application = self.serve(model=OUTOFPROCESS)
        worker = self.change_restarts(application)
        self.assertEqual(application.host.worker(), worker)

    def ignored(self, model, change):
        application = self.serve(model=model, settings={"disallowRotationOnConfigChange": "true"})
        pid = application.pid()
        worker = application.host.worker()
        change(application)
        # What would restart it has been noticed when a page written after it is there.
        for _ in range(50):
            self.assertEqual(application.pid(), pid)
            time.sleep(0.02)
        self.assertEqual(application.host.worker(), worker)

    def test_ConfigurationChangeCanBeIgnoredInProcess(self):
        self.ignored(INPROCESS, lambda application: application.touch())

    def test_ConfigurationChangeCanBeIgnoredOutOfProcess(self):
        self.ignored(OUTOFPROCESS, lambda application: application.touch())

    def test_AppHostConfigurationChangeIsIgnoredInProcess(self):
        self.ignored(INPROCESS, lambda application: application.host.configuration.write_text(
            application.host.configuration.read_text() + "<!-- touched -->"))

    def test_OutOfProcessToInProcessHostingModelSwitchWorks(self):
        application = self.serve(model=OUTOFPROCESS)
        host = application.host
        pid = application.pid()
        for count, model in enumerate([INPROCESS, OUTOFPROCESS], 1):
            worker = host.worker()
            bad = sequential(host.port, 300, "/ProcessId", at={50: lambda model=model: application.configure(model=model)})
            self.assertEqual(bad, [])
            wait_until(lambda worker=worker, pid=pid: not is_running(worker) and not is_running(pid),
                       "the old worker or its backend is left")
            wait_until(lambda count=count: len(host.said(1021)) == count, "the change is not told, or more than once")
            pid = application.pid()
            self.assertNotEqual(host.worker(), worker)

    def test_ConfigurationTouchedStress_InProcess(self):
        application = self.serve(model=INPROCESS)
        self.stress(application, lambda _: (application.touch(), application.ask("/HelloWorld")), ROUNDS)

    # Backends that give up a request

    def test_ClosesConnectionOnServerAbortOutOfProcess(self):
        application = self.serve(model=OUTOFPROCESS)
        data, reset = application.raw_request(b"GET /Abort HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        if not reset:
            self.assertIn(b" 502 ", data.split(b"\r\n")[0])

    def test_ClosesConnectionOnServerAbortInProcess(self):
        application = self.serve(model=INPROCESS)
        data, _ = application.raw_request(
            b"GET /AbortAfterHeaders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        # Either the answer had not begun, or it ends early.
        self.assertTrue(data.endswith(b"\r\n\r\npart") or b" 502 " in data.split(b"\r\n")[0], data)
        self.assert_online(application)


class AppOfflineIISExpressTests(Case):
    def test_AppOfflineDroppedWhileSiteStarting_SiteShutsDown_InProcess(self):
        application = self.serve(mode="SlowStart 3", model=INPROCESS)
        with ThreadPoolExecutor(1) as threads:
            first = threads.submit(application.ask, "/HelloWorld")
            wait_until(application.host.backends, "it is not started")
            application.go_offline()
            self.assertIn(first.result(PATIENCE).status, (200, 503))
        application.until(lambda answer: answer.text == "offline now")
        wait_until(lambda: not application.host.backends(), "the starting process is left")
        application.go_online()
        application.until(lambda answer: answer.status == 200)


class OrderOfStopping(SharedCase):
    """The shutdown message, then SIGTERM, then SIGKILL, to the process and all that it left (reference §12)."""

    SOURCE = "backend"
    CONFIGURATION = {"model": OUTOFPROCESS, "shutdownTimeLimit": 1}

    def stopped(self, mode):
        self.application.configure(mode=mode)
        pid = int(self.application.until(
            lambda answer: answer.status == 200 and mode in (self.application.variables()["arguments"] or [mode]),
            "/pid").text)
        before = self.shared.count()
        self.application.touch()
        wait_until(lambda: not is_running(pid), f"{mode} is not stopped")
        return pid, before

    def test_one_that_takes_the_message_ends_by_itself(self):
        pid, before = self.stopped("serve")
        self.shared.says(1006, after=before, containing="202")
        self.assertEqual(self.shared.said(1005, after=before), [])

    def test_one_that_refuses_the_message_is_told_by_a_signal(self):
        pid, before = self.stopped("refuse")
        self.shared.says(1006, after=before, containing="500")
        self.assertEqual(self.shared.said(1005, after=before), [])

    def test_one_that_ignores_the_message_and_the_signal_is_killed(self):
        for mode in ["stubborn", "hang-on-stop"]:
            with self.subTest(mode):
                pid, before = self.stopped(mode)
                self.shared.says(1005, after=before, containing=str(pid))


class KilledBackends(Case):
    """A backend killed under load (issue: only its in-flight requests fail, the next starts another)."""

    def test_only_what_was_in_flight_fails(self):
        application = self.backend(model=OUTOFPROCESS)
        pid = application.pid()
        clients = 4
        with Tally(application.host.port, clients=clients) as load:
            for _ in range(3):
                load.wait_for(50)
                os.kill(pid, signal.SIGKILL)
                pid = int(application.until(
                    lambda answer, pid=pid: answer.status == 200 and answer.text != str(pid), "/pid").text)
            load.wait_for(50)
        # Each client had one request in flight at most.
        bad = sum(count for status, count in load.statuses.items() if status != 200)
        self.assertLessEqual(bad, 3 * clients, (load.statuses, load.failures[:3], load.bodies))
        self.assertLessEqual(load.statuses.keys(), {200, 502, None}, load.bodies)
        application.host.says(1030)


if __name__ == "__main__":
    unittest.main()
