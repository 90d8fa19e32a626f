# Removes the directory of an instance that does not run, when the mark in it says that it is ours. HOW is "archived" when
# nothing may go that is not archived, and "plain" otherwise. The configuration goes first: without it, what is left counts as
# half removed.
# DIR OWNER HOW
main() {
  dir=$(place "$1") owner=$2 how=$3
  [ -d "$dir" ] || { echo unchanged; exit 0; }
  if living "$dir"; then
    echo "process $pid still runs" >&2
    exit 1
  fi
  if [ "$(first "$dir/owner")" != "$owner" ]; then
    echo "$dir is not marked as $owner" >&2
    exit 1
  fi
  if [ -f "$dir/adopted" ]; then
    echo "$dir is that of an instance that was adopted, which is let go and not removed" >&2
    exit 1
  fi
  if [ "$how" = archived ]; then
    confirmed || exit 1
  elif [ -e "$dir/redis.conf" ]; then
    # It would count for what is left of other data.
    rm -f "$dir/archived" && durable "$dir" || exit 1
  fi
  rm -rf "${dir:?}/redis.conf" && durable "$dir" || exit 1
  # A cluster's own instance has none, and what is called so there is somebody else's.
  case $owner in 'group '*) rm -rf "${dir:?}/members" || exit 1 ;; esac
  for part in sentinel.conf users.acl redis.pid stopped retired permit guard.refused log data aside bin archived revision; do
    rm -rf "${dir:?}/$part" || exit 1
  done
  # What an upload that was cut off left beside its target.
  rm -f "$dir"/.*.staged "$dir"/.*.redfleet "$dir/redis.conf.new" "$dir/owner.new" || exit 1
  # And a rewrite of Redis's own.
  rm -f "$dir"/redis.conf.?????? "$dir"/sentinel.conf.?????? "$dir"/users.acl.tmp-* || exit 1
  # The mark last: until then whoever comes again knows whose this is.
  left=$(ls -A "$dir" | grep -vx owner | head -n 5 | tr '\n' ' ')
  if [ -n "$left" ]; then
    echo "$dir holds what is not Redfleet's, and stays: $left" >&2
    exit 1
  fi
  rm -f "$dir/owner" && rmdir "$dir" || exit 1
  echo changed
}

# confirmed: whether all that is stored there lies in the archive that is noted, which is read once more.
confirmed() {
  stores "$dir" || return 0
  if ! archive_noted "$dir"; then
    echo "nothing is removed: $dir has no archive" >&2
    return 1
  fi
  if [ -e "$dir/redis.conf" ]; then
    archive_print "$dir" || return 1
    if [ "$printed" != "$noted_print" ]; then
      echo "nothing is removed: $dir/data has changed since it was archived" >&2
      return 1
    fi
  fi
  archive_stands && return 0
  echo "nothing is removed: the archive of $dir, $noted_file, is not there as it was written" >&2
  return 1
}
fenced "$@" </dev/null
