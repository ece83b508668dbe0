"""The start page of a signed-in user: what every request of hers costs."""

from .place import progress
from .plot import Chart
from .report import Aim, Figure, Part, Table
from .stand import APACHE, COOKIE, FLASK, NGINX, REDIS, SQLITE, Stand
from .wrk import Load

OURS = (COOKIE, SQLITE, REDIS)

METHOD = """wrk, one thread, 64 kept-alive connections, 4 s each, all servers by turns in each of {rounds} rounds.
Every request has the cookie of a session, and without the cookie none shows the page. Every answer of ours was 200; of a
peer one in a thousand may fail, and is told. The app
logs to a file, has the settings of a public address (`TRACE=off`) and is the binary of `make static`. nginx has 2
workers and serves the same {size:,} bytes with the same fields from a file; Flask + Authlib has its session in
Flask's signed cookie and runs under gunicorn with 2 workers of 4 threads; mod_auth_openidc has its session in
shared memory, stands before the same static page, and runs in Apache's event MPM with 2 processes of 64 threads.
wrk and the server share the two cores. Processor time is that of all processes of a server, its system calls
included; redis-server's stands apart."""


def run(place):
    loads = {}
    rounds = place.rounds(5)
    with Stand(place, "pages") as stand:
        for number in range(rounds):
            for name, server in stand.servers.items():
                load = Load(server, stand.cookies.get(name), seconds=4, beside=stand.beside(name),
                            tolerance=0.0 if name in OURS else 0.001)
                loads.setdefault(name, []).append(load)
                progress(f"{number + 1}/{rounds} {name}: {load.rate:,.0f}/s, {load.cost * 1e6:.1f} µs each")
        size = len(stand.page.encode())
    cost = {name: Figure([load.cost * 1e6 for load in each]) for name, each in loads.items()}
    chart = Chart("Processor time of a signed-in page", cost, "µs")
    return Part("A signed-in page", METHOD.format(rounds=rounds, size=size), [table(loads, cost)], aims(cost), chart)


def table(loads, cost):
    rows = []
    for name, each in loads.items():
        apart = Figure([load.costs_beside[0] * 1e6 for load in each]).text() if each[0].costs_beside else "–"
        rows.append([
            name, cost[name].text(), apart, (cost[name] / cost[NGINX]).text("×"),
            Figure([load.rate for load in each]).text(), Figure([load.p50 * 1e3 for load in each]).text(),
            Figure([load.p99 * 1e3 for load in each]).text(), f"{sum(load.failed for load in each):,}"])
    return Table(
        ["", "processor time, µs", "of Redis, µs", "against nginx", "requests/s", "p50, ms", "p99, ms", "failed"], rows)


def aims(cost):
    what = "signed-in page, {}, against {}: processor time"
    found = []
    for ours in (COOKIE, SQLITE):
        for peer, limit in ((NGINX, 2), (FLASK, 1 / 25), (APACHE, 1 / 5)):
            found.append(Aim(what.format(ours.removeprefix("ours, "), peer), cost[ours] / cost[peer], limit))
    found.append(Aim(what.format("Redis", "our SQLite"), cost[REDIS] / cost[SQLITE], 2))
    return found
