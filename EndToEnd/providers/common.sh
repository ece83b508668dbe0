# Sourced by the start scripts: start.sh PORT [RELYING_PARTY]
#   ALG     the ID Token's algorithm (RS256)
#   STATE   the folder for everything that the provider writes; emptied first ($TMPDIR/oidc-e2e/NAME-PORT)
#   CLIENT_PUBLIC_KEY, USERINFO_ALG
#           the client's public key (PEM), and the algorithm of signed UserInfo, where the provider can be told
#   LOGOUT_CHANNEL
#           how the relying party is told of a logout, "back" (the default) or "front", where there is a choice
#   PYTHON  a Python with the packages of EndToEnd/requirements.txt (python3)
# The last line printed is "ready DISCOVERY_URL"; the process id is in $STATE/pid.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
port=${1:?usage: $0 PORT [RELYING_PARTY]}
relying_party=${2:-http://127.0.0.1:8000}
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

# Waits for the discovery document, at most 30 seconds, and tells where it is.
announce() {
    "$python" - "$1" "$(cat "$state/pid")" <<'PROGRAM' || { tail -n 20 "$state/out" >&2; exit 1; }
import os, sys, time, urllib.request
url, process = sys.argv[1], int(sys.argv[2])
end = time.monotonic() + 30
while True:
    try:
        urllib.request.urlopen(url, timeout=5).read()
        break
    except OSError as error:
        if time.monotonic() > end or not os.path.exists(f"/proc/{process}"):
            sys.exit(f"no discovery document at {url}: {error}")
        time.sleep(0.1)
PROGRAM
    echo "ready $1"
}
