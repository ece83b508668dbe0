#!/bin/sh
# canaille (Python; PyPI). ALG: RS256, ES256, EdDSA. See ../common.sh.
. "$(dirname "$0")/../common.sh"
command=$(dirname "$python")/canaille
export CANAILLE_CONFIG="$state/canaille.toml"

"$python" "$here/configure.py" "$url" "$state"
{
    "$command" install
    "$command" create user --user-name alice --password alice-password-1 --given-name Alice --family-name Example \
        --formatted-name "Alice Example" --display-name alice --emails alice@example.test
    # Without an audience its ID Tokens have an empty aud, which a relying party must refuse.
    "$command" create client --client-id oidc-demo --client-secret demo-secret-0123456789abcdef0123456789 \
        --client-name "OIDC demo" --client-uri "$relying_party" \
        --redirect-uris "$relying_party/login/authorize" --post-logout-redirect-uris "$relying_party/" \
        --grant-types authorization_code --grant-types refresh_token --response-types code \
        --token-endpoint-auth-method client_secret_basic \
        --scope openid --scope profile --scope email --scope groups \
        --id-token-signed-response-alg "$algorithm"
    "$command" set client oidc-demo --audience oidc-demo
} >"$state/setup.log" 2>&1 || { tail -n 20 "$state/setup.log" >&2; exit 1; }

serve "$command" run --bind "127.0.0.1:$port"
announce "/.well-known/openid-configuration"
