# Writes a file that is not there yet, whole or not at all: what came before this script ($content). One that stands is left as
# it is. TARGET STAGED: STAGED is a name beside it that no other lease uses
main() {
  target=$1 staged=$2
  dir=${target%/*} name=${target##*/}
  said=present
  if [ ! -e "$target" ]; then
    # shellcheck disable=SC2154 # it comes before
    printf '%s' "$content" >"$staged" || unwritten "$staged"
    durable "$staged" && mv "$staged" "$target" || exit 1
    said=changed
  fi
  rm -f "$dir/.$name."*.staged
  echo "$said"
}
fenced "$@" </dev/null
