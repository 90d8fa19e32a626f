# Shared by every script: what an instance's directory holds, whether its process lives, how it is asked.
# Sourced by concatenation; POSIX sh. Everything from outside comes as a positional parameter. A process costs a host
# more than all else here, and some of this runs every second: what the shell can do, it does itself.

# orphaned: whether the SSH session that began this script is gone, so that nobody waits for it any more. It may have been
# gone before the script began: then init has inherited it. A session that is another user's (sudo) cannot be sent a signal.
orphaned() { [ "$PPID" = 1 ] || ! { kill -0 "$PPID" 2>/dev/null || [ -e "/proc/$PPID" ]; }; }

# lies NAME: sets name and dir to those of an instance. NAME is its own, or HOME/NAME where several clusters share it, so that it
# lies in no directory of the cluster's; shared is yes, then.
lies() {
  name=${1##*/} shared=no dir=$base/$cluster/$1
  case $1 in
    */*)
      shared=yes
      dir=$base/$1
      ;;
  esac
}

# fenced BASE LEASE UNTIL WORDS...: runs main with the words, while the lease of that id on the base lives and, if UNTIL is
# not 0, not later than that uptime of this host (hundredths of a second: a clock that no stop of ours can fool).
# The shared lock is held until this script has ended, so that the next holder does not begin beside it: what outlives the
# script must not inherit descriptor 9. Looked at after the whole script has come, not when its first line does.
fenced() {
  fence "$(place "$1")" "$2" "$3" || exit 1
  shift 3
  main "$@"
}
fence() {
  refused="fenced off, nothing was done"
  if ! { [ -f "$1/.lease" ] && [ -f "$1/.lease.work" ] && exec 9>>"$1/.lease.work" && flock -s -n 9; }; then
    echo "$refused: another operation takes this host over" >&2
    return 1
  fi
  lease_id='' lease_pid='' lease_holder=''
  { read -r lease_id && read -r lease_pid && read -r lease_holder; } <<LEASE
$(piece "$1/.lease" 4096)
LEASE
  if [ "$lease_id" != "$2" ]; then
    echo "$refused: the lease is another's: $lease_holder" >&2
    return 1
  fi
  # Nobody alive, or nobody who holds the lock: the heartbeats stayed away, or the connection ended.
  if lapsed || flock -s -n "$1/.lease" true; then
    echo "$refused: the lease has lapsed" >&2
    return 1
  fi
  read -r lease_now lease_rest </proc/uptime
  if [ "$3" != 0 ] && [ "${lease_now%.*}${lease_now#*.}" -gt "$3" ]; then
    echo "$refused: it came too late" >&2
    return 1
  fi
}

# lapsed: whether the lease under which this script began is gone. Whoever waits for long gives up then.
lapsed() {
  lapsed_said=$(kill -0 "$lease_pid" 2>&1) && return 1
  # Where the directories are redis's root holds the lease: a process that may not be sent a signal is there.
  case $lapsed_said in *ermitted*) return 1 ;; esac
}

# living DIR: sets pid, start, ticks (of processor time), pages (resident) and threads to the instance's own process, or all
# to 0.
# A pidfile that names a stranger does not count: the process must be a redis or a valkey that works in the instance's
# own data directory, or, of one that was taken over under its builder's unit, that this unit runs: where it works may be
# hidden.
living() {
  living_unit=
  if [ -f "$1/adopted" ]; then
    { read -r living_unit && read -r living_unit; } 2>/dev/null <"$1/adopted"
  fi
  living_as "$1/redis.pid" "$1/data" "$living_unit"
}

# in_unit PID UNIT: whether systemd runs that process in that unit.
in_unit() {
  while read -r in_unit_line; do
    case $in_unit_line in 0::*/"$2" | *:name=systemd:*/"$2") return 0 ;; esac
  done 2>/dev/null <"/proc/$1/cgroup"
  return 1
}

# Where the kernel has its cgroups.
cgroups=/sys/fs/cgroup

