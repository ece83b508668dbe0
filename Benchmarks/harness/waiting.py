"""Whether pages come as soon as ever while many logins wait on a slow provider."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import time

from EndToEnd.harness.providers import PlainStubProvider
from EndToEnd.load import logins

from .place import progress
from .report import Aim, Figure, Part, Table
from .servers import Ours, sign_in

RATE, LOGINS, PROVIDER_SECONDS, SECONDS = 500, 50, 2, 10
LOWEST = 19
METHOD = f"""One connection asks for the signed-in page (SQLite) {RATE} times a second, at fixed moments and not one
answer after the other; a time is from the moment at which the request was due to the end of its answer. This takes
about a tenth of the machine, and what makes the logins, browsers and provider, has the lowest priority.
{SECONDS} s each, {{rounds}} times by turns: without logins; with {LOGINS} logins begun each second, each of which waits
{PROVIDER_SECONDS} s for the provider's token endpoint (about {LOGINS * PROVIDER_SECONDS} wait at any time); and with the
same logins at another process of the app, where the machine has as much to do and only the app that is asked has not:
against that stands what the app's own waiting does to its pages."""
ALONE, WAITING = "no logins", f"{LOGINS} logins/s, {PROVIDER_SECONDS} s each"
ELSEWHERE = "the same logins at another process"


def run(place):
    folder = place.make("waiting")
    rounds = place.rounds(9)
    times, counts = {}, {}
    with (PlainStubProvider(folder / "provider") as provider,
          Ours(folder / "ours", place.static_program, provider) as app,
          Ours(folder / "other", place.static_program, provider) as other):
        cookie = sign_in(app)
        os.setpriority(os.PRIO_PROCESS, provider.process.pid, LOWEST)
        provider.ask("/settings", token_delay=PROVIDER_SECONDS)
        for number in range(rounds):
            for name, server in ((ALONE, None), (WAITING, app), (ELSEWHERE, other)):
                with SteadyLogins(server) if server else contextlib.nullcontext() as steady:
                    time.sleep(PROVIDER_SECONDS if server else 0)
                    times.setdefault(name, []).append(visit(app, cookie))
                counts[name] = counts.get(name, 0) + (steady.count if steady else 0)
                progress(f"{number + 1}/{rounds} {name}: p99 {quantile(times[name][-1], 0.99):.2f} ms")
    p99 = {name: Figure([quantile(each, 0.99) for each in all]) for name, all in times.items()}
    rows = [
        [name, Figure([quantile(each, 0.5) for each in all]).text(), p99[name].text(),
         (p99[name] / p99[ALONE]).text("×"), (p99[name] / p99[ELSEWHERE]).text("×"),
         Figure([each[-1] for each in all]).text(), f"{counts[name]:,}"]
        for name, all in times.items()
    ]
    table = Table(
        ["", "p50, ms", "p99, ms", "p99 against none", "against elsewhere", "longest, ms", "logins, all well"], rows)
    what = f"p99 of a signed-in page while {LOGINS} logins/s wait on a provider that takes {PROVIDER_SECONDS} s"
    aim = Aim(f"{what}, against without", p99[WAITING] / p99[ALONE], 1.5)
    return Part("Pages while logins wait", METHOD.format(rounds=rounds), [table], [aim])


def quantile(times, part):
    return times[min(len(times) - 1, int(len(times) * part))]


def visit(server, cookie):
    """How long each answer took, in milliseconds, the shortest first."""
    request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {cookie}\r\n\r\n".encode()
    times = []
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        begin = time.perf_counter()
        for number in range(RATE * SECONDS):
            due = begin + number / RATE
            time.sleep(max(0, due - time.perf_counter()))
            connection.sendall(request)
            read_page(connection)
            times.append((time.perf_counter() - due) * 1e3)
    return sorted(times)


def read_page(connection):
    """An answer, to its end; its status has to be 200."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += receive(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += receive(connection)
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"no page: {head[:100]}")


def receive(connection):
    if data := connection.recv(65536):
        return data
    raise RuntimeError("the server closed the connection")


class SteadyLogins:
    """Logins begun at fixed moments by a process of their own, until the end of the block; each has to go well."""

    def __init__(self, server):
        self.arguments = [sys.executable, "-m", __name__, server.url, str(SECONDS + PROVIDER_SECONDS)]

    def __enter__(self):
        self.process = subprocess.Popen(self.arguments, stdout=subprocess.PIPE, text=True)
        os.setpriority(os.PRIO_PROCESS, self.process.pid, LOWEST)
        return self

    def __exit__(self, *failure):
        if failure[0]:
            self.process.kill()
        told, _ = self.process.communicate(timeout=60)
        if not failure[0]:
            self.count, errors = json.loads(told)
            if errors:
                raise RuntimeError(f"logins failed: {errors}")


async def log_in_steadily(base, seconds):
    """Begins the logins, each with connections of its own; how many went well, and what went wrong."""
    errors, tasks = [], []

    async def log_in():
        connections = logins.Connections()
        try:
            await asyncio.wait_for(logins.log_in(base, "alice", connections), 30)
        except Exception as error:  # told to the caller, whatever it is
            errors.append(f"{type(error).__name__} {error}"[:100])
        finally:
            connections.close()

    begin = time.perf_counter()
    for number in range(int(seconds * LOGINS)):
        await asyncio.sleep(max(0, begin + number / LOGINS - time.perf_counter()))
        tasks.append(asyncio.create_task(log_in()))
    await asyncio.gather(*tasks)
    return len(tasks) - len(errors), sorted(set(errors))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(log_in_steadily(sys.argv[1], float(sys.argv[2])))))
