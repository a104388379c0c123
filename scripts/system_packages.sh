#!/bin/sh
# Installs the Debian packages that are missing, as root or with sudo; otherwise names them in one line.
# Usage: system_packages.sh PACKAGE...
set -eu
missing=""
for package in "$@"; do
    state=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    [ "$state" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    echo "Missing system packages. Install them, then run this again: sudo apt-get install$missing" >&2
    exit 1
fi
command -v apt-get >/dev/null || {
    echo "Missing system packages, and no apt-get here to install them:$missing" >&2
    exit 1
}
# One at a time: apt-get refuses a second one.
exec 9<"$0"
flock 9
echo "Installing system packages:$missing"
# A package's service must not start by itself: the tests start their own servers.
policy=/usr/sbin/policy-rc.d
made_policy=""
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod +x "$policy"
    made_policy=yes
fi
status=0
{ $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; } || status=$?
[ -z "$made_policy" ] || $as_root rm -f "$policy"
[ "$status" = 0 ] || {
    echo "apt-get could not install:$missing" >&2
    exit 1
}
