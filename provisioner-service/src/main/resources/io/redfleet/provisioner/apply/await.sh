# Waits until something is true of an instance. KIND ADDRESS PORT SECONDS MASTER REPLICAS SENTINELS [WAITED SLICE]
# Where WAITED of the SECONDS are over already, it says after SLICE more that it is to be asked again.
look() {
  case $kind in
    ready) last=$(ask "$address" "$port" PING) && [ "$last" = PONG ] ;;
    replica)
      last=$(ask "$address" "$port" INFO replication)
      case $last in *role:slave*) return 0 ;; esac
      return 1
      ;;
    linked | rejoined)
      last=$(ask "$address" "$port" INFO replication)
      case $last in
        *role:slave*master_link_status:up*) return 0 ;;
        *role:master*) led=${led:-$up} ;;
        *) led='' ;;
      esac
      return 1
      ;;
    well)
      flags
      last="says $flags of the master"
      [ "$flags" = master ]
      ;;
    level | idle) level ;;
    settled) settled ;;
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
# field NAME: its value in what was seen last.
field() { printf '%s\n' "$last" | sed -n "s/^$1://p"; }

# level: whether a data node neither loads nor saves and, if it is a replica, has what its master had when it was first asked.
# Where it has to be one it is not waited for as a master.
level() {
  last=$(ask "$address" "$port" INFO | tr -d '\r' | awk -F : '
    BEGIN {
      split("role loading rdb_bgsave_in_progress aof_rewrite_in_progress aof_rewrite_scheduled", wanted, " ")
      split("master_host master_port master_link_status slave_repl_offset", more, " ")
      for (i in wanted) known[wanted[i]]
      for (i in more) known[more[i]]
    }
    $1 in known')
  case $last in
    *loading:1* | *_in_progress:1* | *aof_rewrite_scheduled:1*) return 1 ;;
    *role:master*)
      [ "$kind" = idle ] && return 0
      echo "it is a master by now" >&2
      exit 1
      ;;
    *master_link_status:up*) ;;
    *)
      goal=''
      return 1
      ;;
  esac
  if [ -z "$goal" ]; then
    goal=$(ask "$(field master_host)" "$(field master_port)" INFO replication | tr -d '\r' |
      sed -n 's/^master_repl_offset://p')
  fi
  has=$(field slave_repl_offset)
  case $goal,$has in
    ,* | *, | *[!0-9,]*)
      goal=''
      return 1
      ;;
  esac
  last="$last
its master had:$goal"
  [ "$has" -ge "$goal" ]
}

# flags: what a Sentinel says of the master, as in master or s_down,o_down,master.
flags() {
  flags=$(ask "$address" "$port" SENTINEL MASTER "$master" | awk '
    NR % 2 == 0 && name == "flags" { print; exit }
    { name = $0 }')
}

# settled: whether a Sentinel finds nothing wrong with the master, with all replicas and with all Sentinels.
settled() {
  last=$(ask "$address" "$port" SENTINEL CKQUORUM "$master")
  usable=${last#OK }
  usable=${usable%% *}
  case $last in OK*) ;; *) return 1 ;; esac
  case $usable in '' | *[!0-9]*) return 1 ;; esac
  flags
  sound=$(ask "$address" "$port" SENTINEL REPLICAS "$master" | awk '
    NR % 2 == 0 && name == "flags" && $0 == "slave" { sound++ }
    { name = $0 }
    END { print sound + 0 }')
  last="$last; says $flags of the master and finds $sound replicas sound"
  [ "$usable" -ge "$sentinels" ] && [ "$flags" = master ] && [ "$sound" -ge "$replicas" ]
}

# overtaken: ends the wait for a replica that is the master: within 8 s the Sentinels have told each other of their failover.
overtaken() {
  if [ "$kind" = linked ] && [ -n "$led" ] && [ -n "$before" ] && [ "$((up - led))" -ge 8 ]; then
    echo "last=$(said_last)"
    echo overtaken
    exit 0
  fi
}

# harmless: whether it need not be true: one Sentinel alone that does not reach the master makes nobody else master.
harmless() {
  [ "$kind" = well ] || return 1
  case $flags in *o_down* | *failover_in_progress*) return 1 ;; esac
}

# What was seen last, in a line.
said_last() { printf '%s\n' "$last" | grep -Ev '^(#|$|master_repl|repl_|second_)' | tr -d '\r' | tr '\n' ' '; }
main() {
  kind=$1 address=$2 port=$3 seconds=$4 master=$5 replicas=$6 sentinels=$7 before=${8-} slice=${9-0}
  uptime
  end=$((up + seconds - ${before:-0})) pause=$((up + slice)) last='' waited='' goal='' led=''
  [ "${before:-0}" = 0 ] || waited=yes
  while ! look; do
    uptime
    if [ "$up" -gt "$end" ]; then
      if harmless; then break; fi
      echo "not $kind within $seconds s; last: $(said_last)" >&2
      exit 1
    fi
    overtaken
    if [ -n "$before" ] && [ "$up" -ge "$pause" ]; then
      echo "last=$(said_last)"
      echo waiting
      exit 0
    fi
    waited=yes
    if lapsed; then
      echo "the lease lapsed" >&2
      exit 1
    fi
    orphaned && exit 1
    sleep 0.1
  done
  echo "last=$(said_last)"
  if [ -n "$waited" ]; then echo changed; else echo unchanged; fi
}
fenced "$@" </dev/null
