# Puts what a replica that does not run has stored beside its data, under the version of the Redis that wrote it, so that it starts
# empty: an older Redis does not load what a newer one wrote. One that was made a master meanwhile has no replicaof in its file
# any more, and keeps all. What was put there before of the same version gives way. DIR VERSION
main() {
  dir=$(place "$1") version=$2
  case $version in
    '' | .* | *[!0-9.]*)
      printf "'%s' is no version of Redis\n" "$version" >&2
      exit 1
      ;;
  esac
  config "$dir" redis.conf
  if living "$dir"; then
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
  mkdir -p "$aside" || exit 1
  if [ "$(stat -c %d "$dir/data/.")" != "$(stat -c %d "$aside")" ]; then
    echo "$dir/data is on another file system than $dir, where there may be no room for it: its data stays" >&2
    exit 1
  fi
  for entry in "$dir"/data/* "$dir"/data/.[!.]*; do
    if [ ! -e "$entry" ] && [ ! -L "$entry" ]; then continue; fi
    rm -rf "${aside:?}/${entry##*/}" && mv "$entry" "$aside/${entry##*/}" || exit 1
  done
  durable "$aside" && durable "$dir/data" || exit 1
  echo changed
}
fenced "$@" </dev/null
