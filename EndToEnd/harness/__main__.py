"""Runs the end-to-end tests: all, or the parts named.

usage: python -m harness [development] [screenshots] [logout] [forward-auth] [connections] [load] [hostile] [machines] [failover] [kills] [PROVIDER ...]
"""

import pathlib
import shutil
import signal
import sys
import tempfile

from . import connection_checks, development_flows, failover_checks, forward_auth, hostile_checks, kill_checks, load_checks, logout_flows, machine_checks
from . import provider_flows, provider_pages, screenshots, session_watch, ways
from .browser import browser
from .report import Report
from .servers import OUTPUT, App


#: The parts without a browser.
CHECKS = {"connections": connection_checks, "load": load_checks, "hostile": hostile_checks, "machines": machine_checks, "failover": failover_checks, "kills": kill_checks}


def main(parts):
    known = ["development", "screenshots", "logout", "forward-auth", *CHECKS, *(pages.name for pages in provider_pages.ALL)]
    unknown = set(parts) - set(known)
    if unknown:
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    parts = parts or known
    if not pathlib.Path(App.program).is_file():
        sys.exit(f"there is no {App.program}: run 'make build' first, or say where it is by OIDC_DEMO")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that what was started is stopped
    shutil.rmtree(OUTPUT / "failures", ignore_errors=True)
    report = Report()
    tables = []
    with tempfile.TemporaryDirectory(prefix="oidc-e2e-") as name:
        folder = pathlib.Path(name)
        with browser() as chromium:
            if "development" in parts:
                development_flows.run(chromium, report, folder / "development")
            if "screenshots" in parts:
                tables.append(screenshots.run(chromium, report, folder / "screenshots"))
            subjects = []
            for pages in provider_pages.ALL:
                for algorithm in pages.algorithms if pages.name in parts else ():
                    subjects.append(f"{pages.name} {algorithm}")
                    provider_flows.run(chromium, report, pages, algorithm, folder / subjects[-1].replace(" ", "-"))
                for name in pages.ways if pages.name in parts else ():
                    subjects.append(f"{pages.name} {name}")
                    provider_flows.run_way(
                        chromium, report, pages, ways.ALL[name], folder / subjects[-1].replace(" ", "-"))
            if subjects:
                tables.append(report.table(subjects, provider_flows.FLOWS))
            if "logout" in parts:
                speakers = [pages for pages in provider_pages.ALL if pages.channels]
                for pages in speakers:
                    logout_flows.run(chromium, report, pages, folder / "logout")
                tables.append(report.table([pages.name for pages in speakers], logout_flows.FLOWS))
                session_watch.run(chromium, report, folder / "session")
            if "forward-auth" in parts:
                forward_auth.run(chromium, report, folder / "forward-auth")
        for name, checks in CHECKS.items():
            if name in parts:
                tables.append(checks.run(report, folder / name))
        keep_logs(folder)
    print("\n" + "\n\n".join(tables))
    return report.close()


def keep_logs(folder):
    """What the app said, kept for a look after a failure."""
    logs = OUTPUT / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True, exist_ok=True)
    for log in folder.rglob("log"):
        shutil.copy(log, logs / ("-".join(log.parent.relative_to(folder).parts) + ".txt"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
