# Holds the lease on a base directory for one operation, as long as heartbeats come: each line on standard input is one, a
# word that the answer repeats: "held WORD UPTIME" (hundredths of a second), "busy WORD HOLDER", or "drains WORD" while a
# script of an earlier holder still runs. Of lines that come at once one is answered. Ends, and so releases, when none comes
# for SILENCE seconds or standard input ends.
#
# .lease is the lock; its lines are the id, this process and the holder. .lease.work is held shared by every script that
# changes something (fenced), and exclusively for a moment by whoever takes over. The id is written before that moment, so
# that an earlier holder's scripts are refused from then on; neither file is ever removed, for a lock is on the file itself.
# BASE ID HOLDER SILENCE
beat() {
  word=$(timeout "$1" head -n 1 7>&- 8>&-)
  [ -n "$word" ]
}
main() {
  base=$(place "$1") id=$2 holder=$3 silence=$4
  command -v flock >/dev/null || { echo "no flock in PATH; it is part of util-linux" >&2; exit 1; }
  mkdir -p "$base" || exit 1
  # Whose it is, or who can write there, decides what runs below it, as whoever works here.
  if [ -n "$(find "$base/" -prune \( ! -user "$(id -u)" ! -user 0 -o -perm -002 \) 2>/dev/null)" ]; then
    echo "directory $base: must belong to $(id -un) or to root, and not everybody may write there" >&2
    exit 1
  fi
  for lock in "$base/.lease.work" "$base/.lease"; do
    if [ -e "$lock" ] && [ ! -f "$lock" ]; then
      echo "$lock: must be a regular file" >&2
      exit 1
    fi
  done
  exec 7>>"$base/.lease.work" 8>>"$base/.lease" || exit 1
  stage=waits
  while beat "$silence"; do
    if [ "$stage" = waits ] && flock -n 8; then
      printf '%s\n' "$id" "$$" "$holder" >"$base/.lease" || exit 1
      stage=drains
    fi
    if [ "$stage" = drains ] && flock -n 7; then
      flock -u 7
      stage=held
    fi
    case $stage in
      waits) echo "busy $word $(head -c 4096 "$base/.lease" | sed -n 3p)" ;;
      drains) echo "drains $word" ;;
      held)
        read -r now rest </proc/uptime
        echo "held $word ${now%.*}${now#*.}"
        ;;
    esac
  done
}
main "$@"
