"""Providers × algorithms × flows, in a browser."""

import base64
import json
import urllib.parse

from .app_page import AppPage
from .provider_pages import PASSWORD
from .providers import ProviderServer
from .servers import App, free_ports

FLOWS = ("check", "refusal", "login", "reload", "logout", "algorithm", "wrong password", "rule broken")


def algorithm_of_hint(url):
    """The algorithm in the header of the ID Token that a logout request carries as its hint."""
    hint = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).get("id_token_hint", [""])[0]
    header = hint.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["alg"] if header else None


def run(browser, report, pages_class, algorithm, folder):
    subject = f"{pages_class.name} {algorithm}"
    port = free_ports()
    words = pages_class.refused.get(algorithm)
    with report.flow(subject, "rule broken" if words else "login"):
        with ProviderServer(pages_class.name, algorithm, f"http://127.0.0.1:{port}", folder) as provider, \
                App.for_provider(folder, port, provider.discovery_url) as app:
            flows = Flows(browser, report, subject, pages_class, app, algorithm)
            if words:
                flows.rule_broken(words)
            else:
                flows.run()


def run_way(browser, report, pages_class, way, folder):
    """A login and a logout in another way than the usual one."""
    subject, port, algorithm = f"{pages_class.name} {way.name}", free_ports(), pages_class.algorithms[0]
    url = f"http://{way.host}:{port}"
    way.prepare(folder)
    words = pages_class.refused.get(way.name)
    with report.flow(subject, "rule broken" if words else "login"):
        with ProviderServer(pages_class.name, algorithm, url, folder, **way.provider) as provider, \
                App.for_provider(folder, port, provider.discovery_url, PUBLIC_URL=url, **way.settings) as app:
            flows = Flows(browser, report, subject, pages_class, app, algorithm)
            if words:
                flows.rule_broken(words)
            else:
                flows.run_way(way)


class Flows:
    def __init__(self, browser, report, subject, pages_class, app, algorithm):
        self.browser, self.report, self.subject = browser, report, subject
        self.pages_class, self.app, self.algorithm = pages_class, app, algorithm

    def flow(self, name, window):
        return self.report.flow(self.subject, name, window.photograph)

    def run(self):
        with self.report.flow(self.subject, "check"):
            self.check()
        if self.pages_class.can_refuse:
            with self.browser.window() as window, self.flow("refusal", window):
                self.refusal(window)
        with self.browser.window() as window:
            home, provider = AppPage(window.page, self.app.url), self.pages_class(window.page)
            hints = []
            window.page.on("request", lambda request: hints.append(algorithm_of_hint(request.url)))
            home.begin_login()
            provider.log_in()
            home.expect_logged_in(**provider.claims)
            with self.flow("reload", window):
                before = home.claims()
                window.page.reload()
                home.expect_logged_in(**before)
            with self.flow("logout", window):
                home.log_out()
                provider.confirm_logout()
                home.expect_provider_session_ended()
                home.open()
                home.expect_logged_out()
                home.login_control.click()
                provider.expect_login_form()
            with self.flow("algorithm", window):
                found = [hint for hint in hints if hint]
                assert self.algorithm in found, f"expected {self.algorithm}, the ID Token has {found or 'no algorithm'}"
        with self.browser.window() as window, self.flow("wrong password", window):
            self.wrong_password(window)

    def check(self):
        """What the app says of the provider before anybody logs in: that a login can work."""
        code, words = self.app.run("check")
        assert code == 0, f"exit status {code}: " + "; ".join(
            " ".join(line.split()) for line in words.splitlines() if line.strip().startswith("problem"))

    def run_way(self, way):
        with self.browser.window() as window:
            home, provider = AppPage(window.page, self.app.url), self.pages_class(window.page)
            addresses = []
            window.page.on("request", lambda request: addresses.append(request.url))
            home.begin_login()
            provider.log_in()
            home.expect_logged_in(**provider.claims)
            if way.name == "form_post":
                assert not any("code=" in address for address in addresses if address.startswith(self.app.url))
            with self.flow("reload", window):
                window.page.reload()
                home.expect_logged_in(**provider.claims)
            with self.flow("logout", window):
                home.log_out()
                provider.confirm_logout()
                home.expect_logged_out()

    def rule_broken(self, words):
        """The provider's ID Token breaks a rule: no login."""
        with self.browser.window() as window:
            home, provider = AppPage(window.page, self.app.url), self.pages_class(window.page)
            home.begin_login()
            provider.log_in()
            home.expect_error(words)
            home.open()
            home.expect_logged_out()

    def wrong_password(self, window):
        home, provider = AppPage(window.page, self.app.url), self.pages_class(window.page)
        home.begin_login()
        provider.enter("wrong-password")
        provider.complains()
        other = AppPage(window.new_tab(), self.app.url)
        other.open()
        other.expect_logged_out()
        provider.enter(PASSWORD)
        if not provider.remembers_consent:
            provider.consent()
        home.expect_logged_in(**provider.claims)

    def refusal(self, window):
        home, provider = AppPage(window.page, self.app.url), self.pages_class(window.page)
        home.begin_login()
        provider.enter(PASSWORD)
        provider.refuse()
        home.expect_error("refused")
        home.open()
        home.expect_logged_out()
