# Lets an instance take more passwords of a user, or one alone, at once and after its next start. The passwords are known here by
# their hashes, which came before this script ($content), one a line, and are in no argument of any process.
# ADDRESS PORT USER add|only DIR
main() {
  address=$1 port=$2 user=$3 change=$4 file=$5/users.acl
  wanted=${content-}
  every well_formed || {
    echo "no hash of a password came" >&2
    exit 1
  }
  changed=unchanged
  taken
  case $change in
    add) every added ;;
    only)
      # Nobody could log in by the old one any more, and by the new one not yet.
      if ! takes "$wanted"; then
        echo "$user has not got the new password there, so the old one stays" >&2
        exit 1
      fi
      for hash in $hashes; do
        [ "$hash" = "$wanted" ] || tell "!$hash" SETUSER "$user"
      done
      ;;
    *)
      echo "neither add nor only: $change" >&2
      exit 1
      ;;
  esac
  # Also where nothing was to be changed: whoever did it may have been cut off right after that.
  said=$(ask "$address" "$port" ACL SAVE)
  [ "$said" = OK ] || refused "ACL SAVE"
  # By the instance's own umask it may be open to more.
  chmod 600 "$file" || exit 1
  durable "$file" || exit 1
  taken
  if ! every takes || { [ "$change" = only ] && [ "$hashes" != "$wanted" ]; }; then
    echo "$user was changed there, and takes other passwords" >&2
    exit 1
  fi
  echo "$changed"
}

# every COMMAND: whether it is true of each hash that came, of which there is one at least.
every() {
  [ -n "$wanted" ] || return 1
  for every_hash in $wanted; do
    "$1" "$every_hash" || return 1
  done
}

well_formed() {
  case $1 in *[!0-9a-f]*) return 1 ;; esac
  [ "${#1}" = 64 ]
}

added() { takes "$1" || tell "#$1" SETUSER "$user"; }

# taken: sets hashes to those of the passwords that the instance takes for the user, one a line.
taken() {
  said=$(ask "$address" "$port" ACL GETUSER "$user")
  case $said in
    flags*) ;;
    '')
      echo "there is no user $user" >&2
      exit 1
      ;;
    *) refused "ACL GETUSER $user" ;;
  esac
  hashes=$(printf '%s\n' "$said" | grep -xE '[0-9a-f]{64}' | sort -u)
}

# takes HASH: whether it was among them. By the shell alone: the arguments of a process are everybody's to read.
takes() {
  case "
$hashes
" in *"
$1
"*) return 0 ;; esac
  return 1
}

# tell RULE WORDS...: ACL with these words, and the rule as the last one.
tell() {
  tell_rule=$1
  shift
  said=$(hidden "$tell_rule" ACL "$@")
  [ "$said" = OK ] || refused "ACL $1"
  changed=changed
}

# refused WHAT: ends the script with what was answered; no hash is said.
refused() {
  printf '%s answered: %s\n' "$1" "$(printf '%s' "$said" | sed 's/[0-9a-f]\{64\}/***/g')" >&2
  exit 1
}
fenced "$@" </dev/null
