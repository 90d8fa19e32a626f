# Lets in only who may reach a cluster's ports on this host, by a table of nftables that is the cluster's own, or takes that away,
# as root. No other table is read or written. What bears another's mark, or none, is never written over and never removed.
# A table that is new waits for a word: without it a watchman puts back what was kept last, whatever has become of who began it.
# ROOT UID CLUSTER lapse: what waits, whoever began it, is put back now
# ROOT UID CLUSTER shut TOKEN SECONDS RULE... -- UNIT...: the lines of both files
# ROOT UID CLUSTER keep TOKEN: what waits by that token is kept, and loaded at boot
# ROOT UID CLUSTER undo TOKEN: what waits by that token is taken away now
# ROOT UID CLUSTER open: all that is the cluster's goes
refuse() {
  echo "$*" >&2
  exit 1
}

# mine FILE: refuses what is not ours to write.
mine() {
  wide_owner "$1"
  case $whose in
    '' | "$owner") ;;
    '?') refuse "$1 was not made by Redfleet and is left as it is" ;;
    *) refuse "$1 belongs to the cluster of uid $whose" ;;
  esac
}

# folder DIR: makes it, for everybody to read.
folder() { [ -d "$1" ] || (umask 022 && mkdir -p "$1") || exit 1; }

# settle FILE: what was written beside it takes its place, for everybody to read.
settle() { chmod 644 "$1.new" && durable "$1.new" && mv -f "$1.new" "$1" || exit 1; }

# take FROM FILE: the copy takes its place.
take() {
  folder "${2%/*}"
  cat "$1" >"$2.new" || unwritten "$2.new"
  settle "$2"
}

# nft WORDS...: sets nft_said to what it says. It has neither lock.
nft() {
  nft_said=$(timeout -k 5 20 "$wall_nft" "$@" 2>&1 8>&- 9>&- </dev/null) && return 0
  nft_said="nft $*: ${nft_said:-no answer within 20 s}"
  return 1
}

listed() { wall_listed || refuse "$wall_said"; }

# ours: whether the table is one that we have made, as far as anything here says so.
ours() { [ -e "$wall_notes" ] || [ -e "$wall_rules" ] || [ -e "$wall_waits" ]; }

# strangers: sets listed, and refuses a table of the name that is somebody else's.
strangers() {
  listed
  [ -z "$listed" ] || ours || refuse "the table inet $wall_table was not made by Redfleet and is left as it is"
}

# reload: systemd reads its units anew; in tests there is none.
reload() { [ -n "$root" ] || told daemon-reload || exit 1; }

started() { [ -n "$root" ] || [ "$(timeout 10 systemctl is-active "$wall_name" 2>/dev/null 8>&- 9>&-)" = active ]; }

# waits TOKEN: whether that is what waits.
waits() {
  waiting=''
  { read -r waiting <"$wall_waits/token"; } 2>/dev/null
  [ -n "$waiting" ] && [ "$waiting" = "$1" ]
}

# gone: the kernel has no table of ours.
gone() {
  wall_listed || return 1
  [ -z "$listed" ] || nft delete table inet "$wall_table"
}

# back: what was kept last holds again, or else nothing of ours: rather open than shut.
back() {
  if [ ! -e "$wall_rules" ] || ! nft -f "$wall_rules"; then gone || return 1; fi
  rm -rf "$wall_waits"
}

# lapse: an attempt that was cut off ends before the next one begins.
lapse() {
  if [ ! -e "$wall_waits" ]; then
    echo unchanged
    return
  fi
  back || refuse "what waits cannot be put back: ${nft_said:-$wall_said}"
  echo changed
}

# watch TOKEN SECONDS: ends what waits if no word comes.
watch() {
  trap '' HUP INT PIPE TERM
  uptime
  watch_end=$((up + $2)) watch_tries=0
  while waits "$1"; do
    uptime
    if [ "$up" -ge "$watch_end" ]; then
      exec 8>>"$wall_waits.lock"
      flock -w 300 8
      until ! waits "$1" || back || [ "$watch_tries" -ge 30 ]; do
        watch_tries=$((watch_tries + 1))
        sleep 1
      done
      return
    fi
    sleep 0.5
  done
}

# kept: whether all is as it is to be, by the new files in the directory.
kept() {
  [ ! -e "$wall_waits" ] && [ -e "$wall_notes" ] && [ -L "$wall_link" ] &&
    cmp -s "$wall_waits.rules" "$wall_rules" && cmp -s "$wall_waits.unit" "$wall_unit" &&
    [ -n "$listed" ] && grep -qxF "listed $listed" "$wall_notes" && started
}

