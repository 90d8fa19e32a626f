# Ends an instance by TERM, on which Redis saves what it is configured to save; answers once it is gone. KILL follows
# only when asked for, after half of the time, and never while the process has a child, as it has while it saves. TERM is said
# again: who writes a first append-only file, as a replica after each full resync, refuses it once and forgets it (server.c,
# prepareForShutdown).
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
  begin=$up told=0
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
    if [ "$pid" = "$before" ] && [ $((waited - told)) -ge 2 ] && ! saving "$pid"; then
      kill -TERM "$pid" 2>/dev/null
      told=$waited
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
