"""A small, fast OpenID Provider for load runs: every authorization request is answered at once with a redirect.

usage: stub_provider.py [--port 9400] [--url URL] [--alg RS256|ES256] [--client ID:SECRET] [--subjects 1] [--roles NAME,…]

Nothing is left out for speed: each ID Token is signed when it is asked for, with that request's nonce; a code works
once, for the client, redirect URI and PKCE challenge that it was made for; the client's secret is checked. Refresh
tokens serve once; the next one comes with the new access token.

For tests there are besides, on loopback and for anybody:
    GET /counters             what was asked for so far, as JSON
    GET /logout-token?sub=…   a logout token, and with sid=… one of a session
    GET /latest-login         sub and sid of it, as JSON
    GET /settings?refuse_refreshes=1&refresh_delay=0.2&token_delay=2&access_token_seconds=1&session_ended=1
                              from now on (what is not named is as at the start): a refresh is refused, or takes so many
                              seconds; so does the token request of a login; the access token of a login lives so long,
                              that of a refresh for 300 s always
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import os
import signal
import sys
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

USER = {"name": "Alice Example", "preferred_username": "alice", "email": "alice@example.test", "email_verified": True}
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
COUNTERS = ("authorizations", "logins", "refreshes", "refreshes_refused", "refresh_tokens_reused", "userinfos",
            "userinfos_refused", "ends_of_session",
            "sessions_unchanged", "sessions_changed", "sessions_error", "logins_required")
ACCESS_TOKEN_SECONDS = 300
SESSION_STATE = "state-of.the_session"
#: The page of check_session_iframe: asks its own server, and tells who asked.
CHECK_SESSION = """<!DOCTYPE html><title>Session</title><script>
addEventListener("message", async ({ data, origin, source }) => {
  const [client, state] = data.split(" ");
  const answer = await fetch("/session-state?" + new URLSearchParams({ client, state }));
  source.postMessage(await answer.text(), origin);
});
</script>"""


class Grant:
    """What one login allows: the user and the session that its tokens stand for."""

    def __init__(self, subject):
        self.subject, self.session = subject, encode(os.urandom(16))
        self.authenticated_at = int(time.time())
        self.access_token, self.expires, self.refresh_token = "", 0.0, ""


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encode_json(value):
    return encode(json.dumps(value, separators=(",", ":")).encode())


def respond(status, body=b"", content_type="application/json", extra=""):
    return (f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
            f"Cache-Control: no-store\r\n{extra}\r\n").encode() + body


def respond_json(value, status="200 OK"):
    return respond(status, json.dumps(value, separators=(",", ":")).encode())


def parameters(text):
    return dict(urllib.parse.parse_qsl(text, keep_blank_values=True))


def random_token():
    return encode(os.urandom(24))


class Refused(Exception):
    def __init__(self, error, status="400 Bad Request"):
        super().__init__(error)
        self.response = respond_json({"error": error}, status)


class Signer:
    def __init__(self, algorithm):
        if algorithm == "ES256":
            self.key = ec.generate_private_key(ec.SECP256R1())
            numbers = self.key.public_key().public_numbers()
            key = {"kty": "EC", "crv": "P-256", "x": encode(numbers.x.to_bytes(32, "big")),
                   "y": encode(numbers.y.to_bytes(32, "big"))}
        else:
            self.key = rsa.generate_private_key(65537, 2048)
            numbers = self.key.public_key().public_numbers()
            key = {"kty": "RSA", "n": encode(numbers.n.to_bytes(256, "big")), "e": "AQAB"}
        self.algorithm = algorithm
        self.public_key = key | {"kid": "stub-1", "use": "sig", "alg": algorithm}
        self.header = encode_json({"alg": algorithm, "kid": "stub-1", "typ": "JWT"})

    def sign(self, claims):
        text = f"{self.header}.{encode_json(claims)}"
        if self.algorithm == "ES256":
            r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
            signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        else:
            signature = self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{text}.{encode(signature)}"


class Provider:
    def __init__(self, issuer, algorithm, client, subjects=1, roles=""):
        self.issuer = issuer
        self.client, self.secret = client.split(":", 1)
        self.signer = Signer(algorithm)
        self.user = USER | ({"roles": roles.split(",")} if roles else {})
        self.subjects, self.latest = subjects, None
        self.set({})
        self.codes, self.access_tokens, self.refresh_tokens, self.spent = {}, {}, {}, set()
        self.counters = dict.fromkeys(COUNTERS, 0)
        self.metadata = respond_json({
            "issuer": self.issuer, "jwks_uri": self.issuer + "/jwks",
            "authorization_endpoint": self.issuer + "/authorize", "token_endpoint": self.issuer + "/token",
            "userinfo_endpoint": self.issuer + "/userinfo", "end_session_endpoint": self.issuer + "/end_session",
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "id_token_signing_alg_values_supported": [algorithm],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"], "scopes_supported": ["openid", "profile", "email"],
            "authorization_response_iss_parameter_supported": True,
            "check_session_iframe": self.issuer + "/check-session",
            "backchannel_logout_supported": True, "backchannel_logout_session_supported": True,
        })

    def answer(self, target, headers, body):
        path, _, query = target.partition("?")
        if path == "/.well-known/openid-configuration":
            return self.metadata
        if path == "/jwks":
            return respond_json({"keys": [self.signer.public_key]})
        if path == "/authorize":
            return self.authorize(parameters(query))
        if path == "/token":
            return self.token(headers, parameters(body.decode()))
        if path == "/userinfo":
            return self.userinfo(headers)
        if path == "/check-session":
            return respond("200 OK", CHECK_SESSION.encode(), "text/html")
        if path == "/session-state":
            return respond("200 OK", self.session_state(parameters(query)).encode(), "text/plain")
        if path == "/end_session":
            return self.end_session(parameters(query) | parameters(body.decode()))
        if path == "/counters":
            return respond_json(self.counters)
        if path == "/logout-token":
            return respond("200 OK", self.logout_token(parameters(query)).encode(), "text/plain")
        if path == "/latest-login":
            return respond_json({"sub": self.latest.subject, "sid": self.latest.session})
        if path == "/settings":
            self.set(parameters(query))
            return respond_json({})
        return respond("404 Not Found")

    def set(self, asked):
        self.session_ended = asked.get("session_ended") == "1"
        self.refuse_refreshes = asked.get("refuse_refreshes") == "1"
        #: By what the request has in it.
        self.delays = {b"grant_type=refresh_token": float(asked.get("refresh_delay", "0")),
                       b"grant_type=authorization_code": float(asked.get("token_delay", "0"))}
        self.access_token_seconds = int(asked.get("access_token_seconds", ACCESS_TOKEN_SECONDS))

    def authorize(self, asked):
        if asked.get("client_id") != self.client or asked.get("response_type") != "code":
            raise Refused("invalid_request")
        self.counters["authorizations"] += 1
        if self.session_ended and asked.get("prompt") == "none":
            self.counters["logins_required"] += 1
            back = {"error": "login_required", "state": asked["state"], "iss": self.issuer}
            return respond(
                "302 Found", extra=f"Location: {asked['redirect_uri']}?{urllib.parse.urlencode(back)}\r\n")
        code = random_token()
        self.codes[code] = (asked["redirect_uri"], asked.get("nonce"), asked["code_challenge"], time.monotonic())
        back = {"code": code, "state": asked["state"], "iss": self.issuer, "session_state": SESSION_STATE}
        return respond(
            "302 Found", extra=f"Location: {asked['redirect_uri']}?{urllib.parse.urlencode(back)}\r\n")

    def is_client(self, headers, form):
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            pair = base64.b64decode(credentials).decode().split(":", 1)
            client, secret = map(urllib.parse.unquote_plus, pair)
        else:
            client, secret = form.get("client_id"), form.get("client_secret", "")
        return client == self.client and hmac.compare_digest(secret, self.secret)

    def token(self, headers, form):
        if not self.is_client(headers, form):
            raise Refused("invalid_client", "401 Unauthorized")
        if form.get("grant_type") == "refresh_token":
            return self.refresh(form.get("refresh_token"))
        redirect_uri, nonce, challenge, made = self.codes.pop(form.get("code"), (None, None, None, 0))
        verifier = form.get("code_verifier", "").encode()
        if form.get("grant_type") != "authorization_code" or redirect_uri != form.get("redirect_uri") \
                or encode(hashlib.sha256(verifier).digest()) != challenge or time.monotonic() - made > 60:
            raise Refused("invalid_grant")
        self.latest = grant = Grant(f"alice-{self.counters['logins'] % self.subjects + 1:04}")
        self.counters["logins"] += 1
        return self.give_tokens(grant, self.access_token_seconds, {"nonce": nonce} if nonce else {})

    def refresh(self, token):
        grant = self.refresh_tokens.get(token)
        if self.refuse_refreshes or grant is None:
            self.counters["refresh_tokens_reused" if token in self.spent else "refreshes_refused"] += 1
            raise Refused("invalid_grant")
        self.counters["refreshes"] += 1
        return self.give_tokens(grant, ACCESS_TOKEN_SECONDS)

    def give_tokens(self, grant, seconds, more=None):
        """New tokens; those that the grant had before serve no more."""
        self.access_tokens.pop(grant.access_token, None)
        if self.refresh_tokens.pop(grant.refresh_token, None):
            self.spent.add(grant.refresh_token)
        grant.access_token, grant.refresh_token, grant.expires = random_token(), random_token(), time.time() + seconds
        self.access_tokens[grant.access_token] = self.refresh_tokens[grant.refresh_token] = grant
        now = int(time.time())
        claims = self.user | {"sub": grant.subject, "sid": grant.session, "iss": self.issuer, "aud": self.client,
                         "iat": now, "exp": now + 300, "auth_time": grant.authenticated_at,
                         "at_hash": encode(hashlib.sha256(grant.access_token.encode()).digest()[:16])} | (more or {})
        return respond_json({
            "access_token": grant.access_token, "token_type": "Bearer", "expires_in": seconds,
            "refresh_token": grant.refresh_token, "id_token": self.signer.sign(claims)})

    def userinfo(self, headers):
        scheme, _, token = headers.get("authorization", "").partition(" ")
        grant = self.access_tokens.get(token)
        if scheme.lower() != "bearer" or grant is None or grant.expires < time.time():
            self.counters["userinfos_refused"] += 1
            return respond("401 Unauthorized", extra='WWW-Authenticate: Bearer error="invalid_token"\r\n')
        self.counters["userinfos"] += 1
        return respond_json(self.user | {"sub": grant.subject})

    def session_state(self, asked):
        """What the frame answers the application with (Session Management 1.0, section 3.2)."""
        known = asked.get("client") == self.client and asked.get("state") == SESSION_STATE
        verdict = "error" if not known else "changed" if self.session_ended else "unchanged"
        self.counters["sessions_" + verdict] += 1
        return verdict

    def end_session(self, asked):
        self.counters["ends_of_session"] += 1
        location = asked.get("post_logout_redirect_uri", self.issuer)
        if "state" in asked:
            location += "?" + urllib.parse.urlencode({"state": asked["state"]})
        return respond("302 Found", extra=f"Location: {location}\r\n")

    def logout_token(self, asked):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.client, "iat": now, "exp": now + 120, "jti": random_token(),
                  "events": {LOGOUT_EVENT: {}}}
        return self.signer.sign(claims | {name: asked[name] for name in ("sub", "sid") if name in asked})

    async def serve(self, reader, writer):
        """One connection, kept alive."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                pairs = (line.partition(":") for line in head[1:] if line)
                headers = {name.lower(): value.strip() for name, _, value in pairs}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                for grant_type, seconds in self.delays.items():
                    if seconds and grant_type in body:
                        await asyncio.sleep(seconds)
                try:
                    response = self.answer(head[0].split(" ")[1], headers, body)
                except Refused as refused:
                    print("refused:", refused, head[0], file=sys.stderr)
                    response = refused.response
                except (KeyError, ValueError) as error:
                    print("malformed:", repr(error), head[0], file=sys.stderr)
                    response = respond_json({"error": "invalid_request"}, "400 Bad Request")
                writer.write(response)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=9400)
    options.add_argument("--url", help="where it is reached, behind a proxy (http://127.0.0.1:PORT)")
    options.add_argument("--alg", default="RS256", choices=["RS256", "ES256"])
    options.add_argument("--client", default="oidc-demo:demo-secret-0123456789abcdef0123456789")
    options.add_argument("--subjects", type=int, default=1, help="so many users, who log in by turns")
    options.add_argument("--roles", default="", help="the roles claim of them all, with commas between")
    chosen = options.parse_args()
    url = chosen.url or f"http://127.0.0.1:{chosen.port}"
    provider = Provider(url, chosen.alg, chosen.client, chosen.subjects, chosen.roles)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", chosen.port, backlog=1024)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.close)
    print("ready", provider.issuer + "/.well-known/openid-configuration", flush=True)
    try:
        await server.serve_forever()
    except asyncio.CancelledError:
        pass


if __name__ == "__main__":
    asyncio.run(main())
