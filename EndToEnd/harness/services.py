"""What stands around the app: Redis, nginx with the project's own configuration, and TLS in front of providers."""

import collections
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

from .authority import authority
from .servers import ROOT, free_ports

DEPLOYMENT = ROOT / "docs/deployment"
KEEP_ALIVE_SECONDS = 3

Served = collections.namedtuple("Served", "connection is_resumed path")


class Service:
    """A program with a port of its own on loopback, which writes into a folder of its own."""

    def __init__(self, folder, port=None):
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_ports()
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

    def __init__(self, folder, port=None, host="127.0.0.1"):
        super().__init__(folder, port)
        self.host = host

    def command(self):
        return ["redis-server", "--port", str(self.port), "--bind", self.host, "--dir", str(self.folder),
                "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--daemonize", "no",
                "--maxmemory-policy", "noeviction"]

    @property
    def url(self):
        return f"redis://{self.host}:{self.port}/0"

    def ask(self, line):
        """The first line of the answer to a command."""
        with socket.create_connection((self.host, self.port), 2) as connection:
            connection.sendall(line.encode() + b"\r\n")
            return connection.recv(4096).decode().split("\r\n")[0]

    def info(self, section):
        """What it says of itself, by name."""
        with socket.create_connection((self.host, self.port), 2) as connection:
            file = connection.makefile("rwb")
            file.write(f"INFO {section}\r\n".encode())
            file.flush()
            text = file.read(int(file.readline()[1:])).decode()
        return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)

    def is_ready(self):
        return self.ask("PING") == "+PONG"  # while it reads its file it says -LOADING


class Sample:
    """A configuration of the deployment guide, with nothing changed but addresses, names and paths."""

    configuration: pathlib.Path

    def adapted(self, text, ports):
        """Each change has to find what it changes: else the guide's file has become another one."""
        for pattern, replacement, times in self.changes(ports):
            text, found = re.subn(pattern, replacement, text)
            assert found == times, f"{self.configuration.name}: {pattern} is there {found} times, not {times}"
        return text


class NginxService(Service):
    """An nginx that writes into its folder only."""

    def temporary_paths(self):
        return "".join(
            f"    {name}_temp_path {self.folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))

    def command(self):
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        return [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]


class Nginx(Sample, NginxService):
    configuration = DEPLOYMENT / "nginx.conf"

    def __init__(self, folder, ports):
        super().__init__(folder)
        self.url = f"https://127.0.0.1:{self.port}"
        (self.folder / "site.conf").write_text(self.adapted(self.configuration.read_text(), ports))
        (self.folder / "nginx.conf").write_text(
            f"daemon off;\npid {self.folder}/pid;\nerror_log {self.folder}/error.log warn;\n"
            "worker_processes 1;\nevents { worker_connections 4096; }\n"
            f"http {{\n{self.temporary_paths()}    include {self.folder}/site.conf;\n}}\n")

    def changes(self, ports):
        spare, backends = free_ports(), iter(ports)
        return [
            (r"(\n\s*server )127\.0\.0\.1:\d+", lambda found: f"{found[1]}127.0.0.1:{next(backends)}", len(ports)),
            (r"listen 80;", f"listen 127.0.0.1:{spare};", 1),
            (r"listen 443 ", f"listen 127.0.0.1:{self.port} ", 1),
            (r"\n\s*listen \[::\].*;", "", 2),
            (r"/etc/ssl/app\.example/fullchain\.pem", f"{authority().certificate}", 1),
            (r"/etc/ssl/app\.example/privkey\.pem", f"{authority().key}", 1),
            (r"/var/log/nginx/[\w.-]+", f"{self.folder}/access.log", 1),
            (r"(log_format \w+) '[^;]*;", r"\1 '$upstream_addr | $status $request_time';", 1),
            (r"server_name app\.example;", "server_name 127.0.0.1;", 2),
        ]

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


class HAProxy(Sample, Service):
    configuration = DEPLOYMENT / "haproxy.cfg"

    def __init__(self, folder, ports, port=None):
        super().__init__(folder, port)
        files = authority()
        (self.folder / "haproxy.pem").write_text(files.certificate.read_text() + files.key.read_text())
        (self.folder / "haproxy.cfg").write_text(self.adapted(self.configuration.read_text(), ports))

    def changes(self, ports):
        backends = iter(ports)
        return [
            (r"(\n\s*server \w+ )127\.0\.0\.1:\d+", lambda found: f"{found[1]}127.0.0.1:{next(backends)}", len(ports)),
            (r"bind :80\n", f"bind 127.0.0.1:{free_ports()}\n", 1),
            (r"bind :443 ", f"bind 127.0.0.1:{self.port} ", 1),
            (r"\n\s*bind \[::\].*", "", 2),
            (r"/etc/ssl/app\.example/haproxy\.pem", f"{self.folder}/haproxy.pem", 1),
        ]

    def command(self):
        return [shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-f", str(self.folder / "haproxy.cfg")]


class Caddy(Sample, Service):
    configuration = DEPLOYMENT / "Caddyfile"

    def __init__(self, folder, ports, port=None):
        super().__init__(folder, port)
        (self.folder / "Caddyfile").write_text(self.adapted(self.configuration.read_text(), ports))

    def changes(self, ports):
        files, backends = authority(), " ".join(f"127.0.0.1:{port}" for port in ports)
        return [
            (r"\n\{\n", "\n{\n\tadmin off\n\tauto_https disable_redirects\n", 1),
            (r"\napp\.example \{", f"\nhttps://127.0.0.1:{self.port} {{\n\tbind 127.0.0.1\n"
             f"\ttls {files.certificate} {files.key}", 1),
            (r"reverse_proxy 127\.0\.0\.1:8001 127\.0\.0\.1:8002", f"reverse_proxy {backends}", 1),
        ]

    def command(self):
        return ["caddy", "run", "--config", str(self.folder / "Caddyfile"), "--adapter", "caddyfile"]


class TLSFront(NginxService):
    """What browsers and the app take for the server whose port on loopback is `backend`: TLS, and a keep-alive so short that
    connections are closed between two logins, as those of real providers are."""

    def __init__(self, folder, backend, port=None, keep_alive=KEEP_ALIVE_SECONDS):
        super().__init__(folder, port)
        self.url = f"https://127.0.0.1:{self.port}"
        (self.folder / "nginx.conf").write_text(f"""daemon off;
{"user root;" if os.geteuid() == 0 else ""}
pid {self.folder}/pid;
error_log {self.folder}/error.log warn;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
{self.temporary_paths()}    log_format connections '$connection $ssl_session_reused $uri';
    access_log {self.folder}/access.log connections;
    upstream backend {{
        server 127.0.0.1:{backend};
        keepalive 32;
    }}
    server {{
        listen 127.0.0.1:{self.port} ssl backlog=1024;
        ssl_certificate {authority().certificate};
        ssl_certificate_key {authority().key};
        ssl_session_cache shared:tls:1m;
        keepalive_timeout {keep_alive}s;
        location / {{
            proxy_pass http://backend;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto https;
            proxy_buffer_size 32k;
            proxy_buffers 4 32k;
            proxy_busy_buffers_size 64k;
        }}
    }}
}}
""")

    def connections(self):
        """Each request that was answered: on which connection, whether that resumed a TLS session, and its path."""
        lines = [line.split() for line in (self.folder / "access.log").read_text().splitlines()]
        return [Served(connection, resumed == "r", path) for connection, resumed, path in lines]
