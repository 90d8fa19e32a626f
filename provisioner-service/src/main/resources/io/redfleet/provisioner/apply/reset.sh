# Lets a Sentinel forget those that are gone: RESET, which forgets everybody, and a wait until it has found all others again.
# Only if it knows one of them, and only after it and its peers have known everybody else, with a majority and without a
# failover, for QUIET seconds on end: that is also the time since an earlier RESET, whoever gave it.
# ADDRESS PORT SECONDS QUIET MASTER REPLICAS SENTINELS COUNT PEER... GONE...: COUNT peers, each HOST:PORT
main() {
  address=$1 port=$2 seconds=$3 quiet=$4 master=$5 replicas=$6 sentinels=$7 count=$8
  shift 8
  case $master in
    *[*?[\\]*)
      printf '%s\n' "$master is a pattern to RESET, not a name" >&2
      exit 1
      ;;
  esac
  endpoints $# "$@" || exit 1
  endpoints "$count" "$@" || exit 1
  peers=$endpoints_are
  shift "$count"
  if ! knows "$@"; then
    [ -z "$last" ] || { echo "$last" >&2; exit 1; }
    echo unchanged
    exit 0
  fi
  uptime
  end=$((up + seconds)) since=$up
  # Time alone proves nothing on a host that stands still for a while: the last look is right before it.
  while :; do
    if whole; then
      uptime
      [ $((up - since)) -lt "$quiet" ] || break
    else
      uptime
      since=$up
    fi
    patient "is not quiet for $quiet s"
    sleep 1
    uptime
  done
  said=$(ask "$address" "$port" SENTINEL RESET "$master")
  if [ "$said" != 1 ]; then
    echo "SENTINEL RESET $master answered: $said" >&2
    exit 1
  fi
  while ! found_again "$@"; do
    patient "has not found all others again after RESET, or somebody who left still runs"
    sleep 0.5
    uptime
  done
  echo "found=$replicas replicas, $sentinels Sentinels"
  echo changed
}

# patient WHAT: ends the script when it has waited too long, or nobody waits for it any more.
patient() {
  if lapsed; then
    echo "the lease lapsed" >&2
    exit 1
  fi
  orphaned && exit 1
  [ "$up" -le "$end" ] && return
  echo "$1, within $seconds s; last: $last" >&2
  exit 1
}

# knows GONE...: whether it lists one of them. Sets last where it does not answer.
knows() {
  last=
  for listed in REPLICAS SENTINELS; do
    list=$(ask "$address" "$port" SENTINEL "$listed" "$master")
    # A list that is empty is nothing at all.
    case $list in
      '' | name*) ;;
      *)
        last="SENTINEL $listed $master answered: $list"
        return 1
        ;;
    esac
    for endpoint in $(printf '%s\n' "$list" | awk '
      NR % 2 { field = $0; next }
      field == "ip" { ip = $0 }
      field == "port" { print ip ":" $0 }'); do
      for gone; do
        if [ "$endpoint" = "$gone" ]; then
          last="$gone is listed"
          return 0
        fi
      done
    done
  done
  return 1
}

# sees HOST PORT: whether that Sentinel knows everybody, with a majority, and nothing goes on.
sees() {
  last=$(ask "$1" "$2" SENTINEL CKQUORUM "$master")
  case $last in OK*) ;; *) last="$1:$2: $last"; return 1 ;; esac
  seen=$(ask "$1" "$2" SENTINEL MASTER "$master" | awk '
    NR % 2 { field = $0; next }
    field == "flags" { flags = $0 }
    field == "num-other-sentinels" { others = $0 }
    field == "num-slaves" { replicas = $0 }
    END { print flags "/" others + 0 "/" replicas + 0 }')
  last="$1:$2: flags/other Sentinels/replicas: $seen"
  [ "${seen%%/*}" = master ] || return 1
  seen=${seen#*/}
  [ "${seen%/*}" -ge $((sentinels - 1)) ] && [ "${seen#*/}" -ge "$replicas" ]
}

whole() {
  sees "$address" "$port" || return 1
  # shellcheck disable=SC2086 # pairs of words
  set -- $peers
  while [ $# -gt 1 ]; do
    sees "$1" "$2" || return 1
    shift 2
  done
}

# In this order: whom it finds again in between is in the lists, and not only in the numbers.
found_again() {
  sees "$address" "$port" || return 1
  found_last=$last
  knows "$@" && return 1
  [ -z "$last" ] || return 1
  last=$found_last
}
fenced "$@" </dev/null
