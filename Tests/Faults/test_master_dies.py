"""The master is killed: nothing stops, and the next one takes everything over."""

import os
import select
import signal
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import Instance, free_port, is_running, wait_until  # noqa: E402
from load import Load  # noqa: E402


class MasterDies(unittest.TestCase):
    def instance(self, *arguments, **named):
        instance = Instance(*arguments, **named)
        self.addCleanup(instance.clean)
        return instance

    def serving(self, *arguments, **named):
        instance = self.instance(*arguments, **named).serve()
        self.assertEqual(instance.get("/"), (200, "the page"))
        return instance

    def test_not_one_request_fails_and_the_next_master_adopts_the_same_processes(self):
        instance = self.serving()
        router, worker = instance.pid("hostelry-router"), instance.pid("hostelry-worker")
        with Load(instance.port) as load:
            instance.die()
            load.wait_for(50)
            instance.serve()
            load.wait_for(50)
        self.assertEqual(load.failures, [])
        adopted = instance.event("roles-adopted")
        self.assertEqual(adopted["level"], "information")
        self.assertEqual(adopted["fields"]["router"], router[0])
        self.assertEqual(adopted["fields"]["workers"], str(worker[0]))
        self.assertEqual(instance.pid("hostelry-router"), router)
        self.assertEqual(instance.pid("hostelry-worker"), worker)
        instance.stop()
        self.assertEqual(list((instance.state / "roles").iterdir()), [])
        self.assertEqual(list((instance.state / "run").iterdir()), [])

    def test_twenty_deaths_in_a_row(self):
        instance = self.serving()
        before = instance.pid("hostelry-router"), instance.pid("hostelry-worker")
        with Load(instance.port) as load:
            for death in range(20):
                instance.die()
                # Half of them while the next one is still at it.
                if death % 2:
                    instance.start()
                    instance.event("server-starting")
                else:
                    instance.serve()
                load.wait_for(8)
            instance.die()
            instance.serve()
            load.wait_for(50)
        self.assertEqual(load.failures, [])
        self.assertEqual((instance.pid("hostelry-router"), instance.pid("hostelry-worker")), before)
        instance.stop()

    def test_the_adopter_supervises_what_it_adopted(self):
        instance = self.serving()
        instance.die()
        instance.serve()
        worker, = instance.pid("hostelry-worker")
        os.kill(worker, signal.SIGKILL)
        crash = instance.event("worker-crashed")
        self.assertEqual(crash["fields"]["pid"], worker)
        self.assertEqual(instance.get("/"), (200, "the page"))
        router, = instance.pid("hostelry-router")
        before = instance.count()
        os.kill(router, signal.SIGKILL)
        instance.event("router-crashed", after=before)
        instance.event("router-started", after=before)
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    def test_master_and_router_die_and_the_worker_is_linked_to_the_next_router(self):
        instance = self.serving()
        worker = instance.pid("hostelry-worker")
        router, = instance.pid("hostelry-router")
        instance.die()
        os.kill(router, signal.SIGKILL)
        wait_until(lambda: not is_running(router), "the router lives")
        instance.serve()
        instance.event("role-lost")
        self.assertEqual(instance.get("/"), (200, "the page"))
        self.assertEqual(instance.pid("hostelry-worker"), worker)
        instance.stop()

    def test_master_and_a_worker_die_and_a_request_that_waits_is_answered_by_the_adopters_worker(self):
        instance = self.serving()
        worker, = instance.pid("hostelry-worker")
        instance.die()
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: not is_running(worker), "the worker lives")
        connection = instance.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/")
        instance.serve()
        self.assertEqual(connection.getresponse().status, 200)
        self.assertNotEqual(instance.pid("hostelry-worker"), [worker])
        instance.stop()

    def test_a_configuration_that_changed_while_no_master_ran_is_applied(self):
        instance = self.serving()
        worker = instance.pid("hostelry-worker")
        instance.die()
        port = free_port()
        instance.content("new", "index.html", "the new page")
        instance.configure(instance.site("New", 2, port=port, folder="new"))
        instance.serve()
        # The router is told at the same moment as the world.
        wait_until(lambda: instance.get("/", port=port) == (200, "the new page"), "the new site is not served")
        wait_until(lambda: self.is_refused(instance), "the closed port still answers")
        self.assertEqual(instance.pid("hostelry-worker"), worker)
        instance.stop()

    def test_a_change_of_what_a_process_begins_with_replaces_the_adopted_worker(self):
        instance = self.serving()
        first = instance.pid("hostelry-worker")
        instance.die()
        instance.configure(
            instance.site("Main", 1),
            '<add name="Main"><environmentVariables><add name="A" value="1"/></environmentVariables></add>')
        with Load(instance.port) as load:
            instance.serve()
            wait_until(lambda: not is_running(first[0]), "the old worker lives")
            load.wait_for(50)
        self.assertEqual(load.failures, [])
        self.assertEqual(len(instance.pid("hostelry-worker")), 1)
        instance.stop()

    def test_a_role_that_does_not_answer_is_ended_and_replaced(self):
        instance = self.serving()
        router, = instance.pid("hostelry-router")
        os.kill(router, signal.SIGSTOP)
        instance.die()
        instance.serve()
        told = instance.event("role-not-adopted")
        self.assertEqual(told["fields"]["pid"], router)
        self.assertFalse(is_running(router))
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.stop()

    def test_a_master_that_dies_while_a_worker_starts_loses_no_request(self):
        pools = range(1, 13)
        instance = self.instance()
        instance.configure("".join(instance.site(f"S{n}", n, host=f"s{n}.test", pool=f"P{n}") for n in pools),
                           "".join(f'<add name="P{n}"/>' for n in pools))
        instance.serve()
        for pool in pools:
            connection = instance.connect()
            self.addCleanup(connection.close)
            before = instance.count()
            connection.request("GET", "/", headers={"Host": f"s{pool}.test"})
            # Somewhere between the worker's start and its first answer.
            instance.event("worker-started", after=before)
            select.select([], [], [], pool * 0.002)
            instance.die()
            instance.serve()
            self.assertEqual(connection.getresponse().status, 200, f"pool {pool}")
        for pool in pools:
            self.assertEqual(instance.get("/", host=f"s{pool}.test")[0], 200)
        self.assertEqual(len(instance.pid("hostelry-worker")), len(pools))
        instance.stop()

    def is_refused(self, instance):
        try:
            instance.get("/")
        except ConnectionError:
            return True
        return False


if __name__ == "__main__":
    unittest.main()
