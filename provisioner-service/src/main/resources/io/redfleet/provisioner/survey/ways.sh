# Whom this host reaches: to each endpoint a connection is begun, and closed at once. Nothing is said by it, and nothing is changed.
# SECONDS MANY [ADDRESS PORT]...: prints for each way=ADDRESS PORT and what became of it: open, refused, silent, unreachable,
# forbidden, or failed and words.
# sh has no word for a connection, and redis-cli comes with what is to be installed: it takes bash, which Debian and Red Hat have
# always. Where there is none it says so, and asks for nothing.
#
# First all are taken by one process, one after the other, for so many SECONDS in all: where nothing swallows what is sent, that is
# the whole work. What it did not get to is asked alone then, so MANY at a time: a second each, and one more, for a lost packet is
# sent again after a second only.

# shellcheck disable=SC2016 # it is the other shell that reads it
ways_program='while [ $# -gt 1 ]; do
  printf "to %s %s\n" "$1" "$2"
  { printf "open\n"; } 3<>"/dev/tcp/$1/$2"
  shift 2
done'

# taken SECONDS [ADDRESS PORT]...: sets taken_said to what is said of each way within so long.
taken() {
  taken_for=$1
  shift
  taken_said=$(timeout "$taken_for" bash -c "$ways_program" ways "$@" 2>&1 </dev/null)
}

# became: says what became of the way in became_way, if that is known, and counts it.
became() {
  [ -n "$became_word" ] || return 0
  printf 'way=%s %s\n' "$became_way" "$became_word"
  became_many=$((became_many + 1))
}

# heard SAID: says what became of each way of which something is said, and sets became_many to how many these are. They are the
# first of those that were taken: the last one may have been waited for in vain.
heard() {
  became_many=0 became_way='' became_word=''
  while IFS= read -r heard_line; do
    case $heard_line in
      "to "*)
        became
        became_way=${heard_line#to } became_word=''
        continue
        ;;
    esac
    # Of a way that fails the first line has the reason; what comes before any way is of none.
    if [ -n "$became_word" ] || [ -z "$became_way" ]; then continue; fi
    case $heard_line in
      open) became_word=open ;;
      *"Connection refused"*) became_word=refused ;;
      *"Connection timed out"*) became_word=silent ;;
      *"No route to host"* | *"Network is unreachable"* | *"Host is down"*) became_word=unreachable ;;
      *"Operation not permitted"* | *"Permission denied"*) became_word=forbidden ;;
      *) became_word="failed $heard_line" ;;
    esac
  done <<HEARD
$1
HEARD
  became
}

# alone ADDRESS PORT: says what became of this way, in two tries of a second.
alone() {
  taken 1 "$1" "$2"
  heard "$taken_said"
  if [ "$became_many" -gt 0 ]; then return; fi
  taken 1 "$1" "$2"
  heard "$taken_said"
  if [ "$became_many" -gt 0 ]; then return; fi
  printf 'way=%s %s silent\n' "$1" "$2"
}

main() {
  ways_seconds=$1 ways_many=$2
  shift 2
  if ! command -v bash >/dev/null 2>&1; then
    printf 'ways.tool=none\nways.end=yes\n'
    return
  fi
  taken "$ways_seconds" "$@"
  heard "$taken_said"
  shift $((2 * became_many))
  ways_begun=0
  while [ $# -gt 1 ]; do
    alone "$1" "$2" &
    shift 2
    ways_begun=$((ways_begun + 1))
    if [ "$ways_begun" -ge "$ways_many" ]; then
      wait
      ways_begun=0
    fi
  done
  wait
  echo "ways.end=yes"
}
main "$@" </dev/null
