# Waits until something is true of an instance. KIND ADDRESS PORT SECONDS MASTER REPLICAS SENTINELS
look() {
  case $kind in
    ready) last=$(ask "$address" "$port" PING | head -n 1) && [ "$last" = PONG ] ;;
    linked)
      last=$(ask "$address" "$port" INFO replication | grep -E '^(role|master_link_status|master_sync_in_progress):' | tr '\n' ' ')
      case $last in *role:slave*master_link_status:up*) return 0 ;; esac
      return 1
      ;;
    quorum)
      last=$(ask "$address" "$port" SENTINEL CKQUORUM "$master" | head -n 1)
      case $last in OK*) ;; *) return 1 ;; esac
      facts=$(ask "$address" "$port" SENTINEL MASTER "$master")
      others=$(printf '%s\n' "$facts" | awk 'want { print; exit } $0 == "num-other-sentinels" { want = 1 }')
      slaves=$(printf '%s\n' "$facts" | awk 'want { print; exit } $0 == "num-slaves" { want = 1 }')
      last="$last; knows $others other Sentinels and $slaves replicas"
      [ "${others:-0}" -ge $((sentinels - 1)) ] && [ "${slaves:-0}" -ge "$replicas" ]
      ;;
  esac
}
main() {
  kind=$1 address=$2 port=$3 seconds=$4 master=$5 replicas=$6 sentinels=$7
  end=$(($(date +%s) + seconds)) last= waited=
  while ! look; do
    if [ "$(date +%s)" -gt "$end" ]; then
      echo "not $kind within $seconds s; last: $last" >&2
      exit 1
    fi
    waited=yes
    if lapsed; then
      echo "the lease lapsed" >&2
      exit 1
    fi
    orphaned && exit 1
    sleep 0.1
  done
  echo "last=$last"
  if [ -n "$waited" ]; then echo changed; else echo unchanged; fi
}
fenced "$@" </dev/null
