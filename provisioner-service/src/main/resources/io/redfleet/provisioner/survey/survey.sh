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

prefixed() { sed "s/^/i.$1.$2=/"; }

instance() {
  role=$1 name=$2 address=$3 port=$4 dir=$base/$cluster/$2
  say() { printf 'i.%s.%s=%s\n' "$name" "$1" "$2"; }
  [ -d "$dir" ] && say directory yes
  [ -r "$dir/owner" ] && say owner "$(head -n 1 "$dir/owner")"
  if [ -e "$dir/redis.conf" ] || [ -e "$dir/sentinel.conf" ]; then say conf yes; fi
  grep -qs '^sentinel myid ' "$dir/sentinel.conf" && say joined yes
  [ -e "$dir/stopped" ] && say stopped yes
  if [ -s "$dir/data/dump.rdb" ] || [ -n "$(find "$dir/data/appendonlydir" -name '*.aof' -size +0 2>/dev/null | head -n 1)" ] ||
    [ -n "$(find "$dir/data/appendonlydir" -name '*.base.rdb' -size +100c 2>/dev/null | head -n 1)" ]; then
    say data yes
  fi
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
    ask "$address" "$port" CONFIG GET '*' | prefixed "$name" config
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
  for tool in timeout awk sed readlink; do command -v "$tool" >/dev/null || echo "missing=$tool"; done
  while [ $# -ge 4 ]; do
    instance "$1" "$2" "$3" "$4"
    shift 4
  done
  echo "end=yes"
}
main "$@" </dev/null
