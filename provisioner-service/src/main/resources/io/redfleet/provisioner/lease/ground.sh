# Makes what a lease on instances that init runs lies in, where it is missing: the user redis; the base directory, which root alone
# can write; in it the files of the lease, and the directories that are redis's. Needs no lease: everybody makes the same, and
# what is there is left as it is, but for whose the lease is. No link is followed, for nobody but root can have put anything on
# the way.
# BASE CLUSTER SERVICE [HOME]...: SERVICE is how instances are run, "sysv" where another than systemd is the init; HOME is a directory
# of redis's beside the cluster's, where instances lie that it shares
account() {
  if ! account_uid=$(id -u redis 2>/dev/null); then
    # The note that both are ours, made in the same stroke; account.sh goes by it. Where there is the group already, neither goes,
    # unless it is what account.sh has noted before it ended him, and has not come to end.
    account_ends=/var/lib/redfleet-host/account-ends
    set -- --user-group --comment 'made by Redfleet'
    if account_group=$(getent group redis 2>/dev/null); then
      set -- --gid redis
      if [ "$(cat "$account_ends" 2>/dev/null)" = "$account_group" ]; then set -- "$@" --comment 'made by Redfleet'; fi
    fi
    account_shell=$(command -v nologin) || account_shell=/usr/sbin/nologin
    account_said=$(useradd --system "$@" --home-dir /var/lib/redis --no-create-home \
      --shell "$account_shell" redis 2>&1 6>&-)
    # Another may have made it meanwhile.
    if ! account_uid=$(id -u redis 2>/dev/null); then
      echo "there is no user redis, and useradd makes none: $account_said" >&2
      return 1
    fi
    rm -f "$account_ends"
  fi
  if [ "$account_uid" = 0 ]; then
    echo "the user redis of this host is root" >&2
    return 1
  fi
}

# way PATH: whether nobody but root can put anything in its place, as far as it is there.
way() {
  way_at=$1
  while :; do
    if [ -e "$way_at" ] || [ -L "$way_at" ]; then
      if [ -z "$(find "$way_at" -prune -type d -user 0 ! -perm -020 ! -perm -002 2>/dev/null)" ]; then
        echo "directory $1: $way_at must be a directory, no link, that belongs to root and that only root can write" >&2
        return 1
      fi
    fi
    [ "$way_at" = / ] && return 0
    way_at=${way_at%/*}
    [ -n "$way_at" ] || way_at=/
  done
}

# part NAME MODE: a directory of redis's in the base. One that holds nothing may have been made by somebody who was cut off.
part() {
  [ -d "$base/$1" ] || mkdir "$base/$1" || return 1
  if [ -z "$(ls -A "$base/$1")" ]; then chown redis: "$base/$1" && chmod "$2" "$base/$1"; fi
}

main() {
  base=$1 cluster=$2 service=${3-systemd}
  PATH=$PATH:/usr/sbin:/sbin
  case $base in
    /*) ;;
    *)
      echo "directory $base: must be absolute where init runs the instances" >&2
      exit 1
      ;;
  esac
  way "$base" || exit 1
  runs=no
  if [ -d /run/systemd/system ]; then runs=yes; fi
  case $service:$runs in
    sysv:yes)
      echo "systemd is the init of this host: service: sysv is for another one" >&2
      exit 1
      ;;
    sysv:no | *:yes) ;;
    *)
      echo "systemd is not the init of this host" >&2
      exit 1
      ;;
  esac
  if [ -d "$base" ] && [ ! -e "$base/.lease.work" ] && [ -n "$(ls -A "$base")" ]; then
    echo "directory $base: holds what is not Redfleet's; it must be empty, or not be there yet" >&2
    exit 1
  fi
  # Whoever takes the user redis away holds this lock while he does, and sees by its time that somebody needs him meanwhile.
  exec 6>>/run/redfleet-account.lock || exit 1
  if ! flock -w 15 6; then
    echo "another operation has prepared this host, or taken the user redis away, for 15 s; apply again" >&2
    exit 1
  fi
  touch /run/redfleet-account.lock || exit 1
  account || exit 1
  umask 022
  mkdir -p "$base" || exit 1
  { : >>"$base/.lease.work" && chown redis: "$base/.lease.work" && chmod 600 "$base/.lease.work"; } || exit 1
  # Root's, so that who is redis reads in whose hands the host is, and cannot say it. It was redis's once. Nobody else reads it: a
  # lock takes no more than that.
  { : >>"$base/.lease" && chown "root:$(id -g redis)" "$base/.lease" && chmod 640 "$base/.lease"; } || exit 1
  part bin 755 || exit 1
  part "$cluster" 700 || exit 1
  if [ $# -gt 3 ]; then
    shift 3
    for home; do part "$home" 700 || exit 1; done
  fi
}
main "$@" </dev/null
