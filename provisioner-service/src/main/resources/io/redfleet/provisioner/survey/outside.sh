# Shared by every script and by the start guard: what comes from outside, be it a file that somebody else can put there or a list
# of endpoints.

# piece FILE [BYTES]: what a regular file begins with, at most so many bytes (1 MiB) and within 5 s; nothing of a FIFO, a device or
# a directory, which might be waited for in vain. Another file may take its place after the look: who can do that in a directory
# of redis's is who this script runs as, and could end the script itself. Root opens there nothing at all, or as redis.
piece() { [ -f "$1" ] && timeout 5 head -c "${2:-1048576}" "$1" 2>/dev/null; }

# modest FILE: whether it is a regular file of at most 1 MiB, and so what a configuration is.
modest() { [ -n "$(timeout 5 find -L "$1" -prune -type f -size -2049 2>/dev/null)" ]; }

# first FILE: its first line, at most 4 KiB of it.
first() { piece "$1" 4096 | head -n 1; }

# ending FILE [BYTES]: as piece, what it ends with (4 KiB).
ending() { [ -f "$1" ] && timeout 5 tail -c "${2:-4096}" "$1" 2>/dev/null; }

# client CA [WORDS...]: sets cli to the program that asks an instance. Redis and Valkey speak the same protocol, so either asks both;
# but where a CA is named one may have been built without TLS. The words come before what is asked of redis-cli itself.
client() {
  client_ca=$1
  shift
  cli=redis-cli
  command -v valkey-cli >/dev/null 2>&1 || return 0
  if ! command -v redis-cli >/dev/null 2>&1 || { [ -n "$client_ca" ] && plain redis-cli "$@"; }; then cli=valkey-cli; fi
}

# plain CLI [WORDS...]: whether that program was built without TLS, as its help has it; one that says nothing within 1 s is not said
# to be. The words come before it.
plain() {
  plain_cli=$1
  shift
  plain_said=$("$@" timeout 1 "$plain_cli" --help 2>&1 </dev/null | head -c 65536)
  case $plain_said in '' | *--cacert*) return 1 ;; esac
}

# endpoint WORD: sets endpoint_host and endpoint_port to what is HOST:PORT and nothing else; the host may hold colons of its own.
endpoint() {
  endpoint_host=${1%:*} endpoint_port=${1##*:}
  case $1 in *:*) ;; *) return 1 ;; esac
  case $endpoint_host in '' | -* | *[!A-Za-z0-9.:_-]*) return 1 ;; esac
  case $endpoint_port in '' | 0* | *[!0-9]* | ??????*) return 1 ;; esac
  [ ${#endpoint_host} -le 253 ] && [ "$endpoint_port" -le 65535 ]
}

# endpoints COUNT WORD...: sets endpoints_are to the first so many, each as two words, host and port; more words may follow.
endpoints() {
  endpoints_are='' endpoints_left=$1
  shift
  while [ "$endpoints_left" -gt 0 ]; do
    if ! endpoint "${1-}"; then
      printf "'%s' must be HOST:PORT, with a port from 1 to 65535\n" "${1-}" >&2
      return 1
    fi
    endpoints_are="$endpoints_are $endpoint_host $endpoint_port" endpoints_left=$((endpoints_left - 1))
    shift
  done
}
