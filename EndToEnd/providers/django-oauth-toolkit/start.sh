#!/bin/sh
# Django OAuth Toolkit (Python; PyPI) in a Django project of one file. ALG: RS256. See ../common.sh.
. "$(dirname "$0")/../common.sh"
[ "$algorithm" = RS256 ] || { echo "Django OAuth Toolkit signs with RS256 only" >&2; exit 1; }
export PROVIDER_URL="$url" PROVIDER_STATE="$state" RELYING_PARTY="$relying_party"
export DJANGO_SETTINGS_MODULE=project PYTHONPATH="$here" PYTHONDONTWRITEBYTECODE=1

{
    "$python" -m django migrate --verbosity 0
    "$python" "$here/configure.py"
} >"$state/setup.log" 2>&1 || { tail -n 20 "$state/setup.log" >&2; exit 1; }
serve "$python" -m django runserver --noreload "127.0.0.1:$port"
announce "/o/.well-known/openid-configuration"
