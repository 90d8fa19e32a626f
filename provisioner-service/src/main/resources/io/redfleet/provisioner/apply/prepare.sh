# Makes the instance's directories, marks them as ours, links the binary under the names that give it its role.
# BIN DIR OWNER BINARY [valkey]: BIN is where the links are; they are those of Redis where nothing else is said
main() {
  bin=$(place "$1") dir=$(place "$2") owner=$3 binary=$4 engine=${5-redis}
  if [ -e "$dir/owner" ] && [ "$(first "$dir/owner")" != "$owner" ]; then
    echo "$dir belongs to $(first "$dir/owner")" >&2
    exit 1
  fi
  # The mark comes last: what a run that was cut off has left before it holds nothing yet.
  if [ -d "$dir" ] && [ ! -e "$dir/owner" ] && [ -n "$(find "$dir" -mindepth 1 ! -path "$dir/data" ! -path "$dir/log" \
    ! -path "$dir/bin" ! -path "$dir/bin/*" ! -path "$dir/owner.new" 2>&1 | head -n 1)" ]; then
    echo "$dir is not empty and not ours" >&2
    exit 1
  fi
  if [ -e "$dir/owner" ] && [ -d "$dir/data" ] && [ -d "$dir/log" ] && [ "$(readlink "$bin/$engine-server")" = "$binary" ] &&
    [ "$(readlink "$bin/$engine-sentinel")" = "$binary" ] && [ -x "$binary" ]; then
    echo unchanged
    exit 0
  fi
  mkdir -p "$bin" "$dir/data" "$dir/log" || exit 1
  for part in "$dir" "$dir/data" "$dir/log"; do
    # The data of one that was adopted is its builder's, and a link here.
    [ -L "$part" ] || chmod 700 "$part" || exit 1
  done
  for name in "$engine-server" "$engine-sentinel"; do
    # By the instance's name: those beside it on this host make theirs at the same time, and its next run meets what one that was
    # cut off has left.
    new=$bin/.$name.${dir##*/}
    ln -sfn "$binary" "$new" && mv -f "$new" "$bin/$name" || exit 1
  done
  "$bin/$engine-server" --version >/dev/null || exit 1
  printf '%s\n' "$owner" >"$dir/owner.new" || unwritten "$dir/owner.new"
  durable "$dir/owner.new" && mv "$dir/owner.new" "$dir/owner" || exit 1
  echo changed
}
fenced "$@" </dev/null
