"""How soon the app answers, and what it takes: memory, and its file."""

import pathlib
import shutil
import subprocess

from EndToEnd.harness.providers import PlainStubProvider

from .place import progress
from .processes import memory_mib
from .report import Aim, Figure, Part, Table, shorten
from .servers import Apache, Flask, Ours, ask, run_logins
from .stand import APACHE, FLASK

METHOD = """Start: {starts} times each by turns, from the moment the process is made to the first answer, asked for
every half millisecond: of the app the start page with status 200. It has no provider, so that it starts the one for
development beside itself, and an empty `DATA_DIR`, so that it makes its SQLite file as well. Memory: the
proportional set size of all processes of a server, while nothing else runs of its files but Python, which Flask
shares with the harness; idle is with a provider set and after the first answer. The logins are real ones through
the provider of the load, 8 at once, and so are the {sessions:,} sessions. The static binary needs no Swift on the
machine; the dynamic one needs {libraries} MiB of Swift's libraries beside it."""
STATIC, DYNAMIC = "ours", "ours, dynamic"
LOGINS = 10_000


def run(place):
    every = pathlib.Path("/proc").glob("[0-9]*/maps")
    sharing = [path.parent.name for path in every if maps(path, "/libmicrohttpd.so")]
    if sharing:
        raise RuntimeError(f"memory that is shared counts by halves: end the other server first, pid {sharing}")
    folder = place.make("footprint")
    starts = 3 if place.is_quick else 20
    sessions = 2 * LOGINS if place.is_quick else 100_000
    with PlainStubProvider(folder / "provider") as provider:
        started = start_all(place, folder, provider, starts)
        idle = {name: idle_memory(server) for name, server in servers(place, folder / "idle", provider).items()}
        grown = grow(place, folder / "grown", provider, sessions)
    binaries = {STATIC: place.static_program, DYNAMIC: place.dynamic_program}
    rows = [
        [name, figure.text(), shorten(idle[name]), size_of(binaries[name], folder) if name in binaries else "–"]
        for name, figure in started.items()
    ]
    tables = [
        Table(["", "start, ms", "memory idle, MiB", "binary, MiB (stripped)"], rows),
        Table(["the app with SQLite", "memory, MiB"], [[what, shorten(memory)] for what, memory in grown]),
    ]
    aims = [
        Aim("start to first answer, no provider needed", started[STATIC], 50, "ms"),
        Aim("memory idle", Figure([idle[STATIC]]), 15, "MiB"),
        Aim(f"memory with {sessions:,} sessions in SQLite", Figure([grown[-1][1]]), 40, "MiB"),
    ]
    method = METHOD.format(starts=starts, sessions=sessions, libraries=swift_libraries(place.dynamic_program))
    return Part("Start, memory, size", method, tables, aims)


def maps(path, what):
    try:
        return what in path.read_text()
    except OSError:  # it has ended, or is another user's
        return False


def servers(place, folder, provider, ours_provider=True):
    """New ones, with nothing of a former start."""
    for_us = provider if ours_provider else None
    return {
        STATIC: Ours(folder / "static", place.static_program, for_us),
        DYNAMIC: Ours(folder / "dynamic", place.dynamic_program, for_us),
        FLASK: Flask(folder / "flask", provider),
        APACHE: Apache(folder / "apache", provider, "<!DOCTYPE html><title>A page</title>"),
    }


def start_all(place, folder, provider, starts):
    times = {}
    for number in range(starts):
        each = folder / str(number)
        for name, server in servers(place, each, provider, ours_provider=False).items():
            with server:
                if name in (STATIC, DYNAMIC) and ask(server)[0] != 200:
                    raise RuntimeError("the start page is not there")
            times.setdefault(name, []).append(server.start_seconds * 1e3)
        shutil.rmtree(each)
    for name, each in times.items():
        progress(f"start of {name}: {Figure(each).text('ms')}")
    return {name: Figure(each) for name, each in times.items()}


def idle_memory(server):
    with server:
        memory = memory_mib(server.process.pid)
    progress(f"idle: {memory:.1f} MiB")
    return memory


def grow(place, folder, provider, sessions):
    """What the app takes, by the logins that there were."""
    grown = []
    with Ours(folder, place.static_program, provider) as server:
        grown.append(("idle", memory_mib(server.process.pid)))
        done = 0
        for count in (LOGINS, sessions):
            while done < count:
                run_logins(server, min(5_000, count - done))
                done = min(done + 5_000, count)
            grown.append((f"{count:,} logins, as many sessions", memory_mib(server.process.pid)))
            progress(f"{count:,} logins: {grown[-1][1]:.1f} MiB")
    return grown


def size_of(program, folder):
    stripped = folder / "stripped"
    subprocess.run(["strip", "-o", str(stripped), str(program)], check=True)
    return f"{program.stat().st_size / 2**20:.1f} ({stripped.stat().st_size / 2**20:.1f})"


def swift_libraries(program):
    """The size of Swift's libraries that the program names, or that these name in turn, in MiB."""
    listed = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=True).stdout
    paths = [line.split("=>")[1].split()[0] for line in listed.splitlines() if "/swift/" in line]
    return shorten(sum(size_at(path) for path in paths) / 2**20)


def size_at(path):
    with open(path, "rb") as file:
        return file.seek(0, 2)
