"""The life of an application pool, seen from outside: how workers come, are replaced, are watched and end."""

import os
import signal
import unittest

from instance import Instance, is_running, wait_until


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