shut() {
  token=$1 seconds=$2
  shift 2
  [ -x "$wall_nft" ] || refuse "there is no $wall_nft: install the package nftables"
  strangers
  : >"$wall_waits.rules" && : >"$wall_waits.unit" || exit 1
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    printf '%s\n' "$1" >>"$wall_waits.rules" || unwritten "$wall_waits.rules"
    shift
  done
  [ $# -gt 1 ] || refuse "no -- between the lines of the rules and those of the unit"
  shift
  printf '%s\n' "$@" >"$wall_waits.unit" || unwritten "$wall_waits.unit"
  if kept; then
    rm -f "$wall_waits.rules" "$wall_waits.unit"
    echo unchanged
    return
  fi
  nft -c -f "$wall_waits.rules" || refuse "$nft_said"
  mkdir -p "$wall_waits" || exit 1
  # A mark that is written by half would be somebody else's until a boot.
  printf '%s%s\n' "$wide_mark" "$owner" >"$wall_waits/owner.new" || unwritten "$wall_waits/owner.new"
  mv -f "$wall_waits/owner.new" "$wall_waits/owner" || exit 1
  mv -f "$wall_waits.rules" "$wall_waits/rules" && mv -f "$wall_waits.unit" "$wall_waits/unit" || exit 1
  # Under its own name only now: until then the watchman of what waited before has not gone.
  printf '%s\n' "$token" >"$wall_waits/token.new" || unwritten "$wall_waits/token.new"
  mv -f "$wall_waits/token.new" "$wall_waits/token" || exit 1
  # In a shell of its own, without the locks: whoever comes next need not wait for it. A function that is redirected would keep
  # what it had, the connection's end of standard output too.
  (
    exec 8>&- 9>&- </dev/null >/dev/null 2>&1
    watch "$token" "$seconds"
  ) &
  if ! nft -f "$wall_waits/rules"; then
    back || nft_said="$nft_said; what was there before could not be brought back at once"
    refuse "$nft_said"
  fi
  listed
  [ -n "$listed" ] || refuse "nft took the rules, and there is no table inet $wall_table"
  echo "waits for $seconds s"
  echo changed
}

keep() {
  waits "$1" || refuse "the table inet $wall_table waits no more: its time was over, and it was taken away, or another apply came"
  listed
  [ -n "$listed" ] || refuse "somebody has taken the table inet $wall_table away"
  folder "${wall_notes%/*}"
  # The mark first: whatever becomes of the rest, it is known whose it is.
  printf '%s%s\nlisted %s\n' "$wide_mark" "$owner" "$listed" >"$wall_notes.new" || unwritten "$wall_notes.new"
  settle "$wall_notes"
  take "$wall_waits/rules" "$wall_rules"
  # From here on it is these rules that the watchman loads; Wall knows the words.
  trap 'echo "its rules are written and the table stays: apply again" >&2' EXIT
  take "$wall_waits/unit" "$wall_unit"
  folder "${wall_link%/*}"
  [ -L "$wall_link" ] || ln -sfn "../$wall_name" "$wall_link" || exit 1
  reload
  # It loads the same once more, from the file that the next boot has.
  if [ -z "$root" ]; then told reload-or-restart "$wall_name" || exit 1; fi
  kept_before=$listed
  listed
  [ "$listed" = "$kept_before" ] || refuse "the unit $wall_name does not load the table that was tried"
  rm -rf "$wall_waits" || exit 1
  trap - EXIT
  echo changed
}

undo() {
  if ! waits "$1"; then
    echo unchanged
    return
  fi
  back || refuse "${nft_said:-$wall_said}"
  echo changed
}

open() {
  if [ -x "$wall_nft" ]; then
    strangers
  elif ours; then
    refuse "there is no $wall_nft to take the table away with: install the package nftables"
  fi
  ours || [ -e "$wall_unit" ] || [ -L "$wall_link" ] || {
    echo unchanged
    return
  }
  rm -f "$wall_waits/token" || exit 1
  if [ -z "$root" ] && [ -e "$wall_unit" ]; then told stop "$wall_name" || exit 1; fi
  rm -f "$wall_link" "$wall_unit" "$wall_unit.new" || exit 1
  reload
  gone || refuse "${nft_said:-$wall_said}"
  rm -f "$wall_rules" "$wall_rules.new" || exit 1
  # The marks last: until then whoever comes again knows whose the rest is.
  rm -rf "$wall_waits" && rm -f "$wall_waits.rules" "$wall_waits.unit" "$wall_notes" "$wall_notes.new" || exit 1
  echo changed
}

main() {
  machine "$1"
  owner=$2
  wall "$3"
  verb=$4
  shift 4
  exec 8>>"$wall_waits.lock" || exit 1
  flock -w 10 8 || refuse "another operation has been at the table inet $wall_table for 10 s; apply again"
  for marked in "$wall_notes" "$wall_rules" "$wall_unit" "$wall_waits/owner"; do mine "$marked"; done
  case $verb in
    lapse) lapse ;;
    shut) shut "$@" ;;
    keep) keep "$@" ;;
    undo) undo "$@" ;;
    open) open ;;
    *) refuse "no verb $verb" ;;
  esac
}
fenced "$@" </dev/null
