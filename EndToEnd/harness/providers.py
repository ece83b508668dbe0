"""Starting and stopping the providers, on loopback, each behind TLS with a short keep-alive; they are ended by their pids."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from .authority import authority
from .servers import HERE, free_ports, wait_for
from .services import KEEP_ALIVE_SECONDS, TLSFront


class PlainStubProvider:
    """The small provider of the load runs, which asks nobody anything. It speaks http; `url` is where it is reached, where
    that is elsewhere."""

    def __init__(self, folder, port=None, subjects=1, roles="", url=None):
        port = port or free_ports()
        self.address = f"http://127.0.0.1:{port}"
        self.url = url or self.address
        self.discovery_url = self.url + "/.well-known/openid-configuration"
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        with open(pathlib.Path(folder) / "stub.txt", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(HERE / "load/stub_provider.py"), "--port", str(port), "--url", self.url,
                 "--subjects", str(subjects), "--roles", roles],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(self.address, lambda: self.process.poll() is None)

    def ask(self, path, **parameters):
        """What it says at one of its addresses for tests: see load/stub_provider.py."""
        with urllib.request.urlopen(f"{self.address}{path}?{urllib.parse.urlencode(parameters)}", timeout=5) as answer:
            return answer.read().decode()

    def counters(self):
        return json.loads(self.ask("/counters"))

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class StubProvider(PlainStubProvider):
    """The same behind TLS. Others may stand before that, at `url`."""

    def __init__(self, folder, port=None, subjects=1, roles="", url=None, keep_alive=KEEP_ALIVE_SECONDS):
        inner = free_ports()
        self.front = TLSFront(pathlib.Path(folder) / "front", inner, port, keep_alive)
        self.front.start()
        super().__init__(folder, inner, subjects, roles, url or self.front.url)

    def stop(self):
        super().stop()
        self.front.stop()


@contextlib.contextmanager
def provider_with_large_answers(folder, endpoint, answer):
    """The stub provider, whose answers at one endpoint are large in some way; its metadata's address. It speaks TLS itself:
    an nginx would read what has no end."""
    port = free_ports()
    folder.mkdir(parents=True, exist_ok=True)
    url = f"https://127.0.0.1:{port}"
    with open(folder / "provider.txt", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "load.hostile_provider", "--port", str(port), "--at", endpoint, "--answer", answer,
             "--certificate", str(authority().certificate), "--key", str(authority().key)],
            cwd=HERE, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_for(url + "/nothing", lambda: process.poll() is None)
        yield url + "/.well-known/openid-configuration"
    finally:
        process.terminate()
        process.wait()


class ProviderServer:
    """A provider started by its start.sh, with the given ID Token algorithm, for the relying party at the address."""

    def __init__(self, name, algorithm, relying_party, folder, **told):
        folder = pathlib.Path(folder)
        self.state = folder / "provider"
        port = free_ports()
        with contextlib.ExitStack() as started:
            front = started.enter_context(TLSFront(folder / "front", port))
            started.callback(self.stop)
            environment = os.environ | {
                "ALG": algorithm, "STATE": str(self.state), "PYTHON": sys.executable, "URL": front.url} | told
            run = subprocess.run(
                [str(HERE / "providers" / name / "start.sh"), str(port), relying_party],
                env=environment, capture_output=True, text=True, timeout=90, check=False)
            last = run.stdout.strip().splitlines()[-1:] or [""]
            if run.returncode or not last[0].startswith("ready "):
                raise RuntimeError(f"{name} did not start: {run.stderr[-1500:]}")
            self.discovery_url = last[0].split()[1]
            self.held = started.pop_all()
    def stop(self):
        """Ends the provider's process group: its start script gave it one of its own."""
        try:
            pid = int((self.state / "pid").read_text())
            os.killpg(pid, signal.SIGTERM)
        except (OSError, ValueError):
            return
        for _ in range(100):
            try:
                os.killpg(pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.05)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        return self.held.__exit__(*failure)
