"""A guard against decay: the instructions of hot operations, counted by callgrind, beside those of the file.

usage: python -m Benchmarks.harness.instructions [--write]      --write: the file takes what was counted
"""

import argparse
import os
import pathlib
import re
import subprocess
import tempfile

from .place import Place, progress
from .report import Part, Table

FILE = pathlib.Path(__file__).resolve().parent.parent / "instructions.txt"
#: What is counted, and what it is called.
OPERATIONS = {
    "id-token-rs256": "the whole check of an RS256 ID Token",
    "signed-in-sqlite": "a signed-in request whose session was read from SQLite within the last seconds",
    "signed-in-sqlite-anew": "a signed-in request whose session is read from SQLite's file",
    "signed-in-cookie": "a signed-in request with the session in its cookie",
    "discovery-json": "the strict reading of a provider's metadata",
    "begin-login": "the start of a login, with its sealed transaction",
    "whole-login": "start and end of a login, with what a provider in memory does for it",
}
#: The difference between these two is free of what the start and the preparations take.
COUNTS = (100, 600)
#: More than that is said aloud.
TOLERANCE = 0.05
METHOD = f"""`valgrind --tool=callgrind` counts the instructions of the program `hot-operations`, once with {COUNTS[0]}
repetitions and once with {COUNTS[1]}: the difference, divided, is one operation, from the request or the bytes to the
answer and without any socket. The same build gives the same count to within a few parts in a thousand, however busy the
machine is. Valgrind shows the program a processor of its own making: OpenSSL chooses other code for it than in earnest,
so that the counts of what encrypts or verifies compare with each other and not with a clock."""


def run(place):
    before, counted = kept(), {}
    for name in OPERATIONS:
        counted[name] = count(place, name)
        progress(f"{name}: {counted[name]:,}")
    rows = [[name, what, f"{counted[name]:,}", *compared(name, counted, before)] for name, what in OPERATIONS.items()]
    grown = [name for name in OPERATIONS if name in before and counted[name] > before[name] * (1 + TOLERANCE)]
    verdict = (f"**More than {TOLERANCE:.0%} has been added to: {', '.join(grown)}.**" if grown
               else f"None has grown by more than {TOLERANCE:.0%}.")
    return Part("Instructions of hot operations", METHOD + "\n\n" + verdict, [
        Table(["operation", "is", "instructions", "in `Benchmarks/instructions.txt`", "change"], rows)])


def compared(name, counted, before):
    """The count in the file, and what has come to it."""
    if name not in before:
        return "–", "new"
    return f"{before[name]:,}", f"{counted[name] / before[name] - 1:+.1%}"


def count(place, name):
    """The instructions of one operation."""
    fewer, more = (total(place, name, times) for times in COUNTS)
    return round((more - fewer) / (COUNTS[1] - COUNTS[0]))


def total(place, name, times):
    file = place.make("callgrind") / "out"
    subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={file}", place.programs / "hot-operations", name,
         str(times)], check=True, capture_output=True,
        env=os.environ | {"SWIFT_DETERMINISTIC_HASHING": "1", "TMPDIR": str(file.parent)})
    return int(re.search(r"^(?:totals|summary): (\d+)", file.read_text(), re.MULTILINE).group(1))


def kept():
    """The counts in the file."""
    if not FILE.is_file():
        return {}
    lines = (line.split() for line in FILE.read_text().splitlines() if line and not line.startswith("#"))
    return {name: int(number) for name, number in lines}


def write(counted):
    versions = ", ".join(first_line(*command) for command in
                         (("swift", "--version"), ("valgrind", "--version"), ("openssl", "version")))
    lines = ["# Instructions of one operation, written by `python -m Benchmarks.harness.instructions --write`.",
             f"# {versions}", *(f"{name} {number}" for name, number in counted.items())]
    FILE.write_text("\n".join(lines) + "\n")


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    is_to_write = parser.parse_args().write
    with tempfile.TemporaryDirectory(prefix="oidc-bench-") as folder:
        place = Place.at(folder)
        if is_to_write:
            write({name: count(place, name) for name in OPERATIONS})
        print("\n\n".join(table.markdown() for table in run(place).tables))


if __name__ == "__main__":
    main()
