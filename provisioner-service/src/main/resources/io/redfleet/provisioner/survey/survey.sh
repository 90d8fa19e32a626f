# Facts of a host and of the instances a cluster has there, as key=value lines.
# BASE CLUSTER MASTERNAME [ROLE NAME ADDRESS PORT]... -- ROOT [KEY]...: ROOT is /, KEY a kernel setting that is asked for.
# ROLE is redis, sentinel, or sentinel-whom for one that is asked whom it knows.
binary() {
  for name in redis-server redis-check-rdb; do
    found=$(command -v "$name") || continue
    readlink -f "$found"
    return
  done
}

# disk DIR: how much is free where it is or will be, and the mount point, if the host names it: as Monit looks for it.
disk() {
  at=$1
  while [ ! -d "$at" ]; do at=$(dirname "$at"); done
  # shellcheck disable=SC2046 # two words
  set -- $(df -Pk "$at" 2>/dev/null | awk 'NR == 2 { print $4, $6 }')
  [ $# = 2 ] || return
  echo "free=$(($1 * 1024))"
  if awk -v point="$2" '$2 == point { found = 1; exit } END { exit !found }' /proc/self/mounts; then echo "mount=$2"; fi
}

# agent: the Monit that reports of this cluster's instances here. Of its control file, which holds a secret, only the hash.
agent() {
  echo "monit=$(command -v monit)"
  agent_dir=$base/$cluster/.monit
  [ -d "$agent_dir" ] || return
  for noted in owner taken; do
    if [ -r "$agent_dir/$noted" ]; then
      read -r line <"$agent_dir/$noted"
      echo "agent.$noted=$line"
    fi
  done
  if [ -r "$agent_dir/monitrc" ]; then
    said=$(sha256sum <"$agent_dir/monitrc")
    echo "agent.file=${said%% *}"
  fi
  watching "$agent_dir"
  echo "agent.pid=$pid"
}

# stored DIR: says whether there is a data set, and whether the next start finds it.
stored() {
  holds "$1"
  [ $stored_rdb$stored_aof = nono ] && return
  say files yes
  case $stored_by in
    aof) [ $stored_aof = yes ] && say data yes ;;
    *) [ $stored_rdb = yes ] && say data yes ;;
  esac
}

