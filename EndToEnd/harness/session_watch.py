"""The start page watches the session at the provider through its frame (Session Management 1.0), with the stub provider."""

import time

from playwright.sync_api import expect

from .app_page import AppPage
from .providers import StubProvider
from .servers import App, free_ports

SUBJECT = "session management"
#: The frame asks every five seconds.
SECONDS = 20


def run(browser, report, folder):
    with browser.window() as window, report.flow(
            SUBJECT, "oidcc-client-test-session-management", window.photograph):
        with StubProvider(folder) as provider, App.for_provider(
                folder, free_ports(), provider.discovery_url, SESSION_MANAGEMENT="on") as app:
            watch(window, provider, app)


def watch(window, provider, app):
    home = AppPage(window.page, app.url)
    home.begin_login()
    home.expect_logged_in(name="Alice Example")
    wait_for(window, lambda: provider.counters()["sessions_unchanged"] >= 2, "the frame does not go on asking")
    home.expect_logged_in(name="Alice Example")
    provider.ask("/settings", session_ended=1)
    expect(window.page.locator("h1")).to_have_text("You are logged out", timeout=SECONDS * 1000)
    counters = provider.counters()
    assert counters["sessions_changed"] >= 1 and counters["logins_required"] == 1, counters
    assert counters["sessions_error"] == 0, counters
    home.open()
    home.expect_logged_out()
    # Whoever logs in again is watched again, and the logout goes to the provider.
    provider.ask("/settings")
    home.begin_login()
    home.expect_logged_in(name="Alice Example")
    home.log_out()
    home.expect_provider_session_ended()
    assert provider.counters()["ends_of_session"] == 1, provider.counters()


def wait_for(window, condition, complaint):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, complaint
        window.page.wait_for_timeout(200)
