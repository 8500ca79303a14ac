"""Workers that are replaced or killed under load: nobody may feel it whose request was not in the killed one's hands."""

import os
import signal
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))

from instance import Instance, is_running, wait_until  # noqa: E402
from load import Client, Load  # noqa: E402

RECYCLES = int(os.environ.get("RECYCLES", "100"))


class Recycling(unittest.TestCase):
    def instance(self):
        instance = Instance()
        self.addCleanup(instance.clean)
        return instance

    def two_pools(self, main="", other=""):
        instance = self.instance()
        instance.content("other", "index.html", "another page")
        instance.configure(
            instance.site("Main", 1) + instance.site("Other", 2, host="other.test", pool="Other", folder="other"),
            f'<add name="Main">{main}</add><add name="Other">{other}</add>')
        return instance.serve()

    def test_a_pool_that_is_recycled_again_and_again_under_load_fails_no_request(self):
        # The pool recycles itself after so many requests, which under load is at once.
        instance = self.two_pools('<recycling logEventOnRecycle="Requests"><periodicRestart requests="20"/></recycling>')
        with Load(instance.port, clients=8, expected=b"the page", pause=0.002) as load:
            seen = 0
            for _ in range(RECYCLES):
                instance.event("recycled-for-requests", after=seen)
                with instance.changed:
                    seen = next(index for index, event in enumerate(instance.events) if index >= seen
                                and event["event"] == "recycled-for-requests") + 1
            load.wait_for(50)
        self.assertEqual(load.failures, [])
        self.assertGreater(load.answers, RECYCLES * 20)
        instance.stop()

    def test_a_changed_environment_recycles_under_load_and_fails_no_request(self):
        instance = self.two_pools()
        with Load(instance.port, clients=8, expected=b"the page", pause=0.001) as load:
            for number in range(10):
                load.wait_for(20)
                before = instance.count()
                instance.configure(
                    instance.site("Main", 1),
                    '<add name="Main"><environmentVariables>'
                    f'<add name="NUMBER" value="{number}"/></environmentVariables></add>')
                instance.signal(signal.SIGHUP)
                instance.event("worker-ended", after=before)
        self.assertEqual(load.failures, [])
        instance.stop()

    def test_a_pool_without_overlap_lets_requests_wait_and_fails_none(self):
        instance = self.two_pools(
            '<recycling disallowOverlappingRotation="true"><periodicRestart requests="50"/></recycling>')
        with Load(instance.port, clients=4, expected=b"the page", pause=0.002) as load:
            before = 0
            for _ in range(5):
                instance.event("worker-ended", after=before)
                before = instance.count()
                self.assertLessEqual(len(instance.pid("hostelry-worker")), 1)
                load.wait_for(30)
        self.assertEqual(load.failures, [])
        instance.stop()

    def test_a_killed_worker_is_felt_by_no_other_pool_and_replaced_by_the_next_request(self):
        instance = self.two_pools('<failure rapidFailProtectionMaxCrashes="100"/>')
        took = []
        with Load(instance.port, clients=4, host="other.test", expected=b"another page", pause=0.001) as load:
            load.wait_for(20)
            client = Client(instance.port)
            other, = instance.pid("hostelry-worker")
            for _ in range(10):
                self.assertEqual(client.ask()[0], 200)
                worker, = [pid for pid in instance.pid("hostelry-worker") if pid != other]
                os.kill(worker, signal.SIGKILL)
                wait_until(lambda: not is_running(worker), "the worker does not die")
                began = time.monotonic()
                status, _, body = client.ask()
                took.append(time.monotonic() - began)
                self.assertEqual((status, body), (200, b"the page"))
            client.close()
        self.assertEqual(load.failures, [])
        print(f"first answer after a killed worker: {sorted(took)[len(took) // 2] * 1000:.1f} ms (median of {len(took)})",
              file=sys.stderr)
        instance.stop()


if __name__ == "__main__":
    unittest.main()
