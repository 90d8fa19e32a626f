# Shared by every script: an instance that lies where somebody else put it. Redfleet's directory of it has links to what is its own:
# redis.conf or sentinel.conf, redis.pid, data and log/redis.log, and "adopted", which says so.

# config DIR NAME: sets conf to the configuration of the instance in that directory, conf_mode to the mode that it has to have, and
# conf_new to the file that may be written to take its place. Of one that was adopted it is its builder's own file, with the mode
# that that has: Redis, and whoever writes it anew, gives the new one its name, which would put it in the link's place. There any
# file of a usual name may be its builder's too.
config() {
  conf=$1/$2 conf_mode=600 conf_new=$1/$2.new
  if [ -f "$1/adopted" ] && [ -L "$conf" ]; then
    conf=$(readlink "$conf")
    conf_mode=$(stat -c %a "$conf" 2>/dev/null) || conf_mode=600
    conf_new=${conf%/*}/.${conf##*/}.redfleet
  fi
}

# rewritable DIR: whether the data node of that directory, at $address and $port, may write its redis.conf anew now. A file that
# names the append-only file before that is whole would have the next start load nothing; one that names it already says no more.
rewritable() {
  config "$1" redis.conf
  rewritable_file=$(piece "$conf" | awk '
    tolower($1) == "appendonly" { value = $2; gsub(/"/, "", value) }
    END { print tolower(value) }')
  [ "$rewritable_file" != yes ] || return 0
  rewritable_said=$(ask "$address" "$port" INFO persistence | tr -d '\r' |
    grep -xE '(aof_enabled|aof_rewrite_in_progress|aof_rewrite_scheduled|aof_last_bgrewrite_status):[a-z0-9]+' | sort | tr '\n' ' ')
  case $rewritable_said in
    aof_enabled:0\ *) return 0 ;;
    'aof_enabled:1 aof_last_bgrewrite_status:ok aof_rewrite_in_progress:0 aof_rewrite_scheduled:0 ') return 0 ;;
  esac
  echo "its append-only file is not whole (${rewritable_said:-INFO says nothing of it}): try again once it is whole" >&2
  return 1
}

# directive NAME: the last value that own_text has for it, without quotes.
directive() {
  printf '%s\n' "$own_text" | awk -v name="$1" '
    tolower($1) == name { value = $2; gsub(/"/, "", value) }
    END { print value }'
}

# kept_by CGROUP: the service of systemd that a process belongs to, by its file of that name in /proc; nothing where it is in none,
# or in one by which people and cron start what is theirs.
kept_by() {
  kept_unit=$(sed -n -e 's|^0::.*/\([^/]*\.service\)$|\1|p' \
    -e 's|^[0-9]*:name=systemd:.*/\([^/]*\.service\)$|\1|p' "$1" 2>/dev/null | head -n 1)
  case $kept_unit in
    ssh.service | sshd.service | ssh@*.service | sshd@*.service | cron.service | crond.service) ;;
    *) printf '%s\n' "$kept_unit" ;;
  esac
}

# own_by_unit UNIT CONF: sets own_refused to why the process $pid cannot be taken over where systemd runs it as that unit, by what
# systemd says of the unit; it is asked once. Nothing: it can.
own_by_unit() {
  own_refused=
  if ! own_said=$(timeout 10 systemctl show "$1" -p Id -p LoadState -p Type -p User -p MainPID -p NeedDaemonReload \
    -p ExecStart -p RemainAfterExit -p ProtectSystem -p ReadWritePaths -p StateDirectory -p RuntimeDirectory -p LogsDirectory \
    -p CacheDirectory -p ConfigurationDirectory 2>&1); then
    own_said=$(printf '%s' "${own_said:-no answer within 10 s}" | tr -cd ' -~' | head -c 200)
    own_refused="systemd does not say what $1 is: $own_said"
    return
  fi
  own_id='' own_loaded='' own_type='' own_user='' own_main='' own_stale='' own_begun=''
  own_remains='' own_protects='' own_writes=''
  while IFS='=' read -r own_key own_value; do
    case $own_key in
      Id) own_id=$own_value ;;
      LoadState) own_loaded=$own_value ;;
      Type) own_type=$own_value ;;
      User) own_user=$own_value ;;
      MainPID) own_main=$own_value ;;
      NeedDaemonReload) own_stale=$own_value ;;
      ExecStart) own_begun="$own_begun $own_value " ;;
      RemainAfterExit) own_remains=$own_value ;;
      ProtectSystem) own_protects=$own_value ;;
      ReadWritePaths) own_writes="$own_writes $own_value" ;;
      StateDirectory) own_writable /var/lib "$own_value" ;;
      RuntimeDirectory) own_writable /run "$own_value" ;;
      LogsDirectory) own_writable /var/log "$own_value" ;;
      CacheDirectory) own_writable /var/cache "$own_value" ;;
      ConfigurationDirectory) own_writable /etc "$own_value" ;;
    esac
  done <<OWN_SAID
