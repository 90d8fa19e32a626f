# Gives one instance commands, each of which must answer OK. ADDRESS PORT then groups: COUNT WORD...
main() {
  address=$1 port=$2
  shift 2
  changed=unchanged
  while [ $# -gt 0 ]; do
    count=$1
    shift
    run_first "$count" "$@" || exit 1
    shift "$count"
  done
  echo "$changed"
}
run_first() {
  count=$1
  shift
  i=0 total=$#
  for word in "$@"; do
    i=$((i + 1))
    [ "$i" -le "$count" ] && set -- "$@" "$word"
  done
  shift "$total"
  said=$(ask "$address" "$port" "$@")
  [ "$said" = OK ] && changed=changed && return 0
  # Forgotten is forgotten: the command of an owner that was cut off may have come through.
  [ "$1 $2 $said" = "SENTINEL REMOVE ERR No such master with that name" ] && return 0
  echo "$* answered: $said" >&2
  return 1
}
fenced "$@" </dev/null
