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


#: Runs a command that sees mounts of its own.
PRIVATE_MOUNTS = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]


def hosts_obstacle():
    """Why no app can have names of its own here, which takes an /etc/hosts that nobody else sees; `None` where it can."""
    try:
        tried = subprocess.run(
            [*PRIVATE_MOUNTS, "mount", "--bind", "/etc/hosts", "/etc/hosts"], capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return tried.stderr.strip() or f"unshare ended with {tried.returncode}" if tried.returncode else None


class App:
    """The program under test. Its settings are environment variables, as for a user."""

    program = os.environ.get("OIDC_DEMO", str(ROOT / ".build/release/oidc-demo"))

    def __init__(self, folder, port=None, hosts=None, **settings):
        """`hosts` are names that only this process knows, with their addresses (see `hosts_obstacle`)."""
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
        self.command = [self.program]
        if hosts:
            self.set_hosts(hosts)
            self.command = [*PRIVATE_MOUNTS, "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"',
                            str(self.folder / "hosts"), self.program]
        self.start()

    def set_hosts(self, hosts):
        """From now on the names lead to these addresses."""
        (self.folder / "hosts").write_text("".join(f"{address} {name}\n" for name, address in hosts.items()))

    @classmethod
    def for_provider(cls, folder, port, discovery_url, hosts=None, **settings):
        return cls(
            folder, port, hosts, **{
                "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET, "SERVER_METADATA_URL": discovery_url,
                "CA_FILE": str(authority().file),
            } | settings)

    def start(self):
        begin = time.monotonic()
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True)
        try:
            wait_for(self.address + "/healthz", lambda: self.process.poll() is None)
        except RuntimeError:
            self.stop()
            sys.stderr.write((self.folder / "log").read_text(errors="replace")[-2000:])
            raise
        self.start_seconds = time.monotonic() - begin

    def run(self, *arguments, **changes):
        """Another command with the same settings; its exit code and what it wrote."""
        done = subprocess.run(
            [self.program, *arguments], env=self.environment | changes, cwd=self.folder, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

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
