"""What is measured: the app and its peers. Each serves the same page on loopback, by its own way to a login."""

import asyncio
import http.client
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time

from EndToEnd.harness.servers import CLIENT_ID, CLIENT_SECRET, free_ports
from EndToEnd.harness.services import Service
from EndToEnd.load import logins

from .place import ROOT

PEERS = ROOT / "Benchmarks/peers"
SIGNED_IN = "alice@example.test"


class Server(Service):
    """A server that takes its settings from the environment."""

    #: Where a login begins.
    login_path = "/login"
    arguments = []

    def __init__(self, folder, provider=None):
        super().__init__(folder)
        self.port = free_ports(2)  # the app's provider for development takes the one behind
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = {"PORT": str(self.port), "STATE": str(self.folder), "SECRET_KEY": secrets.token_hex(32)}
        if provider:
            self.settings |= {"CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET,
                              "SERVER_METADATA_URL": provider.discovery_url}

    def command(self):
        return self.arguments

    def start(self, seconds=15):
        """Starts it, and asks every half millisecond until an answer comes."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        with open(self.folder / "log", "ab") as log:
            begin = time.perf_counter()
            self.process = subprocess.Popen(
                self.command(), env=kept | self.settings, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True)
        while not self.answers():
            if time.perf_counter() - begin > seconds or self.process.poll() is not None:
                self.stop()
                tail = (self.folder / "log").read_text(errors="replace")[-1500:]
                raise RuntimeError(f"{self.command()[0]} did not start: {tail}")
            time.sleep(0.0005)
        self.start_seconds = time.perf_counter() - begin

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                connection.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
                return connection.recv(9)
        except OSError:
            return b""

    def place_page(self, page):
        (self.folder / "site").mkdir()
        (self.folder / "site/index.html").write_text(page)


class Ours(Server):
    """The app with the settings that production has: a login's trace is off wherever PUBLIC_URL is not this machine."""

    def __init__(self, folder, program, provider=None, **settings):
        super().__init__(folder, provider)
        self.settings |= {"PUBLIC_URL": self.url, "DATA_DIR": str(self.folder / "data"), "TRACE": "off"} | settings
        self.arguments = [str(program)]


class Flask(Server):
    """Flask and Authlib under gunicorn."""

    def __init__(self, folder, provider):
        super().__init__(folder, provider)
        self.arguments = [
            sys.executable, "-m", "gunicorn", "--chdir", str(PEERS), "--workers", "2", "--threads", "4",
            "--keep-alive", "60", "--bind", f"127.0.0.1:{self.port}", "flask_app:app"]


class Apache(Server):
    """Apache and mod_auth_openidc before a static page."""

    login_path = "/"

    def __init__(self, folder, provider, page):
        super().__init__(folder, provider)
        self.place_page(page)
        program = shutil.which("apache2") or "/usr/sbin/apache2"
        self.arguments = [program, "-f", str(PEERS / "apache.conf"), "-DFOREGROUND"]


class Nginx(Server):
    """The static page, with the fields of the answer that it stands for."""

    def __init__(self, folder, page, fields):
        super().__init__(folder)
        self.place_page(page)
        own = ("content-type", "content-length", "date", "server", "connection")
        lines = [f'add_header {name} "{value}";' for name, value in fields if name.lower() not in own]
        text = (PEERS / "nginx.conf").read_text()
        for name, value in (self.settings | {"FIELDS": "\n        ".join(lines)}).items():
            text = text.replace(f"@{name}@", value)
        (self.folder / "nginx.conf").write_text(text)
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.arguments = [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]


def run_logins(server, count, concurrency=8):
    """All have to go well."""
    result = asyncio.run(logins.run(server.url, count, concurrency, start=server.login_path))
    if result.errors:
        raise RuntimeError(f"logins failed at {server.url}: {result}")
    return result


def sign_in(server):
    """The field Cookie of a new session, whose page is the signed-in one and is nobody's without the field."""
    cookie = "; ".join(f"{name}={value}" for name, value in run_logins(server, 1).jars[0].items())
    with_cookie, without = ask(server, {"Cookie": cookie}), ask(server)
    if with_cookie[0] != 200 or SIGNED_IN not in with_cookie[2] or SIGNED_IN in without[2]:
        raise RuntimeError(f"{server.url} does not tell who is signed in")
    return cookie


def ask(server, fields=None):
    """Status, fields and body of the answer at the start page."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request("GET", "/", headers=fields or {})
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read().decode()
    finally:
        connection.close()
