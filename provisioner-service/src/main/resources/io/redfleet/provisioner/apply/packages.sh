# Redis's packages at one version, held there, as root; or their end. What was here before is noted, and which clusters use
# them, before anything is installed. Nothing that is installed changes its version but by "change", and no unit that came with
# a package is started. A unit of theirs that runs already is somebody else's: then nothing is done. Monit's package is noted
# apart from them, for not everybody who uses the ones uses the other, and a Monit that runs already is in nobody's way.
# ROOT UID CLUSTER BASE lists: apt reads its lists of packages anew
# ROOT UID CLUSTER BASE install NAME=VERSION...
# ROOT UID CLUSTER BASE change NAME=VERSION...: these, which are installed and which nobody else uses, at these versions
# ROOT UID CLUSTER BASE release NAME...: what goes, if it came with us and nothing else uses it
# ROOT UID CLUSTER BASE monit install|release ...: the same of Monit's
mark='# redfleet-packages'

refuse() {
  echo "$*" >&2
  exit 1
}

# ours FILE: whether it is ours to write.
ours() {
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then return; fi
  first=''
  { read -r first <"$1"; } 2>/dev/null
  [ "$first" = "$mark" ] || refuse "$1 was not made by Redfleet and is left as it is"
}

# put FILE: what comes takes its place, for everybody to read.
put() { cat >"$1.new" && chmod 644 "$1.new" && mv -f "$1.new" "$1"; }

# asked WITHIN WORDS...: sets said to what apt-get says. It asks nobody, and needrestart restarts nothing because of it.
asked() {
  within=$1
  shift
  said=$(
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=yes timeout -k 30 "$within" apt-get -q -y \
      -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
      -o APT::Install-Recommends=false "$@" </dev/null 2>&1 8>&- 9>&-
  ) && return 0
  said=$(printf '%s\n' "${said:-no answer within $within s}" | grep -v '^[[:space:]]*$' | tail -n 4 | tr '\n' ' ')
  return 1
}

# marked WORD NAMES...: apt-mark hold or unhold.
marked() {
  marked_said=$(timeout 90 apt-mark "$@" 2>&1 </dev/null 8>&- 9>&-) && return 0
  refuse "apt-mark $*: ${marked_said:-no answer within 90 s}"
}

# state NAME: sets want, status and version to what dpkg has of it.
state() {
  want=unknown status=not-installed version=''
  # shellcheck disable=SC2016 # dpkg's own
  state_said=$(dpkg-query -W -f '${db:Status-Want} ${db:Status-Status} ${Version}' "$1" 2>/dev/null) || return 0
  read -r want status version <<STATE
$state_said
STATE
}

# noted KIND NAME: the line of it in the notes.
noted() {
  [ -e "$notes" ] || return 1
  awk -v kind="$1" -v name="$2" '$1 == kind && $2 == name { print; found = 1; exit } END { exit !found }' "$notes"
}

# came NAME: whether the package was not here before us.
came() { case $(noted package "$1") in "package $1 - "*) ;; *) return 1 ;; esac }

# note STATE PIN...: writes the notes anew, with these packages; STATE is pending, or done.
note() {
  note_state=$1
  shift
  {
    echo "$mark"
    if [ "$note_state" = pending ]; then echo "pending $owner"; fi
    if [ -e "$notes" ]; then
      awk -v owner="$owner" -v names="$names " '
        $1 == "cluster" && $2 != owner
        $1 == "package" && !index(names, " " $2 " ")
        $1 == "brought"' "$notes"
    fi
    echo "cluster $owner $cluster"
    for pin; do
      if line=$(noted package "${pin%%=*}"); then
        echo "${line% *} ${pin#*=}"
      else
        state "${pin%%=*}"
        case $status in
          not-installed | config-files) before='- free' ;;
          *) if [ "$want" = hold ]; then before="$version held"; else before="$version free"; fi ;;
        esac
        echo "package ${pin%%=*} $before ${pin#*=}"
      fi
    done
    printf '%s\n' "$brought" | while read -r kind name came_as; do
      if [ -n "$name" ] && ! noted "$kind" "$name" >/dev/null; then echo "$kind $name $came_as"; fi
    done
  } | put "$notes" || exit 1
}

