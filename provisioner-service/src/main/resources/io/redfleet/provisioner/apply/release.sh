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
  # Looked at before anything goes: what stops here is as it was, and can be done again.
  left=$(strange | head -n 5 | tr '\n' ' ')
  if [ -n "$left" ]; then
    echo "$dir holds what is not Redfleet's, and nothing is removed: $left" >&2
    exit 1
  fi
  for link in redis.conf sentinel.conf redis.pid data log/redis.log; do
    if [ -L "$dir/$link" ]; then rm -f "$dir/$link" || exit 1; fi
  done
  for noted in revision .revision.redfleet stopped retired permit guard.refused .guard.refused.redfleet owner.new; do
    rm -f "$dir/$noted" || exit 1
  done
  if [ -d "$dir/log" ]; then rmdir "$dir/log" || exit 1; fi
  # The mark last: until then whoever comes again knows whose this is.
  rm -f "$dir/owner" && rm -f "$dir/adopted" && rmdir "$dir" || exit 1
  echo changed
}

# strange: what lies there that neither adopt.sh nor what works by its links writes. One that was written in a link's place is
# somebody's configuration, log or data.
strange() {
  for entry in "$dir"/* "$dir"/.[!.]* "$dir"/..?* "$dir"/log/* "$dir"/log/.[!.]* "$dir"/log/..?*; do
    if [ ! -e "$entry" ] && [ ! -L "$entry" ]; then continue; fi
    case ${entry#"$dir"/} in
      owner | adopted | revision | .revision.redfleet | stopped | retired | owner.new) ;;
      permit | guard.refused | .guard.refused.redfleet) ;;
      redis.conf | sentinel.conf | redis.pid | data | log/redis.log) [ -L "$entry" ] || printf '%s\n' "${entry#"$dir"/}" ;;
      log) if [ -L "$entry" ] || [ ! -d "$entry" ]; then echo log; fi ;;
      *) printf '%s\n' "${entry#"$dir"/}" ;;
    esac
  done
}
fenced "$@" </dev/null
