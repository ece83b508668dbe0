"""What a server and the processes that it started cost: processor time and memory, as the kernel counts them."""

import os
import pathlib
import re

TICKS = os.sysconf("SC_CLK_TCK")


def fields(pid):
    """The fields of /proc/PID/stat behind the program's name: the state first."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def tree(pid):
    """A process and all that come from it."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                children.setdefault(int(fields(entry)[1]), []).append(int(entry))
            except (OSError, IndexError):
                continue  # it has just ended
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def processor_seconds(pid):
    """Of the whole tree, with those of its children that have ended."""
    return sum(sum(map(int, fields(each)[11:15])) for each in tree(pid)) / TICKS


def memory_mib(pid):
    """The proportional set size of the whole tree."""
    total = 0
    for each in tree(pid):
        sums = pathlib.Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii")
        total += int(re.search(r"^Pss:\s+(\d+)", sums, re.M).group(1))
    return total / 1024
