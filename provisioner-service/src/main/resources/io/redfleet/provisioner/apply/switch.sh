# Lets another data node take the place of this master, and nothing acknowledged be lost: its writes are refused until it is a
# replica itself or it is certain that nothing has come of it. It runs on the master's host, so that no connection of ours
# stands between the fence and its end.
# ADDRESS PORT NAMED NAMED_PORT MASTER PREFERRED|any PREFERRED_PORT PAUSE_MS SECONDS then twice COUNT and as many HOST:PORT: of
# the replicas, of the Sentinels.
# The master is asked at ADDRESS and PORT; the Sentinels call it NAMED, and the replicas as they are given.
set -f

# More replicas than any master has: every write is answered NOREPLICAS, and no Sentinel misses anything. 21474 and five
# digits: whoever finds it knows whose it is, and a watchman touches no fence but its own.
shut=$((2147400000 + $$ % 80000))

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

# views: a line "ADDRESS PORT NAMED NAMED_PORT" of each Sentinel that answers, asked all at once: one that hangs delays none
# of the others. Only in a subshell: it waits for all that this shell has begun.
views() {
  # shellcheck disable=SC2086 # pairs of words
  set -- $asked
  while [ $# -gt 1 ]; do
    {
      view_of="$1 $2"
      view=$(ask "$1" "$2" SENTINEL GET-MASTER-ADDR-BY-NAME "$master")
      # shellcheck disable=SC2086 # two lines
      set -- $view
      case $#,${2-} in
        2,*[!0-9]* | 2,) ;;
        2,*) printf '%s %s %s\n' "$view_of" "$1" "$2" ;;
      esac
    } &
    shift 2
  done
  wait
}

# another LEAST: sets next to the other master that at least so many Sentinels name, or to nothing.
another() {
  next=$(views | awk '{ print $3, $4 }' | sort | uniq -c | awk -v least="$1" -v own="$named $named_port" '
    $1 >= least && $2 " " $3 != own { print $2, $3; exit }')
  [ -n "$next" ]
}

# agreed: sets willing to the Sentinels that answer and name this master; whether they are a majority of all.
agreed() {
  willing=$(views | awk -v own="$named $named_port" '$3 " " $4 == own { print $1, $2 }')
  # shellcheck disable=SC2086 # pairs of words
  set -- $willing
  [ $(($# / 2)) -ge "$majority" ]
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

# restored: whether the preferred one has its own priority again, in its file too: a Sentinel lets whom it promotes write it.
# What somebody else has set meanwhile stands.
restored() {
  case $preferred,$before_priority in any,* | *,1) return 0 ;; esac
  case $(setting "$preferred" "$preferred_port" replica-priority) in
    1) tell "$preferred" "$preferred_port" CONFIG SET replica-priority "$before_priority" || return 1 ;;
    '' | *[!0-9]*) return 1 ;;
  esac
  tell "$preferred" "$preferred_port" CONFIG REWRITE
}

# open: writes are taken again, as far as it is a master. What Sentinel wrote into its file meanwhile is written over; what
# somebody else has set stands.
open() {
  open_failed=
  tell "$address" "$port" CLIENT UNPAUSE || open_failed=yes
  case $(setting "$address" "$port" min-replicas-to-write) in
    "$shut" | '' | *[!0-9]*)
      tell "$address" "$port" CONFIG SET min-replicas-to-write "$before_least" || open_failed=yes
      ;;
  esac
  [ -z "$open_failed" ] && tell "$address" "$port" CONFIG REWRITE
}

# follow: makes it a replica of the next master, so that it takes no write. A Sentinel may have done so before: that is OK too,
# with more words.
follow() {
  # shellcheck disable=SC2086 # two words
  follow_said=$(ask "$address" "$port" REPLICAOF $next)
  case $follow_said in OK*) return 0 ;; esac
  last="REPLICAOF $next answered: $follow_said"
  return 1
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

# settle: waits until a majority names another master, and follows it. In the end one Sentinel is enough, if the other says
# so too: its epoch is the highest, and the rest will come to it. With neither, nothing has come of it (1): the fence may be
# opened. Where it does not follow whom they name (2) it must not be.
settle() {
  uptime
  settle_end=$((up + seconds)) settle_look=$((up + 3))
  while ! another "$majority"; do
    uptime
    if [ "$up" -gt "$settle_look" ]; then
      asked=$sentinels
      if ! under_way && ! another 1; then return 1; fi
    fi
    if [ "$up" -gt "$settle_end" ]; then
      # shellcheck disable=SC2086 # two words
      if another 1 && leads $next; then break; fi
      next=''
      return 1
    fi
    sleep 0.05
  done
  uptime
  follow_end=$((up + 10))
  until follow; do
    uptime
    [ "$up" -le "$follow_end" ] || return 2
    sleep 0.5
  done
}

# tidy: whether nothing is left of what this script has set; what is left it puts back.
tidy() {
  tidy_left=
  case $(setting "$address" "$port" min-replicas-to-write) in
    "$shut")
      settle || [ $? = 1 ] || return 1
      open || tidy_left=yes
      ;;
    '' | *[!0-9]*) tidy_left=yes ;;
  esac
  restored || tidy_left=yes
  [ -z "$tidy_left" ]
}

