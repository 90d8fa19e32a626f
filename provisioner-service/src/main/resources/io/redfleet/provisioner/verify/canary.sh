# Writes one key on the master, as the user who owns that key and no other, and looks on each data node of this host whether it
# comes, and is gone once its time is over. A key that is there is never written over: it is waited for as long as one of ours
# lives. Replicas are asked at the same time, on their own hosts.
# BASE CLUSTER KEY TOKEN LIVES [ROLE NAME ADDRESS PORT]...: LIVES is for how many seconds the key is there; ROLE is master or replica

# clock: sets now to the host's uptime, in hundredths of a second.
clock() {
  read -r now rest </proc/uptime
  now=${now%.*}${now#*.}
}

# answer WORDS...: sets said to what the instance answers, in one line that ends with a blank; empty: it answers nothing.
answer() { said=$(ask "$address" "$port" "$@" | head -c 300 | tr '\r\n' '  ' | tr -c ' -~' '?'); }

say() { printf 'i.%s.canary=%s %s\n' "$name" "$1" "$2"; }

# written: whether the master has taken the key.
written() {
  clock
  over=$((now + lives * 100 + 100))
  while :; do
    answer SET "$key" "$token" NX PX "${lives}000"
    case $said in
      'OK ')
        say wrote OK
        return
        ;;
      '')
        say wrote 'SILENT no answer within 2 s'
        return 1
        ;;
      ' ') ;;
      *)
        say wrote "$said"
        return 1
        ;;
    esac
    # An answer of ours may have been lost.
    answer GET "$key"
    if [ "$said" = "$token " ]; then
      say wrote OK
      return
    fi
    clock
    if [ "$now" -ge "$over" ]; then
      say wrote 'EXISTS another one of that name is there'
      return 1
    fi
    sleep 0.2
  done
}

# came: whether the key is read, within its time and a second.
came() {
  clock
  over=$((now + lives * 100 + 100))
  while :; do
    answer GET "$key"
    if [ "$said" = "$token " ]; then
      say read yes
      return
    fi
    clock
    if [ "$now" -ge "$over" ]; then
      case $said in
        '') say read 'no answer within 2 s' ;;
        ' ') say read 'it is not there' ;;
        *) say read "it answers $said" ;;
      esac
      return 1
    fi
    sleep 0.1
  done
}

# went: whether it is gone once its time is over, and two seconds more.
went() {
  clock
  over=$((now + lives * 100 + 200))
  while :; do
    answer GET "$key"
    if [ "$said" = ' ' ]; then
      say gone yes
      return
    fi
    clock
    if [ "$now" -ge "$over" ]; then
      say gone no
      return
    fi
    sleep 0.2
  done
}

node() {
  role=$1 name=$2 address=$3 port=$4
  if [ "$role" = master ]; then written || return; fi
  came || return
  went
}

main() {
  key=$3 token=$4 lives=$5
  shift 5
  # At once: the key does not wait for whoever is asked last.
  while [ $# -ge 4 ]; do
    node "$1" "$2" "$3" "$4" &
    shift 4
  done
  wait
  echo "canary.end=yes"
}
main "$@" </dev/null