# grouped_in FILE...: sets grouped to the redis or valkey that the first of these cgroup.procs with one lists, or to 0. Of several it
# is the parent: Redis has a child while it saves. A redis-cli, as the start guard asks by, is none.
grouped_in() {
  grouped=0
  for grouped_file in "$@"; do
    [ -r "$grouped_file" ] || continue
    grouped_parent=0
    while read -r grouped_pid; do
      case $grouped_pid in '' | 0 | *[!0-9]*) continue ;; esac
      { read -r grouped_comm <"/proc/$grouped_pid/comm"; } 2>/dev/null || continue
      case $grouped_comm in
        *-cli | *-benchmark) continue ;;
        redis-* | valkey-*) ;;
        *) continue ;;
      esac
      { read -r grouped_stat <"/proc/$grouped_pid/stat"; } 2>/dev/null || continue
      grouped_stat=${grouped_stat##*) }
      case $grouped_stat in Z* | X*) continue ;; esac
      if [ "$grouped" = 0 ] || [ "$grouped_pid" = "$grouped_parent" ]; then
        grouped=$grouped_pid
        grouped_parent=${grouped_stat#* }
        grouped_parent=${grouped_parent%% *}
      fi
    done <"$grouped_file"
    if [ "$grouped" != 0 ]; then return; fi
  done
}

