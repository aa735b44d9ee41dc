#!/bin/sh
# Installs what some suites need beside Python: Redis, PostgreSQL, Chromium and gettext, from
# Debian's packages, where that is possible. Where it is not, those suites skip and say why.
set -eu

postgres_is_there() { command -v postgres > /dev/null || ls /usr/lib/postgresql/*/bin/postgres > /dev/null 2>&1; }
missing=""
command -v redis-server > /dev/null || missing="$missing redis-server"
postgres_is_there || missing="$missing postgresql"
command -v chromium > /dev/null || command -v chromium-browser > /dev/null || missing="$missing chromium"
command -v msgfmt > /dev/null || missing="$missing gettext"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "Not installed, and only root on Debian may install them here:$missing"
    echo "The suites that need them will be skipped."
    exit 0
fi
echo "Installing$missing ..."
export DEBIAN_FRONTEND=noninteractive
# The suites start servers of their own; Debian's must not start by itself.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
# shellcheck disable=SC2086 # a list of words
if ! { apt-get update -q && apt-get install -qy --no-install-recommends $missing; } > /dev/null; then
    echo "They could not be installed. The suites that need them will be skipped."
fi
