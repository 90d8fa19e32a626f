# Takes the unit of an instance that does not run away, with its start guard and the guard's password, when the mark in it says
# that it is ours. A guard is written before its unit, and may be alone; so may the password, of a run of before that was cut off.
# Until systemd has forgotten the unit something stands in the guard's place that bears the mark and lets nothing start: whoever
# comes after a run that was cut off goes on from there. FILE OWNER
ours() { unit_marked "$1" && [ "$marked" = "$owner" ]; }

there() { [ -e "$1" ] || [ -L "$1" ]; }

# closed: puts a guard in the place of whatever guard there is.
closed() {
  printf '#!/bin/sh\n# redfleet-owner %s\nexit 1\n' "$owner" >"$guard.new" || unwritten "$guard.new"
  chmod 644 "$guard.new" && durable "$guard.new" && mv "$guard.new" "$guard" || exit 1
}

# forgotten: systemd sees that the file is gone, and then what is left goes, the mark last.
forgotten() {
  told daemon-reload || exit 1
  # Of one that has not failed there is nothing to reset.
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 9>&-
  if [ $mine = yes ]; then
    rm -f "$untold" "$note.new" "$note" "$guard.auth.new" "$guard.auth" "$guard.new" "$guard" || exit 1
  fi
}

main() {
  file=$1 owner=$2 unit=${1##*/} guard=${1%.service}.guard note=${1%.service}.started
  untold=${1%.service}.untold mine=yes
  if there "$guard" && ! ours "$guard"; then mine=no; fi
  if ! there "$file"; then
    unit_state "$unit" || exit 1
    left=no
    if [ $mine = yes ] && { there "$guard" || there "$guard.auth" || there "$guard.auth.new" || there "$untold"; }; then
      left=yes
    fi
    if [ $left = no ] && [ "$reload" != yes ]; then
      echo unchanged
      exit 0
    fi
    forgotten
    echo changed
    exit 0
  fi
  if ! ours "$file"; then
    echo "$file is not marked as $owner, and is left alone" >&2
    exit 1
  fi
  unit_state "$unit" || exit 1
  case $active in
    inactive | failed) ;;
    *)
      echo "$unit is still $active" >&2
      exit 1
      ;;
  esac
  told disable "$unit" || exit 1
  # That of a Monit has no guard, and nobody would look for one.
  case $guard in
    *.monit.guard) ;;
    *) if [ $mine = yes ]; then closed; fi ;;
  esac
  rm -f "$note.new" "$note" "$file.new" "$file" || exit 1
  forgotten
  echo changed
}
fenced "$@" </dev/null
