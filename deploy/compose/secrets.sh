#!/bin/sh
# Makes the secrets of the composition, once: a password of the database, and the address with it.
set -eu
cd "$(dirname "$0")"
[ ! -e secrets ] || { echo "secrets/ is there already" >&2; exit 1; }
umask 077
mkdir secrets
password=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
printf '%s' "$password" >secrets/database_password
printf 'postgresql+psycopg://tomoni:%s@database/tomoni' "$password" >secrets/database_url
chmod 755 secrets
chmod 444 secrets/* # the containers read them as users of their own
