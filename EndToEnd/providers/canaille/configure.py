"""Writes canaille's configuration, with a fresh key of each kind.

usage: configure.py PORT STATE_FOLDER
"""

import json
import sys

from joserfc.jwk import ECKey, OKPKey, RSAKey

port, state = sys.argv[1:]
keys = [
    RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
    ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}),
    OKPKey.generate_key("Ed25519", {"kid": "ed", "use": "sig"}),
]


def inline_table(key):
    return "{" + ", ".join(f"{name} = {json.dumps(value)}" for name, value in key.as_dict(private=True).items()) + "}"


with open(state + "/canaille.toml", "w", encoding="utf-8") as file:
    file.write(f"""SECRET_KEY = "canaille-secret-0123456789"
SERVER_NAME = "127.0.0.1:{port}"
PREFERRED_URL_SCHEME = "http"

[CANAILLE]
DATABASE = "sql"
JAVASCRIPT = false
HTMX = false

[CANAILLE_SQL]
DATABASE_URI = "sqlite:///{state}/db.sqlite"

[CANAILLE_OIDC]
TRUSTED_DOMAINS = []
ACTIVE_JWKS = [{", ".join(inline_table(key) for key in keys)}]
""")
