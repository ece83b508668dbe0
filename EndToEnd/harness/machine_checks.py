"""Two instances on one Redis behind nginx: what is seen of a logout, of an instance that is killed, of Redis going and
coming, and of an access token that 200 requests find expired at once."""

import asyncio
import json
import re
import time
import urllib.error
import urllib.request

from load import logins
from load.visits import SIGNED_IN, Traffic, by_outcome, count_valid

from .machines import Machines

SUBJECT = "machines"
LOGINS = 1_000
#: The users of the provider, who log in by turns.
USERS = 4
LOGOUTS = 50
#: A logout on one machine has to be seen by the other within this.
SEEN_WITHIN = 0.1
#: The longest that a page may take while Redis is away, and from its return until everything works, in seconds.
PATIENCE = 5
PARALLEL = 200
BROWSERS = 5
#: Seconds between an instance's end and its start.
AWAY = (0, 0, 4)


def run(report, folder):
    """The figures, as lines."""
    figures = []
    with report.flow(SUBJECT, "start and stop"), Machines(folder, subjects=USERS) as machines:
        checks = Checks(machines, figures)
        for check in (
                checks.logins_on_both, checks.logout_is_seen, checks.instance_killed, checks.rolling_restart_behind_nginx,
                checks.rolling_restart_behind_haproxy, checks.rolling_restart_behind_caddy, checks.redis_restarted,
                checks.redis_killed, checks.one_refresh, checks.refused_refresh):
            with report.flow(SUBJECT, check.__name__.replace("_", " ")):
                asyncio.run(check())
        for instance in machines.instances:
            code = instance.stop()
            assert code == 0, f"an instance ended with {code} after SIGTERM"
    return "\n".join(figures)


