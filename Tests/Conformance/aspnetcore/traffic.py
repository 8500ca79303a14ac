"""Requests without pause while something happens, and what became of each."""

import sys
from pathlib import Path

from instance import ROOT

sys.path.insert(0, str(Path(ROOT) / "Tests" / "Faults"))

from load import Client, Failure, Incoming, Load  # noqa: E402

__all__ = ["Client", "Failure", "Incoming", "Load", "Tally", "sequential"]


def sequential(port, count, path="/", host="localhost", at=None):
    """So many requests one after the other on one connection, `at[n]()` called before the n-th; all that were not 200."""
    client = Client(port, host)
    bad = []
    for number in range(count):
        if at and number in at:
            at[number]()
        try:
            status, _, body = client.ask(path)
            if status != 200:
                bad.append((number, status, body[:300]))
        except Failure as failure:
            bad.append((number, str(failure), b""))
    client.close()
    return bad


class Tally(Load):
    """A load that counts statuses; failures are what had none: resets, early ends, no answer in time."""

    def __init__(self, port, **named):
        super().__init__(port, **named)
        self.statuses = {}
        self.bodies = {}

    def run(self, client):
        while not self.stopping.is_set():
            try:
                status, _, body = client.ask(self.path, self.method, self.body)
                problem = None
            except Failure as failure:
                status, body, problem = None, b"", str(failure)
            with self.lock:
                self.answers += 1
                self.statuses[status] = self.statuses.get(status, 0) + 1
                if status is not None:
                    self.bodies.setdefault(status, body)
                if problem:
                    self.failures.append((self.answers, problem))
            if self.pause or problem:
                self.stopping.wait(self.pause or 0.01)
        client.close()
