"""Where a run is, and how much it does."""

import dataclasses
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


@dataclasses.dataclass
class Place:
    #: For files of the servers; it is removed after the run.
    folder: pathlib.Path
    #: How often what is measured by turns is measured, if it was said; 1 makes a quick run.
    asked_rounds: int | None

    @classmethod
    def at(cls, folder):
        rounds = os.environ.get("BENCH_ROUNDS")
        return cls(pathlib.Path(folder), int(rounds) if rounds else None)

    def rounds(self, usual):
        return self.asked_rounds or usual

    @property
    def is_quick(self):
        return self.asked_rounds == 1

    #: The app with Swift inside, as it is deployed, and the one that needs Swift's libraries beside it.
    static_program = pathlib.Path(os.environ.get("OIDC_DEMO", ROOT / ".build/static/release/oidc-demo"))
    dynamic_program = ROOT / ".build/release/oidc-demo"
    #: Where the programs of this package are.
    programs = ROOT / "Benchmarks/.build/release"

    def make(self, name):
        """A folder of that name. What listens as another user, as nginx's and Apache's workers do, may read in it."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def progress(text):
    print(f"  {text}", flush=True)
