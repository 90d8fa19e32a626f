# Ends an instance by its init script, by TERM, on which Redis saves what it is configured to save; answers once it is gone. KILL
# follows only when asked for, after half of the time, and never while the process has a child, as it has while it saves.
# FILE DIR MARK SECONDS HOW: MARK is "mark" when a person wants it to stay down, HOW is "term" or "kill"
main() {
  file=$1 dir=$2 mark=$3 seconds=$4 how=$5 name=${1##*/}
  redis_ids && script_of "$file" "$dir" || exit 1
  # shellcheck disable=SC2016 # it is the other shell that reads it
  if [ "$mark" = mark ] && ! as_redis sh -c '[ ! -d "$1" ] || : >"$1/stopped"' sh "$dir"; then
    echo "$dir/stopped cannot be written" >&2
    exit 1
  fi
  if ! resident "$dir"; then
    echo "pid=0"
    echo unchanged
    exit 0
  fi
  before=$pid
  # It waits for a last save, and goes on with that when this has given up.
  setsid "$file" stop </dev/null >/dev/null 2>&1 9>&- &
  uptime
  begin=$up told=0
  while resident "$dir"; do
    if lapsed; then
      echo "the lease lapsed while $name was waited for; it was told to end" >&2
      exit 1
    fi
    uptime
    waited=$((up - begin))
    if ! saving "$pid"; then
      if [ "$how" = kill ] && [ $((waited * 2)) -ge "$seconds" ]; then
        signal KILL "$pid"
        how=term
      elif [ "$pid" = "$before" ] && [ $((waited - told)) -ge 2 ]; then
        # The script may be waiting for another to end.
        signal TERM "$pid"
        told=$waited
      fi
    fi
    if [ "$waited" -gt "$seconds" ]; then
      echo "$name still runs, as process $pid, $seconds s after TERM" >&2
      exit 1
    fi
    sleep 0.2
  done
  echo "pid=$before"
  echo changed
}
fenced "$@" </dev/null
