"""Counts what passed and what failed, and says it: a line for each failure, a table, and the closing line."""

import contextlib
import time
import traceback


class Report:
    def __init__(self):
        self.results = []
        self.started = time.monotonic()

    @contextlib.contextmanager
    def flow(self, subject, name, on_failure=None):
        """Runs one flow. What it raises is its failure, and the run goes on."""
        begin = time.monotonic()
        try:
            yield
        except Exception as error:  # whatever went wrong in a flow is the flow's result
            if on_failure:
                with contextlib.suppress(Exception):
                    on_failure(f"{subject} {name}")
            self.add(subject, name, False, time.monotonic() - begin)
            lines = str(error).strip().splitlines()[:6] or [type(error).__name__]
            place = traceback.extract_tb(error.__traceback__)[-1]
            own = [frame for frame in traceback.extract_tb(error.__traceback__) if "/harness/" in frame.filename]
            place = own[-1] if own else place
            print(f"FAILED {subject}: {name}\n  at {place.name}, line {place.lineno}: " + "\n  ".join(lines), flush=True)
        else:
            self.add(subject, name, True, time.monotonic() - begin)

    def add(self, subject, name, passed, seconds=0.0):
        self.results.append((subject, name, passed, seconds))
        if passed:
            print(f"passed {subject}: {name} ({seconds:.1f} s)", flush=True)

    def table(self, subjects, names):
        """Subjects down, flows across; a dash where a flow does not exist."""
        outcome = {(subject, name): passed for subject, name, passed, _ in self.results}
        words = {True: "passed", False: "FAILED", None: "-"}
        wide = max(map(len, subjects), default=0)
        lines = ["  ".join([" " * wide, *names])]
        for subject in subjects:
            cells = [words[outcome.get((subject, name))].ljust(len(name)) for name in names]
            lines.append("  ".join([subject.ljust(wide), *cells]).rstrip())
        here = [passed for subject, _, passed, _ in self.results if subject in subjects]
        lines.append(f"{sum(here)} of {len(here)} flows passed")
        return "\n".join(lines)

    def close(self):
        """Prints the closing line; the exit code."""
        passed = sum(1 for result in self.results if result[2])
        failed = len(self.results) - passed
        print(f"took {time.monotonic() - self.started:.0f} s")
        print(f"{passed} passed, {failed} failed", flush=True)
        return 1 if failed or not passed else 0
