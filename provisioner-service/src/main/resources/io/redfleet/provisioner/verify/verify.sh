# Facts by which a cluster's instances on a host are verified, as key=value lines. It changes nothing and writes no key.
# BASE CLUSTER MASTERNAME PAUSE [ROLE NAME ADDRESS PORT]...: PAUSE is for how many seconds it waits before it looks

# limits PID: soft and hard limit of open files of the process, as its kernel has them.
limits() {
  awk '$1 == "Max" && $2 == "open" && $3 == "files" { print $4, $5; exit }' "/proc/$1/limits" 2>/dev/null
}

# modes CONF: who may do what in the instance's directory. A link is not followed: its own mode is open to all. Of one that was
# adopted the rest is its builder's.
modes() {
  modes_of=". data log $1 users.acl"
  [ ! -f "$dir/adopted" ] || modes_of='. log'
  for part in $modes_of; do
    said=$(stat -c '%a %U' "$dir/$part" 2>/dev/null) && say mode "$part $said"
  done
}

# users: who is let in, without passwords and rights. What is no list of users says nothing.
users() {
  ask "$address" "$port" ACL LIST | awk -v prefix="i.$name.acl=" '
    $1 == "user" && NF > 2 {
      state = "off"
      open = ""
      for (i = 3; i <= NF; i++) {
        if ($i == "on") state = "on"
        if ($i == "nopass") open = " nopass"
      }
      print prefix $2 " " state open
    }'
}

# knows: whom a Sentinel knows of the master's replicas and of its own kind. A flat list of names and values for each; what
# begins otherwise is no answer.
knows() {
  for kind in replica sentinel; do
    ask "$address" "$port" SENTINEL "${kind}s" "$master" | awk -v prefix="i.$name." -v kind="$kind" '
      { sub(/\r$/, "") }
      NR == 1 && $0 != "" && $0 != "name" { exit }
      NR == 1 { print prefix "heard=" kind }
      NR % 2 { field = $0; next }
      field == "ip" { ip = $0 }
      field == "port" { print prefix "knows=" kind " " ip " " $0 }'
  done
}

# logged: the known lines of trouble that the log has since its last start: of which kind, how often, and the last of them. What
# logrotate has put aside last is read before it.
logged() {
  [ -f "$dir/log/redis.log" ] && [ -r "$dir/log/redis.log" ] || return
  {
    ending "$dir/log/redis.log.1" 4194304
    ending "$dir/log/redis.log" 4194304
  } | awk -v prefix="i.$name." '
    function note(kind) { count[kind]++; last[kind] = $0 }
    /(Redis|Valkey) is starting oO0Oo/ { begun = 1; split("", count); split("", last); next }
    /# WARNING.*overcommit/ { note("overcommit"); next }
    /TCP backlog setting of .* cannot be enforced/ { note("backlog"); next }
    /Transparent Huge Pages/ { note("hugepages"); next }
    /maximum open files|max file descriptors|open file limit/ { note("openfiles"); next }
    /MISCONF|in background: fork|Background (saving|AOF rewrite) (error|terminated (by signal|with error))|Error trying to save|Write error saving DB/ {
      note("save")
      next
    }
    /Error opening \/setting AOF rewrite|Error writing to the AOF file|Failed opening the( temp)? RDB file/ { note("save"); next }
    /CONFIG REWRITE failed|was not able to save the new configuration/ { note("file"); next }
    END {
      print prefix "log=" (begun ? "whole" : "cut")
      for (kind in count) {
        line = last[kind]
        gsub(/[^ -~]/, "?", line)
        print prefix "logged=" kind " " count[kind] " " substr(line, 1, 200)
      }
    }'
}

instance() {
  role=$1 address=$3 port=$4
  lies "$2"
  say() { printf 'i.%s.%s=%s\n' "$name" "$1" "$2"; }
  conf=redis.conf
  [ "$role" = sentinel ] && conf=sentinel.conf
  modes "$conf"
  living "$dir"
  say pid "$pid"
  [ "$pid" != 0 ] || return
  say files "$(limits "$pid")"
  logged
  [ -z "${ask_user-}" ] || users
  if [ "$role" = sentinel ]; then
    piece "$dir/$conf" | awk -v prefix="i.$name.conf=" '
      $1 == "bind" || $1 == "protected-mode" || $1 == "port" || $1 ~ /^tls-/ { gsub(/"/, ""); print prefix $0 }'
    knows
  fi
}

main() {
  base=$(place "$1") cluster=$2 master=$3 pause=$4
  shift 4
  [ "$pause" = 0 ] || sleep "$pause"
  while [ $# -ge 4 ]; do
    instance "$1" "$2" "$3" "$4"
    shift 4
  done
  echo "verify.end=yes"
}
main "$@" </dev/null
