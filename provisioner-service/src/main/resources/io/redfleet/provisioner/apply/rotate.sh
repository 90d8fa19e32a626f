# Lets logrotate know the logs of a cluster's instances by the file that came before this script ($content); without one the file
# goes. A file without our mark is left alone. FILE OWNER
main() {
  file=$1 owner=$2
  umask 022
  if { [ -e "$file" ] || [ -L "$file" ]; } && ! { unit_marked "$file" && [ "$marked" = "$owner" ]; }; then
    echo "$file is not marked as $owner, and is left alone" >&2
    exit 1
  fi
  change=unchanged
  if [ -z "${content-}" ]; then
    if [ -e "$file" ]; then change=changed; fi
    rm -f "$file.new" "$file" || exit 1
  elif [ "$(cat "$file" 2>/dev/null; echo .)" != "$content." ]; then
    # logrotate takes no file for its own whose name ends so.
    printf '%s' "$content" >"$file.new" && chmod 644 "$file.new" && mv "$file.new" "$file" || exit 1
    change=changed
  fi
  echo $change
}
fenced "$@" </dev/null
