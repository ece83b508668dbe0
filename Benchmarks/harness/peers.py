"""What is measured beside the app: each serves the same page on loopback, by its own way to a login."""

import asyncio
import http.client
import secrets
import shutil
import sys

from EndToEnd.harness.servers import CLIENT_ID, CLIENT_SECRET, App, wait_for
from EndToEnd.harness.services import Service
from EndToEnd.load import logins

from .place import ROOT

PEERS = ROOT / "Benchmarks/peers"
SIGNED_IN = "alice@example.test"


def start_app(folder, provider, program, **settings):
    """The app with the settings that production has: a login's trace is off wherever PUBLIC_URL is not this machine."""
    App.program = str(program)
    return App.for_provider(folder, None, provider.discovery_url, TRACE="off", **settings)


class Peer(Service):
    """A server that takes its settings from the environment, as the app does."""

    #: Where a login begins.
    login_path = "/login"
    arguments = []

    def __init__(self, folder, provider=None):
        super().__init__(folder)
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = {"PORT": self.port, "STATE": self.folder}
        if provider:
            self.settings |= {"CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET,
                              "SERVER_METADATA_URL": provider.discovery_url, "SECRET_KEY": secrets.token_hex(32)}

    def command(self):
        return ["env", *(f"{name}={value}" for name, value in self.settings.items()), *self.arguments]

    def is_ready(self):
        return bool(wait_for(self.url, lambda: self.process.poll() is None))

    def place_page(self, page):
        (self.folder / "site").mkdir()
        (self.folder / "site/index.html").write_text(page)


class Flask(Peer):
    """Flask and Authlib under gunicorn."""

    def __init__(self, folder, provider):
        super().__init__(folder, provider)
        self.arguments = [
            sys.executable, "-m", "gunicorn", "--chdir", str(PEERS), "--workers", "2", "--threads", "4",
            "--keep-alive", "60", "--bind", f"127.0.0.1:{self.port}", "flask_app:app"]


class Apache(Peer):
    """Apache and mod_auth_openidc before a static page."""

    login_path = "/"

    def __init__(self, folder, provider, page):
        super().__init__(folder, provider)
        self.place_page(page)
        program = shutil.which("apache2") or "/usr/sbin/apache2"
        self.arguments = [program, "-f", str(PEERS / "apache.conf"), "-DFOREGROUND"]


class Nginx(Peer):
    """The static page, with the fields of the answer that it stands for."""

    def __init__(self, folder, page, fields):
        super().__init__(folder)
        self.place_page(page)
        own = ("content-type", "content-length", "date", "server", "connection")
        lines = [f'add_header {name} "{value}";' for name, value in fields if name.lower() not in own]
        text = (PEERS / "nginx.conf").read_text()
        for name, value in (self.settings | {"FIELDS": "\n        ".join(lines)}).items():
            text = text.replace(f"@{name}@", str(value))
        (self.folder / "nginx.conf").write_text(text)
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.arguments = [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]


def run_logins(server, count, concurrency=8):
    start = getattr(server, "login_path", "/login")
    return asyncio.run(logins.run(server.url, count, concurrency, start=start))


def sign_in(server):
    """The field Cookie of a new session, whose page is the signed-in one and is nobody's without the field."""
    result = run_logins(server, 1)
    if not result.jars:
        raise RuntimeError(f"no login at {server.url}: {result}")
    cookie = "; ".join(f"{name}={value}" for name, value in result.jars[0].items())
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
