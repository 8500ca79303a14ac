"""The life of an application pool, seen from outside: how workers come, are replaced, are watched and end."""

import mmap
import os
import re
import select
import signal
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from instance import Instance, free_port, is_running, wait_until


class PoolLife(unittest.TestCase):
    def instance(self, pool):
        instance = Instance(pools=pool)
        self.addCleanup(instance.clean)
        return instance.serve()

    def workers(self, instance):
        return instance.pid("hostelry-worker")

    def with_program(self, text, pool):
        """An instance whose pool's settings name a program of that text, `{program}`, which writes `{found}`."""
        instance = Instance()
        self.addCleanup(instance.clean)
        program = instance.write("program", f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
        found = instance.path / "found"
        settings = pool.format(program=program, found=found)
        instance.configure(instance.site("Main", 1), f'<add name="Main">{settings}</add>')
        instance.serve()
        instance.get("/")
        return instance, found

    # Beginning

    def test_a_pool_that_does_not_start_by_itself_answers_503(self):
        instance = self.instance('<add name="Main" autoStart="false" startMode="AlwaysRunning"/>')
        self.assertEqual(instance.get("/")[0], 503)
        self.assertEqual(self.workers(instance), [])
        instance.stop()

    def test_a_pool_that_always_runs_has_its_worker_back_after_a_crash(self):
        instance = self.instance('<add name="Main" startMode="AlwaysRunning"/>')
        first = instance.event("worker-ready")["fields"]["worker"]
        os.kill(self.workers(instance)[0], signal.SIGKILL)
        instance.event("worker-ready", where=lambda event: event["fields"]["worker"] != first)
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    def test_a_web_garden_has_its_workers_once_requests_come_and_they_share_them(self):
        instance = self.instance('<add name="Main"><processModel maxProcesses="3"/></add>')
        self.assertEqual(self.workers(instance), [])
        self.assertEqual(instance.get("/"), (200, "the page"))
        wait_until(lambda: len(self.workers(instance)) == 3, "the garden does not grow")
        instance.event("worker-ready", where=lambda event: event["fields"]["worker"] == 3)
        for worker in self.workers(instance)[:2]:
            os.kill(worker, signal.SIGKILL)
            wait_until(lambda worker=worker: not is_running(worker), "the worker does not die")
        self.assertEqual(instance.get("/"), (200, "the page"))
        wait_until(lambda: len(self.workers(instance)) == 3, "the garden does not grow back")
        instance.stop()

    # Replacing

    def test_a_worker_that_has_served_its_requests_is_replaced(self):
        instance = self.instance(
            '<add name="Main"><recycling logEventOnRecycle="Requests"><periodicRestart requests="5"/></recycling></add>')
        instance.get("/")
        first = self.workers(instance)
        for _ in range(4):
            self.assertEqual(instance.get("/"), (200, "the page"))
        event = instance.event("recycled-for-requests")
        self.assertEqual((event["id"], event["object"]), (5075, 'Pool "Main"'))
        instance.event("worker-ended")
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertNotEqual(self.workers(instance), first)
        instance.stop()

    def test_where_rotation_on_changes_is_forbidden_the_worker_stays(self):
        pool = '<add name="Main"><recycling disallowRotationOnConfigChange="true"/>{}</add>'
        instance = self.instance(pool.format(""))
        instance.get("/")
        first = self.workers(instance)
        instance.configure(
            instance.site("Main", 1),
            pool.format('<environmentVariables><add name="A" value="1"/></environmentVariables>'))
        instance.signal(signal.SIGHUP)
        instance.event("configuration-applied")
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertEqual(self.workers(instance), first)
        instance.stop()

    def test_a_changed_pool_is_replaced_with_its_event(self):
        instance = self.instance('<add name="Main"/>')
        instance.get("/")
        instance.configure(instance.site("Main", 1), '<add name="Main" managedPipelineMode="Classic">'
                           '<recycling logEventOnRecycle="ConfigChange"/></add>')
        instance.signal(signal.SIGHUP)
        self.assertEqual(instance.event("recycled-for-configuration")["id"], 5080)
        instance.event("worker-ended")
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    # Health

    def test_a_worker_that_gives_no_sign_of_life_is_killed_and_replaced(self):
        instance = self.instance(
            '<add name="Main"><processModel pingInterval="00:00:01" pingResponseTime="00:00:01"/></add>')
        instance.get("/")
        first, = self.workers(instance)
        os.kill(first, signal.SIGSTOP)
        self.assertEqual(instance.event("worker-unresponsive")["id"], 5010)
        wait_until(lambda: not is_running(first), "the worker is not killed")
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    def test_a_worker_that_is_to_be_looked_at_runs_on_and_its_number_is_told(self):
        instance, found = self.with_program(
            'echo "$1 $2" > "$3"',
            '<failure orphanWorkerProcess="true" orphanActionExe="{program}"'
            ' orphanActionParams="%1% &quot;in quotes&quot; {found}"/>'
            '<processModel pingInterval="00:00:01" pingResponseTime="00:00:01"/>')
        orphan, = self.workers(instance)
        os.kill(orphan, signal.SIGSTOP)
        instance.event("worker-unresponsive")
        # By then the router has been told, too.
        instance.event("worker-ready", where=lambda event: event["fields"]["worker"] == 2)
        self.assertEqual(instance.get("/"), (200, "the page"))
        wait_until(lambda: found.exists() and found.read_text(), "the program did not run")
        self.assertEqual(found.read_text(), f"{orphan} in quotes\n")
        self.assertTrue(is_running(orphan))
        instance.stop()

    # Idleness

    def state(self, pid):
        """What the kernel says: `S` waits for something to happen, `T` is stopped."""
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0]

    def suspending(self, settings=""):
        """An instance whose idle workers are suspended after two seconds: so little memory may be committed."""
        # Promised and never touched: more than the threshold whatever else runs here.
        total = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) * 1024
        try:
            self.promised = mmap.mmap(-1, total // 2, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        except OSError:
            self.skipTest("no memory can be promised here that is not there")
        self.addCleanup(self.promised.close)
        instance = Instance()
        self.addCleanup(instance.clean)
        self.configure_suspending(instance, settings)
        return instance.serve()

    def configure_suspending(self, instance, settings=""):
        pool = '<add name="Main"><processModel idleTimeout="00:01:00" idleTimeoutAction="Suspend" {}/></add>'
        instance.configure(instance.site("Main", 1), f'{pool.format(settings)}</applicationPools>'
                           '<webLimits dynamicIdleThreshold="1"/><applicationPools>')

    def suspended(self, instance, after=0):
        """The process id of the only worker, once it is suspended."""
        instance.event("worker-suspended", after=after)
        worker, = self.workers(instance)
        wait_until(lambda: self.state(worker) == "T", "the worker is not stopped")
        return worker

    def test_an_idle_worker_is_suspended_and_the_next_request_is_answered_by_the_same_process(self):
        instance = self.suspending('pingInterval="00:00:01" pingResponseTime="00:00:01"')
        self.assertEqual(instance.get("/"), (200, "the page"))
        worker = self.suspended(instance)
        for _ in range(2):
            before = instance.count()
            # Nobody asks a suspended worker for a sign of life.
            select.select([], [], [], 2.5)
            self.assertEqual(instance.get("/"), (200, "the page"))
            self.assertEqual(self.workers(instance), [worker])
            instance.event("worker-resumed", after=before)
            self.assertEqual(self.suspended(instance, before), worker)
        self.assertFalse([event for event in instance.events if event["event"] == "worker-unresponsive"])
        instance.stop()

    def test_requests_that_come_while_workers_are_suspended_are_all_answered(self):
        instance = self.suspending()
        instance.get("/")
        self.suspended(instance)
        for _ in range(10):
            before = instance.count()
            with ThreadPoolExecutor(8) as clients:
                answers = list(clients.map(lambda _: instance.get("/"), range(40)))
            self.assertEqual(set(answers), {(200, "the page")})
            os.kill(self.workers(instance)[0], signal.SIGSTOP)
            os.kill(self.workers(instance)[0], signal.SIGCONT)
            instance.event("worker-suspended", after=before)
        instance.stop()

    def test_a_changed_page_is_seen_after_the_worker_was_suspended(self):
        instance = self.suspending()
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.suspended(instance)
        instance.content("content", "index.html", "another page")
        self.assertEqual(instance.get("/"), (200, "another page"))
        instance.stop()

    def test_a_suspended_worker_that_is_killed_is_followed_by_another(self):
        instance = self.suspending()
        instance.get("/")
        worker = self.suspended(instance)
        os.kill(worker, signal.SIGKILL)
        instance.event("worker-crashed")
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertNotEqual(self.workers(instance), [worker])
        instance.stop()

    def test_the_next_master_adopts_a_suspended_worker(self):
        instance = self.suspending()
        instance.get("/")
        worker = self.suspended(instance)
        instance.die()
        instance.serve()
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertEqual(self.workers(instance), [worker])
        self.assertEqual(self.suspended(instance), worker)
        instance.stop()

    def test_the_next_router_is_told_of_a_suspended_worker_when_a_request_comes(self):
        instance = self.suspending()
        instance.get("/")
        worker = self.suspended(instance)
        before = instance.count()
        os.kill(instance.pid("hostelry-router")[0], signal.SIGKILL)
        instance.event("router-started", after=before)
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertEqual(self.workers(instance), [worker])
        instance.stop()

    def test_the_server_ends_with_a_suspended_worker(self):
        instance = self.suspending()
        instance.get("/")
        self.suspended(instance)
        instance.stop()

    # What the next master knows

    def test_crashes_and_what_was_stopped_by_hand_are_known_to_the_next_master(self):
        instance = Instance()
        self.addCleanup(instance.clean)
        quiet = free_port()
        instance.configure(
            instance.site("Main", 1) + instance.site("Quiet", 2, port=quiet) +
            instance.site("Stopped", 3, host="stopped", pool="Other"),
            '<add name="Main"><failure rapidFailProtectionMaxCrashes="2"/></add><add name="Other"/>')
        instance.serve()
        for words in [("site", "stop", "Quiet"), ("pool", "stop", "Other")]:
            subprocess.run([instance.programs / "hostelry", *words, "--state", instance.state], check=True,
                           stdout=subprocess.DEVNULL)
        instance.get("/")
        os.kill(self.workers(instance)[0], signal.SIGKILL)
        instance.event("worker-crashed")
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.die()
        instance.serve()
        self.assertEqual(instance.get("/"), (200, "the page"))
        with self.assertRaises(ConnectionRefusedError):
            instance.get("/", port=quiet)
        self.assertEqual(instance.get("/", host="stopped")[0], 503)
        before = instance.count()
        os.kill(self.workers(instance)[0], signal.SIGKILL)
        instance.event("pool-offline", after=before)
        self.assertEqual(instance.get("/")[0], 503)
        instance.die()
        instance.serve()
        self.assertEqual(instance.get("/")[0], 503)
        # Whoever ends the server and starts it anew starts everything.
        instance.stop()
        instance.streams.append(instance.process.stderr)
        instance.serve()
        self.assertEqual(instance.get("/", host="stopped"), (200, "the page"))
        self.assertEqual(instance.get("/", port=quiet), (200, "the page"))
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    def test_no_more_pools_than_the_threshold_are_started_on_demand(self):
        instance = Instance()
        self.addCleanup(instance.clean)
        names = [f"Pool {number}" for number in range(11)]
        sites = "".join(instance.site(f"Site {number}", number + 1, host=f"h{number}", pool=name)
                        for number, name in enumerate(names))
        pools = "".join(f'<add name="{name}"/>' for name in names)
        instance.configure(sites, f'{pools}</applicationPools><webLimits demandStartThreshold="10"/><applicationPools>')
        instance.serve()
        answers = [instance.get("/", host=f"h{number}")[0] for number in range(11)]
        self.assertEqual(answers, [200] * 10 + [503])
        refused = instance.event("demand-start-refused")
        self.assertEqual((refused["id"], refused["object"]), (1413, 'Pool "Pool 10"'))
        # Those that are started go on.
        self.assertEqual(instance.get("/", host="h3"), (200, "the page"))
        instance.stop()

    # Failing

    def test_the_program_for_a_pool_that_is_taken_offline_is_run_and_its_failure_told(self):
        instance, found = self.with_program(
            'echo "$1" > "$2"\nexit 3',
            '<failure rapidFailProtectionMaxCrashes="1" autoShutdownExe="{program}"'
            ' autoShutdownParams="Main {found}"/>')
        os.kill(self.workers(instance)[0], signal.SIGKILL)
        instance.event("pool-offline")
        failure = instance.event("command-failed")
        self.assertIn("status 3", failure["text"])
        self.assertEqual(found.read_text(), "Main\n")
        self.assertEqual(instance.get("/")[0], 503)
        # A change of the pool starts it again.
        instance.configure(instance.site("Main", 1), '<add name="Main" queueLength="900"/>')
        instance.signal(signal.SIGHUP)
        instance.event("configuration-applied")
        wait_until(lambda: instance.get("/") == (200, "the page"), "the pool is not started again")
        instance.stop()


if __name__ == "__main__":
    unittest.main()