# living_as PIDFILE DATA [UNIT]: the same, by whatever names these have. One whose pidfile is gone (systemd takes it away, or its
# directory, with the end of a unit) is still the unit's: it is looked for in the unit's cgroup, at most three slices deep.
living_as() {
  pid=0 start=0 ticks=0 pages=0 threads=0
  living_file=$1 living_data=$2 living_by=${3-}
  if [ -f "$living_file" ]; then
    # A shell reads to the end of a line, which may never come.
    living_pid=$(head -c 20 "$living_file" 2>/dev/null)
  elif [ -n "$living_by" ]; then
    grouped_in "$cgroups"/*.slice/"$living_by"/cgroup.procs "$cgroups"/*.slice/*.slice/"$living_by"/cgroup.procs \
      "$cgroups"/*.slice/*.slice/*.slice/"$living_by"/cgroup.procs \
      "$cgroups"/systemd/*.slice/"$living_by"/cgroup.procs "$cgroups"/systemd/*.slice/*.slice/"$living_by"/cgroup.procs \
      "$cgroups"/systemd/*.slice/*.slice/*.slice/"$living_by"/cgroup.procs
    living_pid=$grouped
  else
    return 1
  fi
  case $living_pid in '' | *[!0-9]*) return 1 ;; esac
  [ -r "/proc/$living_pid/comm" ] || return 1
  read -r living_comm 2>/dev/null <"/proc/$living_pid/comm" || return 1
  case $living_comm in redis-* | valkey-*) ;; *) return 1 ;; esac
  if [ -n "$living_by" ]; then
    in_unit "$living_pid" "$living_by" || return 1
  else
    # Not POSIX before 2024, but in dash, bash and busybox alike.
    # shellcheck disable=SC3013
    [ "/proc/$living_pid/cwd" -ef "$living_data" ] || return 1
  fi
  read -r living_stat 2>/dev/null <"/proc/$living_pid/stat" || return 1
  # shellcheck disable=SC2086 # the fields from the third on
  set -- ${living_stat##*) }
  case $1 in '' | Z | X) return 1 ;; esac
  ticks=$((${12} + ${13})) threads=${18} start=${20} pages=${22}
  pid=$living_pid
}

# watching DIR: sets pid to the Monit that runs by the control file in the directory, or to 0. A pidfile that names a
# stranger does not count.
watching() {
  pid=0
  watching_pid=$(piece "$1/pid" 20)
  case $watching_pid in '' | *[!0-9]*) return 1 ;; esac
  [ -r "/proc/$watching_pid/cmdline" ] || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$watching_pid/cmdline" | grep -qxF "$1/monitrc" || return 1
  pid=$watching_pid
}

# agent_marked DIR OWNER: makes the directory of a Monit that reports where there is none, with its mark as soon as it is there; ends
# the script where it is another's.
agent_marked() {
  if [ ! -e "$1" ]; then
    rm -rf "${1:?}.new"
    mkdir "$1.new" && printf '%s\n' "$2" >"$1.new/owner" && durable "$1.new/owner" && mv "$1.new" "$1" || exit 1
  fi
  if [ "$(first "$1/owner")" != "$2" ]; then
    echo "$1 is not marked as $2" >&2
    exit 1
  fi
}

# agent_hidden: what a Monit says, on one line, without what it reports by: it quotes a line of its file that it does not like.
agent_hidden() { sed -E 's/rf_[A-Za-z0-9_-]+/.../g' | tr '\n' ' '; }

# conf_hidden: what Redis says, without passwords: it quotes a line of its file that it does not like, and some hold one. Names of
# settings may be written in capitals; a rule of a user that has a password, or its digest, begins with one of > < # !
conf_hidden() {
  sed -E -e 's/([aA][uU][tT][hH]|-[pP][aA][sS][sS]|[rR][eE][qQ][uU][iI][rR][eE][pP][aA][sS][sS])(.*)/\1 .../' \
    -e 's/ ["'"'"']?[><#!][^ ]+/ .../g'
}

# saving PID: whether the process has a child, as Redis has while it saves.
saving() {
  saving_child=
  { read -r saving_child <"/proc/$1/task/$1/children"; } 2>/dev/null
  [ -n "$saving_child" ]
}

# uptime: sets up to the seconds since the start of this host, which no step of its clock changes.
uptime() {
  read -r up up_rest </proc/uptime
  up=${up%.*}
}

# ask ADDRESS PORT WORDS...: one command, at most 2 s, as the user that stands in ask_user; by TLS if ask_ca names a file: what
# that CA has not signed is not spoken to. The password is in the environment of redis-cli alone, for these 2 s: arguments are
# everybody's to read. A valkey-cli looks for another name first. Lines of INFO end in a CR. Commands on standard input would
# save processes, but redis-cli then asks for COMMAND DOCS first, which no user here may.
ask() {
  ask_address=$1 ask_port=$2
  shift 2
  client "${ask_ca-}"
  set -- -h "$ask_address" -p "$ask_port" "$@"
  if [ -n "${ask_ca-}" ]; then set -- --tls --cacert "$ask_ca" "$@"; fi
  if [ -n "${ask_user-}" ]; then
    REDISCLI_AUTH=$ask_password VALKEYCLI_AUTH=$ask_password timeout 2 "$cli" --user "$ask_user" "$@"
  else
    timeout 2 "$cli" "$@"
  fi </dev/null 2>&1
}

# hidden VALUE WORDS...: as ask of $address and $port, with the value as the last word, which redis-cli reads where nobody
# else does.
hidden() {
  hidden_value=$1
  shift
  client "${ask_ca-}"
  set -- -h "$address" -p "$port" -x "$@"
  if [ -n "${ask_ca-}" ]; then set -- --tls --cacert "$ask_ca" "$@"; fi
  if [ -n "${ask_user-}" ]; then
    printf '%s' "$hidden_value" |
      REDISCLI_AUTH=$ask_password VALKEYCLI_AUTH=$ask_password timeout 2 "$cli" --user "$ask_user" "$@"
  else
    printf '%s' "$hidden_value" | timeout 2 "$cli" "$@"
  fi 2>&1
}

# ask_as_redis ADDRESS PORT WORDS...: as ask, of a script that root runs. Whoever can put a redis-cli on this host must not be
# root by it, and what an instance answers is no more than a few lines.
ask_as_redis() (
  ask_address=$1 ask_port=$2
  shift 2
  client "${ask_ca-}" as_redis
  set -- -h "$ask_address" -p "$ask_port" "$@"
  if [ -n "${ask_ca-}" ]; then set -- --tls --cacert "$ask_ca" "$@"; fi
  if [ -n "${ask_user-}" ]; then
    REDISCLI_AUTH=$ask_password VALKEYCLI_AUTH=$ask_password
    export REDISCLI_AUTH VALKEYCLI_AUTH
    set -- --user "$ask_user" "$@"
  fi
  as_redis timeout 2 "$cli" "$@" 2>&1 | head -c 4096
)

# listening ADDRESS PORT: whether anybody listens there (IPv4, on the address itself or on all).
listening() {
  listening_six=
  [ -r /proc/net/tcp6 ] && listening_six=/proc/net/tcp6
  # shellcheck disable=SC2086 # a file, or none
  awk -v decimal="$2" -v dotted="$1" '
    BEGIN {
      split(dotted, part, ".")
      address = sprintf("%02X%02X%02X%02X", part[4], part[3], part[2], part[1])
      port = sprintf("%04X", decimal)
    }
    $4 == "0A" {
      n = split($2, at, ":")
      if (at[n] != port) next
      tail = substr(at[1], length(at[1]) - 7)
      if (at[1] == address || at[1] ~ /^0+$/ || tail == address) { found = 1; exit }
    }
    END { exit !found }' /proc/net/tcp $listening_six
}

# durable FILE: brings to the disk what is about to take another name; without it a host that loses power may come back with
# an empty file under that name, which counts as written.
durable() {
  durable_said=$(timeout 15 sync "$1" 2>&1 8>&- 9>&-) && return 0
  echo "$1 cannot be brought to the disk: ${durable_said:-not done within 15 s}" >&2
  return 1
}

# patiently WORDS...: runs them for as long as the lease lives, and ends with their status. They are a process of their own, which
# does not outlive the lease, and which has ended when this does.
patiently() {
  "$@" 9>&- &
  patient_pid=$!
  while read -r patient_stat 2>/dev/null <"/proc/$patient_pid/stat"; do
    # One that has ended is there until it is waited for.
    case ${patient_stat##*) } in Z* | X*) break ;; esac
    if lapsed; then
      kill "$patient_pid" 2>/dev/null
      wait "$patient_pid"
      echo "the lease lapsed while $1 was at work; it was ended" >&2
      return 1
    fi
    sleep 0.1
  done
  wait "$patient_pid"
}

# stores DIR: whether any file lies in its data.
# What cannot be looked into may hold some.
stores() {
  [ -e "$1/data" ] || [ -L "$1/data" ] || return 1
  [ -n "$(find "$1/data" ! -type d 2>&1 | head -n 1)" ]
}

# archive_print DIR: sets printed to what tells the files in its data from others: it is another once one is written, added or
# gone.
archive_print() {
  printed=$(cd "$1/data" && find . ! -type d -exec stat -c '%n %i %s %Y %Z' {} + | sort | sha256sum)
  printed=${printed%% *}
  [ -n "$printed" ]
}

# archive_noted DIR: sets noted_digest, noted_bytes, noted_print and noted_file to what is noted in it of its archive.
archive_noted() {
  noted_digest='' noted_bytes='' noted_print='' noted_file=''
  [ -f "$1/archived" ] || return 1
  { read -r noted_digest noted_bytes noted_print && IFS= read -r noted_file; } <"$1/archived" || return 1
  [ -n "$noted_file" ]
}

# archive_stands: whether the file that is noted lies there, all of it.
archive_stands() {
  [ -f "$noted_file" ] && [ ! -L "$noted_file" ] || return 1
  stands=$(patiently sha256sum "$noted_file") || return 1
  [ "${stands%% *}" = "$noted_digest" ]
}

# unwritten FILE: ends the script and says what could not be written, which a shell without room does not.
unwritten() {
  echo "$1 cannot be written; is the disk full?" >&2
  exit 1
}

# told WORDS...: tells systemd something, and sets told_said to what it says. Descriptor 8 is a lock of scripts on the machine.
told() {
  told_said=$(timeout 60 systemctl "$@" 2>&1 8>&- 9>&-) && return 0
  echo "systemctl $*: ${told_said:-no answer within 60 s}" >&2
  return 1
}

# lined KEY FILE: what the file says, at most 16 KiB of it, line by line as KEY.text=LINE; what comes after its last newline is
# a line too.
lined() { { piece "$2" 16384; echo; } | sed "s/^/$1.text=/"; }

# machine ROOT: sets where that is which belongs to the whole machine. ROOT is /, and another directory in tests.
machine() {
  root=${1%/}
  wide_mark='# redfleet-owner: '
  wide_notes=$root/var/lib/redfleet-host/tuning
  wide_link=$root/etc/systemd/system/basic.target.wants/redfleet-thp.service
}

# wide_part PART: sets wide_file to the file by which it holds after a boot.
wide_part() {
  case $1 in
    sysctl) wide_file=$root/etc/sysctl.d/60-redfleet.conf ;;
    thp) wide_file=$root/etc/systemd/system/redfleet-thp.service ;;
    limits) wide_file=$root/etc/security/limits.d/redfleet.conf ;;
    *) return 1 ;;
  esac
}

# wide_live KEY: sets wide_at to where the kernel has it, and wide_now to what holds there: of several words the one in
# brackets. KEY is that of a kernel setting, or hugepages.
wide_live() {
  wide_now=''
  case $1 in
    hugepages) wide_at=$root/sys/kernel/mm/transparent_hugepage/enabled ;;
    *) wide_at=$root/proc/sys/$(printf '%s' "$1" | tr . /) ;;
  esac
  [ -e "$wide_at" ] || return 1
  # The kernel gives a number whole or not at all, and a shell reads byte by byte: it would see the first digit.
  wide_now=$(cat "$wide_at" 2>/dev/null)
  case $wide_now in
    *\[*\]*)
      wide_now=${wide_now#*\[}
      wide_now=${wide_now%%\]*}
      ;;
  esac
  [ -n "$wide_now" ]
}

# wide_owner FILE: sets whose to the uid in its mark, to nothing if there is no such file, to ? if it bears no mark.
wide_owner() {
  whose=''
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then return; fi
  wide_first=''
  { read -r wide_first <"$1"; } 2>/dev/null
  case $wide_first in
    "$wide_mark"?*) whose=${wide_first#"$wide_mark"} ;;
    *) whose='?' ;;
  esac
}

# wall CLUSTER: after machine, sets where that is which belongs to the cluster's packet filter.
wall() {
  wall_table=redfleet_$(printf '%s' "$1" | tr - _)
  wall_nft=$root/usr/sbin/nft
  wall_rules=$root/etc/redfleet/firewall-$1.nft
  wall_name=redfleet-$1.firewall.service
  wall_unit=$root/etc/systemd/system/$wall_name
  wall_link=$root/etc/systemd/system/sysinit.target.wants/$wall_name
  wall_notes=$root/var/lib/redfleet-host/firewall-$1
  # What waits is gone after a boot, as the table is.
  wall_waits=$root/run/redfleet-firewall-$1
}

# wall_listed: sets listed to a digest of the table as the kernel has it, counters left out, or to nothing if it has none.
# Status 1, and why in wall_said: nobody knows.
wall_listed() {
  listed=''
  if ! wall_said=$(timeout 10 "$wall_nft" list tables 2>&1 8>&- 9>&-); then
    wall_said="nft list tables: ${wall_said:-no answer within 10 s}"
    return 1
  fi
  printf '%s\n' "$wall_said" | grep -qxF "table inet $wall_table" || return 0
  if ! wall_said=$(timeout 10 "$wall_nft" -s list table inet "$wall_table" 2>&1 8>&- 9>&-); then
    wall_said="nft list table inet $wall_table: ${wall_said:-no answer within 10 s}"
    return 1
  fi
  listed=$(printf '%s\n' "$wall_said" | sha256sum)
  listed=${listed%% *}
}

# redis_ids: sets what as_redis needs.
redis_ids() {
  if ! redis_uid=$(id -u redis 2>/dev/null) || ! redis_gid=$(id -g redis 2>/dev/null) ||
    [ "$redis_uid" = 0 ] || [ "$redis_gid" = 0 ]; then
    echo "this host has no user redis, or he is root or in root's group" >&2
    return 1
  fi
}

# as_redis WORDS...: of a script that root runs, what has to do with a directory of redis's, where a link may lie.
as_redis() {
  timeout 10 setpriv --reuid "$redis_uid" --regid "$redis_gid" --clear-groups --no-new-privs "$@" 8>&- 9>&- </dev/null
}

# signal NAME PID: sends it as redis. Whose a process is may change between a look and a signal, and what redis's processes say
# of it may be a lie: root would end anybody's.
signal() {
  # shellcheck disable=SC2016 # it is the other shell that reads it
  as_redis sh -c 'kill -s "$1" "$2"' sh "$1" "$2" 2>/dev/null
}

# unit_named FILE: sets unit to the unit that the file is of, and stem to what those that lie beside it begin with: the file is a
# unit of ours, or our drop-in beside somebody else's.
unit_named() {
  case $1 in
    *.service.d/redfleet.conf)
      unit=${1%/*}
      unit=${unit##*/}
      unit=${unit%.d} stem=${1%.conf}
      ;;
    *) unit=${1##*/} stem=${1%.service} ;;
  esac
}

