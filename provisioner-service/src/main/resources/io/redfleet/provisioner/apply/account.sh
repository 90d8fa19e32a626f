# Ends the user redis and his group, with the last that belongs to him, where Redfleet has made both: ground.sh notes that in his
# own line of /etc/passwd. Where anything else is his, or runs as him, or names him, he stays, and the answer says what. Once it is
# known that nobody waits for the lease, the cluster's directories go, as far as they are empty. Once nothing else is left in
# the base, what its lease lies in becomes root's: whoever comes next makes it anew (ground.sh). By root. Cut anywhere, it may be
# done again.
# ROOT BASE HOME...: HOME is a directory of the cluster's in the base, by its name
marked='made by Redfleet'
# What the host's disks have is looked at for so long, in seconds.
within=240

# stays WHY...: the answer, and the end.
stays() {
  printf 'the user redis stays: %s\n' "$(printf '%s' "$*" | tr -c ' -~' '?' | cut -c 1-400)"
  echo "$outcome"
  exit 0
}

# taken: holds the lock under which ground.sh makes him, so that nobody is given what goes.
taken() { flock -w 20 6 || stays "another operation has prepared this host for 20 s"; }

# waits: whether somebody else waits for the lease on the base: what he needs of it was made already.
waits() {
  waits_said=$(find -L "$root"/proc/[0-9]*/fd/8 -maxdepth 0 -samefile "$base/.lease" 2>/dev/null)
  while read -r waits_fd; do
    [ -n "$waits_fd" ] || continue
    waits_pid=${waits_fd%/fd/8}
    waits_pid=${waits_pid##*/}
    [ "$waits_pid" != "$lease_pid" ] || continue
    # What the holder has begun itself is no other.
    if grep -qs "^PPid:[[:space:]]*$lease_pid\$" "$root/proc/$waits_pid/status"; then continue; fi
    if [ -e "$waits_fd" ]; then return 0; fi
  done <<WAITS
$waits_said
WAITS
  return 1
}

# others WHAT: or he stays, because it could not be looked at whole; what was said of that lies in $stamp.said. What goes
# while it is looked at is nobody's, and a link that leads nowhere has no content.
others() {
  others_said=$(grep -vE 'No such (file or directory|process)' "$stamp.said" | head -n 1)
  [ -z "$others_said" ] || stays "$1 could be looked at: $others_said"
}

# idle: or he stays, because something runs as him or as one of his group.
idle() {
  running "^(Uid:.*[[:space:]]$uid|(Gid|Groups):.*[[:space:]]$gid)([[:space:]]|\$)"
  [ -z "$ran" ] || stays "process $ran runs as him"
}

# running LINE: sets ran to a process of whose status a line is like that; empty: there is none.
running() {
  [ -n "$(find "$root/proc" -mindepth 2 -maxdepth 2 -path "$root/proc/[0-9]*" -name status -print -quit 2>/dev/null)" ] ||
    stays "no process is seen in $root/proc"
  ran=$(find "$root/proc" -mindepth 2 -maxdepth 2 -path "$root/proc/[0-9]*" -name status \
    -exec grep -lE -e "$1" {} + 2>"$stamp.said" | head -n 1)
  [ -n "$ran" ] || others "not every process"
  ran=${ran%/status}
  ran=${ran##*/}
}

# unnamed: or he stays, because a unit, an init script, a table of cron's or dpkg names him. dpkg does nothing at all while it has
# a mode of a user who is not there.
unnamed() {
  named "^[[:space:]]*(User|Group|SupplementaryGroups)[[:space:]]*=(.*[[:space:]\"'])?(redis|$uid|$gid)([[:space:]\"']|\$)" \
    "$root/etc/systemd/system" "$root/run/systemd/system" "$root/usr/local/lib/systemd/system" \
    "$root/usr/lib/systemd/system" "$root/lib/systemd/system"
  named '(^|[^[:alnum:]_./-])redis([^[:alnum:]_/-]|$)' "$root/etc/init.d" "$root/etc/cron.d"
  if [ -d "$root/etc/init.d" ]; then
    unnamed_said=$(find "$root/etc/init.d/" -maxdepth 1 -name 'redfleet-*' -print -quit 2>&1)
    [ -z "$unnamed_said" ] || stays "$unnamed_said is there"
  fi
  [ -e "$root/var/lib/dpkg/statoverride" ] || return 0
  grep -qE '^(redis|[^ ]+ redis) ' "$root/var/lib/dpkg/statoverride" 2>"$stamp.said"
  case $? in
    0) stays "$root/var/lib/dpkg/statoverride names him" ;;
    1) ;;
    *) stays "$root/var/lib/dpkg/statoverride cannot be read" ;;
  esac
}

