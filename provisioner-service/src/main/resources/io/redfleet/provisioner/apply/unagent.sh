# Ends the Monit that reports of the instances here, which says so to the collector, and removes its directory, when the
# mark in it says that it is ours. One that does not end is killed: it keeps nothing. DIR OWNER SECONDS
main() {
  dir=$(place "$1") owner=$2 seconds=$3
  rm -f "${dir%/*}"/.monitrc.*.staged "${dir%/*}"/..monitrc.*.staged.redfleet
  rm -rf "${dir:?}.new"
  [ -d "$dir" ] || { echo unchanged; exit 0; }
  if [ "$(first "$dir/owner")" != "$owner" ]; then
    echo "$dir is not marked as $owner" >&2
    exit 1
  fi
  signal=TERM
  uptime
  begin=$up
  while watching "$dir"; do
    if lapsed; then
      echo "the lease lapsed while Monit, process $pid, was waited for; it was told to end" >&2
      exit 1
    fi
    [ -z "$signal" ] || kill "-$signal" "$pid" 2>/dev/null
    signal=
    uptime
    waited=$((up - begin))
    if [ "$waited" -gt "$seconds" ]; then
      echo "Monit, process $pid, still lives $seconds s after TERM" >&2
      exit 1
    fi
    [ $((waited * 2)) -lt "$seconds" ] || signal=KILL
    sleep 0.1
  done
  for part in monitrc monitrc.new taken taken.new socket pid id state log said; do
    rm -f "${dir:?}/$part" || exit 1
  done
  # The mark last: until then whoever comes again knows whose this is.
  rm -f "$dir/owner" && rmdir "$dir" || exit 1
  echo changed
}
fenced "$@" </dev/null
