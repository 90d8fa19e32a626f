# The rest of the init script of one instance. What its directory holds is redis's to say: everything there is looked at as redis,
# and his process is started, and told to end, as redis.
# shellcheck disable=SC2154,SC3045 # the lines before set what it knows; ulimit -n is in dash, bash and busybox alike
PATH=${PATH:-/usr/bin:/bin}:/usr/sbin:/sbin:/usr/local/bin:/opt/redis/current/bin:/opt/valkey/current/bin
LC_ALL=C
export PATH LC_ALL
umask 077

say() { printf '%s: %s\n' "$name" "$1" >&2; }

# needs: what it cannot do without; sets uid and gid to redis's.
needs() {
  if [ "$(id -u)" != 0 ]; then
    say "only root can do that"
    exit 4
  fi
  for tool in setpriv flock timeout; do
    if ! command -v "$tool" >/dev/null; then
      say "there is no $tool in PATH"
      exit 5
    fi
  done
  if ! uid=$(id -u redis 2>/dev/null) || ! gid=$(id -g redis 2>/dev/null) || [ "$uid" = 0 ] || [ "$gid" = 0 ]; then
    say "this host has no user redis, or he is root or in root's group"
    exit 5
  fi
}

# as_redis WORDS...: a look, or a signal. Descriptor 8 is the lock, which nothing inherits.
as_redis() {
  timeout 10 setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs "$@" </dev/null 8<&-
}

# runs WORDS...: with redis's groups too, one of which may be let read a key, and with no other environment than this.
runs() {
  timeout 30 setpriv --reuid "$uid" --regid "$gid" --init-groups --inh-caps=-all --no-new-privs \
    env -i "PATH=$PATH" "LC_ALL=$LC_ALL" "$@" </dev/null 8<&-
}

# living: sets pid to the process that works in this instance's data, or to 0. A pidfile that names a stranger does not count.
living() {
  # shellcheck disable=SC2016 # it is the other shell that reads it
  pid=$(as_redis sh -c '
    [ -f "$1/redis.pid" ] || exit 1
    pid=$(head -c 20 "$1/redis.pid")
    case $pid in "" | *[!0-9]*) exit 1 ;; esac
    read -r comm <"/proc/$pid/comm" || exit 1
    case $comm in redis-* | valkey-*) ;; *) exit 1 ;; esac
    [ "/proc/$pid/cwd" -ef "$1/data" ] && echo "$pid"' sh "$dir" 2>/dev/null | head -c 20)
  case $pid in
    '' | *[!0-9]*)
      pid=0
      return 1
      ;;
  esac
  if ! read -r stat 2>/dev/null <"/proc/$pid/stat"; then
    pid=0
    return 1
  fi
  case ${stat##*) } in
    Z* | X*)
      pid=0
      return 1
      ;;
  esac
}

# saving: whether the process has a child, as Redis has while it saves.
saving() {
  child=
  { read -r child <"/proc/$pid/task/$pid/children"; } 2>/dev/null
  [ -n "$child" ]
}

# seconds: sets up to those since the start of this host, which no step of its clock changes.
seconds() {
  read -r up rest </proc/uptime
  up=${up%.*}
}

# limits: of this shell, and so of what it starts: as many files as the clients need, and nothing that the kernel ends when
# memory runs out.
limits() {
  ulimit -n 65535 2>/dev/null || say "the limit of open files stays $(ulimit -n): 65535 cannot be set here"
  { echo -900 >/proc/self/oom_score_adj; } 2>/dev/null
}

# known: where there is that directory, a shutdown stops only what has a file of its name there.
known() {
  [ -d "$subsys" ] || return 0
  (: >"$subsys/$name") 2>/dev/null || say "$subsys/$name cannot be written: a shutdown will not stop it"
}

forgotten() { [ ! -e "$subsys/$name" ] || rm -f "$subsys/$name"; }

start() {
  if living; then
    known
    echo "$name runs already, as process $pid"
    return 0
  fi
  # Whoever orders a start takes this away.
  if as_redis test -e "$dir/stopped"; then
    say "not started: a person has stopped it, and it stays so until Redfleet is told to start it"
    return 6
  fi
  if [ ! -x "$program" ]; then
    say "not started: there is no $program"
    return 5
  fi
  if [ -n "$guard" ]; then
    if [ ! -f "$guard" ]; then
      say "not started: there is no start guard $guard; apply the spec of the cluster again"
      return 6
    fi
    if ! runs sh "$guard"; then
      say "not started: its start guard does not let it"
      return 1
    fi
  fi
  limits
  # What it says is cut: it is redis who says what runs under that name.
  said=$({ runs "$program" "$conf" 2>&1 || printf '\nended with status %s\n' "$?"; } | head -c 2000)
  case $said in
    *"ended with status "*)
      # Redis quotes the line that it does not like, and some hold a password.
      said=$(printf '%s' "$said" | sed -E 's/(auth|-pass|requirepass)(.*)/\1 .../' | tr '\n' ' ' | tr -cd ' -~')
      say "not started: $program $conf: $said"
      return 1
      ;;
  esac
  seconds
  end=$((up + 10))
  until living; do
    seconds
    if [ "$up" -gt "$end" ]; then
      say "does not run 10 s after its start: see $dir/log/redis.log"
      return 1
    fi
    sleep 0.1
  done
  known
  echo "$name runs, as process $pid"
}

# stop: by TERM, on which Redis saves what it is configured to save. TERM is said again: who writes a first append-only file refuses
# it once and forgets it.
stop() {
  if ! living; then
    forgotten
    echo "$name does not run"
    return 0
  fi
  before=$pid told=
  seconds
  begin=$up
  while living && [ "$pid" = "$before" ]; do
    seconds
    waited=$((up - begin))
    if [ -z "$told" ] || { [ $((waited - told)) -ge 2 ] && ! saving; }; then
      # shellcheck disable=SC2016 # it is the other shell that reads it
      as_redis sh -c 'kill -s TERM "$1"' sh "$pid" 2>/dev/null
      told=$waited
    fi
    if [ "$waited" -gt "$patience" ]; then
      say "process $before still lives $patience s after TERM, and is not killed: it may be saving"
      return 1
    fi
    sleep 0.2
  done
  forgotten
  echo "$name has ended"
}

status() {
  if living; then
    echo "$name runs, as process $pid"
    return 0
  fi
  if as_redis test -e "$dir/redis.pid"; then
    echo "$name does not run, and has left $dir/redis.pid"
    return 1
  fi
  echo "$name does not run"
  return 3
}

main() {
  case ${1-} in
    start | stop | restart | force-reload | status) ;;
    *)
      echo "usage: $0 {start|stop|restart|force-reload|status}" >&2
      exit 2
      ;;
  esac
  needs
  if [ "$1" = status ]; then
    status
    exit
  fi
  # One at a time: two that start it at once would race for its port. Nobody but root can open that file, and so hold it.
  exec 8>>"$lock"
  cd / || exit 1
  if ! flock -w 60 8; then
    say "another start or stop of it has not ended within 60 s"
    exit 1
  fi
  case $1 in
    start) start ;;
    stop) stop ;;
    *) stop && start ;;
  esac
}
main "$@"
