# Before every script, the common part too. What sudo is to run by its text stands in the host's log, word by word: this is all
# that such a script has beside its own.
LC_ALL=C
PATH=$PATH:/usr/local/bin:/opt/redis/current/bin:/opt/valkey/current/bin
export LC_ALL PATH
umask 077

# place BASE: the absolute form of a spec's directory.
place() {
  case $1 in
    /*) printf '%s' "$1" ;;
    *) printf '%s/%s' "$HOME" "$1" ;;
  esac
}
