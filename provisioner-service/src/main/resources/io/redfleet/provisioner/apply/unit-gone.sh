# Takes the unit of an instance that does not run away, with its start guard and the guard's password, when the mark in it says
# that it is ours. FILE OWNER
main() {
  file=$1 owner=$2 unit=${1##*/}
  if [ ! -e "$file" ] && [ ! -L "$file" ]; then
    echo unchanged
    exit 0
  fi
  if ! unit_marked "$file" || [ "$marked" != "$owner" ]; then
    echo "$file is not marked as $owner, and is left alone" >&2
    exit 1
  fi
  unit_state "$unit" || exit 1
  case $active in
    inactive | failed) ;;
    *)
      echo "$unit is still $active" >&2
      exit 1
      ;;
  esac
  told disable "$unit" || exit 1
  guard=${file%.service}.guard
  if [ ! -e "$guard" ] || { unit_marked "$guard" && [ "$marked" = "$owner" ]; }; then
    rm -f "$guard.auth.new" "$guard.auth" "$guard.new" "$guard" || exit 1
  fi
  rm -f "$file.new" "$file" || exit 1
  told daemon-reload || exit 1
  # Of one that has not failed there is nothing to reset.
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 9>&-
  echo changed
}
fenced "$@" </dev/null
