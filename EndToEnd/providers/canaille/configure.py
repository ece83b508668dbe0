"""Writes canaille's configuration, with a fresh key of each kind.

usage: configure.py URL STATE_FOLDER
"""

import json
import sys

from joserfc.jwk import ECKey, OKPKey, RSAKey

url, state = sys.argv[1:]
scheme, _, host = url.partition("://")
keys = [
    RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
    ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}),
    OKPKey.generate_key("Ed25519", {"kid": "ed", "use": "sig"}),
]


def inline_table(key):
    return "{" + ", ".join(f"{name} = {json.dumps(value)}" for name, value in key.as_dict(private=True).items()) + "}"


with open(state + "/canaille.toml", "w", encoding="utf-8") as file:
    file.write(f"""SECRET_KEY = "canaille-secret-0123456789"
SERVER_NAME = "{host}"
PREFERRED_URL_SCHEME = "{scheme}"

[CANAILLE]
DATABASE = "sql"
JAVASCRIPT = false
HTMX = false

[CANAILLE_HYPERCORN]
# The scheme is the proxy's, where there is one.
PROXY_MODE = "legacy"

[CANAILLE_SQL]
DATABASE_URI = "sqlite:///{state}/db.sqlite"

[CANAILLE_OIDC]
TRUSTED_DOMAINS = []
ACTIVE_JWKS = [{", ".join(inline_table(key) for key in keys)}]
""")
