# Redis out of an archive, in a directory of its version beside others; or its end. What lies there already is never written
# over by another archive, and what bears no mark of ours is left alone. Nothing that runs is touched.
# TOP UID CLUSTER BASE look VERSION SHA256 [valkey|ORIGIN]: says whether the archive has to come ("wanted"); where it lies already,
#   that this cluster uses it is noted. What came of the same origin, a source of Redis's and how it is built, is the same
# TOP UID CLUSTER BASE install VERSION SHA256 BYTES SERVICE [valkey|ORIGIN]: the archive comes on standard input
# TOP UID CLUSTER BASE release VERSION...: what goes, if nothing else uses it
mark='# redfleet-archive'
most_bytes=209715200
most_members=2000
# What unpacks to more than so many times itself is a bomb; a server with its symbols has three times its archive.
most_times=8
newline='
'

# of ENGINE: sets what its programs are called; it is Redis where nothing else is said.
of() {
  server=${1:-redis}-server asker=${1:-redis}-cli title=Redis
  if [ "${1-}" = valkey ]; then title=Valkey; fi
}

refuse() {
  printf '%s\n' "$*" >&2
  exit 1
}

# marked DIR: sets archive, binary and origin to what its mark says, or fails where it bears none of ours.
marked() {
  archive='' binary='' origin='' marked_first=''
  if [ ! -d "$1" ] || [ -L "$1" ] || [ ! -f "$1/.redfleet" ] || [ -L "$1/.redfleet" ]; then return 1; fi
  while read -r marked_kind marked_one marked_rest; do
    if [ -z "$marked_first" ]; then marked_first="$marked_kind $marked_one"; fi
    case $marked_kind in
      archive) archive=$marked_one ;;
      binary) binary=$marked_one ;;
      source) origin=$marked_one ;;
    esac
  done <"$1/.redfleet"
  [ "$marked_first" = "$mark" ]
}

# digest FILE: sets digest_said to its SHA-256.
digest() {
  digest_said=$(timeout 60 sha256sum <"$1" 8>&- 9>&-) || return 1
  digest_said=${digest_said%% *}
}

# a_version WORD: refuses what could be any other name.
a_version() {
  case $1 in '' | [!0-9]* | *[!0-9.]* | *..* | *.) refuse "$1 is no version" ;; esac
}

# in_the_way: refuses a tree that is not ours, or came out of another archive.
in_the_way() {
  if [ ! -e "$tree" ] && [ ! -L "$tree" ]; then return; fi
  marked "$tree" || refuse "$tree was not made by Redfleet and is left as it is: move it away first"
  if [ -n "$built_of" ] && [ "$origin" = "$built_of" ]; then return; fi
  [ "$archive" = "$sha" ] ||
    refuse "$tree came out of an archive with sha256 $archive, not $sha: a version that lies there is never written over"
}

# owned: refuses a directory in which somebody else could change what instances run.
owned() {
  if [ "$(stat -L -c %u "$top")" != "$(id -u)" ] || [ -n "$(find -H "$top" -maxdepth 0 -perm /022)" ]; then
    refuse "$top is not $(id -un)'s alone to write: who else may could change what lies there; move it away, or mend it"
  fi
}

# stands: whether the wanted version lies there whole.
stands() { marked "$tree" && digest "$tree/bin/$server" 2>/dev/null && [ "$digest_said" = "$binary" ]; }

# users FILE: who uses it by the mark, without this cluster: lines of uid and name.
users() {
  [ -e "$1" ] || return 0
  awk -v owner="$owner" '$1 == "cluster" && $2 != owner { print $2, $3 }' "$1"
}

# note DIR BINARY USERS: writes the mark.
note() {
  note_users=$(printf '%s\n' "$3" | sed -n 's/^./cluster &/p')
  note_source=${built_of:+source $built_of$newline}
  printf '%s\narchive %s\nbinary %s\n%s%s\n' "$mark" "$sha" "$2" "$note_source" "$note_users" >"$1/.redfleet.new" ||
    unwritten "$1/.redfleet.new"
  chmod 644 "$1/.redfleet.new" && durable "$1/.redfleet.new" && mv -f "$1/.redfleet.new" "$1/.redfleet" || exit 1
}

