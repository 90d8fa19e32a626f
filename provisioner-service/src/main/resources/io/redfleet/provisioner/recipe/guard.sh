# The start guard: ends with 0 if the instance may start now, and has written then as what. It runs as redis, before the server,
# whoever starts the unit, and with Redfleet down. It ends within 2 s, whatever the Sentinels do: they are asked at once, each
# for at most 0.6 s, again until 1.4 s have passed, and then what is known by then decides.
# shellcheck disable=SC2154,SC3045 # the lines before set what it knows; ulimit -v is in dash, bash and busybox alike
PATH=$PATH:/usr/local/bin:/opt/redis/current/bin:/opt/valkey/current/bin
LC_ALL=C
export PATH LC_ALL
umask 077
# redis-cli keeps an answer until it is whole, and this process is one that the kernel spares when memory runs out.
ulimit -v 1048576 2>/dev/null
nl='
'
line='^[[:blank:]]*(replicaof|slaveof)[[:blank:]]'

say() { printf 'redfleet guard: %s\n' "$1" >&2; }

# go REASON, refuse REASON: the end. What was refused last lies beside the instance, where Redfleet looks.
go() {
  rm -f "$dir/guard.refused"
  say "$1"
  exit 0
}
refuse() {
  say "not started: $1"
  { printf '%s\n' "$1" >"$dir/.guard.refused.redfleet" && mv "$dir/.guard.refused.redfleet" "$dir/guard.refused"; } 2>/dev/null
  exit 1
}

# now: sets at to the hundredths of a second since the start of this host, which no step of its clock changes.
now() {
  read -r up rest </proc/uptime
  at=${up%.*}${up#*.}
}

# permitted: whether the provisioner's gate has decided about this very start. What it wrote is good once, for 30 s of this boot.
permitted() {
  permit_boot='' permit_at=''
  [ -f "$dir/permit" ] || return 1
  read -r permit_boot permit_at rest <<PERMIT
$(first "$dir/permit")
PERMIT
  rm -f "$dir/permit" || return 1
  case $permit_at in '' | *[!0-9]* | 0?* | ???????????*) return 1 ;; esac
  read -r boot </proc/sys/kernel/random/boot_id || return 1
  [ "$permit_boot" = "$boot" ] || return 1
  age=$((at / 100 - permit_at))
  [ "$age" -ge 0 ] && [ "$age" -le 30 ]
}

# asked SECONDS BYTES ADDRESS PORT WORDS...: what a Sentinel answers. The password is in redis-cli's environment alone.
asked() {
  asked_within=$1 asked_most=$2 asked_address=$3 asked_port=$4
  shift 4
  set -- -h "$asked_address" -p "$asked_port" "$@"
  if [ -n "$ca" ]; then set -- --tls --cacert "$ca" "$@"; fi
  {
    if [ -n "$user" ]; then
      REDISCLI_AUTH=$password VALKEYCLI_AUTH=$password timeout -k 0.1 "$asked_within" "$cli" --user "$user" "$@"
    else
      timeout -k 0.1 "$asked_within" "$cli" "$@"
    fi || echo "no answer within $asked_within s"
  } </dev/null 2>&1 | head -c "$asked_most" | tr -d '\000'
}

# named ANSWER: whether it is an address and a port, and nothing else; sets named_host and named_port.
named() {
  case $1 in *"$nl"*) ;; *) return 1 ;; esac
  endpoint "${1%%"$nl"*}:${1#*"$nl"}" && [ "$endpoint_port" = "${1#*"$nl"}" ] || return 1
  named_host=$endpoint_host named_port=$endpoint_port
}

# vote ADDRESS PORT: one line, whom that Sentinel names, or what it says else.
vote() {
  answer=$(asked 0.6 400 "$1" "$2" SENTINEL GET-MASTER-ADDR-BY-NAME "$name")
  if named "$answer"; then
    printf 'vote %s %s\n' "$named_host" "$named_port"
  else
    printf 'none %s:%s says: %s\n' "$1" "$2" \
      "$(printf '%s' "${answer:-nothing}" | tr '\n' ' ' | tr -cd '[:print:]' | cut -c 1-100)"
  fi
}

# alive SECONDS ADDRESS PORT: one line, whether that Sentinel sees a replica that could take over; nothing if it does not say.
alive() {
  answer=$(asked "$1" 100000 "$2" "$3" SENTINEL REPLICAS "$name")
  case $answer in
    '') echo none ;;
    "name$nl"*)
      printf '%s\n' "$answer" | awk '
        NR % 2 { field = $0; next }
        field == "name" { up += able; able = 1 }
        field == "flags" && /s_down|o_down|disconnected/ { able = 0 }
        field == "slave-priority" && $0 == "0" { able = 0 }
        END { print (up + able > 0 ? "some" : "none") }'
      ;;
  esac
}

# missed SECONDS ADDRESS PORT: one line if that Sentinel sees the master down, or is replacing it.
missed() {
  asked "$1" 100000 "$2" "$3" SENTINEL MASTER "$name" | awk '
    NR % 2 { field = $0; next }
    field == "flags" && /s_down|o_down|failover_in_progress/ { print "missed"; exit }'
}

