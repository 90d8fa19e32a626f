# What root sees of a cluster's packet filter, as key=value lines: whose the files are, what they are, and the table as the kernel
# has it. Nothing is changed, and of other tables no more is seen than that they are there. ROOT CLUSTER

# file KEY FILE: its digest, and of the rules what they say; KEY is - where nobody asks for one.
file() {
  wide_owner "$2"
  [ -n "$whose" ] || return 0
  echo "firewall.owner=${2#"$root"} $whose"
  if [ "$1" != - ] && [ -f "$2" ]; then
    said=$(sha256sum <"$2")
    echo "firewall.$1=${said%% *}"
    [ "$1" != rules ] || lined firewall.rules "$2"
  fi
}

main() {
  machine "$1"
  wall "$2"
  file - "$wall_notes"
  file rules "$wall_rules"
  file unit "$wall_unit"
  file - "$wall_waits/owner"
  if [ -f "$wall_notes" ]; then echo "firewall.noted=$(sed -n 's/^listed //p' "$wall_notes" | head -n 1)"; fi
  if [ -L "$wall_link" ]; then echo firewall.enabled=yes; fi
  if [ "$(timeout 5 systemctl is-active "$wall_name" 2>/dev/null)" = active ]; then echo firewall.active=yes; fi
  if [ -e "$wall_waits" ]; then echo firewall.waiting=yes; fi
  if [ -x "$wall_nft" ]; then
    echo firewall.nft=yes
    if wall_listed; then
      echo "firewall.listed=$listed"
    else
      echo "firewall.trouble=$(printf '%s' "$wall_said" | head -n 1)"
    fi
  fi
  echo firewall.end=yes
}
main "$@" </dev/null
