"""The providers' own pages, driven as a user would: log in, consent or refuse, confirm a logout."""

import re

from playwright.sync_api import Page, expect

USER, PASSWORD = "alice", "alice-password-1"


def origin(url):
    return re.match(r"https?://[^/]+", url).group()


class ProviderPages:
    """What a provider needs to say of itself, and the defaults."""

    name: str
    #: The ID Token's algorithms, the first is tried with every flow.
    algorithms: tuple[str, ...]
    #: Algorithms with which its ID Tokens break a rule, and what the app says of it.
    refused: dict[str, str] = {}
    #: Ways of a login, beside the usual one, that it knows.
    ways: tuple[str, ...] = ()
    #: The channels, "back" or "front", by which it tells a relying party that its own session has ended.
    channels: tuple[str, ...] = ()
    #: Where the consent page has a button that refuses.
    can_refuse = True
    #: Where a consent once given is not asked for again.
    remembers_consent = False
    #: What the login page says after a wrong password.
    complaint: str
    #: The claims that a login must bring.
    claims = {"name": "Alice Example", "email": "alice@example.test", "preferred_username": USER}

    def __init__(self, page: Page):
        self.page = page

    def button(self, name):
        return self.page.get_by_role("button", name=name)

    def enter(self, password):
        """Types name and password into the login page and sends them."""
        raise NotImplementedError

    def complains(self):
        expect(self.page.get_by_text(self.complaint)).to_be_visible()

    def expect_login_form(self):
        """The provider asks who one is: it has no session of its own."""
        expect(self.page.locator("input[type=text]:visible").first).to_be_visible()

    def consent(self):
        raise NotImplementedError

    def refuse(self):
        raise NotImplementedError

    def confirm_logout(self):
        """Answers the provider's question whether to log out, where it asks."""

    def end_session(self, discovery_url):
        """Logs out at the provider itself, in a window that has been there, without the relying party."""
        raise NotImplementedError

    def log_in(self):
        self.enter(PASSWORD)
        self.consent()


class Glewlwyd(ProviderPages):
    name = "glewlwyd"
    algorithms = ("RS256", "ES256", "EdDSA", "PS256")
    # Its at_hash is made with SHA-256 whatever the algorithm; that of Ed25519 is SHA-512.
    # In a form post its iss is percent-encoded.
    refused = {"EdDSA": "makes at_hash with SHA-256", "form_post": "Another provider answered"}
    ways = ("client_secret_jwt", "private_key_jwt", "form_post")
    channels = ("back", "front")
    can_refuse = False
    complaint = "Authentication error"

    def enter(self, password):
        self.page.locator("#username").fill(USER)
        self.page.locator("#password").fill(password)
        self.page.locator("#loginbut").click()

    def consent(self):
        grant = self.button("Grant access")
        go_on = self.page.get_by_title("Continue to client application")
        expect(go_on).to_be_visible()
        if grant.is_visible():
            self.page.locator("#grant-profile").check()
            self.page.locator("#grant-email").check()
            grant.click()
            expect(grant).to_be_hidden()
        go_on.click()

    def confirm_logout(self):
        self.button("Logout").first.click()

    def end_session(self, discovery_url):
        """The logout page is for one session, which a cookie of its own names."""
        session = {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies()}["GLEWLWYD2_OIDC_SESSION"]
        self.page.goto(
            f"{origin(discovery_url)}/login.html?prompt=end_session&plugin=oidc&client_id=oidc-demo&sid={session}")
        self.confirm_logout()
        expect(self.page.get_by_text("You are disconnected")).to_be_visible()


class Canaille(ProviderPages):
    name = "canaille"
    algorithms = ("RS256", "ES256", "EdDSA")
    remembers_consent = True
    complaint = "Login failed"

    def enter(self, password):
        # The page may still be on its way: whether it asks for the user shows when it asks for anything.
        self.page.locator("[name=login]:visible, [name=password]:visible").first.wait_for()
        if self.page.locator("[name=login]").is_visible():
            self.page.locator("[name=login]").fill(USER)
            self.button("Continue").click()
        self.page.locator("[name=password]").fill(password)
        self.button("Sign in").click()

    def consent(self):
        self.button("Accept").click()

    def refuse(self):
        self.button("Deny").click()


class LemonLDAP(ProviderPages):
    name = "lemonldap-ng"
    algorithms = ("RS256", "RS512")
    ways = ("form_post", "signed UserInfo")
    channels = ("front",)
    remembers_consent = True
    complaint = "Wrong credentials"

    def enter(self, password):
        self.page.locator("#userfield").fill(USER)
        self.page.locator("#passwordfield").fill(password)
        self.button("Connect").click()

    def consent(self):
        self.button("Accept").click()

    def refuse(self):
        self.button("Refuse").click()

    def confirm_logout(self):
        self.button("Accept").click()

    def end_session(self, discovery_url):
        self.page.goto(origin(discovery_url) + "/?logout=1")
        expect(self.page.get_by_text("You'll be redirected")).to_be_visible()


class DjangoOAuthToolkit(ProviderPages):
    name = "django-oauth-toolkit"
    algorithms = ("RS256",)
    complaint = re.compile("enter a correct username and password")

    def enter(self, password):
        self.page.locator("[name=username]").fill(USER)
        self.page.locator("[name=password]").fill(password)
        self.button("Log in").click()

    def consent(self):
        self.button("Authorize").click()

    def refuse(self):
        self.button("Cancel").click()

    def confirm_logout(self):
        self.button("Logout").click()


class IdPyOIDC(ProviderPages):
    """The pages are ours (providers/idpyoidc/provider.py): the library has none. It asks for no consent."""

    name = "idpyoidc"
    algorithms = ("RS256", "ES256")
    channels = ("back", "front")
    can_refuse = False
    remembers_consent = True
    complaint = "Wrong name or password"

    def enter(self, password):
        self.page.locator("[name=username]").fill(USER)
        self.page.locator("[name=password]").fill(password)
        self.button("Log in").click()

    def consent(self):
        pass

    def confirm_logout(self):
        self.button("Log out").click()

    def end_session(self, discovery_url):
        self.page.goto(origin(discovery_url) + "/session")
        self.confirm_logout()
        expect(self.page.get_by_role("heading", name=re.compile("Logged out|Logging out"))).to_be_visible()


ALL = (Glewlwyd, Canaille, LemonLDAP, DjangoOAuthToolkit, IdPyOIDC)
