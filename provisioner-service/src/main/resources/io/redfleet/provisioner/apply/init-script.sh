# Writes the init script of an instance, or takes it away with its start guard and the guard's password; starts and stops nothing.
# write FILE OWNER BOOT: the script that came before this one ($content). OWNER is the mark in it, BOOT says whether init starts it
# at boot, "yes" or "no". gone FILE OWNER GUARD DIR: as far as the mark says that it is ours.
there() { [ -e "$1" ] || [ -L "$1" ]; }

ours() { unit_marked "$1" && [ "$marked" = "$owner" ]; }

tool() {
  tool_said=$(timeout 60 "$@" 2>&1 </dev/null 9>&-) && return 0
  echo "$*: ${tool_said:-no answer within 60 s}" >&2
  return 1
}

# stands: whether a link lets init start it in a runlevel in which there is work. units.sh looks as this does.
stands() {
  for link in "${file%/init.d/*}"/rc[2345].d/S[0-9][0-9]"$name"; do
    if [ -L "$link" ]; then return 0; fi
  done
  return 1
}

# boots YES: links it, or takes all its links away, with the tool that the host has for that.
boots() {
  if command -v update-rc.d >/dev/null; then
    case $1 in
      yes) tool update-rc.d "$name" defaults && tool update-rc.d "$name" enable ;;
      *) tool update-rc.d -f "$name" remove ;;
    esac
  elif command -v chkconfig >/dev/null; then
    case $1 in
      yes) tool chkconfig --add "$name" && tool chkconfig "$name" on ;;
      *) tool chkconfig --del "$name" ;;
    esac
  else
    echo "this host has neither update-rc.d nor chkconfig, by which init knows $name" >&2
    return 1
  fi
}

# set_boot YES: as wanted, and seen to be so: the tools are content with more than they should be.
set_boot() {
  boots "$1" || exit 1
  stood=no
  if stands; then stood=yes; fi
  if [ $stood != "$1" ]; then
    echo "$name is linked for a start at boot: $stood, wanted is $1; the tool said: $tool_said" >&2
    exit 1
  fi
}

write() {
  boot=$1
  umask 022
  if there "$file" && ! ours "$file"; then
    echo "$file is not marked as $owner, and is left alone" >&2
    exit 1
  fi
  change=unchanged
  # shellcheck disable=SC2154 # it comes before
  if [ ! -x "$file" ] || [ "$(cat "$file" 2>/dev/null; echo .)" != "$content." ]; then
    printf '%s' "$content" >"$file.new" || unwritten "$file.new"
    chmod 755 "$file.new" && durable "$file.new" && mv "$file.new" "$file" || exit 1
    change=changed
  fi
  was=no
  if stands; then was=yes; fi
  if [ $was != "$boot" ]; then
    set_boot "$boot"
    change=changed
  fi
  echo $change
}

# unguarded: what is left goes, the mark last.
unguarded() {
  if [ $mine = yes ]; then
    rm -f "$guard.auth.new" "$guard.auth" "$guard.new" "$guard" || exit 1
    rmdir "${guard%/*}" 2>/dev/null
  fi
  echo changed
}

gone() {
  guard=$1 dir=$2 mine=yes
  if there "$guard" && ! ours "$guard"; then mine=no; fi
  if ! there "$file"; then
    if [ $mine = yes ] && { there "$guard" || there "$guard.auth" || there "$guard.auth.new"; }; then
      unguarded
    else
      echo unchanged
    fi
    exit 0
  fi
  if ! ours "$file"; then
    echo "$file is not marked as $owner, and is left alone" >&2
    exit 1
  fi
  # Without a user redis nothing can run as him.
  if redis_ids 2>/dev/null && resident "$dir"; then
    echo "$name still runs, as process $pid" >&2
    exit 1
  fi
  # While it lies there: the tools read it. Links that let nothing start are theirs to take away as well.
  for link in "${file%/init.d/*}"/rc[0-9S].d/[SK][0-9][0-9]"$name"; do
    if [ -L "$link" ]; then
      set_boot no
      break
    fi
  done
  # The script's own file of a shutdown first: without the script nothing would take it away.
  rm -f "${file%/etc/init.d/*}/var/lock/subsys/$name" "$file.new" "$file" "/var/run/$name.lock" || exit 1
  unguarded
}

main() {
  verb=$1 file=$2 owner=$3 name=${2##*/}
  PATH=$PATH:/usr/sbin:/sbin
  shift 3
  case $verb in
    write) write "$@" ;;
    *) gone "$@" ;;
  esac
}
fenced "$@" </dev/null
