# Lets systemd know an instance by the unit file that came before this script ($content); starts and stops nothing.
# FILE OWNER BOOT [later | FILE BOOT ...]: FILE is a unit of ours, or our drop-in beside somebody else's, OWNER is the mark in it,
# BOOT says whether systemd starts it at boot, "yes" or "no"; "kept": that is for somebody else to say.
# later: the file is written, and systemd is not told, for another of these that comes in the same go tells it. That one is given
# the FILE and BOOT of each of those.
# Beside a file that systemd has not read yet, or whose start at boot it has not heard of, lies a mark, FILE without .service
# (.conf) and with .untold: whoever looks at the host after a run that was cut off, or whom systemd has refused, finds it.

# unmark FILE BOOT...: what systemd knows by now is marked no more.
unmark() {
  while [ $# -gt 0 ]; do
    unit_named "$1"
    rm -f "$stem.untold" || exit 1
    shift 2
  done
}

# boots FILE: sets boots to whether systemd starts that unit at boot.
boots() {
  boots=no
  if [ -L "${1%/*}/multi-user.target.wants/${1##*/}" ]; then boots=yes; fi
}

# at_boot VERB WANTED FILE BOOT...: tells systemd VERB, once, of those whose BOOT is WANTED and which are not so yet. It reads
# nothing anew for that: whoever asks for this asks for that next.
at_boot() {
  verb=$1 wanted=$2 left=$(($# - 2))
  shift 2
  while [ "$left" -gt 0 ]; do
    boots "$1"
    name=
    if [ "$2" = "$wanted" ] && [ "$boots" != "$wanted" ]; then name=${1##*/}; fi
    shift 2
    left=$((left - 2))
    # What has been looked at goes to the end, as what systemd is told.
    if [ -n "$name" ]; then set -- "$@" "$name"; fi
  done
  [ $# -eq 0 ] || told "$verb" --no-reload "$@"
}

main() {
  file=$1 owner=$2 boot=$3
  unit_named "$file"
  untold=$stem.untold
  shift 3
  umask 022
  if dropped_in "$file" && [ ! -d "${file%/*}" ]; then mkdir "${file%/*}" || exit 1; fi
  if { [ -e "$file" ] || [ -L "$file" ]; } && ! { unit_marked "$file" && [ "$marked" = "$owner" ]; }; then
    echo "$file is not marked as $owner, and is left alone" >&2
    exit 1
  fi
  change=unchanged
  # shellcheck disable=SC2154 # it comes before
  if [ "$(cat "$file" 2>/dev/null; echo .)" != "$content." ]; then
    printf '%s' "$content" >"$file.new" || unwritten "$file.new"
    chmod 644 "$file.new" && durable "$file.new" || exit 1
    printf '' >"$untold" || unwritten "$untold"
    mv "$file.new" "$file" || exit 1
  fi
  boots "$file"
  # What a link says is not read by systemd either until it is told.
  if [ "$boot" != kept ] && [ "$boots" != "$boot" ]; then
    printf '' >"$untold" || unwritten "$untold"
  fi
  if [ -e "$untold" ]; then change=changed; fi
  if [ "${1-}" != later ]; then
    set -- "$@" "$file" "$boot"
    at_boot enable yes "$@" && at_boot disable no "$@" && told daemon-reload || exit 1
    unmark "$@"
  fi
  echo $change
}
fenced "$@" </dev/null
