# Says in the directory of an instance that does not run that nobody manages it any more: its files stay, and its port is
# free for others. DIR OWNER
main() {
  dir=$(place "$1") owner=$2
  [ -d "$dir" ] && [ ! -e "$dir/retired" ] || { echo unchanged; exit 0; }
  if living "$dir"; then
    echo "process $pid still runs" >&2
    exit 1
  fi
  if [ "$(first "$dir/owner")" != "$owner" ]; then
    echo "$dir is not marked as $owner" >&2
    exit 1
  fi
  : >"$dir/retired" || exit 1
  echo changed
}
fenced "$@" </dev/null
