# Lets go of an instance that was adopted: Redfleet's directory of it goes, with the links and the mark. What they name, and the
# process, are not touched. DIR OWNER
main() {
  dir=$(place "$1") owner=$2
  [ -d "$dir" ] || { echo unchanged; exit 0; }
  if [ "$(first "$dir/owner")" != "$owner" ]; then
    echo "$dir is not marked as $owner" >&2
    exit 1
  fi
  if [ ! -f "$dir/adopted" ]; then
    echo "$dir holds an instance that Redfleet has built" >&2
    exit 1
  fi
  # One that was written in a link's place is somebody's configuration, log or data.
  for link in redis.conf sentinel.conf redis.pid data log/redis.log; do
    if [ -L "$dir/$link" ]; then rm -f "$dir/$link" || exit 1; fi
  done
  for noted in revision .revision.redfleet stopped retired owner.new; do
    rm -f "$dir/$noted" || exit 1
  done
  [ ! -d "$dir/log" ] || rmdir "$dir/log" 2>/dev/null
  # The mark last: until then whoever comes again knows whose this is.
  left=$(ls -A "$dir" | grep -vx -e owner -e adopted | head -n 5 | tr '\n' ' ')
  if [ -n "$left" ]; then
    echo "$dir holds what is not Redfleet's, and stays: $left" >&2
    exit 1
  fi
  rm -f "$dir/owner" && rm -f "$dir/adopted" && rmdir "$dir" || exit 1
  echo changed
}
fenced "$@" </dev/null
