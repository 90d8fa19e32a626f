# Moves a file that was uploaded beside its target into place; one that stands already is left as it is. The upload itself
# cannot be fenced, so it goes to a name that no other lease uses. TARGET STAGED
main() {
  target=$1 staged=$2
  dir=$(dirname "$target") name=$(basename "$target")
  said=present
  if [ ! -e "$target" ]; then
    durable "$staged" && mv "$staged" "$target" || exit 1
    said=changed
  fi
  rm -f "$dir/.$name."*.staged "$dir/..$name."*.staged.redfleet
  echo "$said"
}
fenced "$@" </dev/null
