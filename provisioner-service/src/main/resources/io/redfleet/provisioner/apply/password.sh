# Lets an instance take one more password of a user, or that one alone, at once and after its next start. The password is known
# here by its hash, which came before this script ($content). ADDRESS PORT USER add|only DIR
main() {
  address=$1 port=$2 user=$3 change=$4 file=$5/users.acl
  wanted=$content
  case $wanted in
    *[!0-9a-f]*) wanted='' ;;
  esac
  if [ "${#wanted}" != 64 ]; then
    echo "no hash of a password came" >&2
    exit 1
  fi
  taken
  set --
  case $change in
    add) takes || set -- "#$wanted" ;;
    only)
      if ! takes; then
        echo "$user has not got the new password there, so the old one stays" >&2
        exit 1
      fi
      for hash in $hashes; do
        [ "$hash" = "$wanted" ] || set -- "$@" "!$hash"
      done
      ;;
    *)
      echo "neither add nor only: $change" >&2
      exit 1
      ;;
  esac
  changed=unchanged
  if [ $# -gt 0 ]; then
    tell SETUSER "$user" "$@"
    changed=changed
  fi
  # Also where nothing was to be changed: whoever did it may have been cut off right after that.
  tell SAVE
  durable "$file" || exit 1
  taken
  if ! takes || { [ "$change" = only ] && [ "$hashes" != "$wanted" ]; }; then
    echo "$user was changed there, and takes other passwords" >&2
    exit 1
  fi
  echo "$changed"
}

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

takes() { printf '%s\n' "$hashes" | grep -qxF "$wanted"; }

tell() {
  said=$(ask "$address" "$port" ACL "$@")
  [ "$said" = OK ] || refused "ACL $1"
}

# refused WHAT: ends the script with what was answered; no hash is said.
refused() {
  printf '%s answered: %s\n' "$1" "$(printf '%s' "$said" | sed 's/[0-9a-f]\{64\}/***/g')" >&2
  exit 1
}
fenced "$@" </dev/null
