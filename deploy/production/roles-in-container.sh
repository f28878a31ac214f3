#!/bin/sh
# Run once by the database's container, when its volume is empty: the three roles with their passwords.
set -eu
: "${POSTGRES_USER:?}" "${POSTGRES_DB:?}" "${OWNER_PASSWORD:?}" "${APP_PASSWORD:?}" "${READ_PASSWORD:?}"
here="${ROLES_FILE:-/etc/trygghet/roles.sql}"
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --file="$here"
# Passwords come from the environment, so they stand neither in a list of processes nor in a file.
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\getenv read_password READ_PASSWORD
ALTER ROLE trygghet_owner PASSWORD :'owner_password';
ALTER ROLE trygghet_app PASSWORD :'app_password';
ALTER ROLE trygghet_read PASSWORD :'read_password';
SQL
