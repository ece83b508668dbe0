"""Redis fails over under logins: its replica is promoted, the old one becomes the replica's replica, and the name that the app
knows leads to the other."""

import asyncio
import os
import time

from load.visits import Traffic, by_outcome, count_valid

from .providers import StubProvider
from .servers import App, free_ports, hosts_obstacle
from .services import RedisServer

SUBJECT = "failover"
NAME = "redis.test"
LOGINS = 200
FAILOVERS = int(os.environ.get("OIDC_E2E_FAILOVERS", "1"))
#: From the change of the name until everything works, at most, in seconds.
PATIENCE = 5


def run(report, folder):
    """The figures, as lines."""
    obstacle = hosts_obstacle()
    if obstacle:
        return f"not run: {SUBJECT}, which needs names of its own: {obstacle}"
    figures, port = [], free_ports()
    with report.flow(SUBJECT, f"under {LOGINS} logins"), \
            RedisServer(folder / "first", port, "127.0.0.1") as first, \
            RedisServer(folder / "second", port, "127.0.0.2") as second, StubProvider(folder / "stub") as provider, \
            App.for_provider(
                folder / "app", None, provider.discovery_url, {NAME: first.host},
                SESSION_STORE=f"redis://{NAME}:{port}/0") as app:
        for number in range(FAILOVERS):
            pair = (first, second) if number % 2 == 0 else (second, first)
            asyncio.run(fail_over(app, *pair, figures))
    return "\n".join(figures)


async def fail_over(app, first, second, figures):
    await replicate(second, first)
    async with Traffic(app.url, [], visitors=0, logging_in=8) as traffic:
        await until(lambda: len(traffic.heard) >= LOGINS / 2, lambda: "the logins before")
        begin = traffic.now()
        # As a sentinel does it: nothing is written any more, the replica has everything, and takes over.
        expect(first, "CLIENT PAUSE 2000 WRITE")
        await until(lambda: offset(first, "master_repl_offset") == offset(second, "slave_repl_offset"), lambda: "the replica")
        expect(second, "REPLICAOF NO ONE")
        expect(first, f"REPLICAOF {second.host} {second.port}")
        app.set_hosts({NAME: second.host})
        expect(first, "CLIENT UNPAUSE")
        end, before = traffic.now(), len(traffic.heard)
        await until(
            lambda: len(traffic.heard) >= before + LOGINS / 2, lambda: f"logins so far: {by_outcome(traffic.logins)}")
    failed = [login for login in traffic.logins if login.outcome != 200]
    odd = [login for login in failed if not str(login.outcome).startswith("503 at ")]
    healed = max([login.end for login in failed], default=end) - end
    lost = len(traffic.heard) - await count_valid(app.url, traffic.heard)
    figures.append(
        f"Redis failed over in {(end - begin) * 1e3:.0f} ms: logins {by_outcome(traffic.logins)}; all well "
        f"{max(healed, 0):.2f} s after that; of {len(traffic.heard)} sessions {lost} lost")
    assert not odd, by_outcome(odd)
    assert healed <= PATIENCE, f"healed after {healed:.1f} s"
    assert lost == 0, f"{lost} sessions lost"


async def replicate(replica, primary):
    expect(replica, f"REPLICAOF {primary.host} {primary.port}")  # which it may be already
    await until(lambda: replica.info("replication").get("master_link_status") == "up", lambda: "the replica's link")


def offset(server, name):
    return server.info("replication")[name]


def expect(server, command):
    answer = server.ask(command)
    assert answer.startswith("+OK"), f"{command}: {answer}"


async def until(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what()}"
        await asyncio.sleep(0.005)