$own_said
OWN_SAID
  if [ "$own_loaded" != loaded ] || [ "$own_id" != "$1" ]; then
    own_refused="systemd has no unit $1 loaded under this very name (it says '$(printf %s "$own_id" | tr -cd ' -~' | head -c 100)')"
  elif [ "$own_main" != "$pid" ]; then
    own_refused="the main process of $1 is another than $pid, which its pidfile names"
  elif [ "$own_type" = oneshot ]; then
    own_refused="$1 is of type oneshot: systemd does not know when it ends"
  elif [ "$own_remains" = yes ]; then
    own_refused="$1 says RemainAfterExit=yes: systemd would call it active after its end, and start nothing"
  elif [ "$own_user" != redis ]; then
    own_refused="$1 runs as another user than redis (User=)"
  elif [ "$own_stale" = yes ]; then
    own_refused="the file of $1 was changed after systemd read it, so nobody knows what the next start is: systemctl daemon-reload"
  else
    # As systemd lists the words of a command: a path that holds more than a path does is no configuration that a spec can name.
    case $own_begun in
      *" $2 "*) ;;
      *) own_refused="$1 does not start by $2, as the spec has it (ExecStart)" ;;
    esac
  fi
  if [ -z "$own_refused" ] && own_shut "$own_real"; then
    own_refused="$1 says ProtectSystem=$own_protects, and none of its ReadWritePaths= holds $own_real, where Redis writes its"
    own_refused="$own_refused configuration anew: systemctl edit $1, ReadWritePaths=$own_real, and start it anew"
  fi
  [ -z "$own_refused" ] || return
  # The words of the drop-in. The groups are root's to take: whoever is not has been understood where only that is denied him.
  own_who=$(id -un)
  own_said=$(timeout 5 /usr/bin/setpriv --reuid "$own_who" --regid "$own_who" --clear-groups --no-new-privs true 2>&1) && return
  case $own_said in
    *'setgroups failed'* | *'setresgid failed'*) ;;
    *)
      own_said=$(printf '%s' "${own_said:-no answer within 5 s}" | tr -cd ' -~' | head -c 200)
      own_refused="no start guard could be run before it: /usr/bin/setpriv is not there, older than util-linux 2.33, or there is"
      own_refused="$own_refused no group $own_who: $own_said"
      ;;
  esac
}

# own_writable ROOT NAMES: adds directories below it that systemd makes for a unit, which may write in them.
own_writable() {
  [ -n "$2" ] || return
  own_writes="$own_writes $(printf '%s' "$2" | sed "s|[^ ][^ ]*|$1/&|g")"
}

