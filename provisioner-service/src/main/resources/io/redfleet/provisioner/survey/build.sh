# A Redis that is built of its source, on a host with a compiler, by its SSH user, in a directory of its own. One build goes on
# at a time: the lock is its and its children's, so that nothing is taken for abandoned that still runs. It goes on when the
# connection ends, and a result appears under its name whole or not at all.
# DIR look WORD: what is missing here to build it, or that it was built
# DIR start WORD OWNER VERSION SHA256 BYTES SYSTEMD SECONDS: the source comes on standard input; the build has so many seconds
# DIR poll WORD: how far it is, after five seconds at most
# DIR stop WORD OWNER: the end of a build that this owner has started
# DIR fetch WORD: the archive, on standard output
# WORD names source, version and flags; what it became is kept under that and this machine's kind.
most_bytes=209715200
most_kept=4
# The source unpacked and compiled has some 300 MB.
least_kib=614400

refuse() {
  printf '%s\n' "$*" >&2
  exit 1
}

# kind: sets kind_said to the machine's, of which a program is: processor and libc.
kind() {
  kind_libc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || kind_libc=''
  case $kind_libc in
    'glibc '[0-9]*) kind_libc=glibc${kind_libc#glibc } ;;
    *) kind_libc=other ;;
  esac
  kind_machine=$(uname -m)
  kind_said=$kind_machine-$kind_libc
  case $kind_said in *[!A-Za-z0-9._-]*) kind_said=other ;; esac
}

# whole: whether the result lies there as it was made; sets sha and bytes.
whole() {
  sha='' bytes=''
  if [ ! -f "$made/redis.tar.gz" ] || [ ! -f "$made/made" ]; then return 1; fi
  read -r sha bytes whole_rest 2>/dev/null <"$made/made" || return 1
  [ "$(stat -c %s "$made/redis.tar.gz" 2>/dev/null)" = "$bytes" ] || return 1
  whole_said=$(timeout 60 sha256sum <"$made/redis.tar.gz" 2>/dev/null) || return 1
  [ "${whole_said%% *}" = "$sha" ]
}

say_made() { echo "made $sha $bytes redis-$word-$kind_said.tar.gz"; }

# busy: whether a build goes on, of whatever.
busy() { [ -f "$dir/.lock" ] && ! flock -s -n "$dir/.lock" true; }

# line N: that line of what is being built: 1 its word, 2 its owner.
line() { sed -n "$1p" "$new/job" 2>/dev/null; }

# owned: refuses a directory in which somebody else could change what is built.
owned() {
  if [ "$(stat -L -c %u "$dir")" != "$(id -u)" ] || [ -n "$(find -H "$dir" -maxdepth 0 -perm /022)" ]; then
    refuse "$dir is not $(id -un)'s alone to write: who else may could change what is built there"
  fi
}

look() {
  for look_tool in gcc g++ make pkg-config strip tar gzip sha256sum flock timeout nice stat find sed head tail sync; do
    command -v "$look_tool" >/dev/null || echo "build.missing=$look_tool"
  done
  if command -v pkg-config >/dev/null; then
    pkg-config --exists libssl || echo build.missing=libssl-dev
    case $word in
      *-systemd) pkg-config --exists libsystemd || echo build.missing=libsystemd-dev ;;
    esac
  fi
  if whole; then echo "build.made=$sha"; fi
  echo build.end=yes
}

