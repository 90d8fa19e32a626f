# Turns the append-only file of a running instance on or off, and lets its configuration say so only once what the next start
# will load is whole: a start with "appendonly yes" loads nothing but that file, one with "no" nothing but the snapshot. Not
# whole in time: as it was before. ADDRESS PORT on|off SECONDS
whole() {
  last=$(ask "$address" "$port" INFO persistence | sort |
    grep -oE '(aof_enabled|aof_rewrite_in_progress|aof_rewrite_scheduled|aof_last_bgrewrite_status):[a-z0-9]+' |
    tr '\n' ' ')
  case $last in
    aof_enabled:1\ aof_last_bgrewrite_status:ok\ aof_rewrite_in_progress:0\ aof_rewrite_scheduled:0\ ) ;;
    *) return 1 ;;
  esac
}
# saved: whether a snapshot has been finished since the one that LASTSAVE named at the beginning.
saved() {
  last=$(ask "$address" "$port" INFO persistence |
    grep -oE '(rdb_bgsave_in_progress|rdb_last_save_time|rdb_last_bgsave_status):[a-z0-9]+' | tr '\n' ' ')
  case $last in
    *rdb_bgsave_in_progress:0\ *) ;;
    *) return 1 ;;
  esac
  case $last in
    *rdb_last_save_time:"$before"\ *) return 1 ;;
    *rdb_last_bgsave_status:ok*) ;;
    *) return 1 ;;
  esac
}
tell() {
  said=$(ask "$address" "$port" "$@")
  [ "$said" = OK ] && return 0
  echo "$* answered: $said" >&2
  return 1
}
# until_it_is WHAT: an orphan goes on: left half way, nobody would see that the configuration says less than the process does.
until_it_is() {
  uptime
  end=$((up + seconds)) last=
  while ! "$1"; do
    uptime
    [ "$up" -le "$end" ] || return 1
    sleep 0.1
  done
}
turn_on() {
  tell CONFIG SET appendonly yes || exit 1
  if ! until_it_is whole; then
    tell CONFIG SET appendonly no
    echo "the append-only file is not whole within $seconds s; last: $last" >&2
    exit 1
  fi
}
later() { [ "$(date +%s)" -gt "$before" ]; }
asked() {
  last=$(ask "$address" "$port" BGSAVE SCHEDULE)
  case $last in Background*) ;; *) return 1 ;; esac
}
# step_off CONDITION: one stage on the way to a snapshot, or the end of it.
step_off() {
  until_it_is "$1" && return 0
  echo "no snapshot within $seconds s, so the append-only file stays; last: $last" >&2
  exit 1
}
turn_off() {
  before=$(ask "$address" "$port" LASTSAVE)
  case $before in
    '' | *[!0-9]*)
      echo "LASTSAVE answered: $before" >&2
      exit 1
      ;;
  esac
  # Two snapshots within one second would bear one time.
  step_off later
  step_off asked
  step_off saved
  tell CONFIG SET appendonly no || exit 1
}
main() {
  address=$1 port=$2 seconds=$4
  case $3 in
    on) turn_on ;;
    off) turn_off ;;
  esac
  tell CONFIG REWRITE || exit 1
  echo changed
}
fenced "$@" </dev/null