class Checks:
    def __init__(self, machines, figures):
        self.machines, self.figures = machines, figures
        self.url, self.addresses = machines.url, machines.addresses
        #: The cookies of the sessions that are expected to be there.
        self.jars = []

    async def log_in(self):
        return await logins.log_in(self.url, "alice", logins.Connections())

    async def lost(self, jars):
        """How many sessions the instances, each asked directly, do not know."""
        return sum([len(jars) - await count_valid(address, jars) for address in self.addresses])

    async def logins_on_both(self):
        result = await logins.run(self.url, LOGINS, 8)
        self.jars = result.jars
        spread = self.machines.nginx.answered()
        valid = 2 * len(self.jars) - await self.lost(self.jars)
        through = await count_valid(self.url, self.jars)
        self.figures.append(f"two instances behind nginx: {result}; requests to each: {sorted(spread.values())}")
        self.figures.append(
            f"sessions valid, asked of each instance: {valid} of {2 * LOGINS}, through nginx: {through} of {LOGINS}")
        assert not result.errors, result
        assert len(spread) == 2 and min(spread.values()) > LOGINS / 2, f"nginx did not spread the load: {spread}"
        assert valid == 2 * LOGINS and through == LOGINS, "a session is not valid everywhere"

    async def logout_is_seen(self):
        one, other = self.addresses
        delays = [await self.until_seen(await self.log_in(), one, other, self.rp_initiated) for _ in range(LOGOUTS)]
        self.figures.append(f"{LOGOUTS} logouts on one instance: {describe(delays)}")
        by_session = []
        for _ in range(LOGOUTS):
            jar = await self.log_in()
            sid = json.loads(self.machines.provider.ask("/latest-login"))["sid"]
            by_session.append(await self.until_seen(jar, one, other, self.back_channel, sid=sid))
        self.figures.append(f"{LOGOUTS} logout tokens with a sid: {describe(by_session)}")
        jar = await self.log_in()
        sub = json.loads(self.machines.provider.ask("/latest-login"))["sub"]
        by_user = await self.until_seen(jar, one, other, self.back_channel, sub=sub)
        kept = [await count_valid(address, self.jars) for address in self.addresses]
        self.figures.append(f"a logout token with a sub alone: {describe([by_user])}; "
                            f"{LOGINS - kept[0]} of {LOGINS} sessions, those of one of {USERS} users, ended by it")
        assert kept == [LOGINS - LOGINS // USERS] * 2, f"of {LOGINS} sessions there are left: {kept}"
        slowest = max(delays + by_session + [by_user])
        assert slowest <= SEEN_WITHIN, f"{slowest * 1e3:.0f} ms after a logout the session was still served"
        self.jars = (await logins.run(self.url, 100, 8)).jars

    async def until_seen(self, jar, one, other, end, **whom):
        """For how long after the answer to a logout at one instance the other begins to serve the session, in s."""
        connection = logins.Connections().to(other)
        served, refused, began, ending = [], 0, time.perf_counter(), None
        while refused < 5:
            begin = time.perf_counter()
            status, _, _, body = await connection.get("/", jar)
            assert status == 200, f"{status} at /"
            if SIGNED_IN in body:
                served.append(begin)
                assert begin - began < 10, "still logged in at the other instance after 10 s"
                ending = ending or asyncio.create_task(self.later(end, one, jar, whom))
                if ending.done():
                    ending.result()  # which is no time, but an error, when the logout failed
            else:
                refused += 1
        connection.close()
        assert served, "the session was not there before the logout"
        ended = await ending
        assert await count_valid(one, [jar]) == 0, "still logged in where the logout was"
        return max(served[-1] - ended, 0)

    async def later(self, end, address, jar, whom):
        """Ends the session after a few requests of it; when that was answered."""
        await asyncio.sleep(0.02)
        connection = logins.Connections().to(address)
        await end(connection, jar, **whom)
        connection.close()
        return time.perf_counter()

    async def rp_initiated(self, connection, jar):
        status, location, _, _ = await connection.post("/logout", jar, {}, self.url)
        assert status == 303 and location.startswith(self.machines.provider.url + "/end_session?"), (status, location)

    async def back_channel(self, connection, _, **whom):
        token = self.machines.provider.ask("/logout-token", **whom)
        status, _, _, body = await connection.post("/external-logout", {}, {"logout_token": token})
        assert status == 200, f"{status}: {body[:300]}"

    async def instance_killed(self):
        instance = self.machines.instances[0]
        async with Traffic(self.url, self.jars) as traffic:
            await asyncio.sleep(1.5)
            instance.kill()
            await asyncio.sleep(2)
            await asyncio.to_thread(instance.start)
            await asyncio.sleep(1)
        errors = [visit for visit in traffic.visits if visit.outcome != 200]
        failed = [login for login in traffic.logins if login.outcome != 200]
        lost = await self.lost(self.jars + traffic.heard)
        self.figures.append(
            f"an instance killed with -9: signed-in pages {by_outcome(traffic.visits)}, the slowest "
            f"{slowest(traffic.visits)}; logins {by_outcome(traffic.logins)}; requests that nginx sent once more: "
            f"{self.machines.nginx.sent_again()}; sessions lost: {lost}")
        assert not errors, by_outcome(errors)
        assert lost == 0, f"{lost} sessions lost"
        assert len(failed) <= 4, by_outcome(failed)  # two were under way

    async def rolling_restart_behind_nginx(self):
        await self.rolling_restart("nginx")

    async def rolling_restart_behind_haproxy(self):
        await self.rolling_restart("HAProxy", self.machines.haproxy)

    async def rolling_restart_behind_caddy(self):
        await self.rolling_restart("Caddy", self.machines.caddy)

    async def rolling_restart(self, name, proxy=None):
        """One instance after the other, a second between: at once, and so slowly that the proxy takes note."""
        if proxy:
            self.machines.nginx.stop()
            proxy.start()
        try:
            await self.restart_each(name)
        finally:
            if proxy:
                proxy.stop()
                self.machines.nginx.start()

    async def restart_each(self, proxy):
        async with Traffic(self.url, self.jars) as traffic:
            await asyncio.sleep(1)
            for away in AWAY:
                for instance in self.machines.instances:
                    code = await asyncio.to_thread(instance.stop)
                    assert code == 0, f"an instance ended with {code} after SIGTERM"
                    await asyncio.sleep(away)
                    await asyncio.to_thread(instance.start)
                    await asyncio.sleep(1)
        lost = await self.lost(self.jars + traffic.heard)
        self.figures.append(
            f"{len(AWAY)} rolling restarts behind {proxy}: signed-in pages {by_outcome(traffic.visits)}, the slowest "
            f"{slowest(traffic.visits)}; logins {by_outcome(traffic.logins)}; sessions lost: {lost}")
        failed = [visit for visit in traffic.visits + traffic.logins if visit.outcome != 200]
        assert not failed, by_outcome(failed)
        assert lost == 0, f"{lost} sessions lost"

    async def redis_restarted(self):
        await self.without_redis("stopped", self.machines.redis.stop)

    async def redis_killed(self):
        answer = self.machines.redis.ask("CONFIG SET appendfsync always")
        assert answer == "+OK", answer
        await self.without_redis("killed with -9", self.machines.redis.kill)

    async def without_redis(self, how, end):
        async with Traffic(self.url, self.jars, timeout=4 * PATIENCE) as traffic:
            await asyncio.sleep(1)
            await asyncio.to_thread(end)
            gone = traffic.now()
            await asyncio.sleep(1)
            health = await asyncio.to_thread(self.health)
            await asyncio.sleep(1)
            await asyncio.to_thread(self.machines.redis.start)
            back = traffic.now()
            await asyncio.sleep(PATIENCE + 1)
        between = [visit for visit in traffic.visits if visit.outcome != 200]
        unfit = [visit for visit in between if visit.outcome != 503]
        failed = [login for login in traffic.logins if login.outcome != 200]
        odd = [login for login in failed if not str(login.outcome).startswith("503 at ")]
        healed = max([visit.end for visit in between + failed], default=back) - back
        lost = await self.lost(self.jars + traffic.heard)
        alive = [instance.process.poll() is None for instance in self.machines.instances]
        self.figures.append(
            f"Redis {how} for {back - gone:.1f} s: signed-in pages {by_outcome(traffic.visits)}, the slowest "
            f"{slowest(traffic.visits)}; logins {by_outcome(traffic.logins)}; all well {max(healed, 0):.2f} s after it "
            f"was back; sessions lost: {lost}")
        assert between, "nobody noticed"
        assert not unfit and not odd, by_outcome(unfit + odd)
        assert max(visit.seconds for visit in traffic.visits + traffic.logins) <= PATIENCE, slowest(traffic.visits)
        assert healed <= PATIENCE, f"healed after {healed:.1f} s"
        assert health == {"/readyz": [503, 503], "/healthz": [200, 200]}, health
        assert lost == 0, f"{lost} sessions lost"
        assert all(alive), "an instance has ended"
        after = self.health()
        assert after == {"/readyz": [200, 200], "/healthz": [200, 200]}, after

    def health(self):
        return {path: [status_of(address + path) for address in self.addresses] for path in ("/readyz", "/healthz")}

    async def one_refresh(self):
        provider, refreshes, took = self.machines.provider, [], []
        for _ in range(BROWSERS):
            provider.ask("/settings", access_token_seconds=1, refresh_delay=0.3)
            jar = await self.log_in()
            before, begin = provider.counters(), time.perf_counter()
            answers = await asyncio.gather(*(
                userinfo(self.addresses[number % 2], jar) for number in range(PARALLEL)))
            took.append(time.perf_counter() - begin)
            counts = {name: number - before[name] for name, number in provider.counters().items()}
            statuses = by_status(answers)
            refreshes.append(counts["refreshes"])
            assert statuses == {200: PARALLEL}, statuses
            assert counts["refreshes"] == 1, f"{counts['refreshes']} refreshes for {PARALLEL} requests"
            assert counts["refresh_tokens_reused"] == counts["userinfos_refused"] == 0, counts
            assert all(json.loads(body) for _, body in answers), "UserInfo is no JSON, or empty"
        self.figures.append(
            f"{PARALLEL} requests at once with an expired access token, half of them on each instance: refresh "
            f"requests at the provider, for each of {BROWSERS} browsers: {refreshes}; all done in {max(took):.2f} s "
            "at most")

    async def refused_refresh(self):
        provider = self.machines.provider
        provider.ask("/settings", access_token_seconds=1, refuse_refreshes=1)
        jar = await self.log_in()
        status, body = await userinfo(self.addresses[0], jar)
        left = [await count_valid(address, [jar]) for address in self.addresses]
        provider.ask("/settings")
        self.figures.append(
            f"a refresh that the provider refuses: {status}, the session is left on {sum(left)} instances")
        assert status == 401, status
        assert re.search(rb"refus|ended|is over|no longer", body, re.I), body[:500]
        assert left == [0, 0], "the session went on"


async def userinfo(address, jar):
    connection = logins.Connections().to(address)
    status, _, _, body = await connection.get("/userinfo", jar)
    connection.close()
    return status, body


def by_status(answers):
    return {status: sum(1 for one, _ in answers if one == status) for status, _ in answers}


def status_of(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def describe(delays):
    late = sum(1 for delay in delays if delay > 0)
    return (f"served by the other afterwards: {late} times" + (
        f", for {max(delays) * 1e3:.1f} ms at most" if late else ""))


def slowest(visits):
    return f"{max(visit.seconds for visit in visits) * 1e3:.0f} ms"
