"""A static site behind nginx and behind Caddy, which ask the app who may see what: the files of docs/deployment, two rules,
two providers, a real browser; and raw requests whose paths are made to be read in more than one way."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import ssl
import threading
import time

from playwright.sync_api import expect

from .authority import authority
from .providers import StubProvider
from .servers import CLIENT_ID, CLIENT_SECRET, ROOT, App, free_ports
from .services import Nginx, Service

SUBJECT = "forward auth"
RULES = "/admin=role:admin; /public=anyone; /=login"
ADMIN = "what only admins may read"
#: Each is /admin/, or something else, to some server.
HOSTILE = [
    "/admin", "/admin/", "/admin/index.html", "/admin/?x", "/%61dmin/", "/adm%69n/index.html",
    "//admin/", "/admin//", "///admin/index.html", "/./admin/", "/x/../admin/", "/public/../admin/", "/public/./../admin/",
    "/public/%2e%2e/admin/", "/public/.%2e/admin/", "/public/%2E./admin/", "/public/..%2fadmin/", "/public%2f..%2fadmin/",
    "/public/..%2fadmin%2findex.html", "/admin%2findex.html", "/%2fadmin/", "/public/..%5cadmin/", "/public\\..\\admin/",
    "/ADMIN/", "/Admin/index.html", "/admin;x/", "/admin;/index.html", "/public/..;/admin/", "/%2561dmin/",
    "/public/%252e%252e/admin/", "/public/..%252fadmin/", "/admin%00/", "/admin/index.html%00", "/public%00/../admin/",
    "/admin%0a/", "/admin/%09", "/%c0%ae%c0%ae/admin/", "/public/%c0%ae%c0%ae/admin/", "/public/..%c0%afadmin/", "/%c1%a1dmin/",
    "/public/?/../admin/", "/public/%3f/../../admin/", "/public/%23/../../admin/", "/admin/#", "/public#/../admin/", "admin/",
    "/public/%u002e%u002e/admin/", "/admin%", "/admin/%2", "/admin .html", "https://127.0.0.1/admin/", "http://x/public/../admin/",
    "/public/\xe9/../../admin/", "/auth", "/login/../admin/", "/login/%2e%2e/admin/", "/login/..%2fadmin/", "/style.css/../admin/",
    "/logout/..;/admin/", "/login//../../admin/", "/admin.", "/admin.json", "/admin%20/", "/public/..%20/admin/", "/admin%3f/",
]


#: Each is X-Auth-Request-User or -Groups to CGI, PHP, WSGI or Rack.
ALIASES = [f"X{sign}Auth{sign}Request{sign}User" for sign in "!#$%&'*+._`|~"] + [
    "X_Auth_Request_User", "X-Auth_Request_User", "X-Auth-Request.Groups", "X*Auth*Request*Groups", "x_auth_request_groups"]


class ForwardAuthNginx(Nginx):
    """The guide's file before a static site, which nginx serves too: it decodes and cuts paths in its own way."""

    configuration = ROOT / "docs/deployment/nginx-forward-auth.conf"

    def __init__(self, folder, app_port):
        self.site_port = free_ports()
        super().__init__(folder, (app_port,))
        site = self.folder / "site"
        for path, words in {"": "the start", "admin": ADMIN, "public": "for anyone"}.items():
            (site / path).mkdir(parents=True, exist_ok=True)
            (site / path / "index.html").write_text(f"<!DOCTYPE html><title>{words}</title><h1>{words}</h1>")
        configuration = self.folder / "site.conf"
        configuration.write_text(configuration.read_text() + (
            "log_format seen '$request_uri [$http_x_auth_request_user] [$http_x_auth_request_groups]"
            " [$http_x_auth_request_provider] [$http_x_auth_request_other] ($http_cookie) ($http_x_request_id)';\n"
            f"server {{ listen 127.0.0.1:{self.site_port}; underscores_in_headers on; root {site}; access_log {self.folder}/seen.log seen; }}\n"))

        if os.geteuid() == 0:  # else nobody, to whom the folder is closed
            main = self.folder / "nginx.conf"
            main.write_text("user root;\n" + main.read_text())

    def changes(self, ports):
        return [
            (r"127\.0\.0\.1:8000", f"127.0.0.1:{ports[0]}", 3),
            (r"127\.0\.0\.1:9000", f"127.0.0.1:{self.site_port}", 2),
            (r"listen 443 ", f"listen 127.0.0.1:{self.port} ", 1),
            (r"\n\s*listen \[::\].*;", "", 1),
            (r"/etc/ssl/app\.example/fullchain\.pem", f"{authority().certificate}", 1),
            (r"/etc/ssl/app\.example/privkey\.pem", f"{authority().key}", 1),
            (r"server_name app\.example;", "server_name 127.0.0.1;", 1),
        ]

    def seen(self):
        """What the site was asked for, with who asked, by the proxy's word."""
        return (self.folder / "seen.log").read_text().splitlines()

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port), 10)
        return ssl.create_default_context().wrap_socket(plain, server_hostname="127.0.0.1")

    def send(self, target, cookies="", fields=""):
        return send(self, target, cookies, fields)


