#!/bin/sh
# Glewlwyd (C; Debian's package). ALG: RS256, PS256, ES256, ES384, EdDSA. See ../common.sh.
. "$(dirname "$0")/../common.sh"

sqlite3 "$state/db" </usr/share/dbconfig-common/data/glewlwyd/install/sqlite3
# The OIDC plugin reads post_logout_redirect_uris; the data format that is shipped says post_logout_redirect_uri.
sqlite3 "$state/db" "UPDATE g_client_module_instance SET gcmi_parameters = replace(gcmi_parameters,
    '\"post_logout_redirect_uri\":{\"multiple\":false', '\"post_logout_redirect_uris\":{\"multiple\":true');"

# In Debian's package the pages' config.json is a folder with the file in it.
cp -RL /usr/share/glewlwyd/webapp "$state/webapp"
if [ -d "$state/webapp/config.json" ]; then
    mv "$state/webapp/config.json" "$state/webapp/config"
    mv "$state/webapp/config/config.json" "$state/webapp/config.json"
fi

sed -e "s|^port=.*|port=$port\nbind_address=\"127.0.0.1\"|" \
    -e "s|^external_url=.*|external_url=\"$url\"|" \
    -e 's|^log_mode=.*|log_mode="console"|' \
    -e '/^static_files_path/d' -e '/^@include/d' \
    /etc/glewlwyd/glewlwyd.conf >"$state/conf"
cat >>"$state/conf" <<END
static_files_path="$state/webapp/"
database = { type = "sqlite3"; path = "$state/db"; };
END

rnbyc -j -g rsa2048 -k RS256 -a RS256 -g rsa2048 -k PS256 -a PS256 -g ec256 -k ES256 -a ES256 \
    -g ec384 -k ES384 -a ES384 -g Ed25519 -k EdDSA -a EdDSA -p /dev/null -o "$state/jwks" >"$state/keys.log" 2>&1

serve glewlwyd --config-file="$state/conf"
"$python" "$here/configure.py" "$port" "$url" "$relying_party" "$state/jwks" "$algorithm"
announce "/api/oidc/.well-known/openid-configuration"
