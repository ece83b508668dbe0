"""Starting and stopping the app, on loopback; it is ended by its pid."""

import contextlib
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from .authority import authority

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent
OUTPUT = pathlib.Path(os.environ.get("OIDC_E2E_OUTPUT", ROOT / "output"))
CLIENT_ID = "oidc-demo"
CLIENT_SECRET = "demo-secret-0123456789abcdef0123456789"


def free_ports(count=1):
    """The first of so many free ports in a row, below those that the system hands out itself."""
    for _ in range(500):
        first = random.randrange(20000, 31000)
        try:
            with contextlib.ExitStack() as held:
                for port in range(first, first + count):
                    probe = held.enter_context(socket.socket())
                    probe.bind(("127.0.0.1", port))
                return first
        except OSError:
            continue
    raise RuntimeError("no free port")


def wait_for(url, alive, seconds=15):
    """Asks until an answer of any status comes."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError as error:
            if time.monotonic() > end or not alive():
                raise RuntimeError(f"no answer from {url}: {error}") from None
            time.sleep(0.02)


class App:
    """The program under test. Its settings are environment variables, as for a user."""

    program = os.environ.get("OIDC_DEMO", str(ROOT / ".build/release/oidc-demo"))

    def __init__(self, folder, port=None, **settings):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_ports(2)
        #: Where it listens, and where browsers reach it.
        self.address = f"http://127.0.0.1:{self.port}"
        self.url = settings.get("PUBLIC_URL", self.address)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self.environment = kept | {
            "HOST": "127.0.0.1", "PORT": str(self.port), "PUBLIC_URL": self.url,
            "DATA_DIR": str(self.folder / "data"),
        } | settings
        self.process = None
        self.start()

    @classmethod
    def for_provider(cls, folder, port, discovery_url, **settings):
        return cls(
            folder, port, **{
                "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET, "SERVER_METADATA_URL": discovery_url,
                "CA_FILE": str(authority().file),
            } | settings)

    def start(self):
        begin = time.monotonic()
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [self.program], env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True)
        try:
            wait_for(self.address + "/healthz", lambda: self.process.poll() is None)
        except RuntimeError:
            self.stop()
            sys.stderr.write((self.folder / "log").read_text(errors="replace")[-2000:])
            raise
        self.start_seconds = time.monotonic() - begin

    @property
    def pid(self):
        return self.process.pid

    def stop(self, seconds=15):
        """Asks it to end, as a service manager would; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def kill(self):
        """Ends it without a word of warning."""
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
