# Waits until something is true of an instance. KIND ADDRESS PORT SECONDS MASTER REPLICAS SENTINELS
look() {
  case $kind in
    ready) last=$(ask "$address" "$port" PING) && [ "$last" = PONG ] ;;
    linked)
      last=$(ask "$address" "$port" INFO replication)
      case $last in *role:slave*master_link_status:up*) return 0 ;; esac
      return 1
      ;;
    quorum)
      last=$(ask "$address" "$port" SENTINEL CKQUORUM "$master")
      case $last in OK*) ;; *) return 1 ;; esac
      known=$(ask "$address" "$port" SENTINEL MASTER "$master" | awk '
        name == "num-other-sentinels" { others = $0 }
        name == "num-slaves" { replicas = $0 }
        { name = $0 }
        END { print others + 0, replicas + 0 }')
      last="$last; knows ${known% *} other Sentinels and ${known#* } replicas"
      [ "${known% *}" -ge $((sentinels - 1)) ] && [ "${known#* }" -ge "$replicas" ]
      ;;
  esac
}
# What was seen last, in a line.
said_last() { printf '%s\n' "$last" | grep -Ev '^(#|$|master_repl|repl_|second_)' | tr -d '\r' | tr '\n' ' '; }
main() {
  kind=$1 address=$2 port=$3 seconds=$4 master=$5 replicas=$6 sentinels=$7
  uptime
  end=$((up + seconds)) last= waited=
  while ! look; do
    uptime
    if [ "$up" -gt "$end" ]; then
      echo "not $kind within $seconds s; last: $(said_last)" >&2
      exit 1
    fi
    waited=yes
    if lapsed; then
      echo "the lease lapsed" >&2
      exit 1
    fi
    orphaned && exit 1
    sleep 0.2
  done
  echo "last=$(said_last)"
  if [ -n "$waited" ]; then echo changed; else echo unchanged; fi
}
fenced "$@" </dev/null
