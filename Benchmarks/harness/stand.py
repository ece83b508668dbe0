"""All that is measured side by side: the app with each of its stores, the peers, and the one provider of them all."""

import contextlib

from EndToEnd.harness.providers import PlainStubProvider
from EndToEnd.harness.services import RedisServer

from .servers import Apache, Flask, Nginx, Ours, ask, sign_in

COOKIE, SQLITE, REDIS = "ours, encrypted cookie", "ours, SQLite", "ours, Redis"
NGINX, FLASK, APACHE = "nginx, static page", "Flask + Authlib", "Apache + mod_auth_openidc"


class Stand:
    def __init__(self, place, name):
        self.folder, self.program = place.make(name), place.static_program
        #: By their names; and the field Cookie of a session at each.
        self.servers, self.cookies = {}, {}

    def __enter__(self):
        with contextlib.ExitStack() as started:
            self.provider = started.enter_context(PlainStubProvider(self.folder / "provider"))
            self.redis = started.enter_context(RedisServer(self.folder / "redis"))
            stores = {COOKIE: "cookie", SQLITE: f"sqlite:{self.folder}/sessions.sqlite", REDIS: self.redis.url}
            for name, store in stores.items():
                folder = self.folder / f"ours-{len(self.servers)}"
                app = started.enter_context(Ours(folder, self.program, self.provider, SESSION_STORE=store))
                self.servers[name], self.cookies[name] = app, sign_in(app)
            _, fields, self.page = ask(self.servers[SQLITE], {"Cookie": self.cookies[SQLITE]})
            self.servers[NGINX] = started.enter_context(Nginx(self.folder / "nginx", self.page, fields))
            if ask(self.servers[NGINX])[2] != self.page:
                raise RuntimeError("nginx does not serve the page")
            peers = {FLASK: Flask(self.folder / "flask", self.provider),
                     APACHE: Apache(self.folder / "apache", self.provider, self.page)}
            for name, peer in peers.items():
                self.servers[name] = started.enter_context(peer)
                self.cookies[name] = sign_in(peer)
            self.held = started.pop_all()
        return self

    def __exit__(self, *failure):
        return self.held.__exit__(*failure)

    def beside(self, name):
        """The server whose processor time counts apart."""
        return [self.redis] if name == REDIS else []
