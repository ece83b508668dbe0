"""The app's pages, as the tests see them: every selector for our own HTML is here."""

import re

from playwright.sync_api import Page, expect


PROVIDER_SESSION_ENDED = re.compile(r"session\b.*\b(ended|over)\b.*\btoo\b|logged out, here and at", re.I)
OWN_SESSION = re.compile(r"\b(this|current)\b", re.I)


class AppPage:
    def __init__(self, page: Page, url: str):
        self.page = page
        self.url = url

    def open(self, path="/"):
        return self.page.goto(self.url + path)

    @property
    def login_control(self):
        name = re.compile(r"\blog ?in\b", re.I)
        return self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name)).first

    @property
    def logout_control(self):
        return self.page.get_by_role("button", name=re.compile(r"\blog ?out\b", re.I)).first

    def begin_login(self):
        self.open()
        self.login_control.click()

    def log_out(self):
        self.logout_control.click()

    def claims(self):
        """The claims that the page shows, by name."""
        rows = self.page.locator("tr").filter(has=self.page.locator("td"))
        return dict(rows.evaluate_all(
            "rows => rows.map(row => [row.querySelector('th').innerText.trim(),"
            " row.querySelector('td').innerText.trim()])"))

    def expect_home(self):
        expect(self.page).to_have_url(re.compile("^" + re.escape(self.url) + r"/(\?.*)?$"))

    def expect_logged_in(self, **claims):
        """The start page shows these claims."""
        self.expect_home()
        expect(self.logout_control).to_be_visible()
        shown = self.claims()
        missing = {name: value for name, value in claims.items() if shown.get(name) != value}
        assert not missing, f"expected {missing} among the claims {shown}"

    def expect_logged_out(self):
        self.expect_home()
        expect(self.login_control).to_be_visible()
        expect(self.logout_control).to_have_count(0)

    @property
    def said(self):
        return self.page.locator("main, body").first

    def expect_provider_session_ended(self):
        """After the provider sent the browser back from a logout that was asked of it here."""
        self.expect_logged_out()
        expect(self.said).to_contain_text(PROVIDER_SESSION_ENDED)

    def open_sessions(self):
        """The rows of the user's sessions; each has a form that ends it."""
        self.open("/sessions")
        rows = self.page.locator("tr").filter(has=self.page.locator("form[action='/sessions/end']"))
        expect(rows.first).to_be_visible()
        return rows

    def current(self, rows):
        """The row of this browser's own session."""
        return rows.filter(has_text=OWN_SESSION)

    def others(self, rows):
        return rows.filter(has_not_text=OWN_SESSION)

    def end_all_sessions(self):
        self.open("/sessions")
        self.page.locator("form[action='/sessions/end-all'] button").click()

    def expect_error(self, words):
        """The page is an error page of the app that says this, and has a way on."""
        expect(self.page.locator("h1")).to_be_visible()
        expect(self.said).to_contain_text(re.compile(words, re.I))
        ways = self.page.get_by_role("link", name=re.compile("again|start page", re.I))
        expect(ways.first).to_be_visible()


class DevelopmentProviderPage:
    """The pages of the provider that the app brings along."""

    def __init__(self, page: Page):
        self.page = page

    @property
    def users(self):
        return self.page.locator("ul.users button")

    def names(self):
        expect(self.users.first).to_be_visible()
        return self.page.locator("ul.users button .name").all_inner_texts()

    def pick(self, name):
        self.users.filter(has_text=name).click()

    def cancel(self):
        self.page.get_by_role("button", name=re.compile("cancel", re.I)).click()
