# Makes Redfleet's directory of an instance that somebody else built and that runs: its mark, links to the binary, and links to
# what is the instance's own. Of that nothing is written, and the process is not touched. What was planned is looked at again first.
# BIN DIR OWNER BINARY ROLE CONF PIDFILE DATA PID PORT ENGINE [LOG [UNIT]]: ENGINE is redis or valkey; LOG is empty where there is
# none, UNIT the service of systemd that runs it, or empty
main() {
  bin=$(place "$1") dir=$(place "$2") owner=$3 binary=$4 role=$5 theirs=$6 pidfile=$7 data=$8 planned=$9
  shift 9
  port=$1 engine=$2 log=${3-} its_unit=${4-}
  name=redis.conf
  [ "$role" = redis ] || name=sentinel.conf
  if [ -e "$dir/owner" ] && [ "$(first "$dir/owner")" != "$owner" ]; then
    echo "$dir belongs to $(first "$dir/owner")" >&2
    exit 1
  fi
  if [ -e "$dir/owner" ] && [ ! -f "$dir/adopted" ]; then
    echo "$dir holds an instance that Redfleet has built" >&2
    exit 1
  fi
  case $theirs in
    "$dir"/*)
      echo "$theirs lies in $dir, which Redfleet makes" >&2
      exit 1
      ;;
  esac
  if [ -e "$dir/owner" ] && [ "$(readlink "$dir/$name")" = "$theirs" ]; then
    echo unchanged
    exit 0
  fi
  own "$theirs" "$its_unit"
  if [ -z "$own_refused" ] && [ "$(own_port "$role")" != "$port" ]; then
    own_refused="$theirs says port $(own_port "$role"), and it is known by $port"
  fi
  if [ -z "$own_refused" ] && [ "$own_pidfile $own_data $own_log $pid" != "$pidfile $data $log $planned" ]; then
    own_refused="process $pid in $own_data is not what was planned for: process $planned in $data; plan again"
  fi
  if [ -n "$own_refused" ]; then
    echo "$own_refused" >&2
    exit 1
  fi
  # The mark comes last: what a run that was cut off has left before it are links and nothing else.
  if [ -d "$dir" ] && [ -n "$(find "$dir" -mindepth 1 ! -type l ! -path "$dir/log" ! -path "$dir/bin" ! -path "$dir/adopted" \
    ! -path "$dir/owner.new" 2>&1 | head -n 1)" ]; then
    echo "$dir is not empty and not ours" >&2
    exit 1
  fi
  mkdir -p "$bin" "$dir/log" || exit 1
  chmod 700 "$dir" "$dir/log" || exit 1
  for link in "$engine-server" "$engine-sentinel"; do
    # By the instance's name: those beside it on this host make theirs at the same time, and its next run meets what one that was
    # cut off has left.
    new=$bin/.$link.${dir##*/}
    ln -sfn "$binary" "$new" && mv -f "$new" "$bin/$link" || exit 1
  done
  "$bin/$engine-server" --version >/dev/null || exit 1
  # The second line, which few have, is how its process is known.
  printf '%s\n' "$theirs" ${its_unit:+"$its_unit"} >"$dir/adopted" || unwritten "$dir/adopted"
  rm -f "$dir/$name" "$dir/redis.pid" "$dir/data" "$dir/log/redis.log" || exit 1
  ln -s "$theirs" "$dir/$name" && ln -s "$pidfile" "$dir/redis.pid" && ln -s "$data" "$dir/data" || exit 1
  if [ -n "$log" ]; then ln -s "$log" "$dir/log/redis.log" || exit 1; fi
  printf '%s\n' "$owner" >"$dir/owner.new" || unwritten "$dir/owner.new"
  durable "$dir/adopted" && durable "$dir/owner.new" && mv "$dir/owner.new" "$dir/owner" || exit 1
  echo changed
}
fenced "$@" </dev/null
