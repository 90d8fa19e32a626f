# Writes the start guard of an instance, which its unit or its init script runs as redis: $content from its second line on. The
# first line is the password by which it asks the Sentinels, which redis alone may read; empty: it needs none.
# FILE OWNER: OWNER is the mark in it
main() {
  file=$1 owner=$2 auth=$1.auth
  umask 022
  redis_ids || exit 1
  if { [ -e "$file" ] || [ -L "$file" ]; } && ! { unit_marked "$file" && [ "$marked" = "$owner" ]; }; then
    echo "$file is not marked as $owner, and is left alone" >&2
    exit 1
  fi
  # That of an init script lies in a directory of its own.
  [ -d "${file%/*}" ] || mkdir -p "${file%/*}" || exit 1
  # shellcheck disable=SC2154 # it comes before
  password=${content%%"
"*} text=${content#*"
"}
  change=unchanged
  # The password bears no mark: by that of the guard it is found again.
  if [ "$(cat "$file" 2>/dev/null; echo .)" != "$text." ]; then
    # An empty one would let everything start.
    printf '%s' "$text" >"$file.new" || unwritten "$file.new"
    chmod 644 "$file.new" && durable "$file.new" && mv "$file.new" "$file" || exit 1
    change=changed
  fi
  # Whoever may write in this directory is root: nobody puts a link in the way.
  if [ -z "$password" ]; then
    if [ -e "$auth" ] || [ -L "$auth" ] || [ -e "$auth.new" ]; then
      rm -f "$auth.new" "$auth" || exit 1
      change=changed
    fi
  elif [ "$(piece "$auth" 4096)" != "$password" ] || [ "$(stat -c '%u %a %F' "$auth")" != "$redis_uid 400 regular file" ]; then
    rm -f "$auth.new" && (umask 077 && printf '%s\n' "$password" >"$auth.new") || exit 1
    chmod 400 "$auth.new" && chown "$redis_uid:$redis_gid" "$auth.new" && durable "$auth.new" &&
      mv "$auth.new" "$auth" || exit 1
    change=changed
  fi
  # A directory that root has closed to others would let no start succeed.
  for needed in "$file" ${password:+"$auth"}; do
    if ! as_redis test -r "$needed"; then
      echo "$needed cannot be read by redis, so no start would get past it: chmod a+rx ${needed%/*}" >&2
      exit 1
    fi
  done
  echo $change
}
fenced "$@" </dev/null
