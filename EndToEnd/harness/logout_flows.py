"""A user logs out at the provider itself, and the app hears of it: by the back channel, or in a frame of the provider's
page. The app's page is then loaded anew, in the same browser and in another one of the same user."""

import contextlib
import time
import urllib.parse

from .app_page import AppPage
from .provider_pages import PASSWORD, origin
from .providers import ProviderServer
from .servers import App, free_ports
from .services import TLSFront

FLOWS = ("back channel", "front channel")
#: Within this the provider's message has to have had its effect. Glewlwyd sends it after its page is shown.
SECONDS = 5


def run(browser, report, pages_class, folder):
    for channel in pages_class.channels:
        name = f"{channel} channel"
        with browser.window() as window, report.flow(pages_class.name, name, window.photograph):
            port = free_ports()
            place = folder / f"{pages_class.name}-{channel}"
            with address(channel, port, place) as url, ProviderServer(
                    pages_class.name, pages_class.algorithms[0], url, place, LOGOUT_CHANNEL=channel) as provider, \
                    App.for_provider(place, port, provider.discovery_url, PUBLIC_URL=url) as app, \
                    browser.window() as other:
                log_out_there(window, other, pages_class, provider, app, channel)


@contextlib.contextmanager
def address(channel, port, place):
    """Where the app is reached. A provider calls the back channel without TLS; a frame in its page gets the app's cookies only
    where both are one site, which has one scheme."""
    if channel == "back":
        yield f"http://127.0.0.1:{port}"
    else:
        with TLSFront(place / "app-front", port) as front:
            yield front.url


def log_out_there(window, other, pages_class, provider, app, channel):
    home = log_in(window, pages_class, app)
    elsewhere = log_in(other, pages_class, app, is_again=True)
    heard = []
    window.context.on("response", lambda answer: heard.append(answer) if answer.url.startswith(app.url) else None)
    pages_class(window.new_tab()).end_session(provider.discovery_url)
    if channel == "front":
        wait_until(lambda: heard, window, "no frame of the provider's page asked the app")
        check_frame(heard[0], provider)
    else:
        assert not heard, f"the browser told the app: {heard[0].url}"
    wait_until(lambda: is_logged_out(home), window, "still logged in")
    home.expect_logged_out()
    other.page.reload()
    elsewhere.expect_logged_in()


def log_in(window, pages_class, app, is_again=False):
    home, pages = AppPage(window.page, app.url), pages_class(window.page)
    home.begin_login()
    pages.enter(PASSWORD)
    if not (is_again and pages.remembers_consent):
        pages.consent()
    home.expect_logged_in(**pages.claims)
    return home


def is_logged_out(home):
    home.page.reload()
    return home.logout_control.count() == 0


def check_frame(answer, provider):
    """The page in the frame: whose query names this provider or nobody, and which only the provider may frame."""
    parts = urllib.parse.urlsplit(answer.url)
    assert parts.path == "/external-logout", answer.url
    assert answer.status == 200, f"{answer.status} at {answer.url}"
    fields = answer.headers
    ancestors = [part.split()[1:] for part in fields.get("content-security-policy", "").split(";")
                 if part.split()[:1] == ["frame-ancestors"]]
    assert ancestors == [[origin(provider.discovery_url)]], f"framing is allowed by {ancestors or 'nobody'}"
    assert "x-frame-options" not in fields, fields["x-frame-options"]
    assert "no-store" in fields.get("cache-control", ""), fields.get("cache-control")
    assert answer.frame.url == answer.url, f"the frame shows {answer.frame.url}"


def wait_until(condition, window, complaint):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, complaint
        window.page.wait_for_timeout(50)
