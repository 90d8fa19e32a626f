# Keeps what an instance that does not run has stored, before its directory is removed: its data, as one file on the shelf. The file
# has its name once all of it is on the disk and was held against what lies in the directory, and a note in the directory
# names it and its digest: erase.sh removes nothing that this note does not cover. The note comes before the name, so that
# whoever is cut off leaves no file that nobody knows of. Data that has not changed since is not archived again.
# One that ran when this was planned has to have ended by itself, by which Redis removes its pidfile once all is on the disk.
# DIR OWNER SHELF HOW: HOW is "lived" or "dead" when this was planned
main() {
  dir=$(place "$1") owner=$2 shelf=$(place "$3") how=$4 name=${1##*/}
  [ -d "$dir" ] || { echo unchanged; exit 0; }
  if living "$dir"; then
    echo "process $pid still runs" >&2
    exit 1
  fi
  if [ "$(first "$dir/owner")" != "$owner" ]; then
    echo "$dir is not marked as $owner" >&2
    exit 1
  fi
  for tool in tar gzip sha256sum find stat sync; do
    command -v "$tool" >/dev/null && continue
    echo "there is no $tool here, and no archive without it" >&2
    exit 1
  done
  if [ "$how" = lived ] && [ -e "$dir/redis.pid" ]; then
    echo "the instance in $dir did not end by itself, and may not have written all that it had: nothing is removed; a second" \
      "removal archives what every data node has" >&2
    exit 1
  fi
  if [ "$how" = lived ] && ! stores "$dir"; then
    echo "the instance in $dir has ended and stored nothing: nothing is removed; a second removal takes it for what it is" >&2
    exit 1
  fi
  link=$(find "$dir/data" -type l 2>/dev/null | head -n 1)
  if [ -n "$link" ]; then
    echo "$link is a link, and what it leads to would not be in the archive: nothing is removed; move it here, or remove the" \
      "data without an archive" >&2
    exit 1
  fi
  if ! stores "$dir"; then
    echo "archive=none; nothing is stored in $dir/data"
    echo unchanged
    exit 0
  fi
  if covered; then
    beside && said unchanged
    exit
  fi
  if [ ! -e "$dir/redis.conf" ]; then
    echo "$dir is half removed, and no archive of it is known: what is left is not archived as if it were all; move it away," \
      "or remove the data without an archive" >&2
    exit 1
  fi
  mkdir -p "$shelf" || exit 1
  # What somebody left who was cut off.
  rm -f "$shelf/.$name."*.redfleet || exit 1
  room || exit 1
  keep
}

# covered: whether an archive of just this data lies on the shelf. Of a directory whose removal has begun, which the configuration
# is the first to leave, less may be left than was archived.
covered() {
  archive_noted "$dir" || return 1
  if [ -e "$dir/redis.conf" ]; then
    archive_print "$dir" && [ "$printed" = "$noted_print" ] || return 1
  fi
  archive_stands
}

# room: whether the shelf has room for all of it, as if nothing could be packed.
room() {
  needed=$(du -sk "$dir/data" | awk '{ print $1 + int($1 / 50) + 1024 }')
  free=$(df -Pk "$shelf" | awk 'NR == 2 { print $4 }')
  case $needed in '' | *[!0-9]*) needed=none ;; esac
  case $free in '' | *[!0-9]*) needed=none ;; esac
  if [ "$needed" = none ]; then
    echo "how much $dir/data takes, and $shelf has free, cannot be told" >&2
    return 1
  fi
  [ "$free" -ge "$needed" ] && return 0
  echo "$shelf has $free KB free, and the archive of $dir/data may take $needed KB: make room, or remove the data without" \
    "an archive" >&2
  return 1
}

# given_up WORDS: ends the script, and leaves nothing of the file that has no name yet.
given_up() {
  rm -f "$part"
  echo "$*" >&2
  exit 1
}

keep() {
  at=$(date -u +%Y%m%dT%H%M%SZ)
  file=$shelf/$name-$at.tar.gz
  part=$shelf/.$name.$at.redfleet
  if [ -e "$file" ] || [ -L "$file" ]; then
    echo "$file is there already; it is never written over" >&2
    exit 1
  fi
  # Who runs this may not be let into where he comes from.
  cd "$dir" || exit 1
  archive_print "$dir" || exit 1
  before=$printed
  patiently tar -czf "$part" data || given_up "$dir/data cannot be archived in $shelf"
  patiently sync "$part" || given_up "$part cannot be brought to the disk"
  patiently tar -dzf "$part" >&2 || given_up "the archive is not what $dir/data holds"
  digest=$(patiently sha256sum "$part") || given_up "$part cannot be read"
  archive_print "$dir" && [ "$printed" = "$before" ] || given_up "$dir/data has changed while it was archived"
  bytes=$(stat -c %s "$part") || given_up "$part cannot be read"
  note="$dir/.archived.redfleet"
  printf '%s %s %s\n%s\n' "${digest%% *}" "$bytes" "$printed" "$file" >"$note" || unwritten "$note"
  durable "$note" && mv "$note" "$dir/archived" && durable "$dir" || exit 1
  mv "$part" "$file" && durable "$shelf" || exit 1
  if ! archive_noted "$dir" || ! archive_stands; then
    echo "$file does not read as it was written" >&2
    exit 1
  fi
  beside && said changed
}

# beside: the digest beside the file, as sha256sum -c takes it.
beside() {
  beside_line="$noted_digest  ${noted_file##*/}"
  beside_now=
  if [ -f "$noted_file.sha256" ]; then read -r beside_now <"$noted_file.sha256"; fi
  [ "$beside_now" = "$beside_line" ] && return 0
  beside_new="$shelf/.$name.sha256.redfleet"
  printf '%s\n' "$beside_line" >"$beside_new" || unwritten "$beside_new"
  durable "$beside_new" && mv "$beside_new" "$noted_file.sha256" && durable "$shelf"
}

said() {
  echo "archive=$noted_file"
  echo "bytes=$noted_bytes"
  echo "sha256=$noted_digest"
  echo "$1"
}
fenced "$@" </dev/null