# each WORDS...: runs them with the address and the port of each Sentinel, all at once.
each() {
  for each_one in $sentinels; do
    # One that is none was written by somebody else, and answers nothing.
    if endpoint "$each_one"; then "$@" "$endpoint_host" "$endpoint_port" & fi
  done
  wait
}

# majority: whom more than half of the configured Sentinels name, as "HOST PORT"; nothing if they do not.
majority() {
  printf '%s\n' "$said" | awk -v need="$need" '
    $1 == "vote" { votes[$2 " " $3]++ }
    END { for (one in votes) if (votes[one] >= need) { print one; exit } }'
}

# itself "HOST PORT": whether that is this instance.
itself() { [ "$1" = "$self" ] || [ "$1" = "$here" ]; }

# follow "HOST PORT"|none: whom redis.conf says it follows; whole or not at all, and with the mode that it has.
follow() {
  conf=$dir/redis.conf new=$dir/.redis.conf.redfleet wanted=
  # One that was taken over: the file behind the link, for what is renamed over the link would be a second one.
  if [ -f "$dir/adopted" ] && [ -L "$conf" ]; then
    conf=$(readlink "$conf")
    new=${conf%/*}/.${conf##*/}.redfleet
  fi
  [ "$1" = none ] || wanted="replicaof $1"
  [ "$(grep -Ei "$line" "$conf")" = "$wanted" ] && return 0
  rm -f "$new" && cp -p "$conf" "$new" || return 1
  { grep -Eiv "$line" "$conf" && { [ -z "$wanted" ] || printf '%s\n' "$wanted"; }; } >"$new" || return 1
  # A disk that is too slow for that must not keep it down.
  timeout 1 sync "$new" 2>/dev/null
  mv "$new" "$conf"
}

# loads: whether the start loads a data set; sets why if it does not. With persistence off, what lies there is a leftover.
loads() {
  holds "$dir"
  why="nothing that redis.conf lets it load holds a key"
  if [ "$stored_by" = aof ]; then
    [ "$stored_aof" = yes ]
    return
  fi
  saves=$(piece "$dir/redis.conf" | awk 'tolower($1) == "save" { said = $2 } END { print said }')
  if [ "$saves" = '""' ] || [ "$saves" = "''" ]; then
    why="persistence is off"
    return 1
  fi
  [ "$stored_rdb" = yes ]
}

# The Sentinels name this instance. An append-only file holds what was acknowledged, and is enough unless it is being replaced right
# now: it would be a second master. A snapshot holds what was so at its time, and a replica may hold more.
the_master() {
  loads || refuse "the Sentinels name this instance the master, and it would come up empty, over its replicas: $why"
  now
  left=$((began + 200 - at))
  [ "$left" -le 60 ] || left=60
  able='' missed=''
  if [ "$left" -ge 10 ]; then
    seen=$(
      each alive "0.$left" &
      each missed "0.$left" &
      wait
    )
    case $seen in
      *some*) able=some ;;
      *none*) able=none ;;
    esac
    case $seen in *missed*) missed=yes ;; esac
  fi
  case $stored_by:$able in
    *:none) ;;
    aof:some)
      [ -z "$missed" ] || refuse "the Sentinels name this instance the master, see it down, and can replace it: it would race them"
      ;;
    aof:*) ;;
    *:some) refuse "the Sentinels name this instance the master, and a replica may hold more than its snapshot and take over" ;;
    *) refuse "the Sentinels name this instance the master, and do not say whether a replica may take over" ;;
  esac
  follow none || refuse "$dir/redis.conf cannot be written"
  go "starts as the master that the Sentinels name"
}

# Nobody knows: it starts as what its file says, unless who does answer names another than the master that it would be.
unknown() {
  heard=$(printf '%s' "$said" | tr '\n' ';')
  loads || refuse "no majority of $count Sentinels names a master ($heard), and it would come up empty: $why"
  if ! grep -Eiq "$line" "$dir/redis.conf"; then
    others=$(printf '%s\n' "$said" | awk -v self="$self" -v here="$here" '
      $1 == "vote" { if ($2 " " $3 == self || $2 " " $3 == here) { own = 1 } else { other = $2 " " $3 } }
      END { if (other != "" && !own) print other }')
    [ -z "$others" ] || refuse "no majority of $count Sentinels names a master; it would be one, and who answers names $others"
  fi
  go "starts as what its redis.conf says: no majority of $count Sentinels names a master ($heard)"
}

main() {
  now
  began=$at password=
  client "$ca"
  modest "$dir/redis.conf" || refuse "$dir/redis.conf must be a regular file of at most 1 MiB"
  if permitted; then go "starts as the provisioner's gate has decided"; fi
  if [ -n "$user" ]; then
    password=$(first "$secret")
    [ -n "$password" ] || say "$secret cannot be read, so no Sentinel will answer"
  fi
  count=0
  for each_one in $sentinels; do count=$((count + 1)); done
  need=$((count / 2 + 1))
  while :; do
    said=$(each vote)
    master=$(majority)
    [ -z "$master" ] || break
    sleep 0.1
    now
    [ $((at - began)) -le 140 ] || break
  done
  if [ -z "$master" ]; then unknown; fi
  if itself "$master"; then the_master; fi
  follow "$master" || refuse "$dir/redis.conf cannot be written, and the Sentinels name another master, $master"
  go "starts as a replica of $master, which the Sentinels name"
}
main </dev/null
