# Redis's package on a host of the RHEL family at one version, locked there, as root; or its end. As packages.sh does it with apt:
# what was here before is noted, and which clusters use it, before anything is installed; nothing that is installed changes its
# version, and no unit that came with the package is started. Experimental: no host of that family has tested it.
# ROOT UID CLUSTER BASE lists: dnf reads its lists of packages anew
# ROOT UID CLUSTER BASE install redis=VERSION: VERSION is EPOCH:VERSION-RELEASE, the epoch also where it is 0
# ROOT UID CLUSTER BASE release NAME...: what goes, if it came with us and nothing else uses it
mark='# redfleet-packages'
unproven='experimental: not tested on a host of this family'

refuse() {
  echo "$* ($unproven)" >&2
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

# asked WITHIN WORDS...: sets all to what dnf says, and said to the end of it. It asks nobody. What it does to packages is not cut
# off where it does not end by itself within the time, but 5 minutes later.
asked() {
  within=$1
  shift
  all=$(
    LC_ALL=C timeout -k 300 "$within" dnf --setopt=install_weak_deps=False --setopt=clean_requirements_on_remove=False \
      "$@" </dev/null 2>&1 8>&- 9>&-
  )
  asked_status=$?
  said=$(printf '%s\n' "${all:-no answer within $within s}" | grep -v '^[[:space:]]*$' | tail -n 4 | tr '\n' ' ')
  return $asked_status
}

# tried WORDS...: sets does to what dnf would do by them, a line for each package: SECTION NAME VERSION, where SECTION is dnf's word
# for it, with - for blanks; nobody agrees to it. Fails where dnf has no such plan, or says it in a form that is not known here.
tried() {
  asked 60 -C --assumeno "$@"
  does=$(printf '%s\n' "$all" | awk '
    function entry() {
      many = split(words, word, " ")
      words = ""
      if (many == 0) return
      version = word[3]
      if (version !~ /:/) version = "0:" version
      print section, word[1], version
      for (i = 4; i < many; i++) if (word[i] == "replacing") print "Replacing", word[i + 1], word[i + 2]
    }
    /^Transaction Summary/ { entry(); whole = 1; exit }
    /^[A-Z].*:$/ { entry(); section = $0; sub(/:$/, "", section); gsub(/ /, "-", section); next }
    section == "" { next }
    /^ [^ ]/ { entry(); words = $0; next }
    /^  / { words = words " " $0; next }
    { entry() }
    END { exit !whole }')
}

# state: sets want, status and version to what rpm has of the package NAME.
state() {
  want=install status=not-installed version=''
  state_said=$(LC_ALL=C rpm -q --qf '%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' "$1" 2>/dev/null) || {
    case $state_said in *'is not installed'*) return 0 ;; *) refuse "rpm -q $1: $(LC_ALL=C rpm -q "$1" 2>&1)" ;; esac
  }
  version=${state_said%%"
"*}
  case $state_said in *"
"*) status=several ;; *) status=installed ;; esac
  if locked "$1" "$version"; then want=hold; fi
}

# versionlock WORDS...: by the lists that are there; where there are none, dnf reads them first.
versionlock() { asked 60 -q -C versionlock "$@" || asked 240 -q versionlock "$@"; }

# locks_read: sets locks to what is locked.
locks_read() {
  versionlock list || refuse "dnf versionlock list: $said"
  locks=$all
}

# locked NAME VERSION: whether one of the locks holds it there.
locked() {
  printf '%s\n' "$locks" | awk -v at="$1-$2." 'index($0, at) == 1 { found = 1 } END { exit !found }'
}

# noted KIND NAME: the line of it in the notes.
noted() {
  [ -e "$notes" ] || return 1
  awk -v kind="$1" -v name="$2" '$1 == kind && $2 == name { print; found = 1; exit } END { exit !found }' "$notes"
}

# came NAME: whether the package was not here before us.
came() { case $(noted package "$1") in "package $1 - "*) ;; *) return 1 ;; esac }

