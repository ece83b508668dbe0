"""Sets up a fresh Glewlwyd through its JSON API: scopes, the user, the client, the OpenID Connect plugin.

usage: configure.py PORT URL RELYING_PARTY JWKS_FILE ALGORITHM
"""

import http.client
import json
import os
import sys
import time

port, url, relying_party, jwks_file, algorithm = sys.argv[1:]
cookie = ""


def call(method, path, body=None, accepted=(200,)):
    global cookie
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    text = json.dumps(body) if body is not None else None
    connection.request(method, path, text, {"Content-Type": "application/json", "Cookie": cookie})
    answer = connection.getresponse()
    content = answer.read()
    if answer.getheader("Set-Cookie"):
        cookie = answer.getheader("Set-Cookie").split(";")[0]
    if answer.status not in accepted:
        sys.exit(f"{method} {path}: {answer.status} {content[:300]}")


def wait_until_it_listens():
    end = time.monotonic() + 15
    while True:
        try:
            return call("GET", "/config", accepted=(200, 404))
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


wait_until_it_listens()
call("POST", "/api/auth/", {"username": "admin", "password": "password"})
for scope in ("profile", "email", "roles"):
    call("POST", "/api/scope/", {"name": scope, "display_name": scope, "password_required": False, "scheme": {}})
call("POST", "/api/user/", {
    "username": "alice", "password": "alice-password-1", "name": "Alice Example", "email": "alice@example.test",
    "enabled": True, "scope": ["openid", "profile", "email", "roles", "g_profile"],
})
public_key = os.environ.get("CLIENT_PUBLIC_KEY")
channel = os.environ.get("LOGOUT_CHANNEL", "back")
call("POST", "/api/client/", {
    "client_id": "oidc-demo", "name": "OIDC demo", "confidential": True, "enabled": True,
    "password": "demo-secret-0123456789abcdef0123456789",
    "client_secret": "demo-secret-0123456789abcdef0123456789",
    "redirect_uri": [relying_party + "/login/authorize"],
    "post_logout_redirect_uris": [relying_party + "/"],
    "scope": [],
    "authorization_type": ["code", "id_token", "token", "refresh_token"],
    "token_endpoint_auth_method": ["client_secret_basic", "client_secret_post", "client_secret_jwt"]
    if public_key is None else ["private_key_jwt"],
    **({"pubkey": public_key} if public_key else {}),
    f"{channel}channel_logout_uri": relying_party + "/external-logout",
    f"{channel}channel_logout_session_required": "1",
})
# The first key signs.
with open(jwks_file, encoding="utf-8") as file:
    keys = sorted(json.load(file)["keys"], key=lambda key: key["kid"] != algorithm)
call("POST", "/api/mod/plugin/", {"module": "oidc", "name": "oidc", "display_name": "OIDC", "parameters": {
    "iss": url + "/api/oidc",
    "jwt-type": "rsa", "jwt-key-size": "256", "jwks-private": json.dumps({"keys": keys}), "jwks-show": True,
    "access-token-duration": 3600, "refresh-token-duration": 1209600, "code-duration": 600,
    "refresh-token-rolling": True, "allow-non-oidc": False,
    "auth-type-code-enabled": True, "auth-type-code-revoke-replayed": True, "auth-type-token-enabled": False,
    "auth-type-id-token-enabled": True, "auth-type-none-enabled": True, "auth-type-refresh-enabled": True,
    "auth-type-password-enabled": False, "auth-type-client-enabled": False,
    "allowed-scope": ["openid", "profile", "email", "roles"],
    "pkce-allowed": True, "pkce-method-plain-allowed": False, "oauth-as-iss-id": True,
    "request-parameter-allow": True, "encrypt-out-token-allow": False,
    "session-management-allowed": True, "front-channel-logout-allowed": True, "back-channel-logout-allowed": True,
    "session-cookie-name": "GLEWLWYD2_OIDC_SESSION", "session-cookie-expiration": 2419200,
    "subject-type": "public",
    "client-pubkey-parameter": "pubkey", "client-jwks-parameter": "jwks", "client-jwks_uri-parameter": "jwks_uri",
    "name-claim": "mandatory", "name-claim-scope": ["profile"],
    "email-claim": "mandatory", "email-claim-scope": ["email"],
    "claims": [{
        "name": "preferred_username", "user-property": "username", "type": "string", "mandatory": False,
        "on-demand": True, "scope": ["profile"],
    }],
}})
