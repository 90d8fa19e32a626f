# Says how the host and the instances are, one line a period, until nobody listens. The disk is looked at every tenth time.
# SECONDS BASE CLUSTER NAME...
one() {
  now=$(date +%s%3N)
  case $now in *N) now=$(date +%s)000 ;; esac
  read -r boot </proc/sys/kernel/random/boot_id
  read -r load rest </proc/loadavg
  total=0 available=0
  while read -r field value unit; do
    case $field in
      MemTotal:) total=$value ;;
      MemAvailable:)
        available=$value
        break
        ;;
    esac
  done </proc/meminfo
  if [ $((round % 10)) = 0 ]; then
    disk=$(df -Pk "$place" 2>/dev/null | while read -r device size used free more; do
      case $size in *[!0-9]*) ;; *) echo "$size $free" && break ;; esac
    done)
  fi
  round=$((round + 1))
  line="$now $boot $load $total $available ${disk:-0 0}"
  for name in "$@"; do
    stopped=no
    [ -e "$base/$cluster/$name/stopped" ] && stopped=yes
    living "$base/$cluster/$name"
    line="$line|$name $pid $start $((pages * page)) $((ticks * 1000 / hertz)) $stopped"
  done
  printf '%s\n' "$line" || exit 0
}
main() {
  period=$1 base=$(place "$2") cluster=$3
  shift 3
  page=$(getconf PAGESIZE) hertz=$(getconf CLK_TCK)
  place=$base round=0
  while [ ! -d "$place" ]; do place=$(dirname "$place"); done
  while :; do
    one "$@"
    sleep "$period"
    orphaned && exit 0
  done
}
main "$@" </dev/null
