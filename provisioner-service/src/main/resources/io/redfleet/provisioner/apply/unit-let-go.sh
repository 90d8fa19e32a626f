# Takes what Redfleet has added to a unit that somebody else wrote, when the mark in it says that it is ours: the drop-in, the
# start guard and what lies beside them. The unit is not written and its process not touched: it goes on as its builder has it.
# systemd is told before the guard goes, for a drop-in that names one which is gone would let nothing start. Of a run that was
# cut off the guard is found, or a mark that systemd was not told. FILE OWNER
ours() { unit_marked "$1" && [ "$marked" = "$owner" ]; }

there() { [ -e "$1" ] || [ -L "$1" ]; }

main() {
  file=$1 owner=$2
  if ! dropped_in "$file"; then
    echo "$file is no drop-in of Redfleet's" >&2
    exit 1
  fi
  unit_named "$file"
  guard=$stem.guard
  if there "$file" && ! ours "$file"; then
    echo "$file is not marked as $owner, and is left alone" >&2
    exit 1
  fi
  mine=yes
  if there "$guard" && ! ours "$guard"; then mine=no; fi
  if ! there "$file"; then
    left=no
    for beside in "$guard" "$guard.new" "$guard.auth" "$guard.auth.new" "$stem.untold" "$file.new"; do
      if there "$beside"; then left=yes; fi
    done
    if [ $left = no ] || [ $mine = no ]; then
      echo unchanged
      exit 0
    fi
  fi
  if [ -d "${file%/*}" ]; then printf '' >"$stem.untold" || unwritten "$stem.untold"; fi
  rm -f "$file.new" "$file" && told daemon-reload || exit 1
  if [ $mine = yes ]; then
    rm -f "$guard.auth.new" "$guard.auth" "$guard.new" "$guard" || exit 1
  fi
  rm -f "$stem.started.new" "$stem.started" "$stem.untold" || exit 1
  # Its builder may have drop-ins of his own there.
  rmdir "${file%/*}" 2>/dev/null
  echo changed
}
fenced "$@" </dev/null
