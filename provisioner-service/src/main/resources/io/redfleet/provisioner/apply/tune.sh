# Sets what belongs to the whole machine as its one owner wants it, or puts it back, as root. What held before is noted, with
# what was set, before anything is set; the notes are also the owner's mark. What is marked as another's, or was not made by
# Redfleet, is never written over and never removed.
# ROOT UID set PART [KEY RULE VALUE]... -- LINE...: RULE is "is", or "least" where more will do; the lines are the file
# ROOT UID restore PART...
refuse() {
  echo "$*" >&2
  exit 1
}

# mine FILE: whether it is ours to write.
mine() {
  wide_owner "$1"
  case $whose in
    '' | "$owner") ;;
    '?') refuse "$1 was not made by Redfleet and is left as it is" ;;
    *) refuse "$1 belongs to the cluster of uid $whose, which has this machine's settings" ;;
  esac
}

# folder DIR: makes it, for everybody to read.
folder() { [ -d "$1" ] || (umask 022 && mkdir -p "$1") || exit 1; }

# noted KEY: sets noted to what held before, and put to what was set then.
noted() {
  noted='' put=''
  [ -e "$wide_notes" ] || return 1
  while read -r noted_key noted_before noted_put; do
    if [ "$noted_key" = "$1" ]; then
      noted=$noted_before put=$noted_put
      return 0
    fi
  done <"$wide_notes"
  return 1
}

# keys PART: the noted keys of it.
keys() {
  [ -e "$wide_notes" ] || return 0
  case $1 in
    sysctl) awk 'NR > 1 && $1 ~ /[.]/ { print $1 }' "$wide_notes" ;;
    thp) awk 'NR > 1 && $1 == "hugepages" { print $1 }' "$wide_notes" ;;
  esac
}

