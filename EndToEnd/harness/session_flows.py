"""Sessions and their ends, with the development provider: logout, also when another site asks, and a user's other
sessions."""

import re

from playwright.sync_api import expect

from .app_page import PROVIDER_SESSION_ENDED, AppPage
from .flows import Flows


class SessionFlows(Flows):
    def reload(self, window):
        home, name = self._log_in(window.page)
        window.page.reload()
        home.expect_logged_in(name=name)

    def logout(self, window):
        home, name = self._log_in(window.page)
        home.log_out()
        home.expect_provider_session_ended()
        home.open()
        home.expect_logged_out()
        expect(home.said).not_to_contain_text(PROVIDER_SESSION_ENDED)
        window.page.go_back()
        assert name not in home.claims().values(), "the page before the logout is still shown"

    def foreign_state_after_a_logout(self, window):
        """What came back with another state than ours says nothing of a logout that we asked for."""
        home, _ = self._log_in(window.page)
        sent = []

        def stop(route):
            sent.append(route.fetch(max_redirects=0).headers["location"])
            route.fulfill(status=200, content_type="text/plain", body="stopped")

        window.page.route(self.app.url + "/logout", stop)
        home.log_out()
        expect(window.page.locator("body")).to_have_text("stopped")
        changed, times = re.subn(r"\bstate=[^&]*", "state=" + "x" * 43, sent[0])
        assert times == 1, f"no state was sent: {sent[0]}"
        window.page.goto(changed)
        home.expect_logged_out()
        assert "state=xxx" in window.page.url, window.page.url
        expect(home.said).not_to_contain_text(PROVIDER_SESSION_ENDED)

    def logout_asked_for_by_another_site(self, window):
        """A link from elsewhere gets a question, and ends nothing before that is answered."""
        home, name = self._log_in(window.page)
        elsewhere = self.app.url.replace("127.0.0.1", "localhost") + "/healthz"  # another site: another host
        window.page.goto(elsewhere)
        window.page.evaluate("address => { location = address }", self.app.url + "/logout")
        expect(window.page).to_have_url(self.app.url + "/logout")
        expect(home.logout_control).to_be_visible()
        tab = AppPage(window.new_tab(), self.app.url)
        tab.open()
        tab.expect_logged_in(name=name)
        home.log_out()
        home.expect_provider_session_ended()

    def sessions_and_their_ends(self, window):
        """Two browsers of a user and one of another: the first sees both of its own, and ends the other one."""
        home, _ = self._log_in(window.page)
        home.end_all_sessions()  # those of the flows before
        home.open()
        home.expect_logged_out()
        with self.browser.window() as second, self.browser.window() as stranger:
            home, name = self._log_in(window.page)
            other, _ = self._log_in(second.page)
            third, third_name = self._log_in(stranger.page, user=1)
            rows = home.open_sessions()
            expect(rows).to_have_count(2)
            expect(home.current(rows)).to_have_count(1)
            home.others(rows).get_by_role("button").click()
            expect(home.open_sessions()).to_have_count(1)
            other.open()
            other.expect_logged_out()
            home.open()
            home.expect_logged_in(name=name)
            third.open()
            third.expect_logged_in(name=third_name)

    def log_out_everywhere(self, window):
        with self.browser.window() as second, self.browser.window() as stranger:
            home, _ = self._log_in(window.page)
            other, _ = self._log_in(second.page)
            third, third_name = self._log_in(stranger.page, user=1)
            home.end_all_sessions()
            for page in (home, other):
                page.open()
                page.expect_logged_out()
            third.open()
            third.expect_logged_in(name=third_name)

    def old_session_cookie(self, window):
        home, _ = self._log_in(window.page)
        cookies = window.context.cookies(self.app.url)
        home.log_out()
        home.expect_logged_out()
        window.context.add_cookies(cookies)
        home.open()
        home.expect_logged_out()

    def restart(self, window):
        home, name = self._log_in(window.page)
        code = self.app.stop()
        assert code == 0, f"the app ended with {code} after SIGTERM"
        self.app.start()
        window.page.reload()
        home.expect_logged_in(name=name)
