"""What stands around several instances of the app: Redis, and nginx with the project's own configuration."""

import contextlib
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time

from .servers import ROOT, free_ports

NGINX_CONFIGURATION = ROOT / "docs/deployment/nginx.conf"


class Service:
    """A program with a port of its own on loopback, which writes into a folder of its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_ports()
        self.process = None

    def command(self):
        raise NotImplementedError

    def is_ready(self):
        with socket.create_connection(("127.0.0.1", self.port), 1):
            return True

    def start(self, seconds=15):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError):
                if self.is_ready():
                    return
            if time.monotonic() > end or self.process.poll() is not None:
                self.stop()
                tail = (self.folder / "log").read_text(errors="replace")[-1500:]
                raise RuntimeError(f"{self.command()[0]} did not start: {tail}")
            time.sleep(0.01)

    def stop(self):
        """Asks it to end, and waits; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


class RedisServer(Service):
    """Keeps what it is told in an append-only file, written to the disk each second: what survives its end."""

    def command(self):
        return ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
                "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--daemonize", "no",
                "--maxmemory-policy", "noeviction"]

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def ask(self, line):
        """The first line of the answer to a command."""
        with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
            connection.sendall(line.encode() + b"\r\n")
            return connection.recv(4096).decode().split("\r\n")[0]

    def is_ready(self):
        return self.ask("PING") == "+PONG"  # while it reads its file it says -LOADING


class Nginx(Service):
    """The configuration of the deployment guide, with nothing changed but addresses, names and paths."""

    configuration = NGINX_CONFIGURATION

    def __init__(self, folder, ports):
        super().__init__(folder)
        self.url = f"https://127.0.0.1:{self.port}"
        self.make_certificate()
        (self.folder / "site.conf").write_text(self.adapted(self.configuration.read_text(), ports))
        temporary = "".join(
            f"    {name}_temp_path {self.folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"daemon off;\npid {self.folder}/pid;\nerror_log {self.folder}/error.log warn;\n"
            "worker_processes 1;\nevents { worker_connections 4096; }\n"
            f"http {{\n{temporary}    include {self.folder}/site.conf;\n}}\n")

    def adapted(self, text, ports):
        """Each change has to find what it changes: else the guide's file has become another one."""
        for pattern, replacement, times in self.changes(ports):
            text, found = re.subn(pattern, replacement, text)
            assert found == times, f"{self.configuration.name}: {pattern} is there {found} times, not {times}"
        return text

    def changes(self, ports):
        spare, backends = free_ports(), iter(ports)
        return [
            (r"(\n\s*server )127\.0\.0\.1:\d+", lambda found: f"{found[1]}127.0.0.1:{next(backends)}", len(ports)),
            (r"listen 80;", f"listen 127.0.0.1:{spare};", 1),
            (r"listen 443 ", f"listen 127.0.0.1:{self.port} ", 1),
            (r"\n\s*listen \[::\].*;", "", 2),
            (r"/etc/ssl/app\.example/fullchain\.pem", f"{self.folder}/certificate.pem", 1),
            (r"/etc/ssl/app\.example/privkey\.pem", f"{self.folder}/key.pem", 1),
            (r"/var/log/nginx/[\w.-]+", f"{self.folder}/access.log", 1),
            (r"(log_format \w+) '[^;]*;", r"\1 '$upstream_addr | $status $request_time';", 1),
            (r"server_name app\.example;", "server_name 127.0.0.1;", 2),
        ]

    def make_certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
             str(self.folder / "key.pem"), "-out", str(self.folder / "certificate.pem")],
            check=True, capture_output=True)

    @property
    def tls(self):
        """What a client has to trust."""
        return ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))

    def command(self):
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        return [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def ways(self):
        """For each request the ports of the instances that it was sent to; the last one answered."""
        for line in (self.folder / "access.log").read_text().splitlines():
            yield re.findall(r":(\d+)\b", line.partition("|")[0])

    def answered(self):
        """How many requests each instance answered, by its port."""
        counts = {}
        for way in self.ways():
            if way:
                counts[way[-1]] = counts.get(way[-1], 0) + 1
        return counts

    def sent_again(self):
        return sum(1 for way in self.ways() if len(way) > 1)