# named LINE DIR...: or he stays, because a file there, or one to which a link there leads, has a line like that.
named() {
  named_line=$1
  shift
  for named_at; do
    [ -d "$named_at" ] || continue
    named_said=$(grep -RlE -e "$named_line" "$named_at" 2>"$stamp.said" | head -n 1)
    [ -z "$named_said" ] || stays "$named_said names him"
    others "not all that may name him"
  done
}

# packaged: or he stays, because a package may have come with something of his since the looks began.
packaged() {
  for packaged_at in "$root/var/lib/dpkg/status" "$root/var/lib/rpm/." "$root/usr/lib/sysimage/rpm/."; do
    [ -e "$packaged_at" ] || continue
    packaged_said=$(find "$packaged_at" -newer "$stamp" -print -quit 2>&1)
    [ -z "$packaged_said" ] || stays "packages were changed meanwhile: $packaged_said"
  done
  running '^Name:[[:space:]]*(dpkg(-.*)?|apt(-get|itude|\.systemd\.dai)?|rpm|dnf(5|-3|-automatic)?|microdnf|yum)$'
  [ -z "$ran" ] || stays "process $ran changes packages, or may"
}

# bare: or he stays, because something on the host's own disks is his, or because not all of them could be looked at. Nobody waits
# for that: who comes meanwhile ends it.
bare() {
  set --
  for bare_kind in proc sysfs devpts cgroup cgroup2 autofs nfs nfs4 cifs smb3 ceph; do
    set -- "$@" -o -fstype "$bare_kind"
  done
  shift
  timeout -k 10 "$within" nice -n 19 find "${root:-/}" \( "$@" \) -prune -o \( -uid "$uid" -o -gid "$gid" \) -print -quit \
    >"$stamp.found" 2>"$stamp.said" 6>&- 9>&- &
  bare_pid=$!
  bare_turn=0
  while read -r bare_stat 2>/dev/null <"/proc/$bare_pid/stat"; do
    # One that has ended is there until it is waited for.
    case ${bare_stat##*) } in Z* | X*) break ;; esac
    bare_turn=$(((bare_turn + 1) % 10))
    if [ "$bare_turn" = 0 ]; then
      bare_why=''
      if lapsed; then
        bare_why="the lease on $base lapsed"
      elif waits; then
        bare_why="another operation waits for the lease on $base"
      fi
      if [ -n "$bare_why" ]; then
        kill "$bare_pid" 2>/dev/null
        stays "$bare_why"
      fi
    fi
    sleep 0.1
  done
  wait "$bare_pid"
  judged "$?" "$within"
}

# again: or he stays, because something of his came where a package of Redis's puts it.
again() {
  for again_at in "$root/etc/redis" "$root/var/lib/redis" "$root/var/log/redis"; do
    [ -e "$again_at" ] || continue
    timeout -k 1 10 find "$again_at" \( -uid "$uid" -o -gid "$gid" \) -print -quit >"$stamp.found" 2>"$stamp.said" 6>&- 9>&-
    judged "$?" 10
  done
}

# judged STATUS SECONDS: or he stays, by what a find has found that ended so, or was given so long.
judged() {
  judged_said=$(head -n 1 "$stamp.found")
  [ -z "$judged_said" ] || stays "$judged_said belongs to him"
  case $1 in
    124 | 137) stays "not all that lies on the host could be looked at within $2 s" ;;
  esac
  others "not all that lies on the host"
  [ "$1" -le 1 ] || stays "not all that lies on the host could be looked at: find ended with $1"
}

