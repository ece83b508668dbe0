"""Pictures of the pages, at the widths of a desk and of a phone, light and dark, kept in output/screenshots; each page is
audited for accessibility as it stands."""

from .accessibility import violations
from .app_page import AppPage, DevelopmentProviderPage
from .providers import provider_with_large_answers
from .servers import OUTPUT, App

SIZES = {1280: 800, 390: 844}
SUBJECT = "screenshots"
#: Settings of providers that nobody asks anything.
SEVERAL = {"PROVIDERS": "google,keycloak,entra"} | {
    f"{name}_{setting}": value
    for name, title, url in (
        ("GOOGLE", "Google", "https://accounts.google.com"),
        ("KEYCLOAK", "The university's Keycloak", "https://keycloak.example/realms/uni"),
        ("ENTRA", "Microsoft", "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0"))
    for setting, value in (
        ("TITLE", title), ("CLIENT_ID", "demo"), ("CLIENT_SECRET", "not-a-secret"),
        ("SERVER_METADATA_URL", url + "/.well-known/openid-configuration"))} | {
    "KEYCLOAK_EMAIL_DOMAINS": "uni.example", "KEYCLOAK_LOGO": "logo.svg"}
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="18" fill="#7a5cd0"/>\
<path d="M9 25 20 11l11 14z" fill="#fff"/></svg>"""


def run(browser, report, folder):
    pictures = OUTPUT / "screenshots"
    pictures.mkdir(parents=True, exist_ok=True)
    audited = []
    (folder / "several").mkdir(parents=True, exist_ok=True)
    (folder / "several" / "logo.svg").write_text(LOGO)
    with report.flow(SUBJECT, "apps"), App(folder / "app") as app, App(folder / "several", **SEVERAL) as several, \
            provider_with_large_answers(folder / "liar", "/userinfo", "1 MiB in one text") as liar, \
            App.for_provider(folder / "refused", None, liar) as refused:
        for width, height in SIZES.items():
            for scheme in ("light", "dark"):
                with browser.window(width, height, scheme) as window, \
                        report.flow(SUBJECT, f"{width} {scheme}", window.photograph):
                    camera = Camera(window.page, lambda name: pictures / f"{name}-{width}-{scheme}.png", audited)
                    photograph_all(camera, app, several, refused)
                    assert not camera.problems, "\n".join(camera.problems)
    wrong = sum(1 for _, found in audited if found)
    return f"accessibility: {len(audited)} pages audited, {wrong} with violations"


class Camera:
    """Takes pictures of a page, and looks at it with other eyes."""

    def __init__(self, page, file, audited):
        self.page, self.file, self.audited = page, file, audited
        self.problems = []

    def keep(self, name):
        self.page.screenshot(path=self.file(name), full_page=True)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.problems.append(f"{name} is {wide} pixels wider than the window")
        found = violations(self.page)
        self.audited.append((name, found))
        self.problems += [f"{name}: {line}" for line in found]

    def open_all(self):
        self.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def photograph_all(camera, app, several, refused):
    page = camera.page
    home, provider = AppPage(page, app.url), DevelopmentProviderPage(page)
    home.open()
    camera.keep("home-signed-out")
    home.login_control.click()
    names = provider.names()
    camera.keep("provider")
    provider.pick(names[0])
    home.expect_logged_in(name=names[0])
    camera.keep("home-signed-in")
    home.open("/admin")
    camera.keep("admin")
    home.open()
    home.open_sessions()
    camera.keep("sessions")
    home.open("/login/trace")
    camera.keep("trace")
    camera.open_all()
    camera.keep("trace-opened")
    home.open("/login/authorize?code=x&state=y")
    camera.open_all()
    camera.keep("error")
    home.open("/no-such-page")
    camera.keep("not-found")
    home.open()
    home.log_out()
    home.begin_login()
    provider.pick(names[1])
    home.open("/admin")
    camera.keep("forbidden")
    AppPage(page, several.url).open("/login")
    camera.keep("chooser")
    AppPage(page, refused.url).open("/login")
    camera.open_all()
    camera.keep("refused")
    AppPage(page, refused.url).open("/login/trace")
    camera.keep("trace-refused")
