# Puts what a replica that does not run has stored beside its data, under the version of the Redis that wrote it, so that it starts
# empty: an older Redis does not load what a newer one wrote. One that was made a master meanwhile has no replicaof in its file
# any more, and keeps all. What was put there before of the same version gives way. DIR VERSION [try]
# With the word nothing is changed, also not where it runs: it is only seen whether that could be done, and whether what its master
# will send has room beside it.
main() {
  dir=$(place "$1") version=$2 word=${3-}
  case $version in
    '' | .* | *[!0-9.]*)
      printf "'%s' is no version of Redis\n" "$version" >&2
      exit 1
      ;;
  esac
  config "$dir" redis.conf
  if [ "$word" != try ] && living "$dir"; then
    echo "process $pid runs; its data is its own" >&2
    exit 1
  fi
  if ! modest "$conf"; then
    echo "$conf must be a regular file of at most 1 MiB" >&2
    exit 1
  fi
  if ! grep -Eq '^(replicaof|slaveof) ' "$conf"; then
    echo "$conf names no master, so nobody would send it what it has stored: its data stays" >&2
    exit 1
  fi
  if ! stores "$dir"; then
    echo unchanged
    exit 0
  fi
  aside=$dir/aside/$version
  nearest=$aside
  while [ ! -e "$nearest" ]; do nearest=${nearest%/*}; done
  if [ "$(stat -c %d "$dir/data/.")" != "$(stat -c %d "$nearest/.")" ]; then
    echo "$dir/data is on another file system than $nearest, where there may be no room for it: its data stays" >&2
    exit 1
  fi
  if [ "$word" = try ]; then
    roomy
    echo unchanged
    exit 0
  fi
  mkdir -p "$aside" || exit 1
  for entry in "$dir"/data/* "$dir"/data/.[!.]*; do
    if [ ! -e "$entry" ] && [ ! -L "$entry" ]; then continue; fi
    rm -rf "${aside:?}/${entry##*/}" && mv "$entry" "$aside/${entry##*/}" || exit 1
  done
  durable "$aside" && durable "$dir/data" || exit 1
  echo changed
}

# kib DIR: how much lies there, as far as it could be counted.
kib() {
  [ -d "$1" ] || return 0
  timeout 5 du -sk "$1/." 2>/dev/null | awk '{ print $1 }'
}

# roomy: refuses where as much as there is does not fit in once more. What was put aside before of that version gives way.
roomy() {
  held=$(kib "$dir/data") before=$(kib "$aside") free=$(df -Pk "$dir/data/." 2>/dev/null | awk 'NR == 2 { print $4 }')
  case $held:$free in :* | *: | *[!0-9:]*) return 0 ;; esac
  if [ "$held" -gt $((free + ${before:-0})) ]; then
    echo "$dir/data holds $held KiB, which would stay beside it, and $free KiB are free where as much has to come anew: make room" \
      "there, and its data stays" >&2
    exit 1
  fi
}

fenced "$@" </dev/null
