"""A small, fast OpenID Provider for load runs: every authorization request is answered at once with a redirect.

usage: stub_provider.py [--port 9400] [--alg RS256|ES256] [--client ID:SECRET]

Nothing is left out for speed: each ID Token is signed when it is asked for, with that request's nonce; a code works
once, for the client, redirect URI and PKCE challenge that it was made for; the client's secret is checked.
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

USER = {"sub": "alice-0001", "name": "Alice Example", "preferred_username": "alice", "email": "alice@example.test",
        "email_verified": True}


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
    def __init__(self, port, algorithm, client):
        self.issuer = f"http://127.0.0.1:{port}"
        self.client, self.secret = client.split(":", 1)
        self.signer = Signer(algorithm)
        self.codes = {}
        self.metadata = respond_json({
            "issuer": self.issuer, "jwks_uri": self.issuer + "/jwks",
            "authorization_endpoint": self.issuer + "/authorize", "token_endpoint": self.issuer + "/token",
            "userinfo_endpoint": self.issuer + "/userinfo", "end_session_endpoint": self.issuer + "/end_session",
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [algorithm],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"], "scopes_supported": ["openid", "profile", "email"],
            "authorization_response_iss_parameter_supported": True,
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
            return respond_json(USER)
        if path == "/end_session":
            location = parameters(query).get("post_logout_redirect_uri", self.issuer)
            return respond("302 Found", extra=f"Location: {location}\r\n")
        return respond("404 Not Found")

    def authorize(self, asked):
        if asked.get("client_id") != self.client or asked.get("response_type") != "code":
            raise Refused("invalid_request")
        code = encode(os.urandom(24))
        self.codes[code] = (asked["redirect_uri"], asked.get("nonce"), asked["code_challenge"], time.monotonic())
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
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
        redirect_uri, nonce, challenge, made = self.codes.pop(form.get("code"), (None, None, None, 0))
        verifier = form.get("code_verifier", "").encode()
        if form.get("grant_type") != "authorization_code" or redirect_uri != form.get("redirect_uri") \
                or encode(hashlib.sha256(verifier).digest()) != challenge or time.monotonic() - made > 60:
            raise Refused("invalid_grant")
        access_token, now = encode(os.urandom(24)), int(time.time())
        claims = USER | {"iss": self.issuer, "aud": self.client, "iat": now, "exp": now + 300, "auth_time": now,
                         "at_hash": encode(hashlib.sha256(access_token.encode()).digest()[:16])}
        if nonce:
            claims["nonce"] = nonce
        return respond_json({"access_token": access_token, "token_type": "Bearer", "expires_in": 300,
                             "id_token": self.signer.sign(claims)})

    async def serve(self, reader, writer):
        """One connection, kept alive."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                pairs = (line.partition(":") for line in head[1:] if line)
                headers = {name.lower(): value.strip() for name, _, value in pairs}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
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
    options.add_argument("--alg", default="RS256", choices=["RS256", "ES256"])
    options.add_argument("--client", default="oidc-demo:demo-secret-0123456789abcdef0123456789")
    chosen = options.parse_args()
    provider = Provider(chosen.port, chosen.alg, chosen.client)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", chosen.port, backlog=1024)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.close)
    print("ready", provider.issuer + "/.well-known/openid-configuration", flush=True)
    try:
        await server.serve_forever()
    except asyncio.CancelledError:
        pass


if __name__ == "__main__":
    asyncio.run(main())