needrestart_text() {
  cat <<'PERL'
# redfleet-packages
# Written by Redfleet, which takes it away again: what it runs is restarted by nobody else.
$nrconf{override_rc}{qr(^redis)} = 0;
$nrconf{override_rc}{qr(^redfleet-)} = 0;
PERL
}

# spared: whether needrestart leaves Redis alone, or is not here, or it is not about Redis.
spared() { [ $kind = monit ] || [ ! -d "${needrestart%/*}" ] || needrestart_text | cmp -s - "$needrestart"; }

# named PIN: sets name and wanted, or refuses.
named() {
  name=${1%%=*} wanted=${1#*=}
  case $kind:$name in
    redis:redis-tools | redis:redis-server | redis:redis-sentinel | monit:monit) ;;
    *) refuse "$name is none of the packages that are installed here" ;;
  esac
  case $wanted in [!0-9]* | '' | *[!A-Za-z0-9.+~:-]*) refuse "$wanted is no version of a package" ;; esac
}

# looked PIN...: sets names, and missing and half to what is to be installed, or only configured; or refuses.
looked() {
  names='' missing='' half='' half_pins=''
  for pin; do
    named "$pin"
    names="$names $name"
    state "$name"
    case $status in
      not-installed | config-files) missing="$missing $pin" ;;
      installed | unpacked | half-configured | triggers-awaited | triggers-pending)
        [ "$version" = "$wanted" ] || refuse "$name $version is installed, and no version is changed here, also not to $wanted"
        if [ "$status" != installed ]; then
          [ -n "$pending" ] || refuse "$name is $status, and not by Redfleet: dpkg --configure -a, and apply again"
          half="$half $name" half_pins="$half_pins $pin"
        fi
        [ "$want" = hold ] || todo=yes
        ;;
      *) refuse "$name is $status: mend it (dpkg --audit), and apply again" ;;
    esac
  done
  [ -z "$missing$half" ] || todo=yes
  # apt configures what is unpacked, once what that needs is there.
  if [ -n "$missing" ]; then missing="$missing$half_pins" half=''; fi
}

# strangers: refuses where a Redis of the vendor's runs that no interrupted run of ours has brought.
strangers() {
  [ $kind = redis ] || return 0
  for name in redis-server redis-sentinel; do
    case $(timeout 10 systemctl is-active "$name.service" 2>/dev/null 8>&- 9>&-) in
      active | activating | reloading | deactivating)
        if [ -z "$pending" ] || ! came "$name"; then
          refuse "$name.service runs here and is not Redfleet's: nothing was installed"
        fi
        ;;
    esac
  done
}

# tried: refuses what would change anything else, and sets brought to what comes with it.
tried() {
  # shellcheck disable=SC2086 # words without blanks
  asked 60 install -s --no-remove $missing || refuse "apt-get cannot install$missing: $said"
  changed=$(printf '%s\n' "$said" | awk '$1 == "Inst" && $3 ~ /^\[/ { printf " %s", $2 }')
  [ -z "$changed" ] || refuse "with$missing apt-get would change the version of$changed: nothing was installed"
  brought=$(printf '%s\n' "$said" | awk -v names="$names " '
    $1 == "Inst" && !index(names, " " $2 " ") { sub(/^\(/, "", $3); print "brought", $2, $3 }')
}

# unmasked: a run that was interrupted leaves none of these services masked for now.
unmasked() {
  [ -n "$pending" ] || return 0
  for name in $services; do
    case $(timeout 10 systemctl is-enabled "$name.service" 2>/dev/null 8>&- 9>&-) in
      masked-runtime) told unmask --runtime "$name.service" || exit 1 ;;
    esac
  done
}

# quiet: sets units to those that come now, or came with a run that was interrupted, and masks them for now; and kept to those of
# them that were here before us, and that somebody lets start at boot.
quiet() {
  unmasked
  units='' kept=''
  for name in $services; do
    case "$missing $half " in
      *" $name="* | *" $name "*) ;;
      *) if [ -z "$pending" ] || ! came "$name"; then continue; fi ;;
    esac
    units="$units $name.service"
  done
  if [ -z "$missing$half" ]; then return; fi
  for unit in $units; do
    if ! came "${unit%.service}"; then
      case $(timeout 10 systemctl is-enabled "$unit" 2>/dev/null 8>&- 9>&-) in enabled) kept="$kept $unit" ;; esac
    fi
    told mask --runtime "$unit" || exit 1
    told show -p LoadState --value "$unit" || exit 1
    [ "$told_said" = masked ] || given_up "$unit cannot be masked, and would be started: a unit file of that name is in the way"
  done
}