start() {
  owner=$1 version=$2 source=$3 bytes=$4 systemd=$5 seconds=$6
  case $bytes$seconds in *[!0-9]*) refuse "$bytes bytes and $seconds seconds are no numbers" ;; esac
  [ "$bytes" -le "$most_bytes" ] || refuse "a source of $bytes bytes is not taken: at most $most_bytes"
  mkdir -p "$dir" || exit 1
  owned
  wanted=$bytes
  # Who has just made it may tidy up still.
  if whole; then
    say_made
    return
  fi
  exec 9>>"$dir/.lock" || exit 1
  if ! flock -n 9; then
    echo busy
    return
  fi
  if whole; then
    say_made
    return
  fi
  # Whoever has left this is gone: the lock is ours.
  rm -rf "$new" || exit 1
  start_free=$(df -Pk "$dir" 2>/dev/null | awk 'NR == 2 { print $4 }')
  case $start_free in '' | *[!0-9]*) refuse "$dir: how much is free there is not known" ;; esac
  [ "$start_free" -ge "$least_kib" ] || refuse "$dir has $start_free KiB left, and a build needs $least_kib: nothing was built"
  mkdir "$new" || exit 1
  timeout 600 head -c "$wanted" >"$new/source.tar.gz" 9>&- || refuse "the source did not come within 600 s"
  start_said=$(timeout 60 sha256sum <"$new/source.tar.gz" 9>&-) || exit 1
  if [ "${start_said%% *}" != "$source" ]; then
    start_bytes=$(stat -c %s "$new/source.tar.gz")
    rm -rf "$new"
    refuse "$start_bytes of the source's $wanted bytes came, with sha256 ${start_said%% *}, not $source: nothing was built"
  fi
  read -r start_uptime start_rest </proc/uptime
  printf '%s\n%s\n%s\n' "$word" "$owner" "${start_uptime%.*}" >"$new/job.new" && mv "$new/job.new" "$new/job" || exit 1
  # A function that is redirected keeps what it had, and whoever began this would wait for its end.
  (
    exec </dev/null >/dev/null 2>&1
    compile
  ) &
  echo started
}

# failed WORDS: the build's end, which stays with what make said for whoever asks.
failed() {
  rm -rf "$new/source" "$new/source.tar.gz" "$new/tree" "$new/result"
  printf '%s\n' "$*" >"$new/failed.new" && mv "$new/failed.new" "$new/failed"
  exit 1
}

stopped() { [ ! -e "$new/stopped" ] || failed "it was stopped"; }

# compile: all that comes after the source, under the lock that descriptor 9 holds.
compile() {
  trap '' HUP
  # No file of a build is larger than 1 GiB.
  ulimit -f 2097152
  mkdir "$new/source" "$new/tree" "$new/tree/bin" || failed "$new cannot be written"
  timeout 120 tar -xzf "$new/source.tar.gz" -C "$new/source" --strip-components=1 --no-same-owner \
    --no-same-permissions >"$new/log" 2>&1 || failed "the source cannot be unpacked within 120 s"
  stopped
  # Without a network, where the kernel lets the user leave it.
  alone=''
  if unshare -r -n true 2>/dev/null; then alone='unshare -r -n'; fi
  {
    # shellcheck disable=SC2016,SC2086 # expanded by the inner shell; words
    sh -c 'echo $$ >"$0" && exec "$@"' "$new/make.pid" timeout -k 10 "$seconds" nice -n 19 $alone \
      env -i PATH="$PATH" HOME="$new" LC_ALL=C SOURCE_DATE_EPOCH=0 \
      make -C "$new/source" -j2 MALLOC=libc USE_SYSTEMD="$systemd" BUILD_TLS=yes
    echo $? >"$new/status"
  } 2>&1 | tail -c 65536 >"$new/log"
  stopped
  case $(head -n 1 "$new/status" 2>/dev/null) in
    0) ;;
    124 | 137) failed "make has not ended within $seconds s" ;;
    *) failed "make has failed" ;;
  esac
  pack
}

