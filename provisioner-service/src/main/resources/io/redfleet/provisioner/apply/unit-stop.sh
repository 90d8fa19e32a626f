# Lets systemd end an instance by TERM, on which Redis saves what it is configured to save; answers once it is gone. KILL
# follows only when asked for, after half of the time, and never while the process has a child, as it has while it saves. TERM is
# said again, as stop.sh says it again.
# FILE is a unit of ours, or our drop-in beside somebody else's.
# FILE DIR MARK SECONDS HOW: MARK is "mark" when a person wants it to stay down, HOW is "term" or "kill"
rests() {
  case $active in
    inactive | failed) [ "$pid" = 0 ] ;;
    *) return 1 ;;
  esac
}

look() {
  unit_state "$unit" || exit 1
  here "$file" "$dir"
}

main() {
  file=$1 dir=$2 mark=$3 seconds=$4 how=$5
  unit_named "$file"
  redis_ids && unit_of "$file" "$dir" || exit 1
  # shellcheck disable=SC2016 # it is the other shell that reads it
  if [ "$mark" = mark ] && ! as_redis sh -c '[ ! -d "$1" ] || : >"$1/stopped"' sh "$dir"; then
    echo "$dir/stopped cannot be written" >&2
    exit 1
  fi
  look
  if rests; then
    echo "pid=0"
    echo unchanged
    exit 0
  fi
  before=$pid
  if ! said=$(timeout 30 systemctl stop --no-block "$unit" 2>&1 9>&-); then
    echo "systemctl stop $unit: ${said:-no answer within 30 s}" >&2
    exit 1
  fi
  uptime
  begin=$up told=0
  look
  while ! rests; do
    if lapsed; then
      echo "the lease lapsed while $unit was waited for; it was told to end" >&2
      exit 1
    fi
    uptime
    waited=$((up - begin))
    if [ "$pid" != 0 ] && ! saving "$pid"; then
      if [ "$how" = kill ] && [ $((waited * 2)) -ge "$seconds" ]; then
        signal KILL "$pid"
        how=term
      elif [ "$pid" = "$before" ] && [ $((waited - told)) -ge 2 ]; then
        signal TERM "$pid"
        told=$waited
      fi
    fi
    if [ "$waited" -gt "$seconds" ]; then
      echo "$unit is still $active, its process is $pid, $seconds s after TERM" >&2
      exit 1
    fi
    sleep 0.2
    look
  done
  echo "pid=$before"
  echo changed
}
fenced "$@" </dev/null
