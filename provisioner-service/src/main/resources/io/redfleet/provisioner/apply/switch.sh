# Lets another data node take the place of this master, and nothing acknowledged be lost: its writes wait, then are refused,
# until it is a replica itself or it is certain that nothing has come of it. It runs on the master's host, so that no
# connection of ours stands between the fence and its end.
# ADDRESS PORT MASTER PREFERRED|any PREFERRED_PORT PAUSE_MS SECONDS COUNT REPLICA PORT... COUNT SENTINEL PORT...
set -f

# More replicas than any master has: every write is answered NOREPLICAS, and no Sentinel misses anything. A number of our
# own, so that whoever finds it knows whose it is.
shut=2147480647

tell() {
  said=$(ask "$@")
  [ "$said" = OK ] && return 0
  told_address=$1 told_port=$2
  shift 2
  echo "$told_address:$told_port: $* answered: $said" >&2
  return 1
}

# setting ADDRESS PORT NAME: its value there, or nothing.
setting() { ask "$1" "$2" CONFIG GET "$3" | sed -n 2p; }

# named: a line "ADDRESS PORT" of each Sentinel that answers, asked all at once: one that hangs delays none.
named() {
  # shellcheck disable=SC2086 # pairs of words
  set -- $sentinels
  while [ $# -gt 1 ]; do
    {
      named_by=$(ask "$1" "$2" SENTINEL GET-MASTER-ADDR-BY-NAME "$master")
      # shellcheck disable=SC2086 # two lines
      set -- $named_by
      case $#,${2-} in
        2,*[!0-9]* | 2,) ;;
        2,*) printf '%s %s\n' "$1" "$2" ;;
      esac
    } &
    shift 2
  done
  wait
}

# another LEAST: sets next to the other master that at least so many Sentinels name, or to nothing.
another() {
  next=$(named | sort | uniq -c | awk -v least="$1" -v own="$address $port" '
    $1 >= least && $2 " " $3 != own { print $2, $3; exit }')
  [ -n "$next" ]
}

# leads ADDRESS PORT: whether it says itself that it is a master.
leads() {
  case $(ask "$1" "$2" INFO replication) in *role:master*) return 0 ;; esac
  return 1
}

offset() { ask "$1" "$2" INFO replication | tr -d '\r' | sed -n "s/^$3://p"; }

# level: whether every candidate has all that this master has.
level() {
  level_own=$(offset "$address" "$port" master_repl_offset)
  [ -n "$level_own" ] || return 1
  # shellcheck disable=SC2086 # pairs of words
  set -- $candidates
  while [ $# -gt 1 ]; do
    level_its=$(offset "$1" "$2" slave_repl_offset)
    last="$1:$2 has ${level_its:-no offset}, the master $level_own"
    [ "$level_its" = "$level_own" ] || return 1
    shift 2
  done
}

# shown: whether every Sentinel that answers, and a majority of all, shows the preferred one with that priority.
shown() {
  shown_yes=0
  # shellcheck disable=SC2086 # pairs of words
  set -- $sentinels
  while [ $# -gt 1 ]; do
    shown_said=$(ask "$1" "$2" SENTINEL REPLICAS "$master" | awk -v ip="$preferred" -v port="$preferred_port" '
      NR % 2 { key = $0; if (key == "name") { at = ""; on = "" } next }
      key == "ip" { at = $0 }
      key == "port" { on = $0 }
      key == "slave-priority" && at == ip && on == port { print; exit }')
    case $shown_said in
      1) shown_yes=$((shown_yes + 1)) ;;
      '') ;;
      *) return 1 ;;
    esac
    shift 2
  done
  [ "$shown_yes" -ge "$majority" ]
}

# prefer: lets Sentinel choose the one that is wanted. It knows no other way than the priority.
prefer() {
  [ "$before_priority" != 1 ] || return 0
  tell "$preferred" "$preferred_port" CONFIG SET replica-priority 1 || return 1
  uptime
  prefer_end=$((up + 25))
  until shown; do
    uptime
    if [ "$up" -gt "$prefer_end" ]; then
      echo "the Sentinels do not show the replica-priority of $preferred:$preferred_port within 25 s" >&2
      return 1
    fi
    sleep 0.5
  done
}

# unprefer: its own priority again, in its file too: a Sentinel lets whom it promotes write it.
unprefer() {
  case ${before_priority:-1} in 1 | *[!0-9]*) return 0 ;; esac
  tell "$preferred" "$preferred_port" CONFIG SET replica-priority "$before_priority" &&
    tell "$preferred" "$preferred_port" CONFIG REWRITE
}

# open: writes are taken again, as far as it is a master. What Sentinel wrote into its file meanwhile is written over.
open() {
  open_failed=
  tell "$address" "$port" CLIENT UNPAUSE || open_failed=yes
  tell "$address" "$port" CONFIG SET min-replicas-to-write "$before_least" || open_failed=yes
  [ -z "$open_failed" ] && tell "$address" "$port" CONFIG REWRITE
}

# follow: as a replica it takes no write, so only then the fence is opened.
follow() {
  # shellcheck disable=SC2086 # two words
  tell "$address" "$port" REPLICAOF $next || return 1
  open
}