# use: notes that this cluster uses the tree; says whether it did already.
use() {
  if awk -v owner="$owner" '$1 == "cluster" && $2 == owner { found = 1 } END { exit !found }' "$tree/.redfleet"; then
    echo unchanged
    return
  fi
  # The mark says what lies there, which may have been built elsewhere than what would come.
  sha=$archive built_of=${origin:-$built_of}
  note "$tree" "$binary" "$(users "$tree/.redfleet")$newline$owner $cluster"
  echo changed
}

# last_word WORD: the engine, or of what the archive was built, which the mark has to be able to hold: Redis alone is built so.
last_word() {
  built_of=
  case $1 in
    valkey) of valkey ;;
    *[!A-Za-z0-9.-]*) refuse "$1 is no origin of an archive" ;;
    *) of redis && built_of=$1 ;;
  esac
}

look() {
  version=$1 sha=$2 tree=$top/$1
  last_word "${3-}"
  a_version "$version"
  in_the_way
  if stands; then
    use
  else
    echo wanted
  fi
}

# roomy BYTES: refuses where so much would not fit.
roomy() {
  roomy_free=$(df -Pk "$top" 2>/dev/null | awk 'NR == 2 { print $4 }')
  case $roomy_free in '' | *[!0-9]*) refuse "$top: how much is free there is not known" ;; esac
  [ "$roomy_free" -ge $(($1 / 1024)) ] ||
    refuse "$top has $roomy_free KiB left, and an archive of $bytes bytes needs $(($1 / 1024)): nothing was unpacked"
}

# received: what comes on standard input is the archive, or is dropped.
received() {
  timeout 600 head -c "$bytes" >"$work/archive" 8>&- 9>&- || refuse "the archive did not come within 600 s"
  received_bytes=$(stat -c %s "$work/archive")
  [ "$received_bytes" = "$bytes" ] || refuse "$received_bytes of the archive's $bytes bytes came: nothing was unpacked"
  digest "$work/archive" || refuse "$work/archive cannot be read"
  [ "$digest_said" = "$sha" ] || refuse "the archive came with sha256 $digest_said, not $sha: nothing was unpacked"
  echo "received $bytes bytes"
}

# looked_into: refuses an archive with a member that leads out of its directory or is no file, directory or link to a
# neighbour; with too many of them, or too much in them. Names are of few characters, so that what tar lists can be read.
looked_into() {
  # Of so many members as are let in the list has a third of these 2 MB.
  if ! (ulimit -f 4096 && timeout 120 tar --numeric-owner -tvzf "$work/archive" >"$work/listed" 2>"$work/said" 8>&- 9>&-); then
    refuse "what is in the archive cannot be listed, in 120 s and 2 MB: $(sed -n "/./{p;q;}" "$work/said")"
  fi
  looked_said=$(awk -v members="$most_members" -v most="$((bytes * most_times + 1048576))" '
    function bad(why) { print why ": " $0; failed = 1; exit }
    NR > members { bad("it has more than " members " members") }
    {
      kind = substr($1, 1, 1)
      if (kind != "-" && kind != "d" && kind != "l") bad("a member is no file, directory or symbolic link")
      if (NF != (kind == "l" ? 8 : 6)) bad("a member has a name with blanks, or is of a form that is not known")
      name = $6
      if (name !~ /^[A-Za-z0-9._\/+@=-]+$/) bad("a member has a name with other than letters, digits and . _ / + @ = -")
      if (name ~ /^\// || name ~ /(^|\/)\.\.(\/|$)/) bad("a member leads out of the archive")
      if (name ~ /(^|\/)\.redfleet/) bad("a member has the name of our own mark")
      if (kind == "l" && ($7 != "->" || $8 !~ /^[A-Za-z0-9_+][A-Za-z0-9._+-]*$/)) bad("a link leads out of its directory")
      total += $3
      if (total > most) bad("it unpacks to more than " most " bytes")
    }
    END { if (!failed) print "bytes " total + 0 }' "$work/listed" | tr -d '\r' | head -c 400)
  case $looked_said in
    bytes\ *) roomy "$((${looked_said#bytes } + bytes))" ;;
    *) refuse "the archive is not unpacked: ${looked_said:-what is in it cannot be listed}" ;;
  esac
}

