# Lets systemd run the Monit that reports of the instances here: starts it, lets the one that runs read its control file, or starts
# it anew where it was started by another unit; answers once it lives and has opened its socket. What lies in its directory, which
# is redis's, is redis's to say.
# FILE DIR TAKEN SECONDS: FILE is the unit's, TAKEN is what it is to have read: the hashes of its control file and of its unit
said_last() {
  timeout 10 journalctl -u "$unit" -n 3 -o cat --no-pager 2>/dev/null 9>&- | tail -c 2000 | agent_hidden
}

lives() { [ "$active" = active ] && [ "$main_pid" != 0 ] && as_redis test -S "$dir/socket"; }

# reads PID: lets it read its control file.
reads() {
  signal HUP "$1" && return
  echo "process $1, which systemd runs as $unit, cannot be told to read its control file" >&2
  exit 1
}

main() {
  file=$1 dir=$2 wanted=$3 seconds=$4 unit=${1##*/}
  redis_ids && unit_of "$file" "$dir" && unit_state "$unit" || exit 1
  taken=$(as_redis head -n 1 "$dir/taken" 2>/dev/null | head -c 200)
  if lives && [ "$taken" = "$wanted" ]; then
    echo "pid=$main_pid"
    echo unchanged
    exit 0
  fi
  # It opens another one: that is how it is seen to have read the file.
  as_redis rm -f "$dir/socket" || exit 1
  if [ "$active" = active ] && [ "$main_pid" != 0 ] && [ "${taken#* }" = "${wanted#* }" ]; then
    reads "$main_pid"
  else
    # Who wrote the unit may have been cut off before systemd read it.
    if [ "$reload" = yes ]; then told daemon-reload || exit 1; fi
    # How often it has been started before is not systemd's to weigh.
    timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 9>&-
    told restart "$unit" || exit 1
  fi
  await
  # shellcheck disable=SC2016 # it is the other shell that reads it
  as_redis sh -c 'printf "%s\n" "$2" >"$1/taken.new" && mv "$1/taken.new" "$1/taken"' sh "$dir" "$wanted" || exit 1
  echo "pid=$main_pid"
  echo changed
}

await() {
  uptime
  end=$((up + seconds))
  unit_state "$unit" || exit 1
  while ! lives; do
    if [ "$active" = failed ]; then
      echo "$unit has failed ($result): $(said_last)" >&2
      exit 1
    fi
    if lapsed; then
      echo "the lease lapsed while $unit was waited for; it was started" >&2
      exit 1
    fi
    uptime
    if [ "$up" -gt "$end" ]; then
      echo "$unit is $active, and Monit has not opened $dir/socket within $seconds s: $(said_last)" >&2
      exit 1
    fi
    sleep 0.2
    unit_state "$unit" || exit 1
  done
}
fenced "$@" </dev/null