# pack: as deploy/hosts/redis-archive does, so that the same programs are the same archive, byte for byte.
pack() {
  tree=$new/tree result=$new/result
  for program in redis-server redis-cli; do
    cp "$new/source/src/$program" "$tree/bin/$program" && strip "$tree/bin/$program" || failed "make has made no src/$program"
  done
  pack_said=$(timeout 10 "$tree/bin/redis-server" --version 2>&1 | head -c 400)
  case $pack_said in
    *' v='*) ;;
    *) failed "what was built says no version" ;;
  esac
  pack_said=${pack_said##* v=}
  [ "${pack_said%% *}" = "$version" ] ||
    failed "the source holds Redis ${pack_said%% *}, and spec.redis.version is $version"
  chmod 755 "$tree" "$tree/bin" "$tree/bin/redis-server" "$tree/bin/redis-cli" || failed "$tree cannot be written"
  for link in redis-sentinel redis-check-rdb redis-check-aof; do
    ln -s redis-server "$tree/bin/$link" || failed "$tree cannot be written"
  done
  mkdir "$result" || failed "$result cannot be written"
  tar -C "$tree" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --format=ustar -cf "$result/redis.tar" bin &&
    gzip -9 -n "$result/redis.tar" || failed "the archive cannot be written"
  pack_bytes=$(stat -c %s "$result/redis.tar.gz")
  [ "$pack_bytes" -le "$most_bytes" ] || failed "the archive has $pack_bytes bytes, and at most $most_bytes are brought"
  pack_sha=$(sha256sum <"$result/redis.tar.gz") || failed "the archive cannot be read"
  printf '%s %s\n' "${pack_sha%% *}" "$pack_bytes" >"$result/made" || failed "$result cannot be written"
  durable "$result/redis.tar.gz" && durable "$result/made" || failed "$result cannot be brought to the disk"
  stopped
  # One that is broken; whole it would not have been built again.
  rm -rf "$made"
  mv "$result" "$made" || failed "$made cannot be written"
  rm -rf "$new"
  # Results alone: what else lies here is somebody's. Names of ours have no blanks and no line breaks, and a line that is half of
  # another name has not both ends.
  # shellcheck disable=SC2012
  ls -1td "$dir"/[0-9]*-*-*/made | tail -n "+$((most_kept + 1))" | while read -r old; do
    case $old in "$dir"/[0-9]*-*-*/made) rm -rf "${old%/made}" ;; esac
  done
}

poll() {
  for poll_second in 1 2 3 4 5; do
    if whole; then
      say_made
      return
    fi
    if ! busy; then
      # It may have ended between the two looks.
      if whole; then
        say_made
      elif [ -f "$new/failed" ] && [ "$(line 1)" = "$word" ]; then
        echo "failed $(head -c 400 "$new/failed")"
        tail -n 8 "$new/log" 2>/dev/null | tail -c 1500
      else
        echo gone
      fi
      return
    fi
    if [ "$poll_second" != 5 ]; then sleep 1; fi
  done
  read -r poll_now poll_rest </proc/uptime
  poll_since=$(line 3)
  case $poll_since in '' | *[!0-9]*) poll_since=${poll_now%.*} ;; esac
  echo "running $((${poll_now%.*} - poll_since))"
}

stop() {
  if ! busy || [ "$(line 1)" != "$word" ] || [ "$(line 2)" != "$1" ]; then
    echo unchanged
    return
  fi
  : >"$new/stopped" || exit 1
  stop_second=0
  while [ "$stop_second" -lt 20 ]; do
    if ! busy; then
      echo changed
      return
    fi
    stop_pid=$(head -c 20 "$new/make.pid" 2>/dev/null)
    case $stop_pid in
      '' | *[!0-9]*) ;;
      *)
        # It passes the signal on to all that it has begun.
        if [ "$(cat "/proc/$stop_pid/comm" 2>/dev/null)" = timeout ]; then kill "$stop_pid" 2>/dev/null; fi
        ;;
    esac
    sleep 1
    stop_second=$((stop_second + 1))
  done
  refuse "what is being built in $new has not ended within 20 s of its being stopped"
}

fetch() {
  whole || refuse "what was built is not kept in $dir any more: apply again"
  cat "$made/redis.tar.gz"
}

main() {
  dir=$(place "$1") verb=$2 word=$3
  shift 3
  case $word in '' | [!0-9]* | *[!A-Za-z0-9.-]* | *..*) refuse "$word names nothing that is built" ;; esac
  kind
  new=$dir/.new made=$dir/$word-$kind_said
  if [ -e "$dir" ] || [ -L "$dir" ]; then owned; fi
  case $verb in
    look) look ;;
    start) start "$@" ;;
    poll) poll ;;
    stop) stop "$@" ;;
    fetch) fetch ;;
    *) refuse "no verb $verb" ;;
  esac
}
case ${2-} in
  start) main "$@" ;;
  *) main "$@" </dev/null ;;
esac