# unpacked: into the directory of ours; whatever tar was told, nothing else than files, directories and links is there then.
unpacked() {
  new=$work/tree
  mkdir "$new" || exit 1
  if ! timeout 300 tar -xzf "$work/archive" -C "$new" --no-same-owner --no-same-permissions 2>"$work/said" 8>&- 9>&-; then
    refuse "the archive cannot be unpacked within 300 s: $(sed -n "/./{p;q;}" "$work/said")"
  fi
  rm -f "$work/archive" "$work/listed" "$work/said"
  stranger=$(find "$new" \( ! -type d ! -type f ! -type l \) -o \( -type f -links +1 \) -o \( -type l -lname '*/*' \) | head -n 1)
  [ -z "$stranger" ] || refuse "$stranger is no file, directory or link to a neighbour: the archive is not taken"
  chmod -R u-s,g-s,u=rwX,go=rX "$new" || exit 1
  for name in "$server" "$asker"; do
    if [ ! -f "$new/bin/$name" ] || [ -L "$new/bin/$name" ] || [ ! -x "$new/bin/$name" ]; then
      refuse "the archive has no program bin/$name"
    fi
  done
}

# runs WORDS...: what comes out of an archive is run by nobody who could do more than redis, where there is a choice.
runs() {
  if [ "$service" = systemd ]; then
    as_redis "$@"
  else
    timeout 10 "$@" 8>&- 9>&- </dev/null
  fi
}

# asked: refuses a binary that is of another version, or that systemd would wait for in vain.
asked() {
  if [ "$service" = systemd ]; then
    redis_ids || exit 1
    grep -q 'libsystemd\.so' "$new/bin/$server" ||
      refuse "bin/$server does not use libsystemd, and service: systemd waits for what it says by that: USE_SYSTEMD=yes"
  fi
  asked_said=$(runs "$new/bin/$server" --version 2>&1 | head -c 400) || exit 1
  case $asked_said in
    *' v='*) ;;
    *) refuse "bin/$server says no version: $(printf '%s' "$asked_said" | tr '\n\r' '  ')" ;;
  esac
  asked_version=${asked_said##* v=}
  asked_version=${asked_version%% *}
  case $asked_said in
    "$title "*) ;;
    *) refuse "the archive holds no $title: bin/$server says $(printf '%s' "$asked_said" | tr '\n\r' '  ')" ;;
  esac
  [ "$asked_version" = "$version" ] || refuse "the archive holds $title $asked_version, and $version is wanted"
}

