"""The app with its sessions in SQLite, killed with -9 again and again while logins are being written: each session that
a browser was told of has to be there afterwards."""

import asyncio
import os
import random
import time

from load.visits import Traffic, count_valid

from .providers import StubProvider
from .servers import App

SUBJECT = "kills"
ROUNDS = int(os.environ.get("OIDC_E2E_KILLS", "100"))
#: So many logins are done before a kill, which comes up to so many seconds after that; so many are under way at a time.
DONE = 3
PAUSE = (0, 0.2)
AT_ONCE = 8


def run(report, folder):
    """The figures, as lines."""
    figures = []
    with report.flow(SUBJECT, f"killed {ROUNDS} times"), StubProvider(folder) as provider, \
            App.for_provider(folder, None, provider.discovery_url) as app:
        asyncio.run(kill_and_count(app, figures))
    return "\n".join(figures)


async def kill_and_count(app, figures):
    acknowledged, lost, interrupted, starts, began = [], 0, 0, [], time.monotonic()
    chance = random.Random(4)
    for _ in range(ROUNDS):
        async with Traffic(app.url, [], visitors=0, logging_in=AT_ONCE) as traffic:
            while len(traffic.heard) < DONE and traffic.now() < 20:
                await asyncio.sleep(0.002)
            await asyncio.sleep(chance.uniform(*PAUSE))
            app.kill()
            traffic.is_over = True
        interrupted += sum(1 for login in traffic.logins if login.outcome != 200)
        app.start()
        starts.append(app.start_seconds)
        lost += len(traffic.heard) - await count_valid(app.url, traffic.heard)
        acknowledged += traffic.heard
    last = len(acknowledged) - await count_valid(app.url, acknowledged)
    figures.append(
        f"killed with -9 {ROUNDS} times in {time.monotonic() - began:.0f} s: {interrupted} logins interrupted, "
        f"{len(acknowledged)} sessions acknowledged, {lost} lost at the start after the kill, {last} at the end; "
        f"started again in {max(starts) * 1e3:.0f} ms at most")
    assert interrupted >= ROUNDS, f"only {interrupted} logins were interrupted: nothing was being written"
    assert len(acknowledged) >= DONE * ROUNDS, f"only {len(acknowledged)} logins in all"
    assert lost == last == 0, f"{lost} sessions lost, {last} in the end"
