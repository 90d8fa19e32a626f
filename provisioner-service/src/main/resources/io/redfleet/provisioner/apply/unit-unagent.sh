# Lets systemd end the Monit that reports of the instances here, which says so to the collector, when the mark in its unit says that
# it is ours; the unit stays. FILE OWNER
rests() {
  unit_state "$unit" || exit 1
  case $active in inactive | failed) ;; *) return 1 ;; esac
}

main() {
  file=$1 owner=$2 unit=${1##*/}
  if ! unit_marked "$file" || [ "$marked" != "$owner" ] || rests; then
    echo unchanged
    exit 0
  fi
  # systemd itself gives it the time that its unit says, and then kills it.
  told stop "$unit" || exit 1
  if ! rests; then
    echo "$unit is still $active" >&2
    exit 1
  fi
  echo changed
}
fenced "$@" </dev/null
