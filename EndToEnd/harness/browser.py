"""Chromium, without a screen. A window is a browser of its own: nothing of another window's cookies is in it. It knows nothing
of the run's certification authority, and minds no certificate."""

import contextlib
import os
import re
import shutil

from playwright.sync_api import expect, sync_playwright

from .servers import OUTPUT

TIMEOUT = 15_000
expect.set_options(timeout=TIMEOUT)


class Window:
    def __init__(self, context):
        self.context = context
        self.page = context.new_page()

    def new_tab(self):
        return self.context.new_page()

    def photograph(self, name):
        """Keeps a picture of the page, of a failed flow for one."""
        folder = OUTPUT / "failures"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / (re.sub(r"\W+", "-", name) + ".png"), full_page=True, timeout=5_000)
        print(f"  {name}: at {self.page.url[:200]}", flush=True)


class Browser:
    def __init__(self, playwright):
        path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.chromium = playwright.chromium.launch(executable_path=path, args=arguments)

    @contextlib.contextmanager
    def window(self, width=1280, height=800, scheme="light", **options):
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-US",
            ignore_https_errors=True, **options)
        context.set_default_timeout(TIMEOUT)
        try:
            yield Window(context)
        finally:
            context.close()


@contextlib.contextmanager
def browser():
    with sync_playwright() as playwright:
        started = Browser(playwright)
        try:
            yield started
        finally:
            started.chromium.close()