# own_shut DIRECTORY: whether what the unit keeps Redis to lets nothing be written there: by own_protects, but for own_writes. A path
# of these may say that it need not be there (-), and that it is one of the unit's own root (+); systemd follows its links. The
# directory is one without links.
own_shut() {
  case $own_protects:$1/ in
    strict:/dev/* | strict:/proc/* | strict:/sys/*) return 1 ;;
    strict:*) ;;
    full:/etc/* | full:/usr/* | full:/boot/* | full:/efi/* | yes:/usr/* | yes:/boot/* | yes:/efi/*) ;;
    *) return 1 ;;
  esac
  own_writes="$own_writes $(printf '%s\n' "$own_writes" | tr -s ' ' '\n' | sed 's/^[-+]*//' | while IFS= read -r own_word; do
    [ -z "$own_word" ] || readlink -f "$own_word" 2>/dev/null
  done | tr '\n' ' ')"
  own_up=$1
  while :; do
    case " $own_writes " in
      *" ${own_up:-/} "* | *" -${own_up:-/} "* | *" +${own_up:-/} "* | *" -+${own_up:-/} "*) return 1 ;;
    esac
    [ -n "$own_up" ] || return 0
    own_up=${own_up%/*}
  done
}

# own_astray ADDRESS PORT: sets own_refused where the data node that runs works in another directory than its file says, which was
# believed because the unit hides where it works.
own_astray() {
  [ -z "$own_refused" ] && [ "$own_believed" = yes ] || return 0
  own_said=$(ask "$1" "$2" CONFIG GET dir | tr -d '\r' | sed -n 2p)
  case $own_said in
    /*)
      # Not POSIX before 2024, but in dash, bash and busybox alike.
      # shellcheck disable=SC3013
      if [ "$own_said" != "$own_data" ] && ! [ "$own_said" -ef "$own_data" ]; then
        own_said=$(printf '%s' "$own_said" | tr -cd ' -~' | head -c 200)
        own_refused="process $pid works in $own_said (CONFIG GET dir), and its file says dir $own_data, where its next start would"
      fi
      ;;
  esac
}

# own_leads CONF: sets own_real to where the directory of that file is, without links; own_refused where a link is on the way that
# another than root and the user of this script could have lead elsewhere, or that leads to what is neither's. Where there is
# none, nothing is asked.
own_leads() {
  own_real='' own_rest=${1%/*} own_links='' own_way=/ own_count=0
  while [ -n "$own_rest" ]; do
    own_part=${own_rest%%/*}
    case $own_rest in
      */*) own_rest=${own_rest#*/} ;;
      *) own_rest='' ;;
    esac
    case $own_part in
      '' | .) continue ;;
      ..)
        own_real=${own_real%/*}
        continue
        ;;
    esac
    own_at=$own_real/$own_part
    own_way="$own_way $own_at"
    if [ ! -L "$own_at" ]; then
      own_real=$own_at
      continue
    fi
    own_target=$(readlink "$own_at") own_count=$((own_count + 1))
    own_links="$own_links${own_links:+, }$own_at -> $(printf '%s' "$own_target" | tr -cd ' -~' | head -c 200)"
    case $own_count:$own_target in
      11:* | *: | *:*[!A-Za-z0-9._/-]*)
        own_refused="$1 is behind more than ten links, or one to a name that no spec can have: $own_links"
        return
        ;;
      *:/*) own_real='' ;;
    esac
    own_rest=$own_target/$own_rest
  done
  [ -n "$own_links" ] || return 0
  own_me=$(id -u)
  # What is neither a space nor a pattern is all that these are made of.
  for own_at in $own_way; do
    own_stat=$(stat -c '%u %a' "$own_at" 2>/dev/null)
    own_why=
    case ${own_stat% *} in
      0 | "$own_me") ;;
      *) own_why="$own_at belongs to neither root nor $(id -un)" ;;
    esac
    # A link has no mode of its own, what is in a directory with the sticky bit is its owner's, and where the last one leads is
    # judged by whose it is, as any other directory of a configuration.
    if [ -z "$own_why" ] && [ ! -L "$own_at" ] && [ "$own_at" != "$own_real" ]; then
      case ${own_stat#* } in
        [1357]???) ;;
        *[2367]? | *[2367]) own_why="others may write in $own_at (mode ${own_stat#* })" ;;
      esac
    fi
    if [ -n "$own_why" ]; then
      own_refused="$1 is behind a link ($own_links), and $own_why, who could have it lead elsewhere: keep that to root or"
      own_refused="$own_refused $(id -un), or start it by $own_real/${1##*/} and name that in the spec"
      return
    fi
  done
}

