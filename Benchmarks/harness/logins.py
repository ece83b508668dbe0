"""Whole logins: browser, relying party, provider, and back to the page."""

from .place import progress
from .plot import Chart
from .processes import processor_seconds
from .report import Aim, Figure, Part, Table
from .servers import run_logins
from .stand import APACHE, COOKIE, FLASK, NGINX, REDIS, SQLITE, Stand

#: How many in a round; about the same time for each.
COUNTS = {COOKIE: 2000, SQLITE: 2000, REDIS: 2000, FLASK: 400, APACHE: 500}
METHOD = """Browsers that nobody has seen before, 8 at once, each with a cookie jar of its own: to the login, to the
provider, back with the code, to the page, which has to show the user. The provider
(`EndToEnd/load/stub_provider.py`) answers at once, signs each ID Token (RS256) when it is asked for, and checks
client, secret, redirect URI and PKCE; every relying party asks its token and UserInfo endpoints. Connections are
kept alive. In each of {rounds} rounds by turns {counts} logins, after a tenth as many that do not count. Browsers
and provider are Python and run on the same two cores: they bound the logins per second of a fast relying party, but
not its processor time."""


class Round:
    """Some logins, one after a warm-up."""

    def __init__(self, server, count, beside):
        run_logins(server, count // 10)
        pids = [each.process.pid for each in (server, *beside)]
        before = [processor_seconds(pid) for pid in pids]
        self.result = run_logins(server, count)
        spent = [processor_seconds(pid) - begun for pid, begun in zip(pids, before, strict=True)]
        self.cost, *self.costs_beside = (seconds / count * 1e3 for seconds in spent)
        self.rate = count / self.result.seconds


def run(place):
    found = {}
    rounds = place.rounds(3)
    with Stand(place, "logins") as stand:
        for number in range(rounds):
            for name, server in stand.servers.items():
                if name != NGINX:
                    each = Round(server, COUNTS[name], stand.beside(name))
                    found.setdefault(name, []).append(each)
                    progress(f"{number + 1}/{rounds} {name}: {each.rate:.0f}/s, {each.cost:.3f} ms each")
    cost = {name: Figure([each.cost for each in all]) for name, all in found.items()}
    counts = f"{COUNTS[COOKIE]:,} (ours), {COUNTS[FLASK]} (Flask) and {COUNTS[APACHE]} (Apache)"
    chart = Chart("Processor time of a login", cost, "ms")
    return Part("A login", METHOD.format(rounds=rounds, counts=counts), [table(found, cost)], aims(cost), chart)


def table(found, cost):
    rows = []
    for name, rounds in found.items():
        apart = Figure([each.costs_beside[0] for each in rounds]).text() if rounds[0].costs_beside else "–"
        rows.append([
            name, cost[name].text(), apart, Figure([each.rate for each in rounds]).text(),
            Figure([each.result.quantile(0.5) * 1e3 for each in rounds]).text(),
            Figure([each.result.quantile(0.99) * 1e3 for each in rounds]).text(), "0"])
    return Table(
        ["", "processor time, ms", "of Redis, ms", "logins/s", "p50, ms", "p99, ms", "errors"], rows)


def aims(cost):
    return [
        Aim(f"login, {ours.removeprefix('ours, ')}, against {peer}: processor time", cost[ours] / cost[peer], limit)
        for ours in (COOKIE, SQLITE) for peer, limit in ((FLASK, 1 / 20), (APACHE, 1 / 7))
    ]
