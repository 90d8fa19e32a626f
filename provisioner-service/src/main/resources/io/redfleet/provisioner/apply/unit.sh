# Lets systemd know an instance by the unit file that came before this script ($content); starts and stops nothing.
# FILE OWNER BOOT: OWNER is the mark in the file, BOOT says whether systemd starts it at boot, "yes" or "no"
main() {
  file=$1 owner=$2 boot=$3 unit=${1##*/}
  umask 022
  if { [ -e "$file" ] || [ -L "$file" ]; } && ! { unit_marked "$file" && [ "$marked" = "$owner" ]; }; then
    echo "$file is not marked as $owner, and is left alone" >&2
    exit 1
  fi
  change=unchanged
  # shellcheck disable=SC2154 # it comes before
  if [ "$(cat "$file" 2>/dev/null; echo .)" != "$content." ]; then
    printf '%s' "$content" >"$file.new" || unwritten "$file.new"
    chmod 644 "$file.new" && durable "$file.new" && mv "$file.new" "$file" || exit 1
    change=changed
  fi
  told daemon-reload || exit 1
  link=${file%/*}/multi-user.target.wants/$unit
  stands=no
  if [ -L "$link" ]; then stands=yes; fi
  if [ $stands != "$boot" ]; then
    case $boot in
      yes) told enable "$unit" || exit 1 ;;
      *) told disable "$unit" || exit 1 ;;
    esac
    change=changed
  fi
  echo $change
}
fenced "$@" </dev/null
