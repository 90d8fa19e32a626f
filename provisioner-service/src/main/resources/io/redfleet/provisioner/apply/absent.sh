# Whether a file is not there yet. PATH
main() {
  if [ -e "$1" ]; then echo present; else echo absent; fi
}
main "$@" </dev/null
