# Removes the directory of an instance that does not run, when the mark in it says that it is ours. DIR OWNER
main() {
  dir=$(place "$1") owner=$2
  [ -d "$dir" ] || { echo unchanged; exit 0; }
  if living "$dir"; then
    echo "process $pid still runs" >&2
    exit 1
  fi
  if [ "$(head -n 1 "$dir/owner" 2>/dev/null)" != "$owner" ]; then
    echo "$dir is not marked as $owner" >&2
    exit 1
  fi
  for part in redis.conf sentinel.conf users.acl redis.pid stopped retired permit guard.refused log data bin revision owner; do
    rm -rf "${dir:?}/$part" || exit 1
  done
  # What an upload that was cut off left beside its target.
  rm -f "$dir"/.*.staged "$dir"/.*.redfleet || exit 1
  rmdir "$dir" || exit 1
  echo changed
}
fenced "$@" </dev/null
