# Ends what a Sentinel that several clusters share does for one of them: it forgets that one's master, takes its passwords no more,
# and what was left beside it goes last. It is asked as the group's own user, and goes on running for the others. Cut anywhere, it
# may be done again. ADDRESS PORT DIR OWNER CLUSTER MASTERNAME [HOST:PORT]...: where the cluster's master may be; a master of that
# name elsewhere is another's
# $content: lines of users.acl, of those whose passwords go. What is secret in them stands on no command line.

# hidden VALUE WORDS...: as ask, with the value as the last word, which redis-cli reads where nobody else does.
hidden() {
  hidden_value=$1
  shift
  client "${ask_ca-}"
  set -- -h "$address" -p "$port" -x "$@"
  if [ -n "${ask_ca-}" ]; then set -- --tls --cacert "$ask_ca" "$@"; fi
  printf '%s' "$hidden_value" |
    REDISCLI_AUTH=$ask_password VALKEYCLI_AUTH=$ask_password timeout 2 "$cli" --user "$ask_user" "$@" 2>&1
}

# unlet NAME HASH: the user takes that password no more; one that it does not take is what is wanted.
unlet() {
  # Who is not there would be made. An empty line is the answer that there is none; no line is no answer.
  said=$(ask "$address" "$port" ACL GETUSER "$1" | head -n 1 | tr '\r\n' '  ')
  case $said in
    '')
      echo "ACL GETUSER $1 answered: nothing within 2 s" >&2
      return 1
      ;;
    ' ') return 0 ;;
  esac
  said=$(hidden "!$2" ACL SETUSER "$1")
  case $said in
    OK | *'does not exist'*) return 0 ;;
    *"$2"*) said='an error that repeats the hash of a password' ;;
  esac
  echo "ACL SETUSER $1 answered: ${said:-nothing within 2 s}" >&2
  return 1
}

main() {
  address=$1 port=$2 dir=$(place "$3") owner=$4 cluster=$5 master=$6
  if [ "$(first "$dir/owner")" != "$owner" ]; then
    echo "$dir is not marked as $owner" >&2
    exit 1
  fi
  shift 6
  said=$(ask "$address" "$port" SENTINEL get-master-addr-by-name "$master" | tr '\r\n' '  ')
  # A host and a port, or an empty line: it watches none of that name.
  case $said in
    '' | *' '*' '?*)
      echo "SENTINEL get-master-addr-by-name $master answered: ${said:-nothing within 2 s}" >&2
      exit 1
      ;;
  esac
  for own; do
    if [ "${said% }" = "${own%:*} ${own##*:}" ]; then
      said=$(ask "$address" "$port" SENTINEL REMOVE "$master")
      case $said in
        OK | *'No such master'*) ;;
        *)
          echo "SENTINEL REMOVE $master answered: ${said:-nothing within 2 s}" >&2
          exit 1
          ;;
      esac
      break
    fi
  done
  set -f
  IFS='
'
  for line in $content; do
    unset IFS
    # shellcheck disable=SC2086 # its words
    set -- $line
    left_user=$2
    for word; do
      case $word in '#'*) unlet "$left_user" "${word#?}" || exit 1 ;; esac
    done
  done
  unset IFS
  set +f
  said=$(ask "$address" "$port" ACL SAVE)
  if [ "$said" != OK ]; then
    echo "ACL SAVE answered: ${said:-nothing within 2 s}" >&2
    exit 1
  fi
  chmod 600 "$dir/users.acl" || exit 1
  rm -f "$dir/members/$cluster" "$dir/members/.$cluster.redfleet" || exit 1
  echo changed
}
fenced "$@" </dev/null
