# Says how the host and the instances are, one line a period, until nobody listens. The disk is looked at every tenth time.
# SECONDS BASE CLUSTER NAME...: NAME is HOME/NAME of a Sentinel that several clusters share.
one() {
  now=$(date +%s%3N)
  case $now in *N) now=$(date +%s)000 ;; esac
  read -r boot </proc/sys/kernel/random/boot_id
  read -r load load5 load15 rest </proc/loadavg
  total=0 available=0 swap=0 unswapped=0
  while read -r field value unit; do
    case $field in
      MemTotal:) total=$value ;;
      MemAvailable:) available=$value ;;
      SwapTotal:) swap=$value ;;
      SwapFree:)
        unswapped=$value
        break
        ;;
    esac
  done </proc/meminfo
  read -r word user nice system idle wait hard soft steal rest </proc/stat
  all=$((user + nice + system + idle + wait + hard + soft + steal))
  if [ $((round % 10)) = 0 ]; then
    disk=$(df -Pk "$place" 2>/dev/null | figures) inodes=$(df -Pi "$place" 2>/dev/null | figures)
    : "${disk:=0 0 0}" "${inodes:=0 0 0}"
    # Total and free, of total, used and free.
    inodes="${inodes%% *} ${inodes##* }"
  fi
  round=$((round + 1))
  line="$now $boot $load $load5 $load15 $total $available $swap $unswapped $disk $inodes $processors"
  for spent in "$user" "$system" "$wait" "$idle" "$all"; do
    line="$line $((spent * 1000 / hertz))"
  done
  for instance in "$@"; do
    lies "$instance"
    stopped=no
    [ -e "$dir/stopped" ] && stopped=yes
    living "$dir"
    family "$pid"
    line="$line|$name $pid $start $((pages * page)) $((ticks * 1000 / hertz)) $stopped"
    line="$line $threads $children $((kin_pages * page)) $((kin_ticks * 1000 / hertz))"
  done
  printf '%s\n' "$line" || exit 0
}
# figures: of what df says, total, used and available; nothing where a filesystem has none.
figures() {
  while read -r device size used free more; do
    case $size$used$free in *[!0-9]*) ;; *) echo "$size $used $free" && break ;; esac
  done
}
# family PID: sets children, and kin_ticks and kin_pages of all of them, to what the process has at this moment.
family() {
  children=0 kin_ticks=0 kin_pages=0 kin=
  [ "$1" = 0 ] && return 0
  # Without an end of line: it is read, and read says that it was not.
  { read -r kin <"/proc/$1/task/$1/children"; } 2>/dev/null
  for kin_pid in $kin; do
    { read -r kin_stat <"/proc/$kin_pid/stat"; } 2>/dev/null || continue
    # shellcheck disable=SC2086 # the fields from the third on
    set -- ${kin_stat##*) }
    children=$((children + 1)) kin_ticks=$((kin_ticks + ${12} + ${13})) kin_pages=$((kin_pages + ${22}))
  done
}
main() {
  period=$1 base=$(place "$2") cluster=$3
  shift 3
  page=$(getconf PAGESIZE) hertz=$(getconf CLK_TCK) processors=$(getconf _NPROCESSORS_ONLN)
  place=$base round=0
  while [ ! -d "$place" ]; do place=$(dirname "$place"); done
  while :; do
    one "$@"
    sleep "$period"
    orphaned && exit 0
  done
}
main "$@" </dev/null
