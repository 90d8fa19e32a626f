# Takes the unit of an instance that does not run away, with its start guard and the guard's password, when the mark in it says
# that it is ours. A guard is written before its unit, and may be alone. FILE OWNER
ours() { unit_marked "$1" && [ "$marked" = "$owner" ]; }

unguard() { rm -f "$guard.auth.new" "$guard.auth" "$guard.new" "$guard" || exit 1; }

main() {
  file=$1 owner=$2 unit=${1##*/} guard=${1%.service}.guard
  if [ ! -e "$file" ] && [ ! -L "$file" ]; then
    change=unchanged
    if ours "$guard"; then
      unguard
      change=changed
    fi
    echo $change
    exit 0
  fi
  if ! ours "$file"; then
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
  if [ ! -e "$guard" ] || ours "$guard"; then unguard; fi
  rm -f "$file.new" "$file" || exit 1
  told daemon-reload || exit 1
  # Of one that has not failed there is nothing to reset.
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 9>&-
  echo changed
}
fenced "$@" </dev/null