# calm: those units can be started by whoever wants to, and nothing does but the boot of who had one enabled.
calm() {
  for unit in $units; do
    told unmask --runtime "$unit" || exit 1
    state "${unit%.service}"
    if [ "$status" != installed ]; then continue; fi
    case "$kept " in *" $unit "*) continue ;; esac
    told disable --now "$unit" || exit 1
    # Of an init script, as Monit's is in Debian 12, systemctl takes no --now.
    case $(timeout 10 systemctl is-active "$unit" 2>/dev/null 8>&- 9>&-) in
      active | activating | reloading | deactivating) told stop "$unit" || exit 1 ;;
    esac
  done
}

# given_up WORDS...: as far as it has come it is quiet, and the notes say that it is not done.
given_up() {
  reason=$*
  (calm) 2>/dev/null
  refuse "$reason"
}

install_all() {
  [ $# -gt 0 ] || refuse "no packages are named"
  ours "$notes"
  if [ $kind = redis ] && [ -d "${needrestart%/*}" ]; then ours "$needrestart"; fi
  pending=''
  if grep -qs '^pending ' "$notes"; then pending=yes; fi
  todo=$pending brought=''
  looked "$@"
  noted cluster "$owner" >/dev/null || todo=yes
  spared || todo=yes
  if [ -z "$todo" ]; then
    echo unchanged
    return
  fi
  strangers
  if [ -n "$missing" ]; then tried; fi
  note pending "$@"
  quiet
  configured
  if [ -n "$missing" ]; then
    # What takes long first, while nothing has changed yet.
    # shellcheck disable=SC2086
    asked 240 install --download-only --no-remove $missing || given_up "apt-get cannot fetch$missing: $said"
    # shellcheck disable=SC2086
    asked 240 install --no-remove $missing || given_up "apt-get install$missing: $said"
  fi
  calm
  # shellcheck disable=SC2086
  marked hold $names
  whole "$@"
  if ! spared; then needrestart_text | put "$needrestart" || exit 1; fi
  note 'done' "$@"
  echo changed
}

# differing PIN...: sets names, and missing to all pins if one of these packages has another version, and half to what is to be
# configured; or refuses.
differing() {
  names='' missing='' half=''
  for pin; do
    named "$pin"
    names="$names $name"
    state "$name"
    case $status in
      installed) [ "$want" = hold ] || todo=yes ;;
      unpacked | half-configured | triggers-awaited | triggers-pending)
        [ -n "$pending" ] || refuse "$name is $status, and not by Redfleet: dpkg --configure -a, and apply again"
        half="$half $name"
        ;;
      not-installed | config-files) refuse "$name is not installed, and nothing new is installed where a version is changed" ;;
      *) refuse "$name is $status: mend it (dpkg --audit), and apply again" ;;
    esac
    if [ "$version" != "$wanted" ]; then missing=" $*"; fi
  done
  [ -z "$missing$half" ] || todo=yes
  # apt configures what is unpacked, once what that needs is there.
  if [ -n "$missing" ]; then half=''; fi
}

# lodger: lodging, and still a second later: a child that saves may end while it is looked at.
lodger() { lodging && sleep 1 8>&- 9>&- && lodging; }