# watch PID: should this script be killed, or leave something behind, it comes to its end all the same, as far as hosts answer.
watch() {
  trap '' HUP PIPE
  while kill -0 "$1" 2>/dev/null; do sleep 0.5; done
  uptime
  watch_end=$((up + seconds + 60))
  until tidy; do
    uptime
    [ "$up" -le "$watch_end" ] || return
    sleep 1
  done
}

# known: sets what is to be as it was in the end, and refuses where the fence would hold nobody.
known() {
  if [ "$preferred" != any ]; then
    before_priority=$(setting "$preferred" "$preferred_port" replica-priority)
    case $before_priority in
      '' | *[!0-9]*)
        echo "$preferred:$preferred_port does not tell its replica-priority: $before_priority" >&2
        return 1
        ;;
      0)
        echo "$preferred:$preferred_port has replica-priority 0 by now: it is never to be promoted" >&2
        return 1
        ;;
    esac
  fi
  if [ "$(setting "$address" "$port" min-replicas-max-lag)" = 0 ]; then
    echo "min-replicas-max-lag of $address:$port is 0: its writes cannot be refused" >&2
    return 1
  fi
  before_least=$(setting "$address" "$port" min-replicas-to-write)
  case $before_least in
    21474?????)
      left_shut "$address" "$port"
      return 1
      ;;
    '' | *[!0-9]*)
      echo "$address:$port does not tell its min-replicas-to-write: $before_least" >&2
      return 1
      ;;
  esac
  # shellcheck disable=SC2086 # pairs of words
  set -- $candidates
  while [ $# -gt 1 ]; do
    case $(setting "$1" "$2" min-replicas-to-write) in
      21474?????)
        left_shut "$1" "$2"
        return 1
        ;;
    esac
    shift 2
  done
}
left_shut() {
  echo "$1:$2 refuses every write as a master, since a switch that came to no end: apply the spec first" >&2
}

# ask_sentinel: the first that takes the order carries it out. One that does not answer, or is in tilt, is not told at all: it
# would carry it out much later. An order that nobody answered may have been taken, so no other Sentinel is told.
ask_sentinel() {
  # shellcheck disable=SC2086 # pairs of words
  set -- $willing
  ordered='no Sentinel is ready for it'
  while [ $# -gt 1 ]; do
    case $(ask "$1" "$2" INFO sentinel) in
      *sentinel_tilt:0*) ;;
      *)
        shift 2
        continue
        ;;
    esac
    leader="$1 $2"
    ordered=$(ask "$1" "$2" SENTINEL FAILOVER "$master")
    case $ordered in
      OK | *INPROG*) return 0 ;;
      *NOGOODSLAVE*) return 1 ;;
      '' | 'Error: '*) return 0 ;;
    esac
    shift 2
  done
  return 1
}

