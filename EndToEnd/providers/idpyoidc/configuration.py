"""What idpyoidc is told: its endpoints, the user, the client. Its keys are made in the working folder."""

AUTHENTICATION = "urn:oasis:names:tc:SAML:2.0:ac:classes:InternetProtocolPassword"
SCOPES = ["openid", "profile", "email", "offline_access"]
USER = {
    "name": "Alice Example", "preferred_username": "alice", "email": "alice@example.test", "email_verified": True,
}
GRANTS = {
    "expires_in": 43200,
    "usage_rules": {
        "authorization_code": {
            "supports_minting": ["access_token", "refresh_token", "id_token"], "max_usage": 1, "expires_in": 120,
        },
        "access_token": {"expires_in": 3600},
        "refresh_token": {"supports_minting": ["access_token", "refresh_token", "id_token"], "expires_in": 86400},
    },
}


def secret(name):
    return {"type": "OCT", "bytes": 24, "use": ["enc"], "kid": name}


def endpoint(path, name, methods=None, **more):
    return {"path": path, "class": "idpyoidc.server.oidc." + name, "kwargs": {"client_authn_method": methods} | more}


def provider(issuer, algorithm):
    return {
        "issuer": issuer,
        "httpc_params": {"timeout": 5},
        "preference": {
            "id_token_signing_alg_values_supported": [algorithm], "subject_types_supported": ["public"],
            "response_types_supported": ["code"], "grant_types_supported": ["authorization_code", "refresh_token"],
            "scopes_supported": SCOPES,
        },
        "key_conf": {
            "private_path": "jwks.json", "read_only": False, "uri_path": "jwks.json",
            "key_defs": [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}],
        },
        "authz": {"class": "idpyoidc.server.authz.AuthzHandling", "kwargs": {"grant_config": GRANTS}},
        "token_handler_args": {
            "jwks_def": {"private_path": "token-jwks.json", "read_only": False, "key_defs": [
                secret("code"), secret("refresh")]},
            "code": {"lifetime": 120},
            "token": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 3600}},
            "refresh": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 86400}},
            "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {}},
        },
        "cookie_handler": {"class": "idpyoidc.server.cookie_handler.CookieHandler", "kwargs": {
            "keys": {"private_path": "cookie-jwks.json", "read_only": False, "key_defs": [
                secret("enc"), {"type": "OCT", "use": ["sig"], "kid": "sig"}]},
            "name": {"session": "oidc_op", "register": "oidc_op_rp", "session_management": "sman"},
            "flags": {"samesite": "Lax", "httponly": True},
        }},
        "authentication": {"user": {
            "acr": AUTHENTICATION, "class": "idpyoidc.server.user_authn.user.UserPass",
            "kwargs": {"db_conf": {"class": "builtins.dict", "kwargs": {"alice": "alice-password-1"}}},
        }},
        "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": {"alice": USER}}},
        "add_on": {"pkce": {
            "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
            "kwargs": {"essential": True},
        }},
        "endpoint": {
            "provider_info": endpoint(".well-known/openid-configuration", "provider_config.ProviderConfiguration"),
            "authorization": endpoint(
                "authorization", "authorization.Authorization", response_types_supported=["code"]),
            "token": endpoint("token", "token.Token", ["client_secret_basic", "client_secret_post"]),
            "userinfo": endpoint("userinfo", "userinfo.UserInfo", ["bearer_header"]),
            "end_session": endpoint(
                "session", "session.Session", logout_verify_url=issuer + "/logout", post_logout_uri_path="bye",
                signing_alg=algorithm, check_session_iframe="check_session_iframe",
                frontchannel_logout_supported=True, frontchannel_logout_session_required=True,
                frontchannel_logout_session_supported=True,
                backchannel_logout_supported=True, backchannel_logout_session_required=True,
                backchannel_logout_session_supported=True),
        },
    }


def client(relying_party, algorithm, channel):
    return {
        "client_id": "oidc-demo", "client_secret": "demo-secret-0123456789abcdef0123456789",
        "redirect_uris": [(relying_party + "/login/authorize", {})],
        "post_logout_redirect_uri": [(relying_party + "/", {})],
        "response_types_supported": ["code"], "response_types": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "allowed_scopes": SCOPES,
        "token_endpoint_auth_method": "client_secret_basic",
        "id_token_signed_response_alg": algorithm,
        f"{channel}channel_logout_uri": relying_party + "/external-logout",
        f"{channel}channel_logout_session_required": True,
    }