class CarelessNginx(ForwardAuthNginx):
    """The same where somebody lets nginx take every name of a field, so that the app is the only one to look."""

    def changes(self, ports):
        return super().changes(ports) + [
            ("underscores_in_headers off;", "underscores_in_headers on;", 1),
            ("ignore_invalid_headers on;", "ignore_invalid_headers off;", 1)]


class ForwardAuthCaddy(Service):
    """The guide's other file, over plain http on loopback, before the site of the nginx given."""

    configuration = ROOT / "docs/deployment/Caddyfile.forward-auth"

    def __init__(self, folder, app_port, nginx):
        super().__init__(folder)
        self.url = f"http://127.0.0.1:{self.port}"
        self.seen = nginx.seen
        text = self.configuration.read_text()
        for old, new in {
                "127.0.0.1:8000": f"127.0.0.1:{app_port}", "127.0.0.1:9000": f"127.0.0.1:{nginx.site_port}",
                "\napp.example {": f"\n{{\n\tadmin off\n}}\n{self.url} {{\n\tbind 127.0.0.1"}.items():
            assert old in text, f"{self.configuration.name}: {old} is not there"
            text = text.replace(old, new)
        (self.folder / "Caddyfile").write_text(text)

    def command(self):
        return ["caddy", "run", "--config", str(self.folder / "Caddyfile"), "--adapter", "caddyfile"]

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), 10)

    def send(self, target, cookies="", fields=""):
        return send(self, target, cookies, fields)


def send(proxy, target, cookies, fields):
    """The answer to a request whose target goes out as it is."""
    head = (f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{proxy.port}\r\nAccept: text/html\r\n{fields}"
            f"Cookie: {cookies}\r\nConnection: close\r\n\r\n")
    answer = b""
    with proxy.connect() as connection:
        connection.sendall(head.encode("latin-1"))
        while part := connection.recv(65536):
            answer += part
    found = re.match(rb"HTTP/1\.1 (\d+)", answer)
    return int(found[1]) if found else 0, answer.decode("latin-1")


def run(browser, report, folder):
    with StubProvider(folder / "staff", roles="admin,user") as staff, StubProvider(folder / "guests") as guests:
        app_port = free_ports()
        nginx = ForwardAuthNginx(folder / "nginx", app_port)
        with nginx:
            with App(folder / "app", app_port, **settings(nginx.url, STAFF=staff, GUESTS=guests)):
                run_behind(nginx, "nginx", browser, report)
            run_crowd(nginx, "nginx", browser, report, folder, app_port, staff)
            caddy = ForwardAuthCaddy(folder / "caddy", app_port, nginx)
            with caddy:
                with App(folder / "app-caddy", app_port, **settings(caddy.url, STAFF=staff, GUESTS=guests)):
                    run_behind(caddy, "Caddy", browser, report)
                run_crowd(caddy, "Caddy", browser, report, folder, app_port, staff)
            careless = CarelessNginx(folder / "careless", app_port)
            with careless, App(folder / "app-careless", app_port, **settings(careless.url, STAFF=staff, GUESTS=guests)):
                with report.flow(f"{SUBJECT} nginx", "every name of a field is taken"):
                    aliases_are_refused(careless)


def run_behind(proxy, name, browser, report):
    for flow in (login_and_back, wrong_role, other_provider, scripts_and_forms, forged_identity, dropped_identity,
                 login_cookies, request_ids, hostile_paths):
        with browser.window() as window, report.flow(
                f"{SUBJECT} {name}", flow.__name__.replace("_", " "), window.photograph):
            flow(window, proxy)


def run_crowd(proxy, name, browser, report, folder, app_port, provider):
    for addresses in ({"127.0.0.2": 100, "127.0.0.3": 100, "127.0.0.4": 100}, {"127.0.0.2": 100, "127.0.0.9": 512}):
        words = " and ".join(str(count) for count in addresses.values())
        with report.flow(f"{SUBJECT} {name}", f"{words} requests at the same time, beside three browsers"), \
                App(folder / f"app-{name}-crowd", app_port, **settings(proxy.url, STAFF=provider)):
            many_at_once(browser, proxy, provider, addresses)


