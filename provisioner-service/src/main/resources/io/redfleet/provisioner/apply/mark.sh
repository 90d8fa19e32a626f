# Notes beside the ownership mark which revision of the spec is being made true here; never an older one over a newer.
# DIR OWNER UID REVISION
main() {
  dir=$(place "$1") owner=$2 uid=$3 revision=$4
  if [ "$(first "$dir/owner")" != "$owner" ]; then
    echo "$dir is not marked as $owner" >&2
    exit 1
  fi
  noted_uid='' noted=0
  noted_said=$(first "$dir/revision")
  case $noted_said in *' '*) noted_uid=${noted_said%% *} noted=${noted_said#* } ;; esac
  case $noted in '' | *[!0-9]*) noted=0 ;; esac
  if [ "$noted_uid" = "$uid" ] && [ "$noted" -gt "$revision" ]; then
    echo "$dir carries revision $noted, which is newer than $revision" >&2
    exit 1
  fi
  if [ "$noted_uid" = "$uid" ] && [ "$noted" = "$revision" ]; then
    echo unchanged
    exit 0
  fi
  printf '%s %s\n' "$uid" "$revision" >"$dir/.revision.redfleet" || unwritten "$dir/.revision.redfleet"
  mv "$dir/.revision.redfleet" "$dir/revision" || exit 1
  echo changed
}
fenced "$@" </dev/null
