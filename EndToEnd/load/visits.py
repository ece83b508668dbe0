"""Signed-in visits, counted: of many sessions once, or of a few without a pause while something happens to a server."""

import asyncio
import time

from . import logins

#: On the start page of a user who is logged in.
SIGNED_IN = b"alice@example.test"


async def count_valid(base, jars, concurrency=8):
    """How many of the sessions the start page still knows."""
    left, valid = iter(jars), 0

    async def work():
        nonlocal valid
        connections = logins.Connections()
        for jar in left:
            status, _, _, body = await connections.to(base).get("/", jar)
            valid += status == 200 and SIGNED_IN in body
        connections.close()

    await asyncio.gather(*(work() for _ in range(concurrency)))
    return valid


class Visit:
    """An answer, or the error that came instead of one. Times are seconds since the traffic began."""

    def __init__(self, begin, end, outcome):
        self.begin, self.end, self.outcome = begin, end, outcome

    @property
    def seconds(self):
        return self.end - self.begin


class Traffic:
    """Visitors and logins without a pause, until it is told to stop. A visitor sends each request once."""

    def __init__(self, base, jars, visitors=8, logging_in=2, timeout=20):
        self.base, self.jars, self.timeout = base, jars, timeout
        #: Of the start page; the outcome is a status, "signed out", or the name of an error.
        self.visits = []
        #: The outcome is 200, or what went wrong; and the cookies of each session that was there with its callback.
        self.logins, self.heard = [], []
        self.workers = [self.visit(number) for number in range(visitors)] + [self.log_in() for _ in range(logging_in)]
        self.is_over, self.began = False, 0.0

    async def __aenter__(self):
        self.began = time.perf_counter()
        self.tasks = [asyncio.create_task(worker) for worker in self.workers]
        return self

    async def __aexit__(self, *_):
        self.is_over = True
        await asyncio.gather(*self.tasks)

    def now(self):
        return time.perf_counter() - self.began

    async def visit(self, number):
        connection = logins.Connections(attempts=1).to(self.base)
        while not self.is_over:
            number += 1
            begin = self.now()
            try:
                status, _, _, body = await asyncio.wait_for(
                    connection.get("/", self.jars[number % len(self.jars)]), self.timeout)
                outcome = "signed out" if status == 200 and SIGNED_IN not in body else status
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                outcome = type(error).__name__
            self.visits.append(Visit(begin, self.now(), outcome))
            if outcome != 200:
                await asyncio.sleep(0.01)  # an error comes faster than a page, and would be counted for more
        connection.close()

    async def log_in(self):
        while not self.is_over:
            begin, connections = self.now(), logins.Connections(attempts=1)
            try:
                await asyncio.wait_for(logins.log_in(self.base, "alice", connections, self.heard), self.timeout)
                outcome = 200
            except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
                outcome = str(error) or type(error).__name__
                await asyncio.sleep(0.01)
            connections.close()
            self.logins.append(Visit(begin, self.now(), outcome))


def by_outcome(visits):
    """How often each outcome came."""
    counts = {}
    for visit in visits:
        counts[visit.outcome] = counts.get(visit.outcome, 0) + 1
    return counts
