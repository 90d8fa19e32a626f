# Starts an instance by its init script, and answers once its process lives and answers a PING (or says that it is loading).
# FILE DIR ADDRESS PORT SECONDS GUARD: FILE is the script, GUARD the start guard; empty: it has none
# The gate has decided, and the start guard may not know enough to decide the same: it takes a permit of this boot once.

# What the process said last. A line of its log is as long as redis likes.
said_last() { as_redis tail -c 2000 "$dir/log/redis.log" 2>/dev/null | tail -n 3 | conf_hidden | tr '\n' ' '; }

found() {
  echo "pid=$pid"
  echo unchanged
  exit 0
}

main() {
  file=$1 dir=$2 address=$3 port=$4 seconds=$5 guard=$6 name=${1##*/}
  redis_ids && script_of "$file" "$dir" || exit 1
  resident "$dir" && found
  if listening "$address" "$port"; then
    # Somebody may have started it just now.
    resident "$dir" && found
    echo "port $port on $address is taken by a process that is not ours" >&2
    exit 1
  fi
  as_redis rm -f "$dir/stopped" "$dir/retired" || exit 1
  if [ -n "$guard" ] && [ -e "$guard" ]; then
    read -r boot </proc/sys/kernel/random/boot_id
    uptime
    trap 'as_redis rm -f "$dir/permit"' EXIT
    # shellcheck disable=SC2016 # it is the other shell that reads it
    as_redis sh -c 'rm -f "$1/permit" && printf "%s %s\n" "$2" "$3" >"$1/permit"' sh "$dir" "$boot" "$up" || exit 1
  fi
  # It waits for its lock, its guard and the process, each for less than that.
  if ! said=$(timeout 150 "$file" start 2>&1 </dev/null 9>&-); then
    echo "$file start: $(printf '%s' "${said:-no answer within 150 s}" | conf_hidden | tr '\n' ' ')log: $(said_last)" >&2
    exit 1
  fi
  await
}

await() {
  uptime
  end=$((up + seconds)) last=nothing missed=0
  while [ "$up" -le "$end" ]; do
    if lapsed; then
      echo "the lease lapsed while $name was waited for; it was started" >&2
      exit 1
    fi
    if resident "$dir"; then
      missed=0
      last=$(ask_as_redis "$address" "$port" PING)
      case $last in
        PONG | LOADING* | MASTERDOWN* | BUSY*)
          echo "pid=$pid"
          echo "start=$start"
          echo "answer=$last"
          echo changed
          exit 0
          ;;
      esac
    else
      missed=$((missed + 1))
      if [ "$missed" -ge 5 ]; then
        echo "$name was started and has ended; log: $(said_last)" >&2
        exit 1
      fi
    fi
    sleep 0.2
    uptime
  done
  echo "$name did not answer a PING within $seconds s (last: $last); log: $(said_last)" >&2
  exit 1
}
fenced "$@" </dev/null
