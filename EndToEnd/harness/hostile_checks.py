"""What the app's memory does while a provider's answers are as large as they can be."""

import pathlib
import urllib.error
import urllib.parse
import urllib.request

from load import hostile_provider

from .providers import provider_with_large_answers
from .servers import App

SUBJECT = "hostile"
#: What an answer may add to the idle app.
LIMIT_MIB = 32


def run(report, folder):
    """The figures, as lines: the five that took most."""
    found = []
    for endpoint in hostile_provider.ENDPOINTS:
        with report.flow(SUBJECT, f"answers at {endpoint}"):
            for answer in hostile_provider.ANSWERS:
                grown, status = measure(folder / f"{endpoint.strip('/').replace('/', '-')}-{answer}", endpoint, answer)
                found.append((grown, status, answer, endpoint))
                assert status in (200, 400, 502, 504), f"{answer} at {endpoint}: status {status}"
                assert grown <= LIMIT_MIB, f"{answer} at {endpoint}: {grown:.1f} MiB more"
    lines = [f"{grown:.1f} MiB more than idle, status {status}: {answer} at {endpoint}"
             for grown, status, answer, endpoint in sorted(found, reverse=True)[:5]]
    return f"the five of {len(found)} hostile answers that took most memory\n" + "\n".join(lines)


def measure(folder, endpoint, answer):
    """How much the app's memory grew at its height, in MiB, and the status of the last page."""
    with provider_with_large_answers(folder, endpoint, answer) as url, App.for_provider(folder, None, url) as app:
        status_file = pathlib.Path(f"/proc/{app.pid}/status")
        pathlib.Path(f"/proc/{app.pid}/clear_refs").write_text("5")  # the height is measured from here
        idle = field(status_file, "VmRSS")
        status = log_in(app.url)
        return (field(status_file, "VmHWM") - idle) / 1024, status


def field(file, name):
    """A line of /proc/PID/status, in KiB."""
    return next(int(line.split()[1]) for line in file.read_text().splitlines() if line.startswith(name + ":"))


class KeepRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def log_in(url):
    """A login as far as it goes; the status of where it ends."""
    opener = urllib.request.build_opener(KeepRedirects, urllib.request.HTTPCookieProcessor())
    target = url + "/login"
    for _ in range(6):
        try:
            with opener.open(target, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            if error.code not in (302, 303):
                return error.code
            target = urllib.parse.urljoin(target, error.headers["Location"])
    return 0
