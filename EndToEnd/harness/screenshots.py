"""Pictures of the pages, at the widths of a desk and of a phone, light and dark, kept in output/screenshots."""

from .app_page import AppPage, DevelopmentProviderPage
from .servers import OUTPUT, App

SIZES = {1280: 800, 390: 844}
SUBJECT = "screenshots"


def run(browser, report, folder):
    pictures = OUTPUT / "screenshots"
    pictures.mkdir(parents=True, exist_ok=True)
    with report.flow(SUBJECT, "app"), App(folder) as app:
        for width, height in SIZES.items():
            for scheme in ("light", "dark"):
                with browser.window(width, height, scheme) as window, \
                        report.flow(SUBJECT, f"{width} {scheme}", window.photograph):
                    photograph_all(window, app, lambda name: pictures / f"{name}-{width}-{scheme}.png")


def photograph_all(window, app, file):
    page = window.page
    home, provider = AppPage(page, app.url), DevelopmentProviderPage(page)

    def keep(name):
        page.screenshot(path=file(name), full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} pixels wider than the window"

    home.open()
    keep("home-signed-out")
    home.login_control.click()
    names = provider.names()
    keep("provider")
    provider.pick(names[0])
    home.expect_logged_in(name=names[0])
    keep("home-signed-in")
    home.open_sessions()
    keep("sessions")
    home.open("/login/authorize?code=x&state=y")
    keep("error")
    home.open("/no-such-page")
    keep("not-found")