# lodging: sets user to what is not the cluster's and runs by these packages, or would be started by them. An instance out of an
# archive has links of its own.
lodging() {
  running=$(find "$root"/proc/[0-9]*/exe -maxdepth 0 \( -lname '/usr/bin/redis-check-rdb*' -o -lname '/usr/bin/redis-server*' \
    -o -lname '/usr/bin/redis-sentinel*' \) 2>/dev/null)
  for exe in $running; do
    [ -e "${exe%/exe}" ] || continue
    own=''
    for data in "$base/$cluster"/*/data; do
      # Not POSIX before 2024, but in dash, bash and busybox alike.
      # shellcheck disable=SC3013
      if [ "${exe%/exe}/cwd" -ef "$data" ]; then own=yes; fi
    done
    if [ -z "$own" ]; then
      user="${exe%/exe} runs by these packages"
      return
    fi
  done
  for dir in "$base"/*/*; do
    case $dir in "$base/$cluster"/*) continue ;; esac
    if [ -e "$dir/owner" ] && [ ! -e "$dir/retired" ] && [ ! -e "$dir/bin" ]; then
      user="$dir is managed and has these packages"
      return
    fi
  done
  return 1
}

# changeable: refuses where the versions are not the cluster's to change, or apt would change anything else.
changeable() {
  noted cluster "$owner" >/dev/null || refuse "$cluster does not use the packages of this host, and changes none of them"
  others=$(awk -v owner="$owner" '$1 == "cluster" && $2 != owner { printf " %s", $3 }' "$notes")
  [ -z "$others" ] || refuse "another cluster uses these packages, and no version was changed:$others"
  if lodger; then refuse "$user, and is none of $cluster's: no version was changed"; fi
  strangers
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086 # words without blanks
  asked 60 install -s --no-remove $exactly $missing || refuse "apt-get cannot install$missing: $said"
  changed=$(printf '%s\n' "$said" | awk -v names="$names " '
    ($1 == "Inst" || $1 == "Remv") && !index(names, " " $2 " ") { printf " %s", $2 }')
  [ -z "$changed" ] || refuse "with$missing apt-get would change$changed too: no version was changed"
}

# configured: configures what an interrupted run has left unpacked.
configured() {
  [ -n "$half" ] || return 0
  # shellcheck disable=SC2086
  said=$(DEBIAN_FRONTEND=noninteractive timeout -k 30 120 dpkg --force-confdef --force-confold --configure $half \
    2>&1 </dev/null 8>&- 9>&-) || given_up "dpkg --configure$half: $said"
}

# whole PIN...: refuses if one of these is not installed at its version and held.
whole() {
  for pin; do
    state "${pin%%=*}"
    if [ "$want $status $version" != "hold installed ${pin#*=}" ]; then
      refuse "${pin%%=*} is $want $status $version, and not hold installed ${pin#*=}"
    fi
  done
}

# What is held is changed as it is: without the hold, others might change it meanwhile.
change_all() {
  [ $# -gt 0 ] && [ $kind = redis ] || refuse "no packages are named"
  exactly='--allow-downgrades --allow-change-held-packages'
  ours "$notes"
  pending=''
  if grep -qs '^pending ' "$notes"; then pending=yes; fi
  todo=$pending brought=''
  differing "$@"
  if [ -z "$todo" ]; then
    echo unchanged
    return
  fi
  changeable
  note pending "$@"
  quiet
  configured
  if [ -n "$missing" ]; then
    # What takes long first, while nothing has changed yet.
    # shellcheck disable=SC2086
    asked 240 install --download-only --no-remove $exactly $missing || given_up "apt-get cannot fetch$missing: $said"
    # shellcheck disable=SC2086
    asked 240 install --no-remove $exactly $missing || given_up "apt-get install$missing: $said"
  fi
  calm
  # shellcheck disable=SC2086
  marked hold $names
  whole "$@"
  note 'done' "$@"
  echo changed
}

# watched: sets user to a Monit that still runs, or to a unit by which one of ours would.
watched() {
  user=$(find "$root"/proc/[0-9]*/exe -maxdepth 0 \( -lname /usr/bin/monit -o -lname '/usr/bin/monit (deleted)' \) \
    2>/dev/null | head -n 1)
  if [ -n "$user" ]; then
    user="${user%/exe} runs"
    return
  fi
  for unit in "$root"/etc/systemd/system/redfleet-*.monit.service; do
    if [ -e "$unit" ]; then
      user="$unit is there"
      return
    fi
  done
  return 1
}

