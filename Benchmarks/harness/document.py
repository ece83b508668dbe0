"""Writes what a run found: docs/performance.md, whole, and its plot."""

import datetime
import os
import pathlib
import platform
import re
import subprocess
from importlib import metadata

from .place import ROOT
from .plot import svg
from .report import Table

DOCUMENT = ROOT / "docs/performance.md"
PLOT = ROOT / "docs/images/performance.svg"
PACKAGES = (
    "nginx", "apache2", "libapache2-mod-auth-openidc", "redis-server", "wrk", "valgrind",
    "libmicrohttpd12", "libcurl4", "libssl3", "libsqlite3-0", "libhiredis0.14")
PYTHON_PACKAGES = ("Flask", "Authlib", "gunicorn", "requests", "PyJWT", "joserfc", "cryptography")
HEAD = """# Performance

What `make bench` found; it wrote this page and measures everything anew ([what, and how](../Benchmarks/README.md)). The
app and its peers are measured by turns on the same machine, and compared round by round: a figure is the median of the
rounds, and in brackets are the least and the most. Processor time is the steadier figure; rates are those of cores that
the load has its share of.

![Bars of the processor time for a signed-in page and for a login, of the app and its peers](images/performance.svg)

{machine}

## Aims
"""


def write(parts, seconds):
    head = HEAD.format(machine=machine(seconds).markdown())  # before the files change, which git would tell
    PLOT.write_text(svg([part.chart for part in parts if part.chart]))
    DOCUMENT.write_text(head + "\n" + markdown(parts))


def markdown(parts):
    """The aims of all parts in one table, then a chapter for each part."""
    aims = [aim.row() for part in parts for aim in part.aims]
    chapters = [Table(["What", "Aim", "Result", "Met"], aims).markdown()] if aims else []
    for part in parts:
        chapters += [f"## {part.title}", part.method, *(table.markdown() for table in part.tables)]
    return "\n\n".join(chapters) + "\n"


def machine(seconds):
    """On what it was measured."""
    cores = len(os.sched_getaffinity(0))
    memory = int(re.search(r"MemTotal:\s+(\d+)", read("/proc/meminfo")).group(1)) / 2**20
    model = re.search(r"^model name\s*:\s*(.*)$", read("/proc/cpuinfo"), re.M)
    system = re.search(r'^PRETTY_NAME="(.*)"', read("/etc/os-release"), re.M)
    commit = told("git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*")
    packages = [f"{name} {version}" for name in PACKAGES
                if (version := told("dpkg-query", "-W", "-f=${Version}", name))]
    python = [f"{name} {metadata.version(name)}" for name in PYTHON_PACKAGES]
    return Table(["", ""], [
        ["When", f"{datetime.date.today()}, `make bench`, {seconds / 60:.0f} minutes, commit {commit}"],
        ["Machine", f"{cores} cores ({model.group(1) if model else platform.machine()}), {memory:.0f} GiB of memory"],
        ["System", f"{system.group(1) if system else platform.system()}, Linux {platform.release()}"],
        ["Compiler", (told("swift", "--version") or "unknown").splitlines()[0]],
        ["Packages", ", ".join(packages)],
        ["Python", f"{platform.python_version()}, {', '.join(python)}"],
    ])


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8", errors="replace")


def told(*command):
    """What a program says; nothing, where it is not there or fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