def settings(url, **providers):
    result = {
        "PUBLIC_URL": url, "TRUSTED_PROXIES": "127.0.0.1", "FORWARD_AUTH_RULES": RULES,
        "PROVIDERS": ",".join(name.lower() for name in providers), "CA_FILE": str(authority().file),
    }
    for name, provider in providers.items():
        result |= {
            f"{name}_CLIENT_ID": CLIENT_ID, f"{name}_CLIENT_SECRET": CLIENT_SECRET,
            f"{name}_SERVER_METADATA_URL": provider.discovery_url,
        }
    return result


def log_in(page, url, provider):
    """From a protected page through the chooser, and back to it."""
    page.goto(url)
    page.get_by_role("link", name=re.compile(provider, re.I)).click()
    expect(page).to_have_url(url)


def cookies(window):
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in window.context.cookies())


def login_and_back(window, proxy):
    log_in(window.page, proxy.url + "/index.html?a=b&c=%20d", "staff")
    expect(window.page.locator("h1")).to_have_text("the start")
    window.page.goto(proxy.url + "/admin/")
    expect(window.page.locator("h1")).to_have_text(ADMIN)
    assert re.search(r"/admin/ \[user-\S+|/admin/ \[\S+\] \[admin,user\] \[staff\]", proxy.seen()[-1]), proxy.seen()[-1]


def wrong_role(window, proxy):
    log_in(window.page, proxy.url + "/", "guests")
    before = len(proxy.seen())
    answer = window.page.goto(proxy.url + "/admin/")
    assert answer.status == 403, answer.status
    assert len(proxy.seen()) == before, "the request came to the site"
    assert window.page.goto(proxy.url + "/").status == 200


def other_provider(window, proxy):
    log_in(window.page, proxy.url + "/", "guests")
    assert window.page.goto(proxy.url + "/admin/").status == 403
    window.page.goto(proxy.url + "/login?provider=staff&next=%2Fadmin%2F")
    expect(window.page.locator("h1")).to_have_text(ADMIN)


def scripts_and_forms(window, proxy):
    window.page.goto(proxy.url + "/public/")
    for options in ("{}", "{method: 'POST', body: 'a=b'}"):
        status = window.page.evaluate(f"fetch('/index.html', {options}).then(answer => answer.status)")
        assert status == 401, status


def forged_identity(window, proxy):
    forged = "".join(
        f"X-Auth-Request-{name}: root\r\n" for name in ("User", "Groups", "Provider", "Email", "Issuer", "Redirect"))
    # An underscore is a hyphen to much that stands behind a proxy.
    forged += "X_Auth_Request_User: root\r\nX-Auth_Request_Other: root\r\n"
    status, _ = proxy.send("/public/", fields=forged + "X-Original-URI: /public/\r\nX-Forwarded-Uri: /public/\r\n")
    assert status == 200, status
    assert re.match(r"/public/( \[-?\]){4} \(", proxy.seen()[-1]), proxy.seen()[-1]
    status, _ = proxy.send("/public/", fields="".join(f"{name}: root\r\n" for name in ALIASES))
    assert status == 200, status
    status, _ = proxy.send("/admin/", fields=forged + "X-Original-URI: /public/\r\nX-Forwarded-Uri: /public/\r\n")
    assert status in (303, 401), status


def aliases_are_refused(proxy):
    assert proxy.send("/public/", fields="X_Custom: 1\r\nX.Custom: 1\r\n")[0] == 200
    for name in ALIASES:
        status, _ = proxy.send("/public/", fields=f"{name}: root\r\n")
        assert status == 403, f"{name}: {status}"


def dropped_identity(window, proxy):
    """A client that names our field in Connection does not take it away."""
    log_in(window.page, proxy.url + "/", "staff")
    for option in ("X-Auth-Request-Groups", "close, x-auth-request-groups", "Upgrade, X-Auth-Request-Groups"):
        status, _ = proxy.send("/index.html", cookies(window), f"Connection: {option}\r\n")
        assert status == 200, status
        assert "[admin,user]" in proxy.seen()[-1], proxy.seen()[-1]


def login_cookies(window, proxy):
    """The site gets the browser's other cookies, and none of the app's."""
    log_in(window.page, proxy.url + "/", "guests")
    window.context.add_cookies([{"name": "theme", "value": "dark", "url": proxy.url}])
    window.page.goto(proxy.url + "/index.html")
    assert re.search(r"\(theme=dark(; ?)?\) ", proxy.seen()[-1]), proxy.seen()[-1]
    own = [cookie for cookie in cookies(window).split("; ") if "oidc-" in cookie]
    own += ["__Host-oidc-session-1=a", "__Host-oidc-session-2=b", "oidc-session-3=c", "__Host-oidc-login-x=d", "oidc-trace=e"]
    own += ["__Secure-oidc-session-1=f"]
    kept = [f"kept{index}={index}" for index in range(6)] + ["x-oidc-session=mine", "last=oidc-session"]
    for order in (own + kept, kept + own, [cookie for pair in zip(kept, own) for cookie in pair], own):
        assert proxy.send("/public/", "; ".join(order))[0] == 200
        seen = re.search(r"\((.*?)(; ?)?\) \(", proxy.seen()[-1])[1]
        assert seen in ("; ".join(cookie for cookie in order if cookie in kept) or "-", ""), proxy.seen()[-1]
        assert (order == own) == (seen in ("-", "")), proxy.seen()[-1]
    for separator in (";", ";  ", "; \t"):
        assert proxy.send("/public/", separator.join(["theme=dark", *own, "last=1"]))[0] == 200
        assert "oidc-" not in proxy.seen()[-1] and "last=1" in proxy.seen()[-1], proxy.seen()[-1]


