"""Logins in numbers, without a browser: many at once, over a restart, and what ten thousand leave in memory."""

import asyncio

from load import logins

from .providers import StubProvider
from .servers import App

SUBJECT = "load"
#: Memory that may be added between 1,000 and 10,000 logins.
GROWTH_MIB = 8


def run(report, folder):
    """The figures, as lines."""
    figures = []
    with report.flow(SUBJECT, "start"), StubProvider(folder) as provider, \
            App.for_provider(folder, None, provider.discovery_url) as app:
        Checks(app, report, figures).run()
    return "\n".join(figures)


class Checks:
    def __init__(self, app, report, figures):
        self.app, self.report, self.figures = app, report, figures

    def run(self):
        self.figures.append(f"started in {self.app.start_seconds * 1e3:.0f} ms, memory then: {logins.memory_mib(self.app.pid):.1f} MiB")
        with self.report.flow(SUBJECT, "200 logins at once"):
            self.log_in(200, 200)
        with self.report.flow(SUBJECT, "sessions outlive a restart"):
            self.restart()
        with self.report.flow(SUBJECT, "memory after 10,000 logins"):
            self.memory()
        with self.report.flow(SUBJECT, "signed-in pages"):
            self.pages()

    def log_in(self, count, concurrency):
        before = logins.processor_seconds(self.app.pid)
        result = asyncio.run(logins.run(self.app.url, count, concurrency))
        each = (logins.processor_seconds(self.app.pid) - before) / count
        self.figures.append(f"{concurrency} at once: {result}; {each * 1e3:.2f} ms processor time each")
        assert not result.errors, result
        assert len(result.times) == count, result

    def restart(self):
        jars = [asyncio.run(logins.log_in(self.app.url, "alice")) for _ in range(20)]
        code = self.app.stop()
        assert code == 0, f"the app ended with {code} after SIGTERM"
        self.app.start()
        for jar in jars:
            assert "alice@example.test" in asyncio.run(logins.ask(self.app.url, jar, 1)), "a session was lost"

    def memory(self):
        self.log_in(1_000, 8)
        first, own = logins.memory_mib(self.app.pid), logins.memory_mib(self.app.pid, "Private_Dirty")
        self.log_in(9_000, 8)
        last, grown = logins.memory_mib(self.app.pid), logins.memory_mib(self.app.pid, "Private_Dirty") - own
        self.figures.append(
            f"memory after 1,000 logins: {first:.1f} MiB, after 10,000: {last:.1f} MiB; its own grew by {grown:.1f} MiB")
        assert grown <= GROWTH_MIB, f"{grown:.1f} MiB more after 9,000 further logins"

    def pages(self):
        jar = asyncio.run(logins.log_in(self.app.url, "alice"))
        count = 5_000
        before = logins.processor_seconds(self.app.pid)
        body = asyncio.run(logins.ask(self.app.url, jar, count))
        each = (logins.processor_seconds(self.app.pid) - before) / count
        self.figures.append(f"signed-in page: {each * 1e6:.0f} µs processor time each, {len(body)} characters")
        assert "alice@example.test" in body
