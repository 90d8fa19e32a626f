# Starts an instance and answers once its process lives and answers a PING (or says that it is loading).
# BIN DIR PROGRAM ADDRESS PORT SECONDS: BIN is where the links are
main() {
  bin=$(place "$1") dir=$(place "$2") program=$3 address=$4 port=$5 seconds=$6
  if living "$dir"; then
    echo "pid=$pid"
    echo unchanged
    exit 0
  fi
  if listening "$address" "$port"; then
    echo "port $port on $address is taken by a process that is not ours" >&2
    exit 1
  fi
  case $program in
    *-sentinel)
      config "$dir" sentinel.conf
      # It stores nothing there that is missed: a removal that was cut off may have taken them.
      (umask 077 && mkdir -p "$dir/data" "$dir/log") || exit 1
      ;;
    *) config "$dir" redis.conf ;;
  esac
  rm -f "$dir/stopped" "$dir/retired"
  said=$(cd "$dir/data" && timeout "$seconds" setsid "$bin/$program" "$conf" 2>&1 </dev/null 9>&-)
  status=$?
  if [ $status != 0 ]; then
    # Redis quotes the line that it does not like, and some hold a password.
    said=$(printf '%s' "$said" | conf_hidden)
    echo "$program $conf ended with status $status: $said $(ending "$dir/log/redis.log" | tail -n 3 | conf_hidden)" >&2
    exit 1
  fi
  uptime
  end=$((up + seconds))
  answer=
  while [ "$up" -le "$end" ]; do
    if lapsed; then
      echo "the lease lapsed while $program was waited for; it was started" >&2
      exit 1
    fi
    if living "$dir"; then
      answer=$(ask "$address" "$port" PING)
      case $answer in
        PONG | LOADING* | MASTERDOWN* | BUSY*)
          echo "pid=$pid"
          echo "start=$start"
          echo "answer=$answer"
          echo changed
          exit 0
          ;;
      esac
    fi
    sleep 0.1
    uptime
  done
  echo "$program did not answer a PING within $seconds s (last: $answer); log: $(ending "$dir/log/redis.log" | tail -n 5)" >&2
  exit 1
}
fenced "$@" </dev/null