# under_way: whether the Sentinel that took the order still works on it. One that does not answer may.
under_way() {
  [ -n "$leader" ] || return 0
  # shellcheck disable=SC2086 # two words
  under_flags=$(ask $leader SENTINEL MASTER "$master" | awk 'key == "flags" { print; exit } { key = $0 }')
  case $under_flags in
    '' | *failover_in_progress*) return 0 ;;
  esac
  return 1
}

# settle: waits until a majority names another master and follows it. In the end one Sentinel is enough, if the other says
# so too: its epoch is the highest, and the rest will come to it. With neither, nothing has come of it, and the fence opens.
settle() {
  uptime
  settle_end=$((up + seconds)) settle_look=$((up + 3))
  while ! another "$majority"; do
    uptime
    if [ "$up" -gt "$settle_look" ] && ! under_way && ! another 1; then return 1; fi
    if [ "$up" -gt "$settle_end" ]; then
      # shellcheck disable=SC2086 # two words
      if another 1 && leads $next; then break; fi
      next=''
      return 1
    fi
    sleep 0.05
  done
  follow
}

# watch PID: should this script be killed, what it has begun comes to its end all the same.
watch() {
  while kill -0 "$1" 2>/dev/null; do sleep 0.5; done
  if [ "$(setting "$address" "$port" min-replicas-to-write)" = "$shut" ]; then
    settle || open
  fi
  if [ "$preferred" != any ] && [ "$(setting "$preferred" "$preferred_port" replica-priority)" = 1 ]; then unprefer; fi
}

# known: sets what is to be as it was in the end.
known() {
  if [ "$preferred" != any ]; then
    before_priority=$(setting "$preferred" "$preferred_port" replica-priority)
    case $before_priority in
      '' | *[!0-9]*)
        echo "$preferred:$preferred_port does not tell its replica-priority: $before_priority" >&2
        return 1
        ;;
    esac
  fi
  before_least=$(setting "$address" "$port" min-replicas-to-write)
  case $before_least in
    '' | *[!0-9]*)
      echo "$address:$port does not tell its min-replicas-to-write: $before_least" >&2
      return 1
      ;;
    "$shut")
      echo "$address:$port refuses every write since a switch that came to no end: apply the spec first" >&2
      return 1
      ;;
  esac
}

# ask_sentinel: the first that takes the order carries it out.
ask_sentinel() {
  # shellcheck disable=SC2086 # pairs of words
  set -- $sentinels
  ordered=
  while [ $# -gt 1 ]; do
    leader="$1 $2"
    ordered=$(ask "$1" "$2" SENTINEL FAILOVER "$master")
    case $ordered in
      OK) return 0 ;;
      *INPROG*) return 0 ;;
      *NOGOODSLAVE*) return 1 ;;
    esac
    shift 2
  done
  return 1
}

gave_up() {
  open || echo "the fence is still shut: set min-replicas-to-write of $address:$port to $before_least" >&2
  unprefer
  echo "$1; nothing was switched, and the master takes writes again" >&2
  exit 1
}

# hundredths: sets now to the hundredths of a second since the start of this host.
hundredths() {
  read -r now now_rest </proc/uptime
  now=${now%.*}${now#*.}
}

pairs() {
  pairs_left=$1 pairs_words=
  shift
  while [ "$pairs_left" -gt 0 ]; do
    pairs_words="$pairs_words $1 $2"
    shift 2
    pairs_left=$((pairs_left - 1))
  done
}

main() {
  address=$1 port=$2 master=$3 preferred=$4 preferred_port=$5 pause=$6 seconds=$7
  shift 7
  pairs "$@"
  candidates=$pairs_words
  shift $((1 + $1 * 2))
  pairs "$@"
  sentinels=$pairs_words majority=$(($1 / 2 + 1))
  before_priority='' before_least='' last='' next='' leader=''

  if another "$majority"; then
    echo "the Sentinels name $next by now; nothing was done" >&2
    exit 1
  fi
  if ! leads "$address" "$port"; then
    echo "$address:$port is no master by now; nothing was done" >&2
    exit 1
  fi
  known || exit 1
  # It goes on without whoever began it. Not ignored: timeout could then end nobody.
  trap : HUP TERM PIPE
  # In a shell of its own, without the lock: whoever comes next need not wait for a watchman.
  watch "$$" 9>&- </dev/null >/dev/null 2>&1 &
  if [ "$preferred" != any ] && ! prefer; then
    unprefer
    exit 1
  fi
  hundredths
  begun=$now
  tell "$address" "$port" CONFIG SET min-replicas-to-write "$shut" || gave_up "writes cannot be fenced"
  if [ "$pause" -gt 0 ]; then
    tell "$address" "$port" CLIENT PAUSE "$pause" WRITE || gave_up "writes cannot be paused"
  fi
  hundredths
  level_end=$((now + 300))
  until level; do
    hundredths
    [ "$now" -le "$level_end" ] || gave_up "the replicas are not level within 3 s: $last"
    sleep 0.02
  done
  ask_sentinel || gave_up "SENTINEL FAILOVER answered: $ordered"
  if ! settle; then
    [ -z "$next" ] || echo "it does not follow $next" >&2
    gave_up "no majority of the Sentinels names another master within $seconds s"
  fi
  hundredths
  unprefer || echo "replica-priority of $preferred:$preferred_port is still 1, it was $before_priority" >&2
  echo "master=${next% *}:${next#* } writes_held_ms=$(((now - begun) * 10))"
  echo changed
}
fenced "$@" </dev/null