# gave_up WHY: undoes what was done. The Sentinels may name another all the same, by a failover of their own: then to open would
# be to have two masters.
gave_up() {
  asked=$sentinels
  gave_up_end='nothing was switched, and the master takes writes again'
  if another "$majority"; then
    follow || stuck
    gave_up_end="the Sentinels name $next by now, and it follows"
  fi
  tidied && ended
  echo "$1; $gave_up_end" >&2
  exit 1
}

# stuck: another is master, and this one still calls itself one. Its writes stay refused; a Sentinel makes it follow too.
stuck() {
  restored
  echo "the Sentinels name $next, which $address:$port does not follow: $last; it refuses every write until it does" >&2
  exit 1
}

# tidied: whether all is as it was; what is not is said.
tidied() {
  tidied_all=yes
  open || {
    tidied_all=
    echo "$address:$port: min-replicas-to-write may still be $shut, or stand in its file; it was $before_least" >&2
  }
  restored || {
    tidied_all=
    echo "$preferred:$preferred_port: replica-priority may still be 1, or stand in its file; it was $before_priority" >&2
  }
  [ -n "$tidied_all" ]
}

# rest: waits until the Sentinel that took the order has brought the other replicas after the next master: before that it refuses
# a failover, and so would the next switch. A large dataset takes it longer than anybody should be kept here.
rest() {
  uptime
  rest_end=$((up + 10))
  while under_way; do
    uptime
    [ "$up" -le "$rest_end" ] || return 0
    sleep 0.2
  done
}

# ended: there is nothing left to watch.
ended() { kill "$watchman" 2>/dev/null; }

# hundredths: sets now to the hundredths of a second since the start of this host.
hundredths() {
  read -r now now_rest </proc/uptime
  now=${now%.*}${now#*.}
}

main() {
  address=$1 port=$2 named=$3 named_port=$4 master=$5 preferred=$6 preferred_port=$7 pause=$8 seconds=$9
  shift 9
  endpoints "$@" || exit 1
  candidates=$endpoints_are
  shift $((1 + $1))
  endpoints "$@" || exit 1
  sentinels=$endpoints_are majority=$(($1 / 2 + 1)) asked=$endpoints_are
  before_priority='' before_least='' last='' next='' leader='' willing=''

  if another "$majority"; then
    echo "the Sentinels name $next by now; nothing was done" >&2
    exit 1
  fi
  if ! agreed; then
    echo "no majority of the Sentinels names $named:$named_port by now; nothing was done" >&2
    exit 1
  fi
  if ! leads "$address" "$port"; then
    echo "$address:$port is no master by now; nothing was done" >&2
    exit 1
  fi
  known || exit 1
  # It goes on without whoever began it. Not ignored: timeout could then end nobody.
  trap : HUP TERM PIPE
  # In a shell of its own, without the lock: whoever comes next need not wait for a watchman. A function that is redirected
  # would keep what it had.
  (
    exec 9>&- </dev/null >/dev/null 2>&1
    watch "$$"
  ) &
  watchman=$!
  if [ "$preferred" != any ] && ! prefer; then
    restored && ended
    exit 1
  fi
  if ! agreed; then
    restored && ended
    echo "no majority of the Sentinels names $named:$named_port by now; nothing was switched" >&2
    exit 1
  fi
  asked=$willing
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
  settle
  case $? in
    0) ;;
    1) gave_up "no majority of the Sentinels names another master within $seconds s" ;;
    *) stuck ;;
  esac
  hundredths
  if ! tidied; then
    echo "the master is $next all the same" >&2
    exit 1
  fi
  ended
  rest
  echo "master=${next% *}:${next#* } writes_held_ms=$(((now - begun) * 10))"
  echo changed
}
fenced "$@" </dev/null
