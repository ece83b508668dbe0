"""Whole logins against a relying party, from fresh browsers, over kept-alive connections.

usage: logins.py BASE_URL [-n 1000] [-c 8] [--pid PID] [--expect alice]

One login: GET /login, then every redirect in turn, with a new cookie jar, until a page with status 200; it counts only
when that is the start page and has the expected words in it. With --pid: processor time and memory of that process.
"""

import argparse
import asyncio
import functools
import os
import re
import ssl
import time
import urllib.parse

REDIRECTS = (301, 302, 303, 307, 308)
#: Where hosts are: nothing leaves the loopback. The last is a provider's, which the end-to-end tests make up.
ADDRESSES = {"127.0.0.1": "127.0.0.1", "localhost": "localhost", "provider.test": "127.0.0.1"}


class Connection:
    """One kept-alive connection to one loopback origin. A request that finds it closed is sent once more, by a new one,
    as browsers do; with a single attempt that is the caller's to see."""

    def __init__(self, host, port, tls=None, attempts=2):
        self.host, self.port, self.tls, self.attempts = host, port, tls, attempts
        self.reader, self.writer = None, None

    async def get(self, target, cookies):
        return await self.send("GET", target, cookies)

    async def post(self, target, cookies, form, origin=None):
        """Sends a form, as a page of the given origin would."""
        fields = "Content-Type: application/x-www-form-urlencoded\r\n" + (f"Origin: {origin}\r\n" if origin else "")
        return await self.send("POST", target, cookies, fields, urllib.parse.urlencode(form).encode())

    async def send(self, method, target, cookies, fields="", body=b""):
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        head = (f"{method} {target} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAccept: text/html\r\n"
                + (f"Cookie: {cookie}\r\n" if cookie else "") + fields
                + (f"Content-Length: {len(body)}\r\n" if method == "POST" else "") + "\r\n")
        for attempt in range(1, self.attempts + 1):
            is_fresh = self.writer is None
            if is_fresh:
                self.reader, self.writer = await asyncio.open_connection(
                    ADDRESSES[self.host], self.port, ssl=self.tls, server_hostname=self.host if self.tls else None)
            try:
                self.writer.write(head.encode() + body)
                return await self.read()
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
                if is_fresh or attempt == self.attempts:
                    raise
            except BaseException:  # such as the end of the caller's patience: what comes now is nobody's answer
                self.close()
                raise

    async def read(self):
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        fields = dict(headers)
        if "chunked" in fields.get("transfer-encoding", ""):
            body = b""
            while size := int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16):
                body += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readexactly(2)
        else:
            body = await self.reader.readexactly(int(fields.get("content-length", 0)))
        if fields.get("connection", "").lower() == "close":
            self.close()
        cookies = [value for name, value in headers if name == "set-cookie"]
        return int(lines[0].split(" ")[1]), fields.get("location"), cookies, body

    def close(self):
        if self.writer:
            self.writer.close()
        self.reader = self.writer = None


@functools.cache
def trusted():
    """The system's authorities, or those of the file that SSL_CERT_FILE names."""
    return ssl.create_default_context()


class Connections:
    """A connection to each origin that is asked for; over TLS, where it is https."""

    def __init__(self, attempts=2):
        self.attempts, self.opened = attempts, {}

    def to(self, url):
        parts = urllib.parse.urlsplit(url)
        if parts.hostname not in ADDRESSES:
            raise ValueError(f"left the loopback: {url}")
        key = parts.scheme, parts.hostname, parts.port
        if key not in self.opened:
            tls = trusted() if parts.scheme == "https" else None
            self.opened[key] = Connection(parts.hostname, parts.port, tls, self.attempts)
        return self.opened[key]

    def close(self):
        for connection in self.opened.values():
            connection.close()
        self.opened.clear()


