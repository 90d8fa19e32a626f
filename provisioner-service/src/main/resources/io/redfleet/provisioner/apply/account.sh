# Ends the user redis and his group, with the last that belongs to him, where Redfleet has made both: ground.sh notes that in his
# own line of /etc/passwd. Where anything else is his, or runs as him, or names him, he stays, and the answer says what. The
# cluster's directories go first, as far as they are empty. Once nothing of his is left in the base, what its lease lies in
# becomes root's: whoever comes next makes it anew (ground.sh). By root. Cut anywhere, it may be done again.
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

# idle: or he stays, because something runs as him or as one of his group.
idle() {
  idle_said=$(grep -lsE "^(Uid:.*[[:space:]]$uid|(Gid|Groups):.*[[:space:]]$gid)([[:space:]]|\$)" \
    "$root"/proc/[0-9]*/status | head -n 1)
  [ -z "$idle_said" ] && return
  idle_said=${idle_said%/status}
  stays "process ${idle_said##*/} runs as him"
}

# unnamed: or he stays, because a unit or dpkg names him. dpkg does nothing at all while it has a mode of a user who is not there.
unnamed() {
  unnamed_said=$(grep -rlsE '^[[:space:]]*(User|Group)[[:space:]]*=[[:space:]]*redis[[:space:]]*$' \
    "$root/etc/systemd/system" "$root/run/systemd/system" "$root/usr/lib/systemd/system" "$root/lib/systemd/system" |
    head -n 1)
  [ -z "$unnamed_said" ] || stays "$unnamed_said names him"
  if grep -qsE '^(redis|[^ ]+ redis) ' "$root/var/lib/dpkg/statoverride"; then
    stays "$root/var/lib/dpkg/statoverride names him"
  fi
}

# bare: or he stays, because something on the host's own disks is his, or because not all of them could be looked at.
bare() {
  set --
  for bare_kind in proc sysfs devpts cgroup cgroup2 autofs nfs nfs4 cifs smb3 ceph; do
    set -- "$@" -o -fstype "$bare_kind"
  done
  shift
  bare_said=$(timeout -k 10 "$within" find "${root:-/}" \( "$@" \) -prune -o \( -uid "$uid" -o -gid "$gid" \) -print -quit \
    2>"$stamp.said")
  bare_status=$?
  [ -z "$bare_said" ] || stays "$bare_said belongs to him"
  case $bare_status in
    124 | 137) stays "not all that lies on the host could be looked at within $within s" ;;
  esac
  # What goes while it is looked for is nobody's.
  bare_said=$(grep -v 'No such file or directory' "$stamp.said" | head -n 1)
  [ -z "$bare_said" ] || stays "not all that lies on the host could be looked at: $bare_said"
  [ "$bare_status" -le 1 ] || stays "not all that lies on the host could be looked at: find ended with $bare_status"
}

# given: what the lease lies in is root's, and the links to the binary are gone; or he stays, because the base has more of his.
given() {
  given_said=$(find "$base" -mindepth 1 \( -uid "$uid" -o -gid "$gid" \) ! -path "$base/.lease" ! -path "$base/.lease.work" \
    ! -path "$base/bin" ! \( -path "$base/bin/*" -type l \) -print -quit 2>&1)
  [ -z "$given_said" ] || stays "$given_said belongs to him"
  for link in "$base"/bin/* "$base"/bin/.[!.]*; do
    if [ -L "$link" ]; then rm -f "$link" || exit 1; fi
  done
  if [ -d "$base/bin" ]; then rmdir "$base/bin" || exit 1; fi
  chown 0:0 "$base/.lease.work" "$base/.lease" || exit 1
  outcome=changed
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
  exec 6>>"$root/run/redfleet-account.lock" || exit 1
  stamp=$root/run/redfleet-account.$$
  trap 'rm -f "$stamp" "$stamp.said"' 0
  : >"$stamp" || exit 1
  taken
  if waits; then stays "another operation waits for the lease on $base"; fi
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
  idle
  said=$(userdel redis 2>&1 6>&- 9>&-)
  if getent passwd redis >/dev/null; then stays "userdel says: ${said:-nothing}"; fi
  # userdel takes his group along, unless the host is told otherwise.
  if getent group redis >/dev/null; then
    said=$(groupdel redis 2>&1 6>&- 9>&-)
    if getent group redis >/dev/null; then echo "the group redis stays: groupdel says: ${said:-nothing}"; fi
  fi
  echo changed
}
fenced "$@" </dev/null
