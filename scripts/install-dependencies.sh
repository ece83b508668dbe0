#!/bin/sh
# Installs what this project needs and the machine has not: Debian packages by apt, and for the end-to-end tests and the
# benchmarks Python packages, in virtual environments outside the tree. Does nothing when all is there.
#   usage: scripts/install-dependencies.sh [build|lint|test|e2e|bench]      (build)
# Where the virtual environments are: OIDC_E2E_VENV and OIDC_BENCH_VENV, else e2e-venv and bench-venv in
# $XDG_CACHE_HOME/swift-openid-connect.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
caches=${XDG_CACHE_HOME:-$HOME/.cache}/swift-openid-connect

build_packages="libssl-dev libcurl4-openssl-dev libmicrohttpd-dev libsqlite3-dev libhiredis-dev make openssl ca-certificates"
test_packages="redis-server"
e2e_packages="python3 python3-venv chromium fonts-dejavu-core libatomic1 procps
    $test_packages nginx caddy haproxy
    glewlwyd sqlite3 rnbyc faketime
    liblemonldap-ng-portal-perl libdbd-sqlite3-perl libstring-random-perl libio-string-perl starman"
bench_packages="python3 python3-venv $test_packages nginx wrk apache2 libapache2-mod-auth-openidc valgrind
    binutils"

fail() {
    echo "install-dependencies: $*" >&2
    exit 1
}

# A package counts as there when dpkg says so, or (for systems without dpkg) when what we need of it is found.
is_installed() {
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; then return 0; fi
    case $1 in
        libssl-dev) has_header openssl/evp.h ;;
        libcurl4-openssl-dev) has_header curl/curl.h ;;
        libmicrohttpd-dev) has_header microhttpd.h ;;
        libsqlite3-dev) has_header sqlite3.h ;;
        libhiredis-dev) has_header hiredis/hiredis.h ;;
        chromium | sqlite3 | python3 | make | openssl | glewlwyd | rnbyc | starman | caddy | haproxy | wrk | valgrind) command -v "$1" >/dev/null ;;
        redis-server) command -v redis-server >/dev/null ;;
        nginx | apache2) command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] ;;
        procps) command -v ps >/dev/null ;;
        *) return 1 ;;
    esac
}

has_header() {
    for folder in /usr/include /usr/include/*-linux-gnu* /usr/local/include; do
        if [ -e "$folder/$1" ]; then return 0; fi
    done
    return 1
}

apt_get() {
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive apt-get "$@"
    else
        sudo DEBIAN_FRONTEND=noninteractive apt-get "$@"
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs the packages that are missing; their services are neither started now nor at the next boot.
install_packages() {
    missing=""
    for package in "$@"; do
        is_installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || fail "there is no apt here; install what Debian calls:$missing"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        fail "neither root nor sudo; have an administrator run: apt-get install$missing"

    echo "install-dependencies: installing by apt:$missing"
    apt_get update -qq || echo "install-dependencies: apt-get update failed; trying with the lists that are here" >&2
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'as_root rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    log=$(mktemp)
    # shellcheck disable=SC2086
    if ! apt_get install -y -qq --no-install-recommends $missing >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        fail "apt-get could not install:$missing"
    fi
    rm -f "$log"
    if command -v systemctl >/dev/null; then
        for service in glewlwyd lemonldap-ng-fastcgi-server redis-server nginx caddy haproxy apache2; do
            case $missing in *"$service"* | *lemonldap*) as_root systemctl disable "$service" >/dev/null 2>&1 || true ;; esac
        done
    fi
}

# Of the lists in the folder, in the virtual environment.
install_python_packages() {
    lists=$here/../$1
    venv=$2
    wanted=$(cat "$lists/requirements.txt" "$lists/constraints.txt")
    if [ "$(cat "$venv/installed.txt" 2>/dev/null)" = "$wanted" ]; then return 0; fi
    echo "install-dependencies: installing Python packages in $venv"
    for python in python3 /usr/bin/python3; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            rm -rf "$venv"
            "$python" -m venv "$venv"
            "$venv/bin/pip" install --quiet --disable-pip-version-check \
                --requirement "$lists/requirements.txt" --constraint "$lists/constraints.txt" ||
                fail "pip could not install the packages of $1/requirements.txt"
            echo "$wanted" >"$venv/installed.txt"
            return 0
        fi
    done
    fail "Python 3.11 or later with its venv module is needed for what $1 has"
}

case ${1:-build} in
    build) install_packages $build_packages ;;
    lint) install_packages $build_packages python3 ;;
    test) install_packages $build_packages $test_packages ;;
    e2e)
        install_packages $e2e_packages
        install_python_packages EndToEnd "${OIDC_E2E_VENV:-$caches/e2e-venv}"
        ;;
    bench)
        install_packages $build_packages $bench_packages
        install_python_packages Benchmarks "${OIDC_BENCH_VENV:-$caches/bench-venv}"
        ;;
    *) fail "usage: $0 [build|lint|test|e2e|bench]" ;;
esac
