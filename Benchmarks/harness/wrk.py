"""Runs wrk, and what it says."""

import pathlib
import subprocess

from .processes import processor_seconds

SCRIPT = pathlib.Path(__file__).with_name("wrk.lua")


class Load:
    """Requests for the start page of a signed-in user over kept-alive connections, without a pause."""

    def __init__(self, server, cookie=None, connections=64, seconds=4, beside=(), tolerance=0.0):
        """`beside`: further servers whose processor time counts apart. `tolerance`: the part of the requests that may
        fail without ending the run."""
        pids = [each.process.pid for each in (server, *beside)]
        before = [processor_seconds(pid) for pid in pids]
        fields = ["-H", f"Cookie: {cookie}"] if cookie else []
        run = subprocess.run(
            ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "-s", str(SCRIPT), *fields,
             server.url + "/"], capture_output=True, text=True, check=True)
        spent = [processor_seconds(pid) - begun for pid, begun in zip(pids, before, strict=True)]
        told = dict(line.split()[1:] for line in run.stdout.splitlines() if line.startswith("bench "))
        self.count = int(told["requests"])
        failures = {name: number for name, number in told.items() if name.startswith("failure-") and number != "0"}
        #: How many requests failed.
        self.failed = sum(int(number) for number in failures.values())
        if self.failed > tolerance * self.count or not self.count:
            raise RuntimeError(f"{self.count} requests at {server.url}, and of them {failures}")
        self.rate = self.count / float(told["seconds"])
        #: In seconds.
        self.p50, self.p99 = float(told["p50"]), float(told["p99"])
        #: Seconds of a processor for each request, and those of each server beside.
        self.cost, *self.costs_beside = (seconds / self.count for seconds in spent)
