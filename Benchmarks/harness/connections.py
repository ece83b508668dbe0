"""What kept-alive connections cost on which nothing comes."""

import contextlib
import resource
import socket

from EndToEnd.harness.providers import PlainStubProvider

from .place import progress
from .processes import memory_mib
from .report import Figure, Part, Table
from .servers import Ours, sign_in
from .wrk import Load

COUNTS = (0, 1, 10, 100, 1_000, 10_000)
METHOD = """So many connections are open, each of which got one answer and is silent since; then wrk asks for a
signed-in page over 4 further connections for 3 s, in {rounds} rounds with another server each. The server is the
library's in a program of its own (`Benchmarks/Sources/ManyConnections`, a small page, sessions in memory), which
lets in 20,000 connections (`HTTPServerConfiguration.connections`, `connectionsPerAddress`) and keeps idle ones for
ten minutes (`idleTimeout`): oidc-demo lets in 512, 256 of one address, keeps idle ones for 30 s, and has no setting
for that."""


def run(place):
    folder = place.make("connections")
    rounds = place.rounds(3)
    allow_files(2 * COUNTS[-1])
    memory, loads = {}, {}
    with PlainStubProvider(folder / "provider") as provider:
        for number in range(rounds):
            with Ours(folder / str(number), place.programs / "many-connections", provider) as server, \
                    contextlib.ExitStack() as held:
                cookie = sign_in(server)
                Load(server, cookie, connections=4, seconds=1)
                for already, count in zip((0, *COUNTS), COUNTS):
                    open_idle(server, count - already, held)
                    memory.setdefault(count, []).append(memory_mib(server.process.pid))
                    loads.setdefault(count, []).append(Load(server, cookie, connections=4, seconds=3))
                    progress(f"{number + 1}/{rounds} {count:,} idle: {memory[count][-1]:.1f} MiB, "
                             f"{loads[count][-1].cost * 1e6:.1f} µs a page")
    rows = []
    for count in COUNTS:
        each = Figure([(now - none) * 1024 / count for now, none in zip(memory[count], memory[0])]) if count else None
        rows.append([
            f"{count:,}", Figure(memory[count]).text(), each.text() if count >= 1_000 else "–",
            Figure([load.cost * 1e6 for load in loads[count]]).text(),
            Figure([load.p99 * 1e3 for load in loads[count]]).text()])
    table = Table(
        ["idle connections", "memory, MiB", "for each, KiB", "processor time of a page, µs", "p99 of a page, ms"], rows)
    return Part("Idle connections", METHOD.format(rounds=rounds), [table])


def allow_files(count):
    """Lets this process, and those that it starts, have so many files open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise RuntimeError(f"no more than {hard} open files are allowed here, and {count} are needed: see ulimit -Hn")
    if soft != resource.RLIM_INFINITY and soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def open_idle(server, count, held):
    """Opens so many connections more; each asks once."""
    request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()
    for _ in range(count):
        connection = held.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
        connection.sendall(request)
        if not connection.recv(4096).startswith(b"HTTP/1.1 200 "):
            raise RuntimeError("no answer on a connection")
