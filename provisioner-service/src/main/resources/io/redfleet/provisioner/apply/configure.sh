# Sets directives in the configuration of an instance that does not run, which it will read at its start. Every other line
# stays: the file belongs to Redis, which has rewritten it since. DIR then NAME LINE...
main() {
  dir=$(place "$1")
  config "$dir" redis.conf
  shift
  if living "$dir"; then
    echo "process $pid runs; its configuration is its own" >&2
    exit 1
  fi
  if ! modest "$conf"; then
    echo "$conf must be a regular file of at most 1 MiB" >&2
    exit 1
  fi
  before=$(cat "$conf") || exit 1
  text=$before
  while [ $# -ge 2 ]; do
    if [ "$(printf '%s\n' "$text" | awk -v name="$1" 'tolower($1) == name')" != "$2" ]; then
      text=$(printf '%s\n' "$text" | awk -v name="$1" 'tolower($1) != name') || exit 1
      text="$text
$2"
    fi
    shift 2
  done
  if [ "$text" = "$before" ]; then
    echo unchanged
    exit 0
  fi
  rm -f "$conf_new" || exit 1
  printf '%s\n' "$text" >"$conf_new" || unwritten "$conf_new"
  chmod "$conf_mode" "$conf_new" && durable "$conf_new" && mv "$conf_new" "$conf" || exit 1
  echo changed
}
fenced "$@" </dev/null
