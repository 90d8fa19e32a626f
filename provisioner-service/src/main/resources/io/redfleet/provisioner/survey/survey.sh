# Facts of a host and of the instances a cluster has there, as key=value lines.
# BASE CLUSTER MASTERNAME [valkey] [ROLE NAME ADDRESS PORT]... -- ROOT [KEY]...: ROOT is /, KEY a kernel setting that is asked for.
# Where it says valkey, that is what is looked for, and not redis.
# ROLE is redis, sentinel, or sentinel-whom for one that is asked whom it knows. NAME is HOME/NAME of a Sentinel that several
# clusters share. Before an instance that lies where somebody else
# put it stands: own CONF UNIT -, four words too; UNIT is - where no unit of systemd runs it.
binary() {
  for name in "$engine-server" "$engine-check-rdb"; do
    found=$(command -v "$name") || continue
    readlink -f "$found"
    return
  done
}

# disk DIR: how much is free where it is or will be, and the mount point, if the host names it: as Monit looks for it.
disk() {
  at=$1
  while [ ! -d "$at" ]; do at=$(dirname "$at"); done
  # shellcheck disable=SC2046 # two words
  set -- $(df -Pk "$at" 2>/dev/null | awk 'NR == 2 { print $4, $6 }')
  [ $# = 2 ] || return
  echo "free=$(($1 * 1024))"
  if awk -v point="$2" '$2 == point { found = 1; exit } END { exit !found }' /proc/self/mounts; then echo "mount=$2"; fi
}

# room DIR: how much is free where the data of the instance lies or will, how much it holds already, and the mount point of that
# file system.
room() {
  room_at=$1 room_held=0
  if [ -d "$1" ]; then
    room_held=$(timeout 5 du -sk "$1/." 2>/dev/null)
    room_held=${room_held%%[!0-9]*}
  fi
  while [ ! -d "$room_at" ]; do room_at=$(dirname "$room_at"); done
  # shellcheck disable=SC2046 # two words
  set -- $(df -Pk "$room_at/" 2>/dev/null | awk 'NR == 2 { print $4, $6 }')
  [ $# = 2 ] || return
  say room "$(($1 * 1024)) $((${room_held:-0} * 1024)) $2"
}

# identity CONF: the id that a Sentinel has given itself, as its file has it; it has run, then.
identity() {
  identity_is=$(piece "$1" | awk '$1 == "sentinel" && $2 == "myid" { print $3; exit }')
  [ -n "$identity_is" ] || return
  if [ "$shared" = no ] || [ -e "$dir/members/$cluster" ] || watches "$1" | cut -d ' ' -f 1 | grep -qxF -e "$master"; then
    say joined yes
  fi
  say myid "$identity_is"
}

# watches CONF: the masters in a Sentinel's file, each as NAME HOST:PORT.
watches() { piece "$1" | awk '$1 == "sentinel" && $2 == "monitor" { gsub(/"/, ""); print $3 " " $4 ":" $5 }'; }

# members CONF: of a Sentinel that several clusters share, what each has left there, and the masters in its file.
members() {
  for member in "$dir"/members/*; do
    if [ -f "$member" ]; then say member "${member##*/} $(first "$member")"; fi
  done
  watches "$1" | head -n 200 | while IFS= read -r watched; do say watches "$watched"; done
}

# beside: of other clusters' instances below the same directory the bound of each data node's memory and the id of each Sentinel, as
# their files have them, each with the mark of whose it is. A configuration is what it is for claimed; of 200 no more is said.
beside() {
  timeout 5 find -L "$base"/*/*/redis.conf "$base"/*/*/sentinel.conf -prune -type f -size -2049 \
    -exec grep -is -e '^maxmemory ' -e '^sentinel myid ' /dev/null {} + 2>/dev/null | head -n 200 |
    while IFS= read -r beside_line; do
      beside_dir=${beside_line%:*} beside_said=${beside_line##*:}
      beside_dir=${beside_dir%/*}
      case $beside_dir in "$base/$cluster"/*) continue ;; esac
      if [ ! -f "$beside_dir/owner" ] || [ -e "$beside_dir/retired" ]; then continue; fi
      beside_kind=id
      case $beside_said in [Mm]*) beside_kind=memory ;; esac
      printf 'beside.%s=%s %s\n' "$beside_kind" "${beside_said##* }" "$(first "$beside_dir/owner")"
    done
}

# synchronised: whether the clock follows another one, by whoever here says so; nothing where nobody does.
synchronised() {
  if command -v chronyc >/dev/null; then
    said=$(timeout 1 chronyc -n tracking 2>/dev/null)
    case $said in
      *'Leap status'*': Not synchronised'*) echo 'clock=alone chronyc' ;;
      *'Leap status'*) echo 'clock=follows chronyc' ;;
    esac
    case $said in *'Leap status'*) return ;; esac
  fi
  # A container has its machine's clock, and nobody there keeps it.
  if [ -e /run/systemd/container ] || ! command -v timedatectl >/dev/null; then return; fi
  said=$(timeout 1 timedatectl show -p NTPSynchronized 2>/dev/null)
  case $said in
    NTPSynchronized=yes) echo 'clock=follows timedatectl' ;;
    NTPSynchronized=no) echo 'clock=alone timedatectl' ;;
  esac
}

# above PATH: the directories above it that are there, each with its mode: who can replace one has all that lies below.
above() {
  at=${1%/}
  set --
  while [ -n "$at" ]; do
    at=${at%/*}
    set -- "$@" "${at:-/}"
  done
  stat -L -c 'above=%a %n' "$@" 2>/dev/null
}

# agent: the Monit that reports of this cluster's instances here. Of its control file, which holds a secret, only the hash.
agent() {
  echo "monit=$(command -v monit)"
  agent_dir=$base/$cluster/.monit
  [ -d "$agent_dir" ] || return
  for noted in owner taken; do
    if [ -f "$agent_dir/$noted" ] && [ -r "$agent_dir/$noted" ]; then echo "agent.$noted=$(first "$agent_dir/$noted")"; fi
  done
  if [ -f "$agent_dir/monitrc" ] && [ -r "$agent_dir/monitrc" ]; then
    said=$(piece "$agent_dir/monitrc" 4194304 | sha256sum)
    echo "agent.file=${said%% *}"
  fi
  watching "$agent_dir"
  echo "agent.pid=$pid"
}

# stored DIR: says whether there is a data set, and whether the next start finds it.
stored() {
  holds "$1"
  [ $stored_rdb$stored_aof = nono ] && return
  say files yes
  case $stored_by in
    aof) [ $stored_aof = yes ] && say data yes ;;
    *) [ $stored_rdb = yes ] && say data yes ;;
  esac
}

# answers [CONF]: what a living instance says of itself; what is no PONG says why there is nothing more. Passwords are left out.
# With CONF what that file says, too, line by line: of a password only whether it is another than the one that runs.
answers() {
  written=${1-}
  ping=$(ask "$address" "$port" PING)
  ping=${ping%%"
"*}
  say ping "$ping"
  [ "$ping" = PONG ] || return
  {
    if [ -n "$written" ]; then
      echo ==file
      # No line of it is taken for the name of what comes after it. Its last one may have no end.
      piece "$written" | sed 's/^/|/'
      echo
    fi
    echo ==info
    ask "$address" "$port" INFO
    if [ "$role" = redis ]; then
      echo ==config
      ask "$address" "$port" CONFIG GET '*'
    else
      echo ==master
      ask "$address" "$port" SENTINEL MASTER "$master"
      echo ==quorum
      ask "$address" "$port" SENTINEL CKQUORUM "$master"
      echo ==liveid
      ask "$address" "$port" SENTINEL MYID
      if [ "$role" = sentinel-whom ]; then
        echo ==replicas
        ask "$address" "$port" SENTINEL REPLICAS "$master"
        echo ==sentinels
        ask "$address" "$port" SENTINEL SENTINELS "$master"
      fi
    fi
  } | awk -v prefix="i.$name." -v quotes="[\"']" '
    function known(name) { return name == "primaryauth" ? "masterauth" : name }
    { sub(/\r$/, "") }
    /^==[a-z]+$/ {
      section = substr($0, 3)
      if (section == "file") { file = 1; print prefix "file.read=yes" }
      count = 0
      next
    }
    section == "file" {
      line = substr($0, 2)
      sub(/^[ \t]+/, "", line)
      if (line == "" || line ~ /^#/) next
      word = tolower(line)
      sub(/[ \t].*/, "", word)
      gsub(quotes, "", word)
      if (word ~ /^(masterauth|primaryauth|requirepass)$/) {
        value = line
        sub(/^[^ \t]+[ \t]*/, "", value)
        sub(/[ \t]+$/, "", value)
        if (value ~ ("^" quotes ".*" quotes "$")) value = substr(value, 2, length(value) - 2)
        secret[known(word)] = value
        next
      }
      if (word == "sentinel") {
        split(tolower(line), part)
        if (part[2] !~ /^(monitor|down-after-milliseconds|failover-timeout|parallel-syncs)$/) next
      } else if (word ~ /-pass$/ || word ~ /^(user|rename-command|loadmodule)$/) {
        line = word
      }
      line = substr(line, 1, 1000)
      # With what stands before it. An answer of 1 MiB has room for those of ten and all else.
      bytes += length(prefix) + length(line) + 6
      if (bytes <= 65536) print prefix "file=" line
      else if (!full++) print prefix "file.refused=it has more than 64 KiB of directives"
      next
    }
    { count++ }
    section == "config" {
      if (count % 2) { hidden = /^(masterauth|primaryauth|requirepass|.*-pass)$/; field = known($0) }
      else if (file && hidden && (field == "masterauth" || field == "requirepass") && !(field in told)) {
        told[field] = 1
        # What is escaped in the file is not read here, and not said to be another.
        if ((secret[field] "") != ($0 "") && secret[field] !~ /\\/) print prefix "file.other=" field
      }
      if (hidden) next
    }
    (section == "quorum" || section == "liveid") && count > 1 { next }
    section == "replicas" || section == "sentinels" {
      if (count % 2) { field = $0 }
      else if (field == "ip") { ip = $0 }
      else if (field == "port") { print prefix "knows=" ip ":" $0 }
      next
    }
    section != "info" || $0 ~ /:/ { print prefix section "=" $0 }'
}

# claimed: which other instance that somebody manages has this endpoint in its configuration, whether it runs or not. A
# configuration is a regular file of at most 1 MiB, as for piece.
claimed() {
  for claimed_conf in $(timeout 5 find -L "$base"/*/*/redis.conf "$base"/*/*/sentinel.conf -prune -type f -size -2049 \
    -exec grep -lsx -e "port $port" -e "tls-port $port" {} + 2>/dev/null); do
    claimed_dir=${claimed_conf%/*}
    if [ "$claimed_dir" = "$dir" ] || [ -e "$claimed_dir/retired" ] || [ ! -f "$claimed_dir/owner" ]; then continue; fi
    if piece "$claimed_conf" | grep -q '^bind ' && ! piece "$claimed_conf" | grep '^bind ' | grep -qwF -e "$address"; then continue; fi
    say claimed "$(first "$claimed_dir/owner")"
    return
  done
}

# taken CONF: which other instance was taken over by that very file, whatever its port is.
taken() {
  for taken_note in "$base"/*/*/adopted; do
    taken_dir=${taken_note%/*}
    if [ "$taken_dir" = "$dir" ] || [ ! -f "$taken_dir/owner" ]; then continue; fi
    taken_conf=$(first "$taken_note")
    # Not POSIX before 2024, but in dash, bash and busybox alike.
    # shellcheck disable=SC3013
    if [ "$taken_conf" = "$1" ] || [ "$taken_conf" -ef "$1" ]; then
      say claimed "$(first "$taken_dir/owner")"
      return
    fi
  done
}

# unlike CONF: what the data node has that runs, and would not have after its next start by that file, whose text is own_text: it
# stood on a command line, or was set while it ran. No password is shown.
unlike() {
  {
    printf '%s\n' "$own_text" ==live
    ask "$address" "$port" CONFIG GET '*'
  } | awk -v file="$1" -v quotes="[\"']" '
    function plain(text) {
      gsub(quotes, "", text)
      gsub(/[ \t\r]+/, " ", text)
      sub(/^ /, "", text)
      sub(/ $/, "", text)
      return text
    }
    function known(name) {
      name = tolower(name)
      if (name == "slaveof") return "replicaof"
      if (name == "primaryauth") return "masterauth"
      if (name == "primaryuser") return "masteruser"
      return name
    }
    function bytes(text, unit) {
      unit = tolower(text)
      sub(/^[0-9]+/, "", unit)
      return (text + 0) * scale[unit]
    }
    function same(name, one, other) {
      if (name == "maxmemory") return bytes(one) == bytes(other)
      if (name in words) return tolower(one) == tolower(other)
      return one "" == other ""
    }
    BEGIN {
      # What Redis has where its file says nothing.
      next_has["appendonly"] = "no"
      next_has["appendfsync"] = "everysec"
      next_has["protected-mode"] = "yes"
      next_has["maxmemory-policy"] = "noeviction"
      for (name in next_has) words[name] = 1
      next_has["save"] = "3600 1 300 100 60 10000"
      next_has["dbfilename"] = "dump.rdb"
      next_has["appendfilename"] = "appendonly.aof"
      next_has["appenddirname"] = "appendonlydir"
      next_has["maxmemory"] = "0"
      next_has["replicaof"] = next_has["aclfile"] = next_has["masteruser"] = ""
      next_has["requirepass"] = next_has["masterauth"] = ""
      secret["requirepass"] = secret["masterauth"] = 1
      scale[""] = scale["b"] = 1
      scale["k"] = 1000
      scale["kb"] = 1024
      scale["m"] = 1000000
      scale["mb"] = 1048576
      scale["g"] = 1000000000
      scale["gb"] = 1073741824
    }
    !live && $0 == "==live" { live = 1; next }
    !live {
      name = known($1)
      if (!(name in next_has)) next
      value = $0
      sub(/^[ \t]*[^ \t]+/, "", value)
      value = plain(value)
      if (name == "replicaof" && tolower(value) == "no one") value = ""
      # Each line of it adds to those before; an empty one takes them all back.
      if (name == "save" && begun && value != "") value = plain(next_has[name] " " value)
      if (name == "save") begun = 1
      next_has[name] = value
      next
    }
    { count++ }
    count % 2 { name = known($0); next }
    found == "" && name in next_has {
      is = plain($0)
      if (same(name, is, next_has[name])) next
      if (name in secret) found = name " is another than by " file " at the next start"
      else found = name " is \047" is "\047, and by " file " the next start has \047" next_has[name] "\047"
    }
    END { if (found != "") print found ": CONFIG REWRITE first" }'
}

# asks ADDRESS PORT: yes where who says no password is turned away, no where everybody is let in; nothing: that is not known.
asks() {
  # shellcheck disable=SC2030 # for this question alone
  case $(unset REDISCLI_AUTH VALKEYCLI_AUTH && ask_user='' && ask "$1" "$2" PING) in
    NOAUTH* | NOPERM*) echo yes ;;
    PONG) echo no ;;
  esac
}

# takes ADDRESS PORT USER PASSWORD: whether who logs in so is let in there, whatever he may do then.
takes() {
  # shellcheck disable=SC2030 # for this question alone
  case $(ask_user=$3 ask_password=$4 && ask "$1" "$2" PING) in
    PONG | NOPERM* | LOADING* | BUSY* | MASTERDOWN*) ;;
    *) return 1 ;;
  esac
}

# barred: what that managing takes the given login may not do here, or why that is not known; nothing: it may do all of it.
# Nothing of it is done to find out. What GETUSER answers holds hashes of passwords, and is not shown.
barred() {
  # shellcheck disable=SC2031 # as it was given
  barred_user=$ask_user
  barred_said=$(ask "$address" "$port" ACL GETUSER "$barred_user")
  case $barred_said in
    NOPERM*)
      printf 'user %s may not ACL GETUSER, so that nobody knows what else it may\n' "$barred_user"
      return
      ;;
  esac
  barred_rules=$(printf '%s\n' "$barred_said" | awk '
    { sub(/\r$/, "") }
    found { print; exit }
    $0 == "commands" { found = 1 }')
  [ "$barred_rules" = +@all ] && return
  while read -r barred_role barred_words; do
    # One that is asked whom it knows is a Sentinel, too.
    case $role:$barred_role in *:both | redis:redis | sentinel*:sentinel) ;; *) continue ;; esac
    # shellcheck disable=SC2086 # words
    barred_said=$(set -f && ask "$address" "$port" ACL DRYRUN "$barred_user" $barred_words)
    case $barred_said in
      OK) continue ;;
      NOPERM*) printf 'user %s may not ACL DRYRUN, so that nobody knows what else it may\n' "$barred_user" ;;
      ERR*) printf 'user %s needs +@all: what else it may is not known before Redis 7.0 (ACL DRYRUN)\n' "$barred_user" ;;
      *) printf 'user %s may not %s, which managing takes\n' "$barred_user" "$barred_words" ;;
    esac
    return
  done <<'WORDS'
both PING
both INFO
both CLIENT SETNAME probe
redis ROLE
redis CONFIG GET *
redis CONFIG SET maxmemory 0
redis CONFIG REWRITE
redis REPLICAOF NO ONE
redis CLIENT PAUSE 1 WRITE
redis CLIENT UNPAUSE
redis BGSAVE SCHEDULE
redis LASTSAVE
sentinel SENTINEL MASTER m
sentinel SENTINEL MYID
sentinel SENTINEL CKQUORUM m
sentinel SENTINEL REPLICAS m
sentinel SENTINEL SENTINELS m
sentinel SENTINEL GET-MASTER-ADDR-BY-NAME m
sentinel SENTINEL SET m quorum 2
sentinel SENTINEL FLUSHCONFIG
sentinel SENTINEL FAILOVER m
sentinel SENTINEL RESET m
sentinel PSUBSCRIBE *
WORDS
}

# unkept: that the next start would not know the given user; nothing: it would. Of Redis's own one, its password is compared.
unkept() {
  # shellcheck disable=SC2031 # as it was given
  unkept_user=$ask_user
  [ "$unkept_user" != default ] || return
  unkept_file=$(directive aclfile)
  {
    printf '%s\n' "$own_text"
    case $unkept_file in
      '') ;;
      /*) piece "$unkept_file" ;;
      *) piece "$own_data/$unkept_file" ;;
    esac
  } | unkept_name=$unkept_user awk -v quotes="[\"']" '
    { gsub(quotes, "") }
    tolower($1) == "user" && $2 == ENVIRON["unkept_name"] { found = 1 }
    END { exit !found }' ||
    printf 'user %s stands in no file that its next start reads: ACL SAVE or CONFIG REWRITE first\n' "$unkept_user"
}

# unled: why this data node could not follow another master that asks for a password as it does; nothing: it could. Its own login
# there is tried on itself: all of them are to take the same.
unled() {
  [ "$asked" = yes ] || return
  led_user=$(ask "$address" "$port" CONFIG GET masteruser | sed -n 2p)
  led_password=$(ask "$address" "$port" CONFIG GET masterauth | sed -n 2p)
  if [ -z "$led_password" ]; then
    echo "it asks for a password and has no masterauth, so it could follow nobody: CONFIG SET masterauth and CONFIG REWRITE first"
  elif ! takes "$address" "$port" "${led_user:-default}" "$led_password"; then
    echo "its masterauth (user ${led_user:-default}) is not what data nodes take, so it could follow nobody: set it right first"
  fi
}

# sentinel_word NAME: what own_text has as the Sentinel's auth-pass or auth-user of the master, without quotes.
sentinel_word() {
  printf '%s\n' "$own_text" | awk -v word="$1" -v name="$master" -v quotes="[\"']" '
    { gsub(quotes, "") }
    tolower($1) == "sentinel" && tolower($2) == word && $3 == name { value = $4 }
    END { print value }'
}

# unseeing: why this Sentinel, by its file, would see no master that asks for a password; nothing: it would. Its login is tried on
# the master that it names.
unseeing() {
  seeing_at=$(ask "$address" "$port" SENTINEL GET-MASTER-ADDR-BY-NAME "$master")
  seeing_host=${seeing_at%%"
"*}
  seeing_port=${seeing_at##*"
"}
  endpoint "$seeing_host:$seeing_port" || return
  seeing_user=$(sentinel_word auth-user) seeing_password=$(sentinel_word auth-pass)
  if [ -z "$seeing_password" ]; then
    [ "$(asks "$seeing_host" "$seeing_port")" != yes ] ||
      echo "its file has no auth-pass of $master, which asks for a password: SENTINEL SET $master auth-pass first"
  elif ! takes "$seeing_host" "$seeing_port" "${seeing_user:-default}" "$seeing_password"; then
    echo "its file's auth-pass of $master (user ${seeing_user:-default}) is not what $seeing_host:$seeing_port takes: set it right first"
  fi
}

# entry: why an instance that answers is not managed by the given login, or would be shut out of its own cluster by a failover or
# its next start; nothing: all is well.
entry() {
  entry_why=$(barred)
  [ -n "$entry_why" ] || entry_why=$(unkept)
  if [ -z "$entry_why" ]; then
    case $role in
      redis) entry_why=$(unled) ;;
      *) entry_why=$(unseeing) ;;
    esac
  fi
  printf '%s\n' "$entry_why"
}

# elsewhere CONF: what is found of an instance that somebody else built, as long as nothing of it is marked. own_kept is its unit.
elsewhere() {
  taken "$1"
  claimed
  own "$1" "$own_kept"
  [ -e "$1" ] && say conf yes
  if [ "$role" != redis ]; then identity "$1"; fi
  say pid "$pid"
  say start "$start"
  if [ "$pid" != 0 ] && saving "$pid"; then say saving yes; fi
  listening "$address" "$port" && say listening yes
  if [ -z "$own_refused" ] && [ "$(own_port "$role")" != "$port" ]; then
    own_refused="$1 says port $(own_port "$role"), not $port; what stood on a command line would be lost with a restart"
  fi
  if [ "$role" = redis ]; then own_astray "$address" "$port"; fi
  if [ -z "$own_refused" ] && [ "$role" = redis ]; then own_refused=$(unlike "$1"); fi
  asked=
  # shellcheck disable=SC2031 # as it was given
  if [ "$pid" != 0 ] && [ -n "${ask_user-}" ] && [ "$(ask "$address" "$port" PING)" = PONG ]; then
    if [ "$role" = redis ]; then asked=$(asks "$address" "$port"); fi
    [ -n "$own_refused" ] || own_refused=$(entry)
  fi
  say own.refused "$own_refused"
  say own.asks "$asked"
  say own.pidfile "$own_pidfile"
  say own.data "$own_data"
  say own.log "$own_log"
  if [ "$role" = redis ] && [ -n "$own_data" ]; then room "$own_data"; fi
  [ "$pid" = 0 ] || answers
}

instance() {
  role=$1 address=$3 port=$4
  lies "$2"
  # What lies in there would count as absent.
  if [ -d "${dir%/*}" ] && [ ! -x "${dir%/*}" ]; then
    echo "${dir%/*} cannot be entered by $(id -un)" >&2
    exit 1
  fi
  say() { printf 'i.%s.%s=%s\n' "$name" "$1" "$2"; }
  if [ -n "$own_conf" ] && [ ! -e "$dir/owner" ]; then
    elsewhere "$own_conf"
    return
  fi
  [ -d "$dir" ] && say directory yes
  for noted in owner revision; do
    if [ -f "$dir/$noted" ] && [ -r "$dir/$noted" ]; then say "$noted" "$(first "$dir/$noted")"; fi
  done
  if [ -e "$dir/redis.conf" ] || [ -e "$dir/sentinel.conf" ]; then say conf yes; fi
  [ -e "$dir/stopped" ] && say stopped yes
  [ -e "$dir/retired" ] && say retired yes
  claimed
  if [ -f "$dir/guard.refused" ]; then
    say unit.refused "$(first "$dir/guard.refused")"
  fi
  if [ "$role" = redis ]; then
    stored "$dir"
    room "$dir/data"
  else
    identity "$dir/sentinel.conf"
    if [ "$shared" = yes ]; then members "$dir/sentinel.conf"; fi
  fi
  living "$dir"
  say pid "$pid"
  say start "$start"
  if [ "$pid" != 0 ] && saving "$pid"; then say saving yes; fi
  # Where versions lie beside each other, each instance has links of its own.
  links=$base/bin
  [ ! -d "$dir/bin" ] || links=$dir/bin
  if [ "$pid" != 0 ] && outdated "$links/$engine-server"; then say outdated yes; fi
  case $role in
    redis) link=$links/$engine-server ;;
    *) link=$links/$engine-sentinel ;;
  esac
  # One that a unit of its builder's starts goes by no link.
  if [ -e "$dir/owner" ] && [ ! -x "$link" ] && { [ -z "$own_conf" ] || [ -z "$own_kept" ]; }; then say unlinked yes; fi
  listening "$address" "$port" && say listening yes
  [ "$pid" != 0 ] || return
  case $role in
    redis) conf=$dir/redis.conf ;;
    *) conf=$dir/sentinel.conf ;;
  esac
  # Nothing is compared with a file that is gone: it is written anew.
  if [ ! -e "$conf" ]; then
    answers
  elif modest "$conf" && [ -r "$conf" ]; then
    answers "$conf"
  else
    say file.refused "$conf must be a regular file of at most 1 MiB that $(id -un) may read"
    answers
  fi
  shows
}

# secured ADDRESS: what of TLS lies here, where the spec asks for it: the key's mode, never what is in it.
secured() {
  echo "tls.user=$(id -un)"
  # A server and its client are built together, with TLS or without; and who has none cannot ask.
  client "$ask_ca"
  for secured_cli in "$engine-cli" "$cli"; do
    if command -v "$secured_cli" >/dev/null && plain "$secured_cli"; then
      echo "tls.plain=$secured_cli"
      break
    fi
  done
  secured_all=yes
  for part in ca certificate key; do
    case $part in
      ca) secured_file=$ask_ca ;;
      certificate) secured_file=$tls_certificate ;;
      key) secured_file=$tls_key ;;
    esac
    state=read
    if [ ! -e "$secured_file" ]; then
      state=missing
    elif [ ! -f "$secured_file" ]; then
      state=strange
    elif [ ! -r "$secured_file" ]; then
      state=locked
    fi
    echo "tls.$part=$state"
    [ $state = read ] || secured_all=no
  done
  [ -e "$tls_key" ] && echo "tls.mode=$(stat -L -c %a "$tls_key" 2>/dev/null)"
  [ $secured_all = yes ] || return
  said=$(sed -n '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p' "$ask_ca" | tr -d ' \t\r\n' | sha256sum)
  echo "tls.hash=${said%% *}"
  command -v openssl >/dev/null || return
  echo tls.openssl=yes
  echo "tls.ends=$(timeout 2 openssl x509 -in "$tls_certificate" -noout -enddate 2>/dev/null | sed -n 's/^notAfter=//p')"
  lasts=-1
  for days in 30 7 0; do
    if timeout 2 openssl x509 -in "$tls_certificate" -noout -checkend $((days * 86400)) >/dev/null 2>&1; then
      lasts=$days
      break
    fi
  done
  echo "tls.lasts=$lasts"
  if paired; then echo tls.pair=yes; fi
  vouched "$1"
  echo "tls.verified=$vouched_said"
  echo "tls.print=$(print_of <"$tls_certificate")"
}

# shows: which certificate a living instance shows that has just answered, where TLS is spoken and the host has openssl.
shows() {
  if [ -z "${ask_ca-}" ] || [ "$ping" != PONG ] || ! command -v openssl >/dev/null; then return; fi
  shown=$(served "$address" "$port")
  [ -z "$shown" ] || echo "tls.served=$name $shown"
}

# outdated PROGRAM: whether the process runs another binary than a start by that link would: a package has replaced it, or
# the link was moved. Not where either cannot be seen.
outdated() {
  if [ ! -e "/proc/$pid/exe" ] || [ ! -e "$1" ]; then return 1; fi
  # Not POSIX before 2024, but in dash, bash and busybox alike.
  # shellcheck disable=SC3013
  ! [ "/proc/$pid/exe" -ef "$1" ]
}

# memory: of the host, in bytes.
memory() {
  while read -r field value unit; do
    if [ "$field" = MemTotal: ]; then
      echo "memory=$((value * 1024))"
      return
    fi
  done </proc/meminfo
}

# tuned ROOT KEYS...: what belongs to the whole machine: whose it is, its files, and, where somebody asks, what holds.
tuned() {
  machine "$1"
  shift
  wide_owner "$wide_notes"
  [ -z "$whose" ] || echo "tuning.owner=$whose"
  if [ -n "$whose" ] && [ "$whose" != '?' ]; then
    sed -n '2,$s/^\([^ ]*\) \([^ ]*\).*/tuning.before=\1 \2/p' "$wide_notes"
  fi
  for part in sysctl thp limits; do
    wide_part "$part"
    wide_owner "$wide_file"
    [ -n "$whose" ] || continue
    echo "tuning.$part.owner=$whose"
    said=$(sha256sum <"$wide_file")
    echo "tuning.$part.hash=${said%% *}"
    lined "tuning.$part" "$wide_file"
  done
  [ -e "$wide_link" ] && echo tuning.enabled=yes
  [ $# -gt 0 ] || return
  wide_live hugepages && echo "tuning.hugepages=$wide_now"
  for key; do
    wide_live "$key" && echo "tuning.live=$key $wide_now"
  done
}

main() {
  base=$(place "$1") cluster=$2 master=$3 engine=redis
  shift 3
  if [ "${1-}" = valkey ]; then
    engine=$1
    shift
  fi
  # What lies in there would count as absent, and what lives in there as dead.
  for entered in "$base" "$base/$cluster"; do
    if [ -d "$entered" ] && [ ! -x "$entered" ]; then
      echo "$entered cannot be entered by $(id -un)" >&2
      exit 1
    fi
  done
  echo "base=$base"
  echo "user=$(id -un)"
  echo "os=$(. /etc/os-release 2>/dev/null && printf '%s %s' "$ID" "$VERSION_ID")"
  echo "arch=$(uname -m)"
  read -r boot </proc/sys/kernel/random/boot_id
  echo "boot=$boot"
  echo "now=$(date +%s)"
  memory
  disk "$base"
  above "$base"
  real=$(readlink -f "$base" 2>/dev/null)
  if [ -n "$real" ] && [ "$real" != "$base" ]; then above "$real"; fi
  synchronised
  beside
  agent
  server=$(binary)
  echo "binary=$server"
  if [ -n "$server" ]; then
    said=$("$server" --version)
    # What a package brings under one name may be the other.
    case ${server##*/}:$said in
      valkey-check-rdb:* | *:'Valkey server '*) echo "engine=valkey" ;;
      redis-check-rdb:* | *:'Redis server '*) echo "engine=redis" ;;
    esac
    case $said in
      *' v='*) said=${said##* v=} ;;
      *) said=${said#*-check-rdb } ;;
    esac
    echo "version=${said%% *}"
  fi
  client "${ask_ca-}"
  echo "cli=$(command -v "$cli")"
  for tool in timeout awk sed readlink od flock; do command -v "$tool" >/dev/null || echo "missing=$tool"; done
  if [ -n "${ask_ca-}" ] && [ $# -ge 4 ] && [ "$1" != -- ] && [ "$1" != own ]; then secured "$3"; fi
  own_conf=
  while [ $# -ge 4 ] && [ "$1" != -- ]; do
    if [ "$1" = own ]; then
      own_conf=$2 own_kept=$3
      [ "$own_kept" != - ] || own_kept=
    else
      instance "$1" "$2" "$3" "$4"
      own_conf=
    fi
    shift 4
  done
  if [ $# -ge 2 ] && [ "$1" = -- ]; then
    shift
    tuned "$@"
  fi
  echo "end=yes"
}
main "$@" </dev/null
