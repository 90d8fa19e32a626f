# Ends an instance by TERM, on which Redis saves what it is configured to save; answers once it is gone. KILL follows
# only when asked for, after half of the time, and never while the process has a child, as it has while it saves.
# DIR MARK SECONDS HOW: MARK is "mark" when a person wants it to stay down, HOW is "term" or "kill"
main() {
  dir=$(place "$1") mark=$2 seconds=$3 how=$4
  if [ "$mark" = mark ] && [ -d "$dir" ]; then : >"$dir/stopped" || exit 1; fi
  if ! living "$dir"; then
    echo "pid=0"
    echo unchanged
    exit 0
  fi
  before=$pid
  kill -TERM "$before" || exit 1
  uptime
  begin=$up
  while living "$dir"; do
    if lapsed; then
      echo "the lease lapsed while process $before was waited for; it was told to end" >&2
      exit 1
    fi
    uptime
    waited=$((up - begin))
    if [ "$how" = kill ] && [ $((waited * 2)) -ge "$seconds" ] && ! saving "$pid"; then
      kill -KILL "$pid"
      how=term
    fi
    if [ "$waited" -gt "$seconds" ]; then
      echo "process $before still lives $seconds s after TERM" >&2
      exit 1
    fi
    sleep 0.1
  done
  echo "pid=$before"
  echo changed
}
fenced "$@" </dev/null
