"""Writes LemonLDAP::NG's configuration, with a fresh RSA key, and its table of users.

usage: configure.py URL RELYING_PARTY STATE_FOLDER ALGORITHM
"""

import json
import os
import sqlite3
import sys
import time

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

url, relying_party, state, algorithm = sys.argv[1:]
for folder in ("configuration", "cache", "sessions", "sessions/lock", "persistent", "persistent/lock", "notifications"):
    os.mkdir(f"{state}/{folder}")

users = sqlite3.connect(state + "/users.db")
users.execute("CREATE TABLE users (uid TEXT, password TEXT, cn TEXT, mail TEXT)")
users.execute("INSERT INTO users VALUES ('alice', 'alice-password-1', 'Alice Example', 'alice@example.test')")
users.commit()
users.close()

key = rsa.generate_private_key(65537, 2048)
private_key = key.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
public_key = key.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def storage(folder):
    return {
        "Directory": f"{state}/{folder}", "LockDirectory": f"{state}/{folder}/lock",
        "generateModule": "Lemonldap::NG::Common::Apache::Session::Generate::SHA256",
    }


def cache(namespace):
    return {"cache_root": state + "/cache", "cache_depth": 3, "namespace": namespace, "default_expires_in": 600}


configuration = {
    "cfgNum": 1, "cfgAuthor": "e2e", "cfgAuthorIP": "127.0.0.1", "cfgDate": int(time.time()), "cfgVersion": "2.16.1",
    "key": "lemonldap-secret-0123456789",
    "portal": url + "/", "domain": "127.0.0.1", "https": int(url.startswith("https:")), "securedCookie": 0,
    "whatToTrace": "uid", "portalDisplayRegister": 0,
    # What one process writes into a session, the others see at once: who has to be told of a logout, for one.
    "handlerInternalCache": 0,
    # No captchas, and the module that draws them, loaded in any case, would want ImageMagick.
    "captcha": "::Main::Plugin", "captcha_mail_enabled": 0, "captcha_register_enabled": 0,
    "authentication": "DBI", "userDB": "Same", "passwordDB": "Null", "registerDB": "Null",
    "dbiAuthChain": f"dbi:SQLite:dbname={state}/users.db", "dbiAuthUser": "", "dbiAuthPassword": "",
    "dbiAuthTable": "users", "dbiUserTable": "users", "dbiAuthLoginCol": "uid", "dbiAuthPasswordCol": "password",
    "userPivot": "uid", "dbiExportedVars": {"uid": "uid", "cn": "cn", "mail": "mail"},
    "globalStorage": "Apache::Session::File", "globalStorageOptions": storage("sessions"),
    "persistentStorage": "Apache::Session::File", "persistentStorageOptions": storage("persistent"),
    "localSessionStorage": "Cache::FileCache", "localSessionStorageOptions": cache("sessions"),
    "notificationStorage": "File", "notificationStorageOptions": {"dirName": state + "/notifications"},
    "locationRules": {url.partition("://")[2]: {"default": "accept"}},
    "issuerDBOpenIDConnectActivation": 1,
    "oidcServiceMetaDataIssuer": url,
    "oidcServicePrivateKeySig": private_key.decode(), "oidcServicePublicKeySig": public_key.decode(),
    "oidcServiceKeyIdSig": "rsa",
    "oidcRPMetaDataExportedVars": {"demo": {"name": "cn", "email": "mail", "preferred_username": "uid"}},
    "oidcRPMetaDataOptions": {"demo": {
        "oidcRPMetaDataOptionsClientID": "oidc-demo",
        "oidcRPMetaDataOptionsClientSecret": "demo-secret-0123456789abcdef0123456789",
        "oidcRPMetaDataOptionsDisplayName": "OIDC demo",
        "oidcRPMetaDataOptionsRedirectUris": relying_party + "/login/authorize",
        "oidcRPMetaDataOptionsPostLogoutRedirectUris": relying_party + "/",
        "oidcRPMetaDataOptionsIDTokenSignAlg": algorithm,
        "oidcRPMetaDataOptionsUserInfoSignAlg": os.environ.get("USERINFO_ALG", ""),
        "oidcRPMetaDataOptionsUserIDAttr": "uid",
        "oidcRPMetaDataOptionsRequirePKCE": 1,
        "oidcRPMetaDataOptionsBypassConsent": 0,
        "oidcRPMetaDataOptionsRefreshToken": 1,
        "oidcRPMetaDataOptionsPublic": 0,
        # The frame names neither issuer nor session: its sid would be the user's name, which no ID Token has.
        **({
            "oidcRPMetaDataOptionsLogoutUrl": relying_party + "/external-logout",
            "oidcRPMetaDataOptionsLogoutType": "front", "oidcRPMetaDataOptionsLogoutSessionRequired": 0,
        } if os.environ.get("LOGOUT_CHANNEL") == "front" else {}),
    }},
}
with open(state + "/configuration/lmConf-1.json", "w", encoding="utf-8") as file:
    json.dump(configuration, file, indent=1)

with open(state + "/lemonldap-ng.ini", "w", encoding="utf-8") as file:
    file.write(f"""[all]
logLevel = warn
[configuration]
type = File
dirName = {state}/configuration
localStorage = Cache::FileCache
localStorageOptions = {{ 'namespace' => 'configuration', 'cache_root' => '{state}/cache', 'cache_depth' => 3 }}
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
""")