# given: what the lease lies in is root's, and the links to the binary are gone; or he stays, because the base has more, whosever
# it is: then nothing of it is touched. Another cluster's processes, of root's too, begin by the same links.
given() {
  given_said=$(find "$base" -mindepth 1 -maxdepth 1 ! -name .lease ! -name .lease.work ! -name bin -print -quit 2>&1)
  [ -z "$given_said" ] || stays "$given_said is not this cluster's, or not empty"
  if [ -e "$base/bin" ] || [ -L "$base/bin" ]; then
    given_said=$(find "$base/bin" -prune ! -type d -print 2>&1)
    [ -z "$given_said" ] || stays "$given_said is no directory"
    given_said=$(find "$base/bin" -mindepth 1 ! -type l -print -quit 2>&1)
    [ -z "$given_said" ] || stays "$given_said is no link of Redfleet's"
    outcome=changed
    find "$base/bin" -mindepth 1 -maxdepth 1 -type l -exec rm -f {} + 2>/dev/null
    given_said=$(rmdir "$base/bin" 2>&1) || stays "$base/bin cannot be removed: $given_said"
  fi
  chown 0:0 "$base/.lease.work" "$base/.lease" || exit 1
  outcome=changed
}

# noted: that the group is ours, for whoever makes the user anew (ground.sh) before it is gone too; or he stays.
noted() {
  ends=$root/var/lib/redfleet-host/account-ends
  # A group that is not there leaves an empty note, which equals none.
  noted_said=$({ mkdir -p "${ends%/*}" && : >"$ends.new" && { getent group redis >>"$ends.new" || :; } &&
    mv -f "$ends.new" "$ends"; } 2>&1) ||
    stays "$ends cannot be written: $noted_said"
}

main() {
  root=${1%/} base=$2 outcome=unchanged
  shift 2
  PATH=$PATH:/usr/sbin:/sbin
  for home; do
    case $home in
      '' | .* | */*)
        echo "$home is no name of a directory of the cluster's" >&2
        exit 1
        ;;
    esac
  done
  exec 6>>"$root/run/redfleet-account.lock" || exit 1
  stamp=$root/run/redfleet-account.$$
  trap 'rm -f "$stamp" "$stamp.said" "$stamp.found"' 0
  : >"$stamp" || exit 1
  taken
  if waits; then stays "another operation waits for the lease on $base"; fi
  for home; do
    if rmdir "$base/$home" 2>/dev/null; then outcome=changed; fi
  done
  account_said=$(getent passwd redis) || {
    echo "$outcome"
    exit 0
  }
  IFS=: read -r _ _ uid gid gecos _ <<ACCOUNT
$account_said
ACCOUNT
  [ "$gecos" = "$marked" ] || stays "it is not noted that Redfleet has made him"
  case $uid:$gid in
    0:* | *:0 | *[!0-9:]* | :* | *:) stays "his numbers are $uid and $gid" ;;
  esac
  members=$(getent group redis)
  members=${members##*:}
  [ -z "$members" ] || stays "$members is of his group"
  given
  flock -u 6
  idle
  unnamed
  bare
  taken
  if [ -n "$(find "$root/run/redfleet-account.lock" -newer "$stamp")" ]; then
    stays "another operation has prepared this host meanwhile"
  fi
  if waits; then stays "another operation waits for the lease on $base"; fi
  # What was looked at first was so minutes ago.
  idle
  unnamed
  again
  packaged
  if lapsed; then stays "the lease on $base lapsed"; fi
  noted
  said=$(userdel redis 2>&1 6>&- 9>&-)
  if getent passwd redis >/dev/null; then
    rm -f "$ends"
    stays "userdel says: ${said:-nothing}"
  fi
  # userdel takes his group along, unless the host is told otherwise.
  if getent group redis >/dev/null; then
    said=$(groupdel redis 2>&1 6>&- 9>&-)
    if getent group redis >/dev/null; then echo "the group redis stays: groupdel says: ${said:-nothing}"; fi
  fi
  if ! getent group redis >/dev/null; then rm -f "$ends"; fi
  echo changed
}
fenced "$@" </dev/null
