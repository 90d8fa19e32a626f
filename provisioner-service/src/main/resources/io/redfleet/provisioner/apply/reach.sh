# Whom this host reaches: a connection is begun to each port, and whatever Redis answers counts. ADDRESS PORT...: prints each
# port that answers. Nothing is changed.
main() {
  reach_address=$1
  shift
  for port; do
    case $(ask "$reach_address" "$port" PING) in
      PONG* | *NOAUTH* | *WRONGPASS* | *NOPERM* | *LOADING* | *BUSY* | *MASTERDOWN* | *DENIED* | *MISCONF*)
        echo "reached=$port"
        ;;
    esac
  done
  echo "reach.end=yes"
}
main "$@" </dev/null
