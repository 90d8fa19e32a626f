# Lets a cluster's users into a Sentinel that several clusters share. Each user gets the cluster's password beside those of others,
# and the rights that all of them have. It is asked as the group's own user. Cut anywhere, it may be done again.
# ADDRESS PORT DIR OWNER
# $content: lines of users.acl. What is secret in them stands on no command line.

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

# agreed WHAT SAID SECRET: whether it is OK; says what it is, but for what must not be said.
agreed() {
  [ "$2" = OK ] && return 0
  agreed_said=$2
  if [ -n "$3" ]; then
    case $agreed_said in *"$3"*) agreed_said='an error that repeats the hash of a password' ;; esac
  fi
  echo "$1 answered: ${agreed_said:-nothing within 2 s}" >&2
  return 1
}

# user NAME RULES...: all of them at once; passwords that it has stay, but for the default user, who has none.
user() {
  user_name=$1 user_hash=
  shift
  user_words=$#
  for word; do
    case $word in
      '#'*) user_hash=$word ;;
      *) set -- "$@" "$word" ;;
    esac
  done
  shift "$user_words"
  if [ -n "$user_hash" ]; then
    said=$(hidden "$user_hash" ACL SETUSER "$user_name" "$@")
  else
    said=$(ask "$address" "$port" ACL SETUSER "$user_name" "$@")
  fi
  agreed "ACL SETUSER $user_name" "$said" "$user_hash"
}

main() {
  address=$1 port=$2 dir=$(place "$3") owner=$4
  if [ "$(first "$dir/owner")" != "$owner" ]; then
    echo "$dir is not marked as $owner" >&2
    exit 1
  fi
  # Not by a document: a shell may put one into a file.
  set -f
  IFS='
'
  for line in $content; do
    unset IFS
    # shellcheck disable=SC2086 # its words
    case $line in
      'user '*) user ${line#user } || exit 1 ;;
      *)
        echo "a line that is no user" >&2
        exit 1
        ;;
    esac
  done
  unset IFS
  set +f
  said=$(ask "$address" "$port" ACL SAVE)
  agreed "ACL SAVE" "$said" '' || exit 1
  # By the instance's own umask it may be open to more.
  chmod 600 "$dir/users.acl" || exit 1
  echo changed
}
fenced "$@" </dev/null
