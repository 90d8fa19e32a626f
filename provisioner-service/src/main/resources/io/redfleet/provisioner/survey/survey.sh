# Facts of a host and of the instances a cluster has there, as key=value lines.
# BASE CLUSTER MASTERNAME [valkey] [ROLE NAME ADDRESS PORT]... -- ROOT [KEY]...: ROOT is /, KEY a kernel setting that is asked for.
# Where it says valkey, that is what is looked for, and not redis.
# ROLE is redis, sentinel, or sentinel-whom for one that is asked whom it knows. Before an instance that lies where somebody else
# put it stands: own CONF - -, four words too.
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

# answers: what a living instance says of itself; what is no PONG says why there is nothing more. Passwords are left out.
answers() {
  ping=$(ask "$address" "$port" PING)
  ping=${ping%%"
"*}
  say ping "$ping"
  [ "$ping" = PONG ] || return
  {
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
      if [ "$role" = sentinel-whom ]; then
        echo ==replicas
        ask "$address" "$port" SENTINEL REPLICAS "$master"
        echo ==sentinels
        ask "$address" "$port" SENTINEL SENTINELS "$master"
      fi
    fi
  } | awk -v prefix="i.$name." '
    { sub(/\r$/, "") }
    /^==[a-z]+$/ { section = substr($0, 3); count = 0; next }
    { count++ }
    section == "config" {
      if (count % 2) hidden = /^(masterauth|primaryauth|requirepass|.*-pass)$/
      if (hidden) next
    }
    section == "quorum" && count > 1 { next }
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
      next_has["replicaof"] = next_has["aclfile"] = ""
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

# elsewhere CONF: what is found of an instance that somebody else built, as long as nothing of it is marked.
elsewhere() {
  taken "$1"
  claimed
  own "$1"
  [ -e "$1" ] && say conf yes
  if [ "$role" != redis ] && piece "$1" | grep -q '^sentinel myid '; then say joined yes; fi
  say pid "$pid"
  say start "$start"
  if [ "$pid" != 0 ] && saving "$pid"; then say saving yes; fi
  listening "$address" "$port" && say listening yes
  if [ -z "$own_refused" ] && [ "$(own_port "$role")" != "$port" ]; then
    own_refused="$1 says port $(own_port "$role"), not $port; what stood on a command line would be lost with a restart"
  fi
  if [ -z "$own_refused" ] && [ "$role" = redis ]; then own_refused=$(unlike "$1"); fi
  say own.refused "$own_refused"
  say own.pidfile "$own_pidfile"
  say own.data "$own_data"
  say own.log "$own_log"
  [ "$pid" = 0 ] || answers
}

instance() {
  role=$1 name=$2 address=$3 port=$4 dir=$base/$cluster/$2
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
  elif piece "$dir/sentinel.conf" | grep -q '^sentinel myid '; then
    say joined yes
  fi
  living "$dir"
  say pid "$pid"
  say start "$start"
  if [ "$pid" != 0 ] && saving "$pid"; then say saving yes; fi
  if [ "$pid" != 0 ]; then
    # Where versions lie beside each other, each instance has links of its own.
    link=$base/bin/$engine-server
    [ ! -e "$dir/bin/$engine-server" ] || link=$dir/bin/$engine-server
    if outdated "$link"; then say outdated yes; fi
  fi
  listening "$address" "$port" && say listening yes
  if [ "$pid" != 0 ]; then
    answers
    shows
  fi
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
      own_conf=$2
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
