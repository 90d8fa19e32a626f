# Lets systemd start an instance, and answers once its process lives and answers a PING (or says that it is loading).
# FILE DIR ADDRESS PORT SECONDS: FILE is the unit's, or our drop-in beside somebody else's
# The gate has decided, and the unit's start guard may not know enough to decide the same: it takes a permit of this boot once.

# What the process said last; of a line of its configuration that it does not like, it quotes passwords too.
said_last() {
  {
    timeout 10 journalctl -u "$unit" -n 3 -o cat --no-pager 2>/dev/null 9>&- | tail -c 2000
    # A line of its log is as long as redis likes.
    as_redis tail -c 2000 "$dir/log/redis.log" 2>/dev/null | tail -n 3
  } | conf_hidden | tr '\n' ' '
}

# mine: whether the process of the instance is the one that systemd started.
mine() { here "$file" "$dir" && [ "$pid" = "$main_pid" ]; }

found() {
  if [ "$pid" != "$main_pid" ]; then
    echo "process $pid works in $dir/data, and systemd did not start it: end it first" >&2
    exit 1
  fi
  echo "pid=$pid"
  echo unchanged
  exit 0
}

# noted: by which unit file this process was started, for as long as it lives: ages do not tell one that was changed and changed
# back. One that cannot be written is done without.
noted() {
  read -r boot </proc/sys/kernel/random/boot_id
  note=$stem.started
  {
    printf '%s %s %s %s\n' "$boot" "$pid" "$start" "${digest%% *}" >"$note.new" && chmod 644 "$note.new" && mv "$note.new" "$note"
  } 2>/dev/null
}

main() {
  file=$1 dir=$2 address=$3 port=$4 seconds=$5
  unit_named "$file"
  redis_ids && unit_of "$file" "$dir" || exit 1
  if here "$file" "$dir"; then
    unit_state "$unit" || exit 1
    found
  fi
  if listening "$address" "$port"; then
    # systemd may have started it again just now.
    unit_state "$unit" || exit 1
    here "$file" "$dir" && found
    echo "port $port on $address is taken by a process that is not ours" >&2
    exit 1
  fi
  as_redis rm -f "$dir/stopped" "$dir/retired" || exit 1
  unit_state "$unit" || exit 1
  if [ "$reload" = yes ] && ! said=$(timeout 60 systemctl daemon-reload 2>&1 9>&-); then
    echo "systemctl daemon-reload: $said" >&2
    exit 1
  fi
  digest=$(sha256sum <"$file")
  if [ -e "$stem.guard" ]; then
    read -r boot </proc/sys/kernel/random/boot_id
    uptime
    trap 'as_redis rm -f "$dir/permit"' EXIT
    # shellcheck disable=SC2016 # it is the other shell that reads it
    as_redis sh -c 'rm -f "$1/permit" && printf "%s %s\n" "$2" "$3" >"$1/permit"' sh "$dir" "$boot" "$up" || exit 1
  fi
  # Whoever asks has judged already; how often it has been started before is not systemd's to weigh.
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 9>&-
  if ! said=$(timeout 30 systemctl start --no-block "$unit" 2>&1 9>&-); then
    echo "systemctl start $unit: ${said:-no answer within 30 s}" >&2
    exit 1
  fi
  await
}

await() {
  uptime
  end=$((up + seconds)) last=
  while [ "$up" -le "$end" ]; do
    if lapsed; then
      echo "the lease lapsed while $unit was waited for; it was started" >&2
      exit 1
    fi
    unit_state "$unit" || exit 1
    if [ "$active" = failed ]; then
      echo "$unit has failed ($result): $(said_last)" >&2
      exit 1
    fi
    if [ "$main_pid" != 0 ] && mine; then
      answer=$(ask_as_redis "$address" "$port" PING)
      last="; its last answer: $answer"
      case $active:$answer in
        active:PONG | *:LOADING* | *:MASTERDOWN* | *:BUSY*)
          noted
          echo "pid=$pid"
          echo "start=$start"
          echo "answer=$answer"
          echo changed
          exit 0
          ;;
        *:PONG) last="; it answers, and has not told systemd that it is ready: is it built with libsystemd?" ;;
      esac
    fi
    sleep 0.1
    uptime
  done
  echo "$unit is $active and not ready within $seconds s$last; log: $(said_last)" >&2
  exit 1
}
fenced "$@" </dev/null