# pointed: lets scripts of ours find the redis-cli that came last. No instance runs by that link. Another's is left alone.
pointed() {
  [ "$service" = systemd ] || return 0
  if [ -L "$top/current" ]; then
    pointed_at=$(readlink "$top/current")
    case $pointed_at in '' | */* | .*) return 0 ;; esac
    if [ -e "$top/$pointed_at" ] && ! marked "$top/$pointed_at"; then return 0; fi
  elif [ -e "$top/current" ]; then
    return 0
  fi
  ln -sfn "$version" "$top/current" || exit 1
}

install_tree() {
  version=$1 sha=$2 bytes=$3 service=$4 tree=$top/$1
  last_word "${5-}"
  a_version "$version"
  case $bytes in '' | *[!0-9]*) refuse "$bytes is no number of bytes" ;; esac
  [ "$bytes" -le "$most_bytes" ] || refuse "an archive of $bytes bytes is not taken: at most $most_bytes"
  in_the_way
  if stands; then
    use
    return
  fi
  roomy "$((bytes * 4))"
  work=$top/.redfleet-new.$version
  mkdir "$work" || exit 1
  trap 'rm -rf "$work"' EXIT
  received
  looked_into
  unpacked
  asked
  digest "$new/bin/$server" || exit 1
  for file in "$new"/bin/*; do
    if [ -f "$file" ]; then durable "$file" || exit 1; fi
  done
  note "$new" "$digest_said" "$(users "$tree/.redfleet")$newline$owner $cluster"
  if lapsed; then refuse "the lease lapsed while the archive came: nothing was put in place"; fi
  # A broken one of ours goes aside: what runs out of it goes on.
  if [ -e "$tree" ]; then mv "$tree" "$top/.redfleet-old.$version" || exit 1; fi
  # Before the place has it: from then on nobody comes again.
  pointed
  mv "$new" "$tree" || exit 1
  rm -rf "$top/.redfleet-old.$version"
  echo "unpacked as $tree"
  echo changed
}

# used: sets user to what still runs out of the tree, or would.
used() {
  user=$(find /proc/[0-9]*/exe -maxdepth 0 -lname "$tree/*" 2>/dev/null | head -n 1)
  if [ -n "$user" ]; then
    user="${user%/exe} runs"
    return
  fi
  user=$(grep -lsF "$tree/" /etc/systemd/system/*.service | head -n 1)
  if [ -n "$user" ]; then
    user="$user names it"
    return
  fi
  for link in "$base"/bin/redis-server "$base"/*/*/bin/redis-server "$base"/bin/valkey-server "$base"/*/*/bin/valkey-server; do
    case $link in "$base/$cluster"/*) continue ;; esac
    case $(readlink "$link" 2>/dev/null) in
      "$tree"/*)
        [ ! -e "${link%/bin/*}/retired" ] || continue
        user="$link leads there"
        return
        ;;
    esac
  done
  return 1
}

# away: the tree that is no longer used. Who looks for a redis-cli finds that of another of ours, if there is one; before the
# mark is gone, without which nobody comes again.
away() {
  if [ "$(readlink "$top/current" 2>/dev/null)" = "$version" ]; then
    rm -f "$top/current" || exit 1
    for other in "$top"/[0-9]*; do
      if [ "$other" != "$tree" ] && marked "$other"; then
        ln -sfn "${other##*/}" "$top/current" || exit 1
        break
      fi
    done
  fi
  # The mark last: by it whoever comes again finds what is left to do.
  find "$tree" -mindepth 1 -maxdepth 1 ! -name .redfleet -exec rm -rf {} + && rm -rf "$tree" || exit 1
}

release() {
  change=unchanged
  for named; do a_version "$named"; done
  for tree in "$top"/[0-9]*; do
    version=${tree##*/}
    marked "$tree" || continue
    grep -q "^cluster $owner " "$tree/.redfleet" || continue
    sha=$archive built_of=$origin others=$(users "$tree/.redfleet")
    case " $* " in *" $version "*) goes=yes ;; *) goes=no ;; esac
    change=changed
    if [ -n "$others" ] || [ $goes = no ]; then
      note "$tree" "$binary" "$others"
    elif used; then
      note "$tree" "$binary" ''
      echo "left $tree: $user"
    else
      away
    fi
  done
  echo $change
}

main() {
  top=$(place "$1") owner=$2 cluster=$3 base=$(place "$4") verb=$5
  shift 5
  # Others have to run what lies there.
  umask 022
  if [ "$verb" = release ] && [ ! -d "$top" ]; then
    echo unchanged
    return
  fi
  mkdir -p "$top" || exit 1
  owned
  # The lease is on one directory; clusters in two of them meet here.
  exec 8<"$top" || exit 1
  flock -w 60 8 || refuse "another operation has worked on $top for 60 s; apply again"
  # Whoever has left these is gone: the lock is ours. What was put aside for a better one that never came is still in use.
  for aside in "$top"/.redfleet-old.*; do
    back=$top/${aside#"$top"/.redfleet-old.}
    if marked "$aside" && [ ! -e "$back" ]; then mv "$aside" "$back" || exit 1; fi
  done
  rm -rf "$top"/.redfleet-new.* "$top"/.redfleet-old.* || exit 1
  case $verb in
    look) look "$@" ;;
    install) install_tree "$@" ;;
    release)
      release "$@"
      rmdir "$top" 2>/dev/null || :
      ;;
    *) refuse "no verb $verb" ;;
  esac
}
case ${8-} in
  install) fenced "$@" ;;
  *) fenced "$@" </dev/null ;;
esac
