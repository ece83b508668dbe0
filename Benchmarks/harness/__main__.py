"""Runs the benchmarks: all, and writes docs/performance.md; or the parts named, and prints what they found.

usage: python -m Benchmarks.harness [PART ...]      see Benchmarks/README.md
"""

import importlib
import os
import pathlib
import signal
import sys
import tempfile
import time

from .document import markdown, write
from .place import Place

HERE = pathlib.Path(__file__).resolve().parent
#: In the order of the document. Each is a module here with `run(place) -> Part`.
PARTS = [
    "pages", "logins", "waiting", "footprint", "connections", "tokens", "growth", "sessions", "instructions",
]


def main(asked):
    known = [name for name in PARTS if (HERE / f"{name}.py").is_file()]
    unknown = set(asked) - set(known)
    if unknown:
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    missing = [path for path in (Place.static_program, Place.dynamic_program) if not path.is_file()]
    if missing:
        sys.exit(f"there is no {missing[0]}: `make bench` builds it")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that what was started is stopped
    parts, begin = [], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="oidc-bench-") as name:
        os.chmod(name, 0o755)  # the workers of nginx and Apache are other users, and read pages there
        place = Place.at(name)
        for part in asked or known:
            print(f"{part} (at {time.monotonic() - begin:.0f} s)", flush=True)
            parts.append(importlib.import_module(f".{part}", __package__).run(place))
    if asked or place.is_quick:
        print("\n" + markdown(parts))
    else:
        write(parts, time.monotonic() - begin)
        print("written: docs/performance.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