def many_at_once(browser, proxy, provider, addresses):
    """A proxy is one address, and it may have all connections: nobody gets 500 or 502, however many wait for the provider."""
    with contextlib.ExitStack() as stack:
        pages = [stack.enter_context(browser.window()).page for _ in range(3)]
        for page in pages:
            page.goto(proxy.url + "/public/")
        crowds = [stack.enter_context(Crowd(proxy, *address)) for address in addresses.items()]
        provider.process.send_signal(signal.SIGSTOP)
        try:
            for crowd in crowds:
                crowd.may_ask = True
            time.sleep(1)
            for page in pages:
                page.evaluate(
                    "void (window.statuses = Promise.all(Array.from({length: 100}, (_, index) =>"
                    " fetch('/public/?' + index).then(answer => answer.status))))")
            time.sleep(1)
        finally:
            provider.process.send_signal(signal.SIGCONT)
        statuses = [status for page in pages for status in page.evaluate("window.statuses")]
        found = {crowd.address: crowd.finish() for crowd in crowds}
    found["browsers"] = {status: statuses.count(status) for status in set(statuses)}
    print(f"  {found}", flush=True)
    # Of one client 256 requests are in progress at a time: who has more is told so, and nobody else.
    expected = {address: {303: count} if count <= 256 else {303: 256, 429: count - 256} for address, count in addresses.items()}
    assert found == expected | {"browsers": {200: 300}}, found


class Crowd:
    """Logins that one address begins at the same time, each on a connection of its own, in a thread of its own."""

    def __init__(self, proxy, address, count):
        self.proxy, self.address, self.count = proxy, address, count
        self.connected = 0
        self.statuses = {}
        self.may_ask = False
        self.thread = threading.Thread(target=lambda: asyncio.run(self.ask()), daemon=True)

    async def ask(self):
        tls = ssl.create_default_context() if self.proxy.url.startswith("https") else None
        await asyncio.gather(*(self.ask_once(tls) for _ in range(self.count)))

    async def ask_once(self, tls):
        status = "cut off"
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", self.proxy.port, ssl=tls, server_hostname="127.0.0.1" if tls else None,
                local_addr=(self.address, 0))
            self.connected += 1
            while not self.may_ask:
                await asyncio.sleep(0.05)
            writer.write(f"GET /login HTTP/1.1\r\nHost: 127.0.0.1:{self.proxy.port}\r\n\r\n".encode())
            status = int((await reader.readuntil(b"\r\n\r\n")).split()[1])
            writer.close()
        self.statuses[status] = self.statuses.get(status, 0) + 1

    def finish(self):
        """How many got which status."""
        self.thread.join(30)
        return self.statuses

    def __enter__(self):
        self.thread.start()
        end = time.monotonic() + 30
        while self.connected < self.count and time.monotonic() < end:
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.may_ask = True


def request_ids(window, proxy):
    for target in ("/public/", "/login"):
        _, answer = proxy.send(target, fields="X-Request-Id: chosen-by-a-client\r\n")
        assert "chosen-by-a-client" not in answer, answer
    assert re.search(r"\([0-9a-f-]{32,36}\)$", proxy.seen()[-1]), proxy.seen()[-1]


def hostile_paths(window, proxy):
    """Nobody's, and a guest's: none may see what only admins may read. An admin may, by the plain path."""
    log_in(window.page, proxy.url + "/", "guests")
    guest = cookies(window)
    assert proxy.send("/index.html", guest)[0] == 200
    statuses = {}
    for held in ("", guest):
        for target in HOSTILE:
            status, answer = proxy.send(target, held)
            assert ADMIN not in answer, f"{target!r} was answered with the page for admins"
            statuses[status] = statuses.get(status, 0) + 1
    print(f"  {2 * len(HOSTILE)} hostile requests: {dict(sorted(statuses.items()))}", flush=True)
    window.page.goto(proxy.url + "/login?provider=staff")
    expect(window.page.locator("h1")).to_have_text("the start")
    assert ADMIN in proxy.send("/admin/", cookies(window))[1]
