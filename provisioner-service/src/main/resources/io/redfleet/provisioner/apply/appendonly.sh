# Turns the append-only file of a running instance on and lets its configuration say so only once the file is whole: a
# start with "appendonly yes" loads nothing else. Not whole in time: turned off again. ADDRESS PORT SECONDS
whole() {
  last=$(ask "$address" "$port" INFO persistence | sort |
    grep -oE '(aof_enabled|aof_rewrite_in_progress|aof_rewrite_scheduled|aof_last_bgrewrite_status):[a-z0-9]+' |
    tr '\n' ' ')
  case $last in
    aof_enabled:1\ aof_last_bgrewrite_status:ok\ aof_rewrite_in_progress:0\ aof_rewrite_scheduled:0\ ) ;;
    *) return 1 ;;
  esac
}
tell() {
  said=$(ask "$address" "$port" "$@" | head -n 1)
  [ "$said" = OK ] && return 0
  echo "$* answered: $said" >&2
  return 1
}
main() {
  address=$1 port=$2 seconds=$3
  tell CONFIG SET appendonly yes || exit 1
  end=$(($(date +%s) + seconds)) last=
  # An orphan goes on: left half way, nobody would see that the configuration says less than the process does.
  while ! whole; do
    if [ "$(date +%s)" -gt "$end" ]; then
      tell CONFIG SET appendonly no
      echo "the append-only file is not whole within $seconds s; last: $last" >&2
      exit 1
    fi
    sleep 0.1
  done
  tell CONFIG REWRITE || exit 1
  echo changed
}
main "$@" </dev/null