# dropped_in FILE: whether it is our drop-in beside somebody else's unit.
dropped_in() { case $1 in *.service.d/redfleet.conf) ;; *) return 1 ;; esac; }

# left_in UNIT GROUP: sets grouped to what is left in the unit's cgroup, as systemctl show writes that: a backslash as \x5c. A path
# that does not end with the unit's name is not looked into, for it would hold others' processes.
left_in() {
  grouped=0 left_path='' left_rest=$2
  while :; do
    case $left_rest in *\\x5c*) ;; *) break ;; esac
    left_path=$left_path${left_rest%%\\x5c*}\\
    left_rest=${left_rest#*\\x5c}
  done
  left_path=$left_path$left_rest
  case $left_path in
    /*/"$1") grouped_in "$cgroups$left_path/cgroup.procs" "$cgroups/systemd$left_path/cgroup.procs" ;;
  esac
}

# run_by UNIT: as resident, of one that was taken over under its builder's unit: its process is the main one that systemd says. Of a
# unit that systemd has given up waiting for, or calls failed, there is no main one, and Redis may still write its last save: then it
# is the one that is left in the unit.
run_by() {
  pid=0 start=0
  unit_state "$1" || return 1
  run_by_pid=$main_pid
  if [ "$main_pid" = 0 ]; then
    left_in "$1" "$unit_group"
    run_by_pid=$grouped
  fi
  case $run_by_pid in '' | 0 | *[!0-9]*) return 1 ;; esac
  { read -r run_by_comm <"/proc/$run_by_pid/comm"; } 2>/dev/null || return 1
  case $run_by_comm in redis-* | valkey-*) ;; *) return 1 ;; esac
  { read -r run_by_stat <"/proc/$run_by_pid/stat"; } 2>/dev/null || return 1
  # shellcheck disable=SC2086 # the fields from the third on
  set -- ${run_by_stat##*) }
  case $1 in '' | Z | X) return 1 ;; esac
  start=${20}
  pid=$run_by_pid
}

# here FILE DIR: as resident, or as run_by, whichever the unit's file asks for.
here() {
  if dropped_in "$1"; then
    unit_named "$1"
    run_by "$unit"
  else
    resident "$2"
  fi
}

# resident DIR: as living, of a script that root runs.
resident() {
  pid=0 start=0
  # shellcheck disable=SC2016 # it is the other shell that reads it
  resident_pid=$(as_redis sh -c '
    [ -f "$1/redis.pid" ] || exit 1
    pid=$(head -c 20 "$1/redis.pid")
    case $pid in "" | *[!0-9]*) exit 1 ;; esac
    read -r comm <"/proc/$pid/comm" || exit 1
    case $comm in redis-* | valkey-*) ;; *) exit 1 ;; esac
    [ "/proc/$pid/cwd" -ef "$1/data" ] && echo "$pid"' sh "$1" 2>/dev/null | head -c 20)
  # It comes from a process of redis's.
  case $resident_pid in '' | *[!0-9]*) return 1 ;; esac
  read -r resident_stat 2>/dev/null <"/proc/$resident_pid/stat" || return 1
  # shellcheck disable=SC2086 # the fields from the third on
  set -- ${resident_stat##*) }
  case $1 in '' | Z | X) return 1 ;; esac
  start=${20}
  pid=$resident_pid
}

# unit_state UNIT: sets main_pid, active, result, reload and unit_group to what systemd says of it.
unit_state() {
  main_pid=0 active='' result='' reload='' unit_group=''
  if ! unit_said=$(timeout 10 systemctl show "$1" -p MainPID -p ActiveState -p Result -p NeedDaemonReload \
    -p ControlGroup 2>&1 9>&-); then
    echo "systemctl show $1: ${unit_said:-no answer within 10 s}" >&2
    return 1
  fi
  while IFS='=' read -r unit_key unit_value; do
    case $unit_key in
      MainPID) main_pid=$unit_value ;;
      ActiveState) active=$unit_value ;;
      Result) result=$unit_value ;;
      NeedDaemonReload) reload=$unit_value ;;
      ControlGroup) unit_group=$unit_value ;;
    esac
  done <<UNIT_SAID
$unit_said
UNIT_SAID
}

# unit_marked FILE: sets marked to the mark in a unit file or an init script of ours, or to nothing.
unit_marked() {
  marked=
  [ -f "$1" ] && [ ! -L "$1" ] || return 1
  marked=$(sed -n 's/^# redfleet-owner //p' "$1" | head -n 1)
  [ -n "$marked" ]
}

# script_of FILE DIR: whether it is our init script of the instance in that directory.
script_of() {
  if [ ! -e "$1" ]; then
    echo "there is no init script $1: apply the spec of the cluster again" >&2
    return 1
  fi
  if ! unit_marked "$1" || ! grep -qxF "dir='$2'" "$1"; then
    echo "$1 is not Redfleet's init script of $2, and is left alone" >&2
    return 1
  fi
}

# unit_of FILE DIR: whether it is our unit of the instance in that directory, or our drop-in in somebody else's.
unit_of() {
  if [ ! -e "$1" ]; then
    echo "there is no unit $1: apply the spec of the cluster again" >&2
    return 1
  fi
  unit_of_line="ReadWritePaths=$2"
  if dropped_in "$1"; then unit_of_line="# redfleet-directory $2"; fi
  if ! unit_marked "$1" || ! grep -qxF -e "$unit_of_line" "$1"; then
    echo "$1 is not Redfleet's unit of $2, and is left alone" >&2
    return 1
  fi
}
