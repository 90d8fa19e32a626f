# Sets users of an instance that runs, and the logins by which it enters others; nothing is restarted. Users that are not named
# stay. ADDRESS PORT DIR MASTERNAME
# $content: lines of users.acl, "save", and "login DIRECTIVE VALUE". What is secret in them stands on no command line.

# agreed WHAT SAID SECRET: whether it is OK; says what it is, but for what must not be said.
agreed() {
  [ "$2" = OK ] && return 0
  agreed_said=$2
  if [ -n "$3" ]; then
    case $agreed_said in *"$3"*) agreed_said='an error that repeats the password or its hash' ;; esac
  fi
  echo "$1 answered: ${agreed_said:-nothing within 2 s}" >&2
  return 1
}

# user NAME RULES...: all of them at once, from nothing: no connection meets a user that is half set. Of two passwords, while one is
# being changed, the first, which everybody may use, comes with the rules, and the other right after.
user() {
  user_name=$1 user_hash='' user_more=''
  shift
  user_words=$#
  for word; do
    case $word in
      '#'*) if [ -z "$user_hash" ]; then user_hash=$word; else user_more="$user_more $word"; fi ;;
      *) set -- "$@" "$word" ;;
    esac
  done
  shift "$user_words"
  if [ -n "$user_hash" ]; then
    said=$(hidden "$user_hash" ACL SETUSER "$user_name" reset "$@")
  else
    said=$(ask "$address" "$port" ACL SETUSER "$user_name" reset "$@")
  fi
  agreed "ACL SETUSER $user_name" "$said" "$user_hash" || return 1
  for user_hash in $user_more; do
    said=$(hidden "$user_hash" ACL SETUSER "$user_name")
    agreed "ACL SETUSER $user_name" "$said" "$user_hash" || return 1
  done
}

# login DIRECTIVE VALUE
login() {
  case $1 in
    masteruser | masterauth) set -- "$2" CONFIG SET "$1" ;;
    auth-user | auth-pass) set -- "$2" SENTINEL SET "$master" "$1" ;;
    sentinel-user | sentinel-pass) set -- "$2" SENTINEL CONFIG SET "$1" ;;
    *)
      echo "login: $1 is none that is known" >&2
      return 1
      ;;
  esac
  said=$(hidden "$@")
  login_value=$1
  shift
  agreed "$*" "$said" "$login_value"
}

main() {
  address=$1 port=$2 dir=$(place "$3") master=$4
  save=no rewrite=no
  # Before anything is set: what only runs would be forgotten with the next start.
  case $content in
    'login master'* | *'
login master'*)
      rewritable "$dir" || exit 1
      ;;
  esac
  # Not by a document: a shell may put one into a file.
  set -f
  IFS='
'
  for line in $content; do
    unset IFS
    # shellcheck disable=SC2086 # its words
    case $line in
      'user '*)
        user ${line#user } || exit 1
        save=yes
        ;;
      save) save=yes ;;
      'login '*)
        login ${line#login } || exit 1
        case $line in 'login master'*) rewrite=yes ;; esac
        ;;
      *)
        echo "a line that is no user and no login" >&2
        exit 1
        ;;
    esac
  done
  unset IFS
  set +f
  if [ $save = yes ]; then
    said=$(ask "$address" "$port" ACL SAVE)
    agreed "ACL SAVE" "$said" '' || exit 1
    # By the instance's own umask it may be open to more.
    chmod 600 "$dir/users.acl" || exit 1
  fi
  if [ $rewrite = yes ]; then
    said=$(ask "$address" "$port" CONFIG REWRITE)
    agreed "CONFIG REWRITE" "$said" '' || exit 1
  fi
  echo changed
}
fenced "$@" </dev/null