# note DROP [KEY RULE VALUE]...: writes the notes anew, without the keys in DROP, a list with blanks around each, and with these.
note() {
  drop=$1
  shift
  {
    printf '%s%s\n' "$wide_mark" "$owner" || unwritten "$wide_notes.new"
    if [ -e "$wide_notes" ]; then
      awk -v drop="$drop" 'NR > 1 && !index(drop, " " $1 " ")' "$wide_notes" || unwritten "$wide_notes.new"
    fi
    while [ $# -ge 3 ]; do
      if noted "$1"; then
        before=$noted
      else
        wide_live "$1" || refuse "$1 cannot be read any more, so what held before cannot be noted"
        before=$wide_now
      fi
      printf '%s %s %s\n' "$1" "$before" "$3" || unwritten "$wide_notes.new"
      shift 3
    done
  } >"$wide_notes.new" || exit 1
  settle "$wide_notes"
}

# settle FILE: what was written beside it takes its place, for everybody to read.
settle() { chmod 644 "$1.new" && durable "$1.new" && mv -f "$1.new" "$1" || exit 1; }

# holds KEY RULE VALUE: never is as good as madvise: what is wanted is that nothing grows unasked.
holds() {
  wide_live "$1" || return 1
  [ "$wide_now" = "$3" ] && return 0
  if [ "$1" = hugepages ]; then [ "$wide_now" = never ]; return; fi
  [ "$2" = least ] || return 1
  case $wide_now in *[!0-9]*) return 1 ;; esac
  # Some are larger than a shell can count: 2^64 - 1 is what a kernel has for no limit.
  [ ${#wide_now} -gt 18 ] || [ "$wide_now" -ge "$3" ]
}

# say KEY VALUE: sets it for now.
say() {
  wide_live "$1"
  if ! said=$({ printf '%s\n' "$2" >"$wide_at"; } 2>&1); then
    refuse "$1 cannot be set to $2: $wide_at: ${said:-the kernel does not take it}"
  fi
}

# each VERB [KEY RULE VALUE]...
each() {
  each_verb=$1
  shift
  while [ $# -ge 3 ]; do
    "$each_verb" "$1" "$2" "$3" || return 1
    shift 3
  done
}
known() {
  wide_live "$1" || refuse "$1 cannot be set to $3: this kernel has no $wide_at that can be read"
}
turn() {
  holds "$1" "$2" "$3" && return
  say "$1" "$3"
  holds "$1" "$2" "$3" || refuse "$1 was set to $3 and still says $wide_now"
}

# back KEY: as it was before, unless somebody else has set it since, or the kernel has lost it.
back() {
  noted "$1" && wide_live "$1" || return 0
  [ "$wide_now" != "$noted" ] || return 0
  if [ "$wide_now" != "$put" ]; then
    echo "left $1 $wide_now"
    return 0
  fi
  say "$1" "$noted"
}

# unwanted [KEY RULE VALUE]...: puts back the kernel settings that are noted and not among these, and gives them in gone.
unwanted() {
  gone=' '
  for key in $(keys sysctl); do
    case $settings in *" $key "*) continue ;; esac
    back "$key"
    gone="$gone$key "
  done
}

reload() {
  [ -z "$root" ] || return 0
  timeout 15 systemctl daemon-reload 8>&- 9>&- || refuse "systemctl daemon-reload failed"
}

set_part() {
  part=$1
  shift
  wide_part "$part" || refuse "no part $part"
  settings=' '
  while [ $# -ge 3 ] && [ "$1" != -- ]; do
    settings="$settings$1 $2 $3 "
    shift 3
  done
  [ "$1" = -- ] || refuse "no -- before the lines of $wide_file"
  shift
  mine "$wide_notes"
  mine "$wide_file"
  if [ "$part" = thp ] && [ ! -d "$root/run/systemd/system" ]; then
    refuse "no systemd runs here: nothing would set huge pages at the next boot"
  fi
  # shellcheck disable=SC2086 # words without blanks
  each known $settings
  # shellcheck disable=SC2086
  if [ -e "$wide_notes" ] && printf '%s\n' "$@" | cmp -s - "$wide_file" && each holds $settings &&
    { [ "$part" != thp ] || [ -e "$wide_link" ]; }; then
    echo unchanged
    return
  fi
  gone=' '
  [ "$part" != sysctl ] || unwanted
  # shellcheck disable=SC2086
  note "$settings$gone" $settings
  # shellcheck disable=SC2086
  each turn $settings
  read_before=no
  if [ -e "$wide_file" ]; then read_before=yes; fi
  folder "${wide_file%/*}"
  printf '%s\n' "$@" >"$wide_file.new" || unwritten "$wide_file.new"
  settle "$wide_file"
  case $part in
    thp)
      folder "${wide_link%/*}"
      [ -e "$wide_link" ] || ln -sfn ../redfleet-thp.service "$wide_link" || exit 1
      # It is for the next boot; of one that was not there before systemd has read nothing that could be old.
      [ "$read_before" = no ] || reload
      ;;
    limits)
      grep -qsE '^[[:space:]]*session[[:space:]].*pam_limits' "$root"/etc/pam.d/* ||
        echo "no session line below $root/etc/pam.d names pam_limits.so: the file has no effect here"
      ;;
  esac
  echo changed
}

restore() {
  mine "$wide_notes"
  for part; do wide_part "$part" || refuse "no part $part"; done
  outcome=unchanged
  for part; do
    wide_part "$part"
    gone=' '
    for key in $(keys "$part"); do
      back "$key"
      gone="$gone$key "
      outcome=changed
    done
    wide_owner "$wide_file"
    if [ "$whose" = "$owner" ]; then
      if [ "$part" = thp ]; then rm -f "$wide_link" || exit 1; fi
      rm -f "$wide_file" "$wide_file.new" || exit 1
      outcome=changed
      [ "$part" != thp ] || reload
    elif [ -n "$whose" ]; then
      echo "left $wide_file"
    fi
    [ "$gone" = ' ' ] || note "$gone"
  done
  left=''
  for part in sysctl thp limits; do
    wide_part "$part"
    wide_owner "$wide_file"
    [ "$whose" != "$owner" ] || left=yes
  done
  # What held before is known from the notes alone, whatever became of the files.
  [ -z "$(keys sysctl)$(keys thp)" ] || left=yes
  # The mark last: until then whoever comes again knows whose the rest is.
  if [ -z "$left" ] && [ -e "$wide_notes" ]; then
    rm -f "$wide_notes" || exit 1
    outcome=changed
  fi
  echo "$outcome"
}

main() {
  machine "$1"
  owner=$2 verb=$3
  shift 3
  folder "${wide_notes%/*}"
  # The lease is on one directory; clusters in two of them meet here.
  exec 8>>"$wide_notes.lock" || exit 1
  flock -w 10 8 || refuse "another operation has set what belongs to this machine for 10 s; apply again"
  case $verb in
    set) set_part "$@" ;;
    restore) restore "$@" ;;
    *) refuse "no verb $verb" ;;
  esac
}
fenced "$@" </dev/null