# note STATE VERSION: writes the notes anew, with the package at that version; STATE is pending, or done. The first time what state
# has found of it is noted.
note() {
  {
    echo "$mark"
    if [ "$1" = pending ]; then echo "pending $owner"; fi
    if [ -e "$notes" ]; then
      awk -v owner="$owner" '$1 == "cluster" && $2 != owner || $1 == "brought"' "$notes"
    fi
    echo "cluster $owner $cluster"
    if line=$(noted package redis); then
      echo "${line% *} $2"
    else
      case $status in
        not-installed) before='- free' ;;
        *) if [ "$want" = hold ]; then before="$version held"; else before="$version free"; fi ;;
      esac
      echo "package redis $before $2"
    fi
    printf '%s\n' "$brought" | while read -r kind name came_as; do
      if [ -n "$name" ] && ! noted "$kind" "$name" >/dev/null; then echo "$kind $name $came_as"; fi
    done
  } | put "$notes" || exit 1
}

# strangers: refuses where a Redis of the vendor's runs that no interrupted run of ours has brought.
strangers() {
  for unit in redis.service redis-sentinel.service; do
    case $(timeout 10 systemctl is-active "$unit" 2>/dev/null 8>&- 9>&-) in
      active | activating | reloading | deactivating)
        if [ -z "$pending" ] || ! came redis; then refuse "$unit runs here and is not Redfleet's: nothing was installed"; fi
        ;;
    esac
  done
}

# sole VERSION: whether dnf would install redis at that version, and beside it what that needs and is not here at all; sets brought
# to that, or other to what else it would do.
sole() {
  other=''
  tried install "redis-$1" || return 1
  other=$(printf '%s\n' "$does" | awk -v version="$1" '
    $1 == "Installing" && $2 == "redis" && $3 == version { next }
    $1 == "Installing-dependencies" { next }
    NF { print $1 " " $2 " " $3 }' | tr '\n' ' ')
  [ -z "$other" ] || return 1
  printf '%s\n' "$does" | grep -qxF "Installing redis $1" || return 1
  brought=$(printf '%s\n' "$does" | awk '$1 == "Installing-dependencies" { print "brought", $2, $3 }')
}

# quiet: sets units to those that come now, or came with a run that was interrupted, and masks those that come now.
quiet() {
  units=''
  if [ -n "$missing" ] || { [ -n "$pending" ] && came redis; }; then units='redis.service redis-sentinel.service'; fi
  [ -n "$missing" ] || return 0
  for unit in $units; do
    told mask --runtime "$unit" || exit 1
    told show -p LoadState --value "$unit" || exit 1
    [ "$told_said" = masked ] || given_up "$unit cannot be masked, and would be started: a unit file of that name is in the way"
  done
}

# calm: those units can be started by whoever wants to, and nothing does.
calm() {
  for unit in $units; do
    told unmask --runtime "$unit" || exit 1
    state redis
    if [ "$status" != installed ]; then continue; fi
    told disable --now "$unit" || exit 1
  done
}

# given_up WORDS...: as far as it has come it is quiet, and the notes say that it is not done.
given_up() {
  reason=$*
  (calm) 2>/dev/null
  refuse "$reason"
}

# fetched VERSION: what takes long first, while nothing has changed yet; then the same plan as before, by the lists that it was made
# of.
fetched() {
  before_does=$does
  asked 240 -y --downloadonly install "redis-$1" || given_up "dnf cannot fetch redis-$1: $said"
  if ! sole "$1" || [ "$does" != "$before_does" ]; then
    given_up "what dnf would do has changed meanwhile, apply again: $(printf '%s' "${does:-$said}" | tr '\n' ' ')"
  fi
  asked 240 -y -C install "redis-$1" || given_up "dnf install redis-$1: $said"
}

install_all() {
  [ $# = 1 ] || refuse "one package is to be named"
  wanted=${1#redis=}
  [ "redis=$wanted" = "$1" ] || refuse "$1 is none of the packages that are installed here"
  case $wanted in
    -* | *[!A-Za-z0-9.+~^:_-]*) refuse "$wanted is no version of a package" ;;
    [0-9]*:[0-9]*-?*) ;;
    *) refuse "$wanted is no version of a package" ;;
  esac
  ours "$notes"
  pending='' missing='' brought=''
  if grep -qs '^pending ' "$notes"; then pending=yes; fi
  locks_read
  todo=$pending
  state redis
  case $status in
    not-installed) missing=yes todo=yes ;;
    installed)
      [ "$version" = "$wanted" ] || refuse "redis $version is installed, and no version is changed here, also not to $wanted"
      [ "$want" = hold ] || todo=yes
      ;;
    *) refuse "redis is installed more than once: mend it (dnf remove --duplicates), and apply again" ;;
  esac
  noted cluster "$owner" >/dev/null || todo=yes
  if [ -z "$todo" ]; then
    echo "$unproven"
    echo unchanged
    return
  fi
  strangers
  if [ -n "$missing" ] && ! sole "$wanted"; then
    [ -z "$other" ] || refuse "dnf would do more for redis-$wanted than install it and what it needs, so nothing was done: $other"
    refuse "dnf cannot install redis-$wanted: $said"
  fi
  note pending "$wanted"
  quiet
  if [ -n "$missing" ]; then fetched "$wanted"; fi
  calm
  state redis
  [ "$status $version" = "installed $wanted" ] || refuse "redis is $status $version, and not installed $wanted"
  if [ "$want" != hold ]; then
    versionlock add --raw "redis-$wanted.*" || refuse "dnf versionlock add redis-$wanted: $said"
    locks_read
    locked redis "$wanted" || refuse "dnf's locks do not hold redis-$wanted, though they were told to"
  fi
  note 'done' "$wanted"
  echo "$unproven"
  echo changed
}

