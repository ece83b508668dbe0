#!/bin/sh
# LemonLDAP::NG (Perl; Debian's package), its portal run by Starman. ALG: RS256, RS384, RS512. See ../common.sh.
. "$(dirname "$0")/../common.sh"

"$python" "$here/configure.py" "$url" "$relying_party" "$state" "$algorithm"
export LLNG_DEFAULTCONFFILE="$state/lemonldap-ng.ini"
serve starman --listen "127.0.0.1:$port" --workers 3 --env deployment "$here/portal.psgi"
announce "/.well-known/openid-configuration"
