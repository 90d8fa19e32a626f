# Writes "replicaof ADDRESS PORT" into the configuration of an instance that does not run, so that it never comes up as
# a second master. DIR ADDRESS PORT; ADDRESS "none" removes the line.
main() {
  dir=$(place "$1") address=$2 port=$3
  config "$dir" redis.conf
  if living "$dir"; then
    echo "process $pid runs; its configuration is its own" >&2
    exit 1
  fi
  if [ -e "$conf" ] && ! modest "$conf"; then
    echo "$conf must be a regular file of at most 1 MiB" >&2
    exit 1
  fi
  case $address in
    none) wanted= ;;
    *) wanted="replicaof $address $port" ;;
  esac
  if [ "$(grep -E '^(replicaof|slaveof) ' "$conf")" = "$wanted" ]; then
    echo unchanged
    exit 0
  fi
  rm -f "$conf_new" || exit 1
  { grep -Ev '^(replicaof|slaveof) ' "$conf" && { [ -z "$wanted" ] || printf '%s\n' "$wanted"; }; } >"$conf_new" ||
    unwritten "$conf_new"
  chmod "$conf_mode" "$conf_new" && durable "$conf_new" && mv "$conf_new" "$conf" || exit 1
  echo changed
}
fenced "$@" </dev/null
