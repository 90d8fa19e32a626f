# Versions of Redis that archives brought to this host, as key=value lines. Changes nothing and needs no root.
# TOP [valkey]: the directory that they lie in, beside each other; of Valkey where it says so
main() {
  top=$(place "$1") server=${2-redis}-server
  for tool in tar gzip sha256sum head stat find sync; do command -v "$tool" >/dev/null || echo "missing=$tool"; done
  for tree in "$top"/*; do
    version=${tree##*/}
    case $version in '' | [!0-9]* | *[!0-9.]*) continue ;; esac
    mark=$tree/.redfleet first='' archive='' noted='' users=''
    if [ -d "$tree" ] && [ ! -L "$tree" ] && [ -f "$mark" ] && [ ! -L "$mark" ]; then
      while read -r kind one two rest; do
        if [ -z "$first" ]; then first="$kind $one"; fi
        case $kind in
          archive) archive=$one ;;
          binary) noted=$one ;;
          source) users="$users
archive.source=$version $one" ;;
          cluster) users="$users
archive.user=$version $one $two" ;;
        esac
      done <"$mark"
    fi
    if [ "$first" != '# redfleet-archive' ]; then
      echo "archive.tree=$version strange - -"
      continue
    fi
    said=$(sha256sum <"$tree/bin/$server" 2>/dev/null)
    whole=broken
    if [ -n "$noted" ] && [ "${said%% *}" = "$noted" ]; then whole=whole; fi
    echo "archive.tree=$version ours ${archive:--} $whole$users"
  done
  echo archive.end=yes
}
main "$@" </dev/null