# answers: what a living instance says of itself; what is no PONG says why there is nothing more. Passwords are left out.
answers() {
  ping=$(ask "$address" "$port" PING)
  ping=${ping%%"
"*}
  say ping "$ping"
  [ "$ping" = PONG ] || return
  {
    echo ==info
    ask "$address" "$port" INFO
    if [ "$role" = redis ]; then
      echo ==config
      ask "$address" "$port" CONFIG GET '*'
    else
      echo ==master
      ask "$address" "$port" SENTINEL MASTER "$master"
      echo ==quorum
      ask "$address" "$port" SENTINEL CKQUORUM "$master"
      if [ "$role" = sentinel-whom ]; then
        echo ==replicas
        ask "$address" "$port" SENTINEL REPLICAS "$master"
        echo ==sentinels
        ask "$address" "$port" SENTINEL SENTINELS "$master"
      fi
    fi
  } | awk -v prefix="i.$name." '
    { sub(/\r$/, "") }
    /^==[a-z]+$/ { section = substr($0, 3); count = 0; next }
    { count++ }
    section == "config" {
      if (count % 2) hidden = /^(masterauth|requirepass|.*-pass)$/
      if (hidden) next
    }
    section == "quorum" && count > 1 { next }
    section == "replicas" || section == "sentinels" {
      if (count % 2) { field = $0 }
      else if (field == "ip") { ip = $0 }
      else if (field == "port") { print prefix "knows=" ip ":" $0 }
      next
    }
    section != "info" || $0 ~ /:/ { print prefix section "=" $0 }'
}

# claimed: which other instance that somebody manages has this endpoint in its configuration, whether it runs or not.
claimed() {
  for claimed_conf in $(grep -lsx "port $port" "$base"/*/*/redis.conf "$base"/*/*/sentinel.conf); do
    claimed_dir=${claimed_conf%/*}
    if [ "$claimed_dir" = "$dir" ] || [ -e "$claimed_dir/retired" ] || [ ! -r "$claimed_dir/owner" ]; then continue; fi
    if grep -qs '^bind ' "$claimed_conf" && ! grep -qsF "$address" "$claimed_conf"; then continue; fi
    read -r line <"$claimed_dir/owner"
    say claimed "$line"
    return
  done
}

instance() {
  role=$1 name=$2 address=$3 port=$4 dir=$base/$cluster/$2
  say() { printf 'i.%s.%s=%s\n' "$name" "$1" "$2"; }
  [ -d "$dir" ] && say directory yes
  for noted in owner revision; do
    if [ -r "$dir/$noted" ]; then
      read -r line <"$dir/$noted"
      say "$noted" "$line"
    fi
  done
  if [ -e "$dir/redis.conf" ] || [ -e "$dir/sentinel.conf" ]; then say conf yes; fi
  [ -e "$dir/stopped" ] && say stopped yes
  [ -e "$dir/retired" ] && say retired yes
  claimed
  if [ -f "$dir/guard.refused" ]; then
    read -r line <"$dir/guard.refused"
    say unit.refused "$line"
  fi
  if [ "$role" = redis ]; then
    stored "$dir"
  elif grep -qs '^sentinel myid ' "$dir/sentinel.conf"; then
    say joined yes
  fi
  living "$dir"
  say pid "$pid"
  say start "$start"
  if [ "$pid" != 0 ] && saving "$pid"; then say saving yes; fi
  if [ "$pid" != 0 ] && outdated "$base/bin/redis-server"; then say outdated yes; fi
  listening "$address" "$port" && say listening yes
  if [ "$pid" != 0 ]; then answers; fi
}

# outdated PROGRAM: whether the process runs another binary than a start by that link would: a package has replaced it, or
# the link was moved. Not where either cannot be seen.
outdated() {
  if [ ! -e "/proc/$pid/exe" ] || [ ! -e "$1" ]; then return 1; fi
  # Not POSIX before 2024, but in dash, bash and busybox alike.
  # shellcheck disable=SC3013
  ! [ "/proc/$pid/exe" -ef "$1" ]
}

# memory: of the host, in bytes.
memory() {
  while read -r field value unit; do
    if [ "$field" = MemTotal: ]; then
      echo "memory=$((value * 1024))"
      return
    fi
  done </proc/meminfo
}

# tuned ROOT KEYS...: what belongs to the whole machine: whose it is, its files, and, where somebody asks, what holds.
tuned() {
  machine "$1"
  shift
  wide_owner "$wide_notes"
  [ -z "$whose" ] || echo "tuning.owner=$whose"
  if [ -n "$whose" ] && [ "$whose" != '?' ]; then
    sed -n '2,$s/^\([^ ]*\) \([^ ]*\).*/tuning.before=\1 \2/p' "$wide_notes"
  fi
  for part in sysctl thp limits; do
    wide_part "$part"
    wide_owner "$wide_file"
    [ -n "$whose" ] || continue
    echo "tuning.$part.owner=$whose"
    said=$(sha256sum <"$wide_file")
    echo "tuning.$part.hash=${said%% *}"
  done
  [ -e "$wide_link" ] && echo tuning.enabled=yes
  [ $# -gt 0 ] || return
  wide_live hugepages && echo "tuning.hugepages=$wide_now"
  for key; do
    wide_live "$key" && echo "tuning.live=$key $wide_now"
  done
}

main() {
  base=$(place "$1") cluster=$2 master=$3
  shift 3
  # What lies in there would count as absent, and what lives in there as dead.
  for entered in "$base" "$base/$cluster"; do
    if [ -d "$entered" ] && [ ! -x "$entered" ]; then
      echo "$entered cannot be entered by $(id -un)" >&2
      exit 1
    fi
  done
  echo "base=$base"
  echo "user=$(id -un)"
  echo "os=$(. /etc/os-release 2>/dev/null && printf '%s %s' "$ID" "$VERSION_ID")"
  echo "arch=$(uname -m)"
  read -r boot </proc/sys/kernel/random/boot_id
  echo "boot=$boot"
  echo "now=$(date +%s)"
  memory
  disk "$base"
  agent
  server=$(binary)
  echo "binary=$server"
  if [ -n "$server" ]; then
    said=$("$server" --version)
    case $server in
      *redis-check-rdb) said=${said##* } ;;
      *) said=${said##* v=} ;;
    esac
    echo "version=${said%% *}"
  fi
  echo "cli=$(command -v redis-cli)"
  for tool in timeout awk sed readlink od flock; do command -v "$tool" >/dev/null || echo "missing=$tool"; done
  while [ $# -ge 4 ] && [ "$1" != -- ]; do
    instance "$1" "$2" "$3" "$4"
    shift 4
  done
  if [ $# -ge 2 ] && [ "$1" = -- ]; then
    shift
    tuned "$@"
  fi
  echo "end=yes"
}
main "$@" </dev/null
