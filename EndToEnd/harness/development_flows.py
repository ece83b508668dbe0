"""The app with no provider configured: its development provider, and what happens to a login on its way."""

import http.client
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import time
import urllib.parse

from playwright.sync_api import expect

from .app_page import AppPage
from .flows import Flows
from .providers import StubProvider
from .servers import HERE, PRIVATE_MOUNTS, App, free_ports, hosts_obstacle
from .session_flows import SessionFlows

SUBJECT = "development provider"
#: The library that moves the clock of the app, where Debian puts it.
CLOCK_LIBRARIES = sorted(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


def run(browser, report, folder):
    with report.flow(SUBJECT, "start and stop"):
        with App(folder / "app") as app:
            for flows in (LoginFlows, SessionFlows):
                flows.run(browser, app, report, SUBJECT)
            code = app.stop()
            assert code == 0, f"the app ended with {code} after SIGTERM"
    with report.flow(SUBJECT, "arguments lost"):
        arguments_lost(folder / "arguments")
    for flow in (expired_transaction, provider_down):
        name = flow.__name__.replace("_", " ")
        with browser.window() as window, report.flow(SUBJECT, name, window.photograph):
            flow(window, folder / flow.__name__)


class LoginFlows(Flows):
    def three_users(self, window):
        home, provider = self._pages(window.page)
        home.begin_login()
        assert len(set(provider.names())) == 3, provider.names()

    def login_and_claims(self, window):
        for user in range(3):
            with self.browser.window() as own:
                home, _ = self._log_in(own.page, user)
                claims = home.claims()
                assert "sub" in claims and "@" in claims.get("email", ""), claims

    def two_tabs(self, window):
        first, provider_one = self._pages(window.page)
        second, provider_two = self._pages(window.new_tab())
        first.begin_login()
        second.begin_login()
        names = provider_one.names()
        provider_one.pick(names[0])
        first.expect_logged_in(name=names[0])
        if provider_two.users.first.is_visible():
            provider_two.pick(names[1])
        second.expect_logged_in(name=names[1])
        window.page.reload()
        first.expect_logged_in(name=names[1])

    def back_button(self, window):
        home, name = self._log_in(window.page)
        window.page.go_back()
        window.page.go_forward()
        home.expect_logged_in(name=name)
        home.open()
        home.expect_logged_in(name=name)

    def replayed_callback(self, window):
        callback = self._catch_callback(window.page)
        home, _ = self._pages(window.page)
        window.page.goto(callback)
        home.expect_logged_in()
        home.log_out()
        answer = window.page.goto(callback)
        assert 400 <= answer.status < 500, answer.status
        home.expect_error("used|over|no login")
        home.open()
        home.expect_logged_out()

    def callback_in_another_browser(self, window):
        callback = self._catch_callback(window.page)
        with self.browser.window() as other:
            answer = other.page.goto(callback)
            assert 400 <= answer.status < 500, answer.status
            home, _ = self._pages(other.page)
            home.expect_error("no login under way|another browser")
            home.open()
            home.expect_logged_out()

    def forged_state(self, window):
        callback = self._catch_callback(window.page)
        home, _ = self._pages(window.page)
        answer = window.page.goto(re.sub(r"state=[^&]*", "state=" + "x" * 43, callback))
        assert 400 <= answer.status < 500, answer.status
        home.expect_error("belongs to none|not be logged in")
        home.open()
        home.expect_logged_out()

    def cancelled(self, window):
        home, provider = self._pages(window.page)
        home.begin_login()
        provider.cancel()
        home.expect_error("refused|cancel")
        home.open()
        home.expect_logged_out()

    def hostile_error(self, window):
        """What an error answer says reaches the page as text, if at all."""
        callback = self._catch_callback(window.page)
        state = re.search(r"state=([^&]*)", callback).group(1)
        window.page.goto(
            f"{self.app.url}/login/authorize?state={state}&error=%3Cimg%20src%3Dx%3E"
            "&error_description=%3Cscript%3Edocument.title%3D%27owned%27%3C%2Fscript%3E")
        assert window.page.title() != "owned"
        assert window.page.locator("img[src=x]").count() == 0

    def next_page(self, window):
        home, provider = self._pages(window.page)
        home.open("/login?next=%2F%3Fafter%3Dlogin")
        provider.pick(provider.names()[0])
        expect(window.page).to_have_url(self.app.url + "/?after=login")
        home.expect_logged_in()
        answer = home.open("/login?next=https%3A%2F%2Fexample.test%2F")
        assert answer.status == 400 or window.page.url.startswith("http://127.0.0.1"), window.page.url

    def return_paths_stay_here(self, window):
        """What `next` may be, whatever it is made of, is resolved by the browser to the app's own origin."""
        alphabet = ["/", "\\", ".", "%", "?", "#", "@", ":", "2f", "\ufe0f", "\u0301", "\u200d", "\u034f", "\U000e0100"]
        paths = ["/" + urllib.parse.quote("".join(parts), safe="/\\.%?#@:") + "evil.example" for parts in
                 itertools.product(["", *alphabet], repeat=3)]
        window.page.goto(self.app.url)
        connection = http.client.HTTPConnection("127.0.0.1", self.app.port)
        accepted = []
        for path in sorted(set(paths)):
            connection.request("GET", "/login?next=" + urllib.parse.quote(path, safe=""))
            answer = connection.getresponse()
            answer.read()
            assert answer.status in (303, 400), (path, answer.status)
            if answer.status == 303:
                accepted.append(path)
        connection.close()
        origins = window.page.evaluate(
            "([paths, base]) => paths.map(path => new URL(path, base).origin)",
            [accepted, self.app.url + "/login/authorize"])
        led_away = [path for path, origin in zip(accepted, origins) if origin != self.app.url]
        assert not led_away, led_away[:5]
        assert len(accepted) > 100 and len(paths) - len(accepted) > 100, (len(accepted), len(paths))

    def login_by_a_script(self, window):
        """A request that is no navigation gets 401, not a redirect."""
        headers = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"}
        answer = window.context.request.get(self.app.url + "/login", headers=headers, max_redirects=0)
        assert answer.status == 401, answer.status


def expired_transaction(window, folder):
    """A login that took longer than ten minutes: the app's clock is moved, nobody waits."""
    assert CLOCK_LIBRARIES, "libfaketime is not installed"
    folder.mkdir(parents=True, exist_ok=True)
    clock = folder / "clock"
    clock.write_text("+0\n")
    settings = {
        "LD_PRELOAD": str(CLOCK_LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1",
    }
    with App(folder, **settings) as app:
        callback = LoginFlows(None, app)._catch_callback(window.page)
        clock.write_text("+11m\n")
        answer = window.page.goto(callback)
        assert 400 <= answer.status < 500, answer.status
        home = AppPage(window.page, app.url)
        home.expect_error("too long")
        home.open()
        home.expect_logged_out()


def arguments_lost(folder):
    """Where the program's arguments cannot be read, it does not start as if there were none: a library that is loaded before
    it has moved its environment, and, where that can be had, there is no /proc."""
    folder.mkdir(parents=True)
    library = folder / "preload.so"
    compiler = shutil.which("clang") or shutil.which("cc")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, HERE / "harness/preload.c"], check=True)
    ways = {"with a library before it": [f"LD_PRELOAD={library}"]}
    if hosts_obstacle() is None:
        without_proc = [*PRIVATE_MOUNTS, "sh", "-c", 'mount -t tmpfs none /proc && exec "$0" "$@"', "env"]
        ways |= {"without /proc": without_proc, "with both": [*without_proc, *ways["with a library before it"]]}
    settings = {
        "PATH": os.environ["PATH"], "HOST": "127.0.0.1", "PORT": str(free_ports(2)), "DATA_DIR": str(folder / "data"),
        "SWIFT_BACKTRACE": "enable=no"}
    for way, prefix in ways.items():
        for arguments in (["check", "--unknown"], ["--env-file", "/nonexistent"]):
            command = [*(["env"] if prefix[0].startswith("LD_") else []), *prefix, App.program, *arguments]
            try:
                done = subprocess.run(
                    command, env=settings, cwd=folder, capture_output=True, text=True, timeout=10, check=False)
            except subprocess.TimeoutExpired:
                raise AssertionError(f"{way}, {' '.join(arguments)}: the server started") from None
            words = done.stderr.strip()
            assert done.returncode in (1, 2) and words, f"{way}, {' '.join(arguments)}: {done.returncode}: {words[:300]}"


def provider_down(window, folder):
    """With its provider away the app starts and says why nobody can log in; when it comes, logins work."""
    port = free_ports()
    address = f"https://127.0.0.1:{port}/.well-known/openid-configuration"
    with App.for_provider(folder, None, address) as app:
        home = AppPage(window.page, app.url)
        assert window.context.request.get(app.url + "/readyz").status == 503
        answer = home.open("/login")
        assert answer.status in (502, 503, 504), answer.status
        home.expect_error("cannot be reached")
        with StubProvider(folder, port):
            end = time.monotonic() + 30
            while home.open("/login").status != 200 and time.monotonic() < end:
                window.page.wait_for_timeout(500)
            home.expect_logged_in(name="Alice Example")
            assert window.context.request.get(app.url + "/readyz").status == 200
