# Facts of a host and of the instances a cluster has there, as key=value lines.
# BASE CLUSTER MASTERNAME [ROLE NAME ADDRESS PORT]...
binary() {
  for name in redis-server redis-check-rdb; do
    found=$(command -v "$name") || continue
    readlink -f "$found"
    return
  done
}

free() {
  at=$1
  while [ ! -d "$at" ]; do at=$(dirname "$at"); done
  df -Pk "$at" 2>/dev/null | awk 'NR == 2 { printf "%.0f", $4 * 1024 }'
}

# open: of names and values, one a line in turn, those that are no passwords.
open() { awk 'NR % 2 { hidden = /^(masterauth|requirepass|.*-pass)$/ } !hidden'; }

prefixed() { sed "s/^/i.$1.$2=/"; }

# keys FILE: whether an RDB file holds anything: after the header (REDIS and four digits) and its fields (opcode 250, two
# strings each) comes something else than the end (opcode 255). An empty one has 89 bytes, that of a replica about 180.
# An append-only file that does not begin as an RDB holds commands.
keys() {
  [ -s "$1" ] || return 1
  [ "$(head -c 5 "$1")" = REDIS ] || return 0
  od -An -v -tu1 -N 4096 "$1" | awk '
    function skip(n) {
      if (b[at] < 64) { n = b[at] + 1 }
      else if (b[at] < 128) { n = (b[at] - 64) * 256 + b[at + 1] + 2 }
      else { n = b[at] == 192 ? 2 : b[at] == 193 ? 3 : 5 }
      at += n
    }
    { for (i = 1; i <= NF; i++) b[count++] = $i }
    END {
      at = 9
      while (at < count && b[at] == 250) { at++; skip(0); skip(0) }
      exit !(at < count && b[at] != 255)
    }'
}

loads_rdb() { keys "$1/data/dump.rdb"; }

# loads_aof DIR: the base and the increments that the manifest names; without one, the single file of 6.2, which 7 takes
# over.
loads_aof() {
  aof_manifest=$1/data/appendonlydir/appendonly.aof.manifest
  if [ ! -e "$aof_manifest" ]; then
    [ -s "$1/data/appendonly.aof" ] && keys "$1/data/appendonly.aof"
    return
  fi
  for aof_file in $(awk '$1 == "file" && $5 == "type" && $6 ~ /^[bi]$/ { print $2 }' "$aof_manifest"); do
    keys "$1/data/appendonlydir/$aof_file" && return 0
  done
  return 1
}

# loads DIR: whether the next start finds a data set: Redis loads the append-only file with "appendonly yes" and nothing
# but that, and nothing but dump.rdb otherwise (server.c loadDataFromDisk).
loads() {
  loads_said=$(awk 'tolower($1) == "appendonly" { said = tolower($2) } END { print said }' "$1/redis.conf" 2>/dev/null)
  case $loads_said in
    yes | '"yes"') loads_aof "$1" ;;
    *) loads_rdb "$1" ;;
  esac
}

instance() {
  role=$1 name=$2 address=$3 port=$4 dir=$base/$cluster/$2
  say() { printf 'i.%s.%s=%s\n' "$name" "$1" "$2"; }
  [ -d "$dir" ] && say directory yes
  [ -r "$dir/owner" ] && say owner "$(head -n 1 "$dir/owner")"
  [ -r "$dir/revision" ] && say revision "$(head -n 1 "$dir/revision")"
  if [ -e "$dir/redis.conf" ] || [ -e "$dir/sentinel.conf" ]; then say conf yes; fi
  grep -qs '^sentinel myid ' "$dir/sentinel.conf" && say joined yes
  [ -e "$dir/stopped" ] && say stopped yes
  loads "$dir" && say data yes
  if loads_rdb "$dir" || loads_aof "$dir"; then say files yes; fi
  living "$dir"
  say pid "$pid"
  say start "$start"
  if [ "$pid" != 0 ] && [ -n "$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)" ]; then say saving yes; fi
  listening "$address" "$port" && say listening yes
  [ "$pid" = 0 ] && return
  ping=$(ask "$address" "$port" PING | head -n 1)
  say ping "$ping"
  [ "$ping" = PONG ] || return
  ask "$address" "$port" INFO server | prefixed "$name" info
  if [ "$role" = redis ]; then
    ask "$address" "$port" INFO replication | prefixed "$name" info
    ask "$address" "$port" INFO persistence | prefixed "$name" info
    ask "$address" "$port" INFO keyspace | prefixed "$name" info
    ask "$address" "$port" CONFIG GET '*' | open | prefixed "$name" config
  else
    ask "$address" "$port" INFO sentinel | prefixed "$name" info
    ask "$address" "$port" SENTINEL MASTER "$master" | prefixed "$name" master
    say quorum "$(ask "$address" "$port" SENTINEL CKQUORUM "$master" | head -n 1)"
  fi
}

main() {
  base=$(place "$1") cluster=$2 master=$3
  shift 3
  echo "base=$base"
  echo "user=$(id -un)"
  echo "os=$(. /etc/os-release 2>/dev/null && printf '%s %s' "$ID" "$VERSION_ID")"
  echo "arch=$(uname -m)"
  echo "boot=$(cat /proc/sys/kernel/random/boot_id)"
  echo "now=$(date +%s)"
  echo "memory=$(awk '$1 == "MemTotal:" { printf "%.0f", $2 * 1024 }' /proc/meminfo)"
  echo "free=$(free "$base")"
  server=$(binary)
  echo "binary=$server"
  case $server in
    '') ;;
    *redis-check-rdb) echo "version=$("$server" --version | sed 's/.* //')" ;;
    *) echo "version=$("$server" --version | sed 's/.* v=\([^ ]*\).*/\1/')" ;;
  esac
  echo "cli=$(command -v redis-cli)"
  for tool in timeout awk sed readlink od flock; do command -v "$tool" >/dev/null || echo "missing=$tool"; done
  while [ $# -ge 4 ]; do
    instance "$1" "$2" "$3" "$4"
    shift 4
  done
  echo "end=yes"
}
main "$@" </dev/null
