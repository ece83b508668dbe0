"""What a session store costs as its sessions grow: a table of the program session-growth for each store."""

import os
import subprocess

from .place import progress
from .report import Part, Table

#: How many sessions there are, in place of the usual numbers; `1000,1000000` takes ten minutes and 4 GB for files.
COUNTS = "BENCH_SESSIONS"
METHOD = """A store is filled with sessions of 2.5 KB, two of each user, by 64 callers at once. Times are the median
and the 99th percentile. *create*: all of them, divided by their number; *one create*: one more, alone; *first
lookup*: of one that was not looked up before, at random among all; *next lookup*: of one that was looked up within
the last seconds; *by owner*: the list of a user's sessions; *log out*: the end of a user's sessions; *size*: for
each session on the disk, and in the server's memory; *sweep*: the removal of a tenth, which has expired;
*meanwhile*: a first lookup during that, and the longest. Redis writes each change to its file (`appendonly yes`)."""


def run(place):
    usual = "1000,10000" if place.is_quick else "1000,10000,100000"
    counts = os.environ.get(COUNTS, usual).split(",")
    tables = [table(place, store, title, counts) for store, title in (("sqlite", "SQLite"), ("redis", "Redis"))]
    return Part("Session stores as they grow", METHOD, tables)


def table(place, store, title, counts):
    told = subprocess.run(
        [place.programs / "session-growth", store, *counts], capture_output=True, text=True, check=True,
        env=os.environ | {"TMPDIR": str(place.make("sessions"))}).stdout
    lines = [line.strip("| ") for line in told.splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.split(" | ")] for line in lines]
    progress(f"{title}: {', '.join(row[0] for row in rows[1:])} sessions")
    return Table(rows[0], [[f"{int(row[0]):,}", *row[1:]] for row in rows[1:]], title)