# own CONF [UNIT]: sets own_pidfile, own_data and own_log to what belongs to the instance that runs by that configuration, and pid
# and start as living does; own_refused to why it cannot be taken over, or to nothing. It says nothing of whether that process
# answers. UNIT is that of systemd which the spec names.
own() {
  own_unit=${2-} own_believed=no
  own_pidfile='' own_data='' own_log='' own_refused='' pid=0 start=0
  if [ -L "$1" ] || ! modest "$1" || [ ! -r "$1" ] || [ ! -w "$1" ]; then
    own_refused="$1 must be a regular file of at most 1 MiB, and no link, that $(id -un) may read and write"
    if [ -L "$1" ]; then
      own_target=$(readlink "$1" | tr -cd ' -~' | head -c 200)
      own_refused="$own_refused; it is a link to $own_target, in whose place Redis would write its configuration anew: start it by"
      own_refused="$own_refused that file itself, and name that in the spec"
    fi
    return
  fi
  own_leads "$1"
  [ -z "$own_refused" ] || return
  if [ ! -w "${1%/*}/" ]; then
    own_refused="$(id -un) must be allowed to write in ${1%/*}/: Redis writes its configuration anew there"
    return
  fi
  own_text=$(piece "$1")
  if [ -n "$(directive include)" ]; then
    own_refused="$1 has a line include: what stands in another file is neither looked at nor written; put it into this one"
    return
  fi
  own_pidfile=$(directive pidfile)
  if [ -z "$own_unit" ] && [ "$(directive daemonize)" != yes ]; then
    own_refused="$1 does not say daemonize yes: a start by it would never come back"
    return
  fi
  case $own_pidfile in
    /*) ;;
    *)
      own_refused="$1 must name a pidfile by its absolute path"
      return
      ;;
  esac
  own_pid=$(piece "$own_pidfile" 20)
  case $own_pid in
    '' | *[!0-9]*) own_data= ;;
    *) own_data=$(readlink "/proc/$own_pid/cwd" 2>/dev/null) ;;
  esac
  # What a unit keeps to users of its own hides where it works; its next start works where its file says.
  if [ -n "$own_unit" ] && [ -z "$own_data" ]; then own_data=$(directive dir) own_believed=yes; fi
  if [ -z "$own_data" ] || [ ! -f "$own_pidfile" ] || ! living_as "$own_pidfile" "$own_data" "$own_unit"; then
    own_refused="no Redis of $(id -un)'s runs by the pidfile $own_pidfile that $1 names${own_unit:+, in $own_unit}"
    return
  fi
  if [ "$(stat -c %u "/proc/$pid" 2>/dev/null)" != "$(id -u)" ]; then
    own_refused="process $pid is not $(id -un)'s, who could not start it again"
    return
  fi
  own_keeper=$(kept_by "/proc/$pid/cgroup")
  # What runs in the same one as this login is no unit of its own.
  if [ -n "$own_unit" ]; then
    own_by_unit "$own_unit" "$1"
    [ -z "$own_refused" ] || return
  elif [ -n "$own_keeper" ] && [ "$own_keeper" != "$(kept_by "/proc/$$/cgroup")" ]; then
    own_refused="process $pid belongs to $own_keeper of systemd, which would start and stop it beside Redfleet; one of the"
    own_refused="$own_refused system's is taken over where the spec names it (service: systemd, at.unit)"
    return
  fi
  own_said=$(directive dir)
  case $own_said in
    '' | . | ./)
      if [ -n "$own_unit" ]; then own_refused="$1 must name dir by its absolute path where a unit runs it"; fi
      ;;
    /*)
      # Not POSIX before 2024, but in dash, bash and busybox alike.
      # shellcheck disable=SC3013
      [ "$own_said" -ef "$own_data" ] ||
        own_refused="process $pid works in $own_data, and by $1 the next one would in $own_said"
      ;;
    *) own_refused="$1 must name dir by its absolute path" ;;
  esac
  own_log=$(directive logfile)
  case $own_log in
    '' | /*) ;;
    *) own_log=$own_data/$own_log ;;
  esac
}

# own_port ROLE: the port that own_text says, or Redis's usual one.
own_port() {
  own_said=$(directive port)
  case $own_said:$1 in
    :redis) echo 6379 ;;
    :*) echo 26379 ;;
    *) printf '%s\n' "$own_said" ;;
  esac
}
