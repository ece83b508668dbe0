"""The whole check of an ID Token by a Python library: its checks per second of processor time, as JSON.

usage: token_checks.py FILE PyJWT|joserfc SECONDS      FILE: what `token-checks` wrote of a token
"""

import base64
import hashlib
import hmac
import json
import sys
import time

REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]


def pyjwt(told):
    import jwt
    keys = jwt.PyJWKSet.from_dict(told["keys"])

    def check():
        key = keys[jwt.get_unverified_header(told["token"])["kid"]]
        claims = jwt.decode(told["token"], key, algorithms=[told["algorithm"]], audience=told["client_id"],
                            issuer=told["issuer"], leeway=60, options={"require": REQUIRED})
        if claims["nonce"] != told["nonce"]:
            raise ValueError("nonce")
        return claims

    return check


def joserfc(told):
    from joserfc import jwt
    from joserfc.jwk import KeySet
    keys = KeySet.import_key_set(told["keys"])
    values = {"iss": told["issuer"], "aud": told["client_id"], "nonce": told["nonce"]}
    rules = jwt.JWTClaimsRegistry(leeway=60, **{
        name: {"essential": True} | ({"value": values[name]} if name in values else {}) for name in REQUIRED})

    def check():
        token = jwt.decode(told["token"], keys, algorithms=[told["algorithm"]])
        rules.validate(token.claims)
        return token.claims

    return check


def hash_of(access_token, algorithm):
    """`at_hash` (OIDC Core §3.1.3.6)."""
    digest = hashlib.new("sha512" if algorithm == "EdDSA" else "sha256", access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:len(digest) // 2]).rstrip(b"=").decode()


def main(path, library, seconds):
    with open(path, encoding="ascii") as file:
        told = json.load(file)
    check = {"PyJWT": pyjwt, "joserfc": joserfc}[library](told)
    count, begin = 0, time.process_time()
    while (spent := time.process_time() - begin) < seconds:
        for _ in range(20):
            claims = check()
            if not hmac.compare_digest(claims["at_hash"], hash_of(told["access_token"], told["algorithm"])):
                raise ValueError("at_hash")
        count += 20
    print(json.dumps({"checks_per_second": count / spent}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
