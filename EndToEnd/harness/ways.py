"""Ways of a login other than the usual one: what the app is set to, and what the provider is told of it."""

import json

from joserfc.jwk import ECKey


#: Glewlwyd takes assertions for its token endpoint only.
AUDIENCE = {"CLIENT_ASSERTION_AUDIENCE": "token_endpoint"}


class Way:
    """A name, settings of the app, and the environment of the provider's start script."""

    #: Where browsers find the app: another host than the provider's makes them different sites.
    host = "127.0.0.1"

    def __init__(self, name, settings=None, provider=None):
        self.name, self.settings, self.provider = name, settings or {}, provider or {}

    def prepare(self, folder):
        """Makes what the way needs in the folder."""


class PrivateKeyJWT(Way):
    """The client signs with a key of its own; the provider knows the public half."""

    def __init__(self):
        super().__init__("private_key_jwt")

    def prepare(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        key = ECKey.generate_key("P-256", {"kid": "client", "alg": "ES256", "use": "sig"})
        file = folder / "client-key.json"
        file.write_text(json.dumps(key.as_dict(private=True)))
        self.settings = {"TOKEN_ENDPOINT_AUTH_METHOD": self.name, "CLIENT_KEY_FILE": str(file), "CLIENT_SECRET": ""}
        self.settings |= AUDIENCE
        self.provider = {"CLIENT_PUBLIC_KEY": key.as_pem(private=False).decode()}


class FormPost(Way):
    """The answer comes by a POST of another site: a browser sends no Lax cookies with it."""

    host = "localhost"

    def __init__(self):
        super().__init__("form_post", {"RESPONSE_MODE": "form_post"})


ALL = {way.name: way for way in (
    Way("client_secret_jwt", {"TOKEN_ENDPOINT_AUTH_METHOD": "client_secret_jwt"} | AUDIENCE),
    PrivateKeyJWT(),
    FormPost(),
    Way("signed UserInfo", {"USERINFO_SIGNED_RESPONSE_ALG": "RS256"}, {"USERINFO_ALG": "RS256"}),
)}
