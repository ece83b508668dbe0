"""What the flows with the development provider have in common: how to log in, and how to stop on the way."""

import re

from playwright.sync_api import expect

from .app_page import AppPage, DevelopmentProviderPage


class Flows:
    """A method without an underscore is a flow; they run in this order, with one app and its development provider."""

    def __init__(self, browser, app):
        self.browser, self.app = browser, app

    @classmethod
    def run(cls, browser, app, report, subject):
        flows = cls(browser, app)
        for name in [name for name in vars(cls) if not name.startswith("_")]:
            title = name.replace("_", " ")
            with browser.window() as window, report.flow(subject, title, window.photograph):
                getattr(flows, name)(window)

    def _pages(self, page):
        return AppPage(page, self.app.url), DevelopmentProviderPage(page)

    def _log_in(self, page, user=0):
        home, provider = self._pages(page)
        home.begin_login()
        name = provider.names()[user]
        provider.pick(name)
        home.expect_logged_in(name=name)
        return home, name

    def _catch_callback(self, page):
        """Begins a login and stops it before the way back; the address of the callback."""
        home, provider = self._pages(page)
        caught = []

        def stop(route):
            if route.request.method == "POST":
                caught.append(route.fetch(max_redirects=0).headers["location"])
                route.fulfill(status=200, content_type="text/plain", body="stopped")
            else:
                route.continue_()

        home.begin_login()
        names = provider.names()
        here = re.match(r"https?://[^/]+/", page.url).group()
        page.route(here + "**", stop)
        provider.pick(names[0])
        expect(page.locator("body")).to_have_text("stopped")
        page.unroute(here + "**")
        assert caught[0].startswith(self.app.url + "/login/authorize?"), caught
        return caught[0]
