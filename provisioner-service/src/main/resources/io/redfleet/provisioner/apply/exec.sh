# Runs one program of this host's allow-list: PROGRAM SECONDS SERVICE EVENT DESCRIPTION HOST DATE. Nobody but root can have put
# it there. It runs without arguments and without a shell, as a user who can become no other, at most SECONDS; says what it said
# and how it ended: "said=" with its first line, and "exit=" with its status, or "late".
main() {
  program=$1 seconds=$2
  trusted "$program" || exit 1
  cd / || exit 1
  set -- env -i PATH=/usr/local/bin:/usr/bin:/bin LC_ALL=C \
    "MONIT_SERVICE=$3" "MONIT_EVENT=$4" "MONIT_DESCRIPTION=$5" "MONIT_HOST=$6" "MONIT_DATE=$7" "$program"
  if ! command -v setpriv >/dev/null; then
    echo "$program is not run: this host has no setpriv (util-linux), without which it could become root" >&2
    exit 1
  fi
  if [ "$(id -u)" = 0 ]; then
    nobody=$(id -u nobody) && group=$(id -g nobody) || exit 1
    if [ "$nobody" = 0 ] || [ "$group" = 0 ]; then
      echo "$program is not run: the user nobody of this host is root" >&2
      exit 1
    fi
    set -- setpriv --reuid "$nobody" --regid "$group" --clear-groups --inh-caps=-all --no-new-privs "$@"
  else
    set -- setpriv --no-new-privs "$@"
  fi
  uptime
  begin=$up
  exec 4>&1
  printf 'said='
  # Descriptor 3 brings the status past the output. Who leaves something behind that keeps the output open is waited for until
  # the deadline, and no longer.
  status=$(
    exec 3>&1
    {
      timeout -k 5 "$seconds" "$@" 2>&1 3>&- 4>&- 9>&-
      echo "$?" >&3
    } | timeout "$((seconds + 6))" sh -c 'head -c 512; cat >/dev/null' 3>&- 4>&- 9>&- | head -n 1 | tr -d '\000-\037\177' >&4
  )
  uptime
  case $status in
    124 | 137) [ "$((up - begin))" -ge "$((seconds - 1))" ] && status=late ;;
  esac
  printf '\nexit=%s\nchanged\n' "$status"
}

# trusted PROGRAM: whether nobody but root can have written it, or put anything in its place.
trusted() {
  way=$1 what=f
  while :; do
    if [ -z "$(find "$way" -prune -type "$what" -user 0 ! -perm -020 ! -perm -002 2>/dev/null)" ]; then
      case $what in f) must="a regular file" ;; *) must="a directory" ;; esac
      echo "$1 is not run: $way must be there and be $must, no link, that belongs to root and that only root can write" >&2
      return 1
    fi
    [ "$way" = / ] && return 0
    way=${way%/*} what=d
    [ -n "$way" ] || way=/
  done
}
fenced "$@" </dev/null
