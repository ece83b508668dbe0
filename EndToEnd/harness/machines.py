"""Two instances of the app, as on two machines: one Redis, one secret, nginx in front."""

import contextlib
import os
import secrets

from .providers import StubProvider
from .servers import App, free_ports
from .services import Caddy, HAProxy, Nginx, RedisServer

#: With `cookie+` the sessions are in cookies, and Redis has what has ended.
STORE = os.environ.get("OIDC_E2E_STORE", "")


class Machines:
    def __init__(self, folder, subjects=1, **settings):
        self.held = contextlib.ExitStack()
        with contextlib.ExitStack() as started:
            first = free_ports(2)
            self.provider = started.enter_context(StubProvider(folder / "stub", subjects=subjects))
            self.redis = started.enter_context(RedisServer(folder / "redis"))
            self.nginx = started.enter_context(Nginx(folder / "nginx", (first, first + 1)))
            # In nginx's place, at the same address.
            self.haproxy, self.caddy = (
                proxy(folder / proxy.__name__, (first, first + 1), self.nginx.port) for proxy in (HAProxy, Caddy))
            shared = {
                "SESSION_STORE": STORE + self.redis.url, "SECRET_KEY": secrets.token_urlsafe(32), "PUBLIC_URL": self.nginx.url,
                "TRUSTED_PROXIES": "127.0.0.1",
            } | settings
            self.instances = [
                started.enter_context(App.for_provider(
                    folder / f"instance-{number}", first + number, self.provider.discovery_url, **shared))
                for number in range(2)
            ]
            self.held = started.pop_all()

    @property
    def url(self):
        """Where browsers reach them."""
        return self.nginx.url

    @property
    def addresses(self):
        return [instance.address for instance in self.instances]

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        return self.held.__exit__(*failure)
