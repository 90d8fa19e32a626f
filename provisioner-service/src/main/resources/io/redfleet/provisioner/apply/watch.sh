# Gives a Sentinel that has lost its master one to watch. Until it has all of its settings the quorum is out of reach, so that it
# begins no failover while it cannot enter the master or has another patience than the others. Cut anywhere, it may be done again.
# ADDRESS PORT NAME HOST PORT QUORUM OUT_OF_REACH [OPTION VALUE]...
# $content: lines "login DIRECTIVE VALUE", which stand on no command line.

# set_to OPTION VALUE
set_to() {
  said=$(hidden "$2" SENTINEL SET "$master" "$1")
  [ "$said" = OK ] && return 0
  if [ "$1" = auth-pass ]; then
    case $said in *"$2"*) said='an error that repeats the password' ;; esac
  fi
  echo "SENTINEL SET $master $1 answered: ${said:-nothing within 2 s}" >&2
  return 1
}

main() {
  address=$1 port=$2 master=$3 at=$4 at_port=$5 quorum=$6 beyond=$7
  shift 7
  said=$(ask "$address" "$port" SENTINEL MONITOR "$master" "$at" "$at_port" "$beyond")
  case $said in
    OK) ;;
    'ERR Duplicate'*)
      # An owner that was cut off may have come so far, or a person. With a quorum that counts already, nothing is to be held back.
      said=$(ask "$address" "$port" SENTINEL get-master-addr-by-name "$master" | tr '\r\n' '  ')
      said=${said% }
      if [ "$said" != "$at $at_port" ]; then
        echo "it watches $master at ${said:-nobody knows where} by now, and not at $at $at_port: apply again" >&2
        exit 1
      fi
      ;;
    *)
      echo "SENTINEL MONITOR $master $at $at_port answered: ${said:-nothing within 2 s}" >&2
      exit 1
      ;;
  esac
  set -f
  IFS='
'
  for line in $content; do
    unset IFS
    # shellcheck disable=SC2086 # its words
    set_to ${line#login } || exit 1
  done
  unset IFS
  set +f
  while [ $# -ge 2 ]; do
    set_to "$1" "$2" || exit 1
    shift 2
  done
  set_to quorum "$quorum" || exit 1
  echo changed
}
fenced "$@" </dev/null
