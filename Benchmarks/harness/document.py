"""Writes what a run found: docs/performance.md, whole, and its plot."""

import datetime
import os
import pathlib
import platform
import re
import shutil
import subprocess
from importlib import metadata

from .place import ROOT
from .report import Table

DOCUMENT = ROOT / "docs/performance.md"


def markdown(parts):
    """The aims of all parts in one table, then a chapter for each part."""
    aims = [aim.row() for part in parts for aim in part.aims]
    chapters = [Table(["Aim", "", "Result", "Met"], aims).markdown()] if aims else []
    for part in parts:
        chapters += [f"## {part.title}", part.method, *(table.markdown() for table in part.tables)]
    return "\n\n".join(chapters) + "\n"


def write(parts):
    DOCUMENT.write_text(markdown(parts))