def target_of(url):
    parts = urllib.parse.urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def keep(jar, lines):
    for line in lines:
        name, _, rest = line.partition("=")
        value, _, attributes = rest.partition(";")
        if value in ("", '""') or re.search(r"max-age=0|1970", attributes, re.I):
            jar.pop(name, None)
        else:
            jar[name] = value


async def log_in(base, expected, connections=None, heard=None, start="/login"):
    """One login; the cookies of the relying party. They are added to `heard` as soon as the session is there, that is
    with the answer to the callback."""
    connections = connections or Connections()
    url, jars = base + start, {}
    for _ in range(12):
        connection = connections.to(url)
        jar = jars.setdefault(connection, {})
        path = urllib.parse.urlsplit(url).path
        status, location, cookies, body = await connection.get(target_of(url), jar)
        keep(jar, cookies)
        is_ours = url.startswith(base + "/")
        if status in REDIRECTS and location:
            if heard is not None and is_ours and path.startswith("/login/authorize"):
                heard.append(dict(jar))
            url = urllib.parse.urljoin(url, location)
        elif status == 200 and is_ours and path == "/" and expected in body.decode():
            return jar
        else:
            raise ValueError(f"{status} at {path}")
    raise ValueError("too many redirects")


class Result:
    """Of a run: how long each login took, what went wrong, and the cookies of those that went well."""

    def __init__(self, times, errors, seconds, jars):
        self.times, self.errors, self.seconds, self.jars = sorted(times), errors, seconds, jars

    def quantile(self, part):
        return self.times[min(len(self.times) - 1, int(len(self.times) * part))]

    def __str__(self):
        count = len(self.times)
        text = f"{count} logins, {sum(self.errors.values())} failed"
        if count:
            middle, late = self.quantile(0.5), self.quantile(0.99)
            text += f", {count / self.seconds:.0f}/s, p50 {middle * 1e3:.0f} ms, p99 {late * 1e3:.0f} ms"
        return text + "".join(f"; {number} × {error}" for error, number in list(self.errors.items())[:4])


async def run(base, count, concurrency, expected="alice", timeout=30, start="/login"):
    left, times, errors, jars = iter(range(count)), [], {}, []

    async def work():
        connections = Connections()
        for _ in left:
            begin = time.perf_counter()
            try:
                jars.append(await asyncio.wait_for(log_in(base, expected, connections, start=start), timeout))
                times.append(time.perf_counter() - begin)
            except Exception as error:  # counted by kind; the run goes on
                kind = f"{type(error).__name__} {error}"[:100]
                errors[kind] = errors.get(kind, 0) + 1
        connections.close()

    begin = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(concurrency)))
    return Result(times, errors, time.perf_counter() - begin, jars)


async def ask(base, jar, count):
    """Asks for the start page so many times, as a signed-in browser, one after the other; the last body."""
    connections, body = Connections(), b""
    for _ in range(count):
        status, _, _, body = await connections.to(base).get("/", jar)
        if status != 200:
            raise ValueError(f"{status} at /")
    connections.close()
    return body.decode()


def memory_mib(pid, of="Pss"):
    """The proportional set size, or another line of the kernel's sums: that one changes with what else runs."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return int(re.search(rf"^{of}:\s+(\d+)", file.read(), re.M).group(1)) / 1024


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("base")
    options.add_argument("-n", type=int, default=1000)
    options.add_argument("-c", type=int, default=8)
    options.add_argument("--pid", type=int)
    options.add_argument("--expect", default="alice")
    chosen = options.parse_args()
    before = processor_seconds(chosen.pid) if chosen.pid else 0
    result = asyncio.run(run(chosen.base.rstrip("/"), chosen.n, chosen.c, chosen.expect))
    print(result)
    if chosen.pid:
        each = (processor_seconds(chosen.pid) - before) / max(len(result.times), 1)
        print(f"{each * 1e3:.2f} ms processor time a login, {memory_mib(chosen.pid):.1f} MiB")


if __name__ == "__main__":
    main()