# used: sets user to what still runs by the package, or may.
used() {
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

# alone NAMES...: whether dnf would remove just these.
alone() {
  tried remove "$@" || return 1
  printf '%s\n' "$does" | awk -v names=" $* " '
    NF && ($1 != "Removing" || !index(names, " " $2 " ")) { other = 1 }
    END { exit other }'
}

# removed NAMES...: the package, and with it what came with it, unless somebody else needs that by now.
removed() {
  main_names='' all_names=''
  for name; do
    case $name in '' | -* | *[!A-Za-z0-9.+_-]*) refuse "$name is no name of a package" ;; esac
    if came "$name"; then
      line=$(noted package "$name")
    elif line=$(noted brought "$name"); then
      :
    else
      continue
    fi
    state "$name"
    [ "$status $version" = "installed ${line##* }" ] || continue
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
  asked 240 -y -C remove $going || refuse "dnf remove$going: $said"
  for name in $going; do
    state "$name"
    [ "$status" != installed ] || refuse "$name is installed still"
  done
}

release() {
  ours "$notes"
  if ! noted cluster "$owner" >/dev/null; then
    echo "$unproven"
    echo unchanged
    return
  fi
  echo "$unproven"
  others=$(awk -v owner="$owner" '$1 == "cluster" && $2 != owner { printf " %s", $3 }' "$notes")
  if [ -n "$others" ]; then
    awk -v owner="$owner" '!($2 == owner && ($1 == "cluster" || $1 == "pending"))' "$notes" | put "$notes" || exit 1
    echo "left the packages to$others"
    echo changed
    return
  fi
  locks_read
  line=$(noted package redis)
  case $line in
    *' free '*)
      if locked redis "${line##* }"; then
        versionlock delete "redis-${line##* }.*" || refuse "dnf versionlock delete redis-${line##* }: $said"
      fi
      ;;
  esac
  removed "$@"
  # The notes last: until then whoever comes again knows what is left to do.
  rm -f "$notes" "$notes.read" || exit 1
  echo changed
}

main() {
  machine "$1"
  owner=$2 cluster=$3 base=$4 verb=$5
  shift 5
  # Scriptlets expect what a root's shell has.
  umask 022
  PATH=$PATH:/usr/sbin:/sbin
  notes=$root/var/lib/redfleet-host/packages
  locks=''
  mkdir -p "${notes%/*}" || exit 1
  # The lease is on one directory; clusters in two of them meet here.
  exec 8>>"$notes.lock" || exit 1
  flock -w 60 8 || refuse "another operation has worked on this machine's packages for 60 s; apply again"
  case $verb in
    lists)
      asked 300 -q makecache --refresh || refuse "dnf makecache: $said"
      : >"$notes.read" || exit 1
      echo "$unproven"
      echo changed
      ;;
    install) install_all "$@" ;;
    release) release "$@" ;;
    *) refuse "no verb $verb" ;;
  esac
}
fenced "$@" </dev/null
