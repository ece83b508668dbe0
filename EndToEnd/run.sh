#!/bin/sh
# The end-to-end tests, all or the parts named (see harness/__main__.py). The app has to be built before; which program
# is tested says OIDC_DEMO (.build/release/oidc-demo). Pictures and logs are in output/.
set -eu
cd "$(dirname "$0")"
../scripts/install-dependencies.sh e2e
venv=${OIDC_E2E_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/swift-openid-connect/e2e-venv}
export PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" -m harness "$@"
