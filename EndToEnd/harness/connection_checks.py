"""What becomes of connections that are kept between logins: the provider closes them, they are reset, they fall silent, or
the provider moves to another address. A user sees none of it."""

import asyncio
import contextlib
import os
import pathlib
import random
import time

from load import logins

from .authority import PROVIDER_NAME
from .providers import StubProvider
from .servers import App, free_ports, hosts_obstacle
from .wire import Wire, silent_machine

SUBJECT = "connections"
#: Logins after a pause each, and after a reset each.
ROUNDS = int(os.environ.get("OIDC_E2E_PAUSES", "5"))
KEEP_ALIVE_SECONDS = int(os.environ.get("OIDC_E2E_KEEP_ALIVE", "3"))
#: For so many seconds ten browsers log in after pauses of any length, of up to so many seconds.
SOAK_SECONDS = int(os.environ.get("OIDC_E2E_SOAK", "0"))
LONGEST_PAUSE = 20
BROWSERS = 10
#: Connections that fall silent at the same time.
SILENT = 12
#: Further logins are not tried where so many have failed: each takes as long as a request may.
ENOUGH = 3
MOVES = {"moved to another address": False, "moved, and the old machine is silent": True}


def run(report, folder):
    """The figures, as lines."""
    figures = []
    with report.flow(SUBJECT, "start"):
        front = free_ports()
        with Wire(front) as wire, StubProvider(
                folder, front, url=f"https://127.0.0.1:{wire.port}", keep_alive=KEEP_ALIVE_SECONDS) as provider, \
                App.for_provider(folder, None, provider.discovery_url) as app:
            checks = Checks(app, provider, wire, figures)
            for check in (checks.closed_by_the_provider, checks.reset_when_used, checks.fallen_silent):
                with report.flow(SUBJECT, check.__name__.replace("_", " ")):
                    check()
            if SOAK_SECONDS:
                with report.flow(SUBJECT, f"logins for {SOAK_SECONDS} s"):
                    asyncio.run(checks.soak())
    obstacle = hosts_obstacle()
    for name, is_silent in MOVES.items():
        if obstacle:
            print(f"not run: {SUBJECT}: {name}: {obstacle}", flush=True)
        else:
            with report.flow(SUBJECT, name):
                move(folder / f"move-{is_silent}", name, is_silent, figures)
    return "\n".join(figures)


class Checks:
    def __init__(self, app, provider, wire, figures):
        self.app, self.provider, self.wire, self.figures = app, provider, wire, figures

    def closed_by_the_provider(self):
        """The provider's clock decides when: a login follows as soon as nothing is open any more."""
        log_in(self.app)
        began, failures, seconds = len(self.provider.front.connections()), [], []
        for _ in range(ROUNDS):
            wait_until(lambda: not established(self.app.pid, self.wire.port), KEEP_ALIVE_SECONDS + 10)
            begin = time.perf_counter()
            failures += try_login(self.app)
            seconds.append(time.perf_counter() - begin)
        served = self.provider.front.connections()[began:]
        of_the_app = [line for line in served if line.path in ("/token", "/userinfo")]
        opened = {line.connection for line in of_the_app}
        resumed = {line.connection for line in of_the_app if line.is_resumed}
        self.figures.append(
            f"{ROUNDS} logins, each after the provider has closed all connections (it keeps them for {KEEP_ALIVE_SECONDS} s): "
            f"{len(failures)} failed; {len(opened)} connections, {len(resumed)} of them with a resumed TLS session; "
            f"{sorted(seconds)[len(seconds) // 2] * 1e3:.0f} ms in the middle")
        assert not failures, failures

    def reset_when_used(self):
        failures = []
        for _ in range(ROUNDS):
            log_in(self.app)
            assert established(self.app.pid, self.wire.port), "no connection was kept"
            self.wire.forget()
            failures += try_login(self.app)
        self.figures.append(f"{ROUNDS} logins, each after all connections that were kept are reset when used: {len(failures)} failed")
        assert not failures, failures

    def fallen_silent(self):
        self.provider.ask("/settings", token_delay=1)
        asyncio.run(many(self.app.url, SILENT))
        self.provider.ask("/settings")
        kept = established(self.app.pid, self.wire.port)
        self.wire.fall_silent()
        failures, seconds = [], []
        for _ in range(SILENT):
            if len(failures) < ENOUGH:
                begin = time.perf_counter()
                failures += try_login(self.app)
                seconds.append(time.perf_counter() - begin)
        self.figures.append(
            f"{len(seconds)} logins, one after the other, after {kept} connections fell silent: {len(failures)} failed, "
            f"the slowest took {max(seconds):.1f} s")
        assert kept >= SILENT, f"only {kept} connections were kept"
        assert not failures, failures


    async def soak(self):
        end, failures, count = time.monotonic() + SOAK_SECONDS, [], 0
        chance = random.Random(16)

        async def work():
            nonlocal count
            while time.monotonic() < end:
                result = await logins.run(self.app.url, 1, 1)
                failures.extend(result.errors)
                count += 1
                await asyncio.sleep(chance.uniform(0, LONGEST_PAUSE))

        await asyncio.gather(*(work() for _ in range(BROWSERS)))
        self.figures.append(
            f"{count} logins by {BROWSERS} browsers, after pauses of up to {LONGEST_PAUSE} s: {len(failures)} failed")
        assert not failures, failures[:10]


def move(folder, name, is_silent, figures):
    """The old address says nothing on the connections that there were, and refuses further ones, or is silent to them as well; the
    name leads to the new one."""
    port = free_ports()
    with StubProvider(folder, port, url=f"https://{PROVIDER_NAME}:{port}") as provider, \
            Wire(port, port, "127.0.0.2") as old_address, \
            App.for_provider(folder, None, provider.discovery_url, hosts={PROVIDER_NAME: "127.0.0.2"}) as app:
        log_in(app)
        assert established(app.pid, port), "no connection was kept"
        used = old_address.accepted
        old_address.call(old_address.close())
        app.set_hosts({PROVIDER_NAME: "127.0.0.1"})
        begin, failures = time.perf_counter(), 0
        with silent_machine("127.0.0.2", port) if is_silent else contextlib.nullcontext():
            while try_login(app):
                failures += 1
                assert time.perf_counter() - begin < 100, f"{failures} logins failed, and it goes on"
                time.sleep(0.1)
        figures.append(
            f"{name}: {failures} logins failed, the first that did not was done after {time.perf_counter() - begin:.1f} s")
        assert used, "the provider was not reached at its old address"
        assert not failures, f"{failures} logins failed"


def log_in(app):
    """A login by a fresh browser."""
    async def work():
        connections = logins.Connections()
        try:
            await asyncio.wait_for(logins.log_in(app.url, "alice", connections), 40)
        finally:
            connections.close()

    asyncio.run(work())


async def many(url, count):
    result = await logins.run(url, count, count)
    assert not result.errors, result


def try_login(app):
    """Nothing, or what went wrong."""
    try:
        log_in(app)
    except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError) as error:
        return [str(error) or type(error).__name__]
    return []


def established(pid, port):
    """How many connections the process has to the port that neither side has closed."""
    inodes = set()
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            inodes.add(os.readlink(link))
    count = 0
    for line in pathlib.Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        is_ours = f"socket:[{fields[9]}]" in inodes
        count += is_ours and fields[3] == "01" and int(fields[2].partition(":")[2], 16) == port
    return count


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the connections stayed open"
        time.sleep(0.01)
