#!/bin/sh
# idpyoidc (Python; PyPI), a library, in a Flask application of two files. ALG: RS256, ES256. See ../common.sh.
. "$(dirname "$0")/../common.sh"
cd "$state"
serve "$python" "$here/provider.py" "$port" "$url" "$relying_party" "$algorithm"
announce "/.well-known/openid-configuration"
