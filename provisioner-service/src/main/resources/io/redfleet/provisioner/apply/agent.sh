# Lets Monit report of the instances here by the control file that was uploaded: Monit has to take it before it replaces
# the one that stands. Starts it, or lets the one that runs read it, and answers once it lives and has opened its socket.
# DIR STAGED OWNER SECONDS: OWNER is the uid of the cluster

# What was uploaded, by whomever and however far.
swept() { rm -f "${dir%/*}"/.monitrc.*.staged "${dir%/*}"/..monitrc.*.staged.redfleet; }
lives() { watching "$dir" && [ -S "$dir/socket" ]; }
main() {
  dir=$(place "$1") staged=$(place "$2") owner=$3 seconds=$4
  agent_marked "$dir" "$owner"
  chmod 600 "$staged" || exit 1
  if ! said=$(timeout 10 monit -t -c "$staged" 2>&1 9>&-); then
    echo "Monit does not take the control file: $(printf '%s' "$said" | agent_hidden)" >&2
    swept
    exit 1
  fi
  wanted=$(sha256sum <"$staged")
  wanted=${wanted%% *}
  [ -n "$wanted" ] || exit 1
  if lives && [ -f "$dir/monitrc" ] && cmp -s "$staged" "$dir/monitrc" && [ "$(first "$dir/taken")" = "$wanted" ]; then
    swept
    echo "pid=$pid"
    echo unchanged
    exit 0
  fi
  rm -f "$dir/taken"
  mv "$staged" "$dir/monitrc" || exit 1
  swept
  # It opens another one: that is how it is seen to have read the file.
  rm -f "$dir/socket"
  if watching "$dir"; then
    kill -HUP "$pid" || exit 1
  else
    # Monit takes whoever has that pid for itself, wakes it by USR1, which ends most programs, and does not start.
    rm -f "$dir/pid"
    timeout 10 setsid monit -c "$dir/monitrc" >"$dir/said" 2>&1 </dev/null 9>&-
  fi
  uptime
  end=$((up + seconds))
  while ! lives; do
    if lapsed; then
      echo "the lease lapsed while Monit was waited for" >&2
      exit 1
    fi
    uptime
    if [ "$up" -gt "$end" ]; then
      echo "Monit has not opened $dir/socket within $seconds s: $(tail -n 3 "$dir/said" "$dir/log" 2>/dev/null | agent_hidden)" >&2
      exit 1
    fi
    sleep 0.1
  done
  printf '%s\n' "$wanted" >"$dir/taken.new" && mv "$dir/taken.new" "$dir/taken" || exit 1
  echo "pid=$pid"
  echo changed
}
fenced "$@" </dev/null
