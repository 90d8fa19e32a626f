# Lets an instance log in elsewhere with another password, at once and after its next start. The password came before this script
# ($content), and is in no argument of any process. ADDRESS PORT masterauth|auth-pass|sentinel-pass DIR MASTER
main() {
  address=$1 port=$2 setting=$3 dir=$4 master=$5
  if [ -z "${content-}" ]; then
    echo "no password came" >&2
    exit 1
  fi
  case $setting in
    masterauth) replica ;;
    auth-pass) sentinel "sentinel auth-pass $master $content" SENTINEL SET "$master" auth-pass ;;
    sentinel-pass) sentinel "sentinel sentinel-pass $content" SENTINEL CONFIG SET sentinel-pass ;;
    *)
      echo "no such setting: $setting" >&2
      exit 1
      ;;
  esac
  echo "$changed"
}

replica() {
  rewritable "$dir" || exit 1
  changed=unchanged
  if ! uses; then
    give CONFIG SET masterauth
    changed=changed
  fi
  # Also where nothing was to be changed: whoever did it may have been cut off right after that.
  said=$(ask "$address" "$port" CONFIG REWRITE)
  [ "$said" = OK ] || refused "CONFIG REWRITE"
  uses || { said='another one'; refused "CONFIG GET masterauth"; }
}

# uses: whether a data node logs in to its master with it.
uses() {
  said=$(ask "$address" "$port" CONFIG GET masterauth)
  # The name, and in the second line the value.
  [ "${said#*
}" = "$content" ]
}

# sentinel LINE WORDS...: a Sentinel does not say all of its passwords; what it uses stands in its file as soon as it says OK.
sentinel() {
  config "$dir" sentinel.conf
  line=$1
  shift
  changed=unchanged
  if ! stands; then
    give "$@"
    changed=changed
  fi
  stands || { said='it, and its file does not say so'; refused "$*"; }
}

# stands: whether the line is in the file.
stands() {
  while IFS= read -r stands_line || [ -n "$stands_line" ]; do
    [ "$stands_line" = "$line" ] && return 0
  done <"$conf"
  return 1
}

# give WORDS...: as ask, with the password as the last word, which redis-cli reads by itself.
give() {
  given=$*
  client "${ask_ca-}"
  set -- -x -h "$address" -p "$port" "$@"
  if [ -n "${ask_ca-}" ]; then set -- --tls --cacert "$ask_ca" "$@"; fi
  if [ -n "${ask_user-}" ]; then
    said=$(printf '%s' "$content" |
      REDISCLI_AUTH=$ask_password VALKEYCLI_AUTH=$ask_password timeout 2 "$cli" --user "$ask_user" "$@" 2>&1)
  else
    said=$(printf '%s' "$content" | timeout 2 "$cli" "$@" 2>&1)
  fi
  [ "$said" = OK ] || refused "$given"
}

# refused WHAT: ends the script. What was answered is not said where it could hold the password.
refused() {
  case $said in
    *"$content"*) said='something with the password in it' ;;
  esac
  printf '%s answered: %s\n' "$1" "$said" >&2
  exit 1
}
fenced "$@" </dev/null