# used: sets user to what still runs by the packages, or may.
used() {
  if [ $kind = monit ]; then
    watched
    return
  fi
  user=$(find "$root"/proc/[0-9]*/exe -maxdepth 0 \( -lname '/usr/bin/redis-check-rdb*' -o -lname '/usr/bin/redis-server*' \
    -o -lname '/usr/bin/redis-sentinel*' \) 2>/dev/null | head -n 1)
  if [ -n "$user" ]; then
    user="${user%/exe} runs"
    return
  fi
  for unit in "$root"/etc/systemd/system/redfleet-*.service; do
    case $unit in */redfleet-thp.service) continue ;; esac
    if [ -e "$unit" ]; then
      user="$unit is there"
      return
    fi
  done
  for dir in "$base"/*/*; do
    case $dir in "$base/$cluster"/*) continue ;; esac
    if [ -e "$dir/owner" ] && [ ! -e "$dir/retired" ]; then
      user="$dir is managed"
      return
    fi
  done
  return 1
}

# alone NAMES...: whether apt-get would remove just these.
alone() {
  asked 60 remove -s "$@" || return 1
  printf '%s\n' "$said" | awk -v names=" $* " '
    $1 == "Inst" || ($1 == "Remv" && !index(names, " " $2 " ")) { other = 1 }
    END { exit other }'
}

# removed NAMES...: packages of Redis's, and with them what came with them, unless somebody else needs that by now.
removed() {
  main_names='' all_names=''
  for name; do
    case $name in '' | -* | *[!a-z0-9.+:-]*) refuse "$name is no name of a package" ;; esac
    if came "$name"; then
      line=$(noted package "$name")
    elif line=$(noted brought "$name"); then
      :
    else
      continue
    fi
    state "$name"
    [ "$status" = installed ] || continue
    # The notes of a change that was cut off have its new version, and the host that or the one before.
    if [ "$version" != "${line##* }" ] && { [ -z "$pending" ] || ! came "$name"; }; then
      echo "left $name: $version is installed, and ${line##* } was noted"
      continue
    fi
    case $line in package\ *) main_names="$main_names $name" ;; esac
    all_names="$all_names $name"
  done
  [ -n "$main_names" ] || return 0
  if used; then
    echo "left$main_names: $user"
    return 0
  fi
  # shellcheck disable=SC2086 # words without blanks
  if alone $all_names; then
    going=$all_names
  elif alone $main_names; then
    going=$main_names
  else
    echo "left$main_names: other packages need them"
    return 0
  fi
  # shellcheck disable=SC2086
  asked 240 remove $going || refuse "apt-get remove$going: $said"
  for name in $going; do
    state "$name"
    [ "$status" != installed ] || refuse "$name is installed still"
  done
}

release() {
  ours "$notes"
  if ! noted cluster "$owner" >/dev/null; then
    echo unchanged
    return
  fi
  pending=''
  if grep -qs '^pending ' "$notes"; then pending=yes; fi
  unmasked
  others=$(awk -v owner="$owner" '$1 == "cluster" && $2 != owner { printf " %s", $3 }' "$notes")
  if [ -n "$others" ]; then
    awk -v owner="$owner" '!($2 == owner && ($1 == "cluster" || $1 == "pending"))' "$notes" | put "$notes" || exit 1
    echo "left the packages to$others"
    echo changed
    return
  fi
  for name in $all; do
    case $(noted package "$name") in
      *' free '*)
        state "$name"
        if [ "$want" = hold ]; then marked unhold "$name"; fi
        ;;
    esac
  done
  removed "$@"
  if [ $kind = redis ] && [ "$(head -n 1 "$needrestart" 2>/dev/null)" = "$mark" ]; then rm -f "$needrestart" || exit 1; fi
  # The notes last: until then whoever comes again knows what is left to do.
  rm -f "$notes" "$notes.read" || exit 1
  echo changed
}

main() {
  machine "$1"
  owner=$2 cluster=$3 base=$4
  shift 4
  kind=redis all='redis-tools redis-server redis-sentinel' services='redis-server redis-sentinel'
  if [ "$1" = monit ]; then
    kind=monit all=monit services=monit
    shift
  fi
  verb=$1
  shift
  # Maintainer scripts expect what a root's shell has.
  umask 022
  PATH=$PATH:/usr/sbin:/sbin
  notes=$root/var/lib/redfleet-host/packages
  needrestart=$root/etc/needrestart/conf.d/redfleet.conf
  mkdir -p "${notes%/*}" || exit 1
  # The lease is on one directory; clusters in two of them meet here.
  exec 8>>"$notes.lock" || exit 1
  flock -w 60 8 || refuse "another operation has worked on this machine's packages for 60 s; apply again"
  if [ $kind = monit ]; then notes=${notes%/*}/monit; fi
  case $verb in
    lists)
      asked 300 update || refuse "apt-get update: $said"
      : >"$notes.read" || exit 1
      echo changed
      ;;
    install) install_all "$@" ;;
    change) change_all "$@" ;;
    release) release "$@" ;;
    *) refuse "no verb $verb" ;;
  esac
}
fenced "$@" </dev/null
