# Sourced by the start scripts: start.sh PORT [RELYING_PARTY]
#   ALG     the ID Token's algorithm (RS256)
#   STATE   the folder for everything that the provider writes; emptied first ($TMPDIR/oidc-e2e/NAME-PORT)
#   CLIENT_PUBLIC_KEY, USERINFO_ALG
#           the client's public key (PEM), and the algorithm of signed UserInfo, where the provider can be told
#   LOGOUT_CHANNEL
#           how the relying party is told of a logout, "back" (the default) or "front", where there is a choice
#   URL     where browsers and the relying party reach it, through a proxy (http://127.0.0.1:PORT)
#   PYTHON  a Python with the packages of EndToEnd/requirements.txt (python3)
# The last line printed is "ready DISCOVERY_URL"; the process id is in $STATE/pid.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
port=${1:?usage: $0 PORT [RELYING_PARTY]}
relying_party=${2:-http://127.0.0.1:8000}
url=${URL:-http://127.0.0.1:$port}
algorithm=${ALG:-RS256}
python=${PYTHON:-python3}
state=${STATE:-${TMPDIR:-/tmp}/oidc-e2e/$(basename "$here")-$port}

rm -rf "$state"
mkdir -p "$state"
state=$(cd "$state" && pwd)

# Runs the server in a session of its own and keeps its process id.
serve() {
    setsid "$@" >"$state/out" 2>&1 </dev/null &
    echo $! >"$state/pid"
}

# Waits for the discovery document at the path, at most 30 seconds, and tells where it is.
announce() {
    "$python" - "http://127.0.0.1:$port$1" "${url#*://}" "$(cat "$state/pid")" <<'PROGRAM' || { tail -n 20 "$state/out" >&2; exit 1; }
import os, sys, time, urllib.request
url, host, process = sys.argv[1], sys.argv[2], int(sys.argv[3])
end = time.monotonic() + 30
while True:
    try:
        urllib.request.urlopen(urllib.request.Request(url, headers={"Host": host}), timeout=5).read()
        break
    except OSError as error:
        if time.monotonic() > end or not os.path.exists(f"/proc/{process}"):
            sys.exit(f"no discovery document at {url}: {error}")
        time.sleep(0.1)
PROGRAM
    echo "ready $url$1"
}
