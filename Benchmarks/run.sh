#!/bin/sh
# The benchmarks, all or the parts named (see harness/__main__.py). The programs have to be built before, as
# `make bench` does; OIDC_DEMO says which app is measured (.build/static/release/oidc-demo).
set -eu
cd "$(dirname "$0")/.."
scripts/install-dependencies.sh bench
venv=${OIDC_BENCH_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/swift-openid-connect/bench-venv}
export OIDC_DEMO="${OIDC_DEMO:-$PWD/.build/static/release/oidc-demo}" PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" -m Benchmarks.harness "$@"
