#!/bin/sh
# One dated folder with the database and the files of the portal, checked for being readable, then the oldest removed.
# Copy the folder to another machine by the means your municipality uses; a copy on the same disk is not a backup.
set -eu
: "${BACKUP_DATABASE_URL:?}" "${BACKUP_DIR:?}" "${VAR_DIR:?}"
target="$BACKUP_DIR/$(date -u +%Y-%m-%dT%H%M%SZ)"
unfinished="$target.unfinished"
trap 'rm -rf "$unfinished"' EXIT
mkdir -p "$unfinished"

pg_dump --dbname="$BACKUP_DATABASE_URL" --format=custom --file="$unfinished/database.dump"
pg_restore --list "$unfinished/database.dump" > /dev/null

# Pictures, and the journal of sent mail that tells after a restore what had already gone out.
cd "$VAR_DIR"
set --
for part in media send-journal.log; do
    [ -e "$part" ] && set -- "$@" "$part"
done
[ "$#" -eq 0 ] || tar --create --gzip --file="$unfinished/files.tar.gz" "$@"

cd "$unfinished"
sha256sum ./*.* > SHA256SUMS
mv "$unfinished" "$target"
trap - EXIT
find "$BACKUP_DIR" -mindepth 1 -maxdepth 1 -type d -name '20*Z' -mtime "+${KEEP_DAYS:-30}" -exec rm -rf {} +
echo "Backup written: $target"
