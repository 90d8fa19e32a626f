# What instances need that init runs, as key=value lines: whether systemd is the init, who the SSH user may become, and the unit
# files, or init scripts, of the cluster's instances and of its Monit, which everybody may read. UNITS CLUSTER NAME...: NAME is
# HOME/NAME of a Sentinel that several clusters share, and NAME=UNIT of an instance that somebody else's unit runs; UNITS is the
# directory of unit files, or the init.d of init scripts

# allowed WORDS...: asked for as every script is run after it; who may run anything else alone may run none of them.
allowed() {
  allowed_said=$(printf ':\n' | timeout 10 sudo -n "$@" -- sh -s -- 2>&1) && return 0
  allowed_said=$(printf '%s' "$allowed_said" | head -n 1 | tr -d '\r')
  echo "systemd.sudo=sudo -n $*${*:+ }-- sh: ${allowed_said:-no answer within 10 s}"
  return 1
}

# untold FILE: whether unit.sh has left a mark beside that unit, of which systemd has not read what it is now.
untold() {
  case $1 in
    *.service.d/redfleet.conf) [ -e "${1%.conf}.untold" ] ;;
    *) [ -e "${1%.service}.untold" ] ;;
  esac
}

# unit UNITS HOME NAME: that of ours.
unit() {
  name=$3 unit=redfleet-$2-$3$suffix file=$1/redfleet-$2-$3$suffix
  guard=$guards/redfleet-$2-$3.guard started=${file%.service}.started
  shown "$1"
}

# others UNITS NAME UNIT: somebody else's, in which a file is ours.
others() {
  name=$2 unit=$3 file=$1/$3.d/redfleet.conf guard=$1/$3.d/redfleet.guard started=$1/$3.d/redfleet.started
  shown "$1"
}

shown() {
  say() { printf 'i.%s.unit%s=%s\n' "$name" "$1" "$2"; }
  if [ -e "$file" ] || [ -L "$file" ]; then
    say "" yes
    if [ -f "$file" ] && [ ! -L "$file" ] && [ -r "$file" ]; then
      say .owner "$(sed -n 's/^# redfleet-owner //p' "$file" | head -n 1)"
      said=$(sha256sum <"$file")
      # A script that nobody may run is not as it should be, nor is a file that systemd has not read.
      if ! untold "$file" && { [ -n "$suffix" ] || [ -x "$file" ]; }; then say .hash "${said%% *}"; fi
      lined "i.$name.unit" "$file"
      if changed=$(stat -c %Y "$file"); then say .age "$(($(date +%s) - changed))"; fi
    fi
  fi
  if [ -f "$guard" ] && [ ! -L "$guard" ] && [ -r "$guard" ]; then
    said=$(sha256sum <"$guard")
    say .guard "${said%% *}"
    say .guard.owner "$(sed -n 's/^# redfleet-owner //p' "$guard" | head -n 1)"
  fi
  # One that a run was writing that was cut off is none, and has to go.
  for auth in "$guard.auth" "$guard.auth.new"; do
    if [ -e "$auth" ] || [ -L "$auth" ]; then
      say .auth "$(stat -c '%U %a %F' "$auth")${auth#"$guard.auth"}"
      break
    fi
  done
  # A let-go that was cut off before systemd was told, or a drop-in before it had its name.
  case $file in
    */redfleet.conf)
      if [ ! -e "$file" ] && [ ! -L "$file" ] && { untold "$file" || [ -e "$file.new" ]; }; then say .left yes; fi
      ;;
  esac
  dropins "$1" "$unit"
  if starts "$1" "$unit"; then say .enabled yes; fi
  if [ ! -L "$started" ] && [ -r "$started" ]; then say .started "$(first "$started")"; fi
}

# dropins UNITS UNIT: files that change what systemd reads in the unit, at most eight. Init scripts have none.
dropins() {
  if [ -z "$suffix" ]; then return; fi
  dropped=0
  for dropin in "$1/$2.d"/*.conf "$1.control/$2.d"/*.conf "${1%/etc/systemd/system}/run/systemd/system/$2.d"/*.conf; do
    if [ ! -e "$dropin" ] && [ ! -L "$dropin" ]; then continue; fi
    # Ours, in somebody else's unit.
    if [ "$dropin" = "$file" ]; then continue; fi
    dropped=$((dropped + 1))
    [ "$dropped" -le 8 ] || return
    # Whose name could end its line is told by its directory.
    case $dropin in *[!\ -~]*) dropin=${dropin%/*} ;; esac
    echo "systemd.dropin=$dropin"
  done
}

# starts UNITS UNIT: whether init starts it at boot.
starts() {
  if [ -n "$suffix" ]; then
    [ -L "$1/multi-user.target.wants/$2" ]
    return
  fi
  for link in "${1%/init.d}"/rc[2345].d/S[0-9][0-9]"$2"; do
    if [ -L "$link" ]; then return 0; fi
  done
  return 1
}

# tools: what init scripts need beside all that.
tools() {
  command -v setsid >/dev/null || echo "missing=setsid"
  (PATH=$PATH:/usr/sbin:/sbin && { command -v update-rc.d || command -v chkconfig; }) >/dev/null ||
    echo "missing=update-rc.d or chkconfig"
}

# rotation UNITS HOME KEY: the file by which logrotate knows the logs below that home, where there is a directory for such files.
rotation() {
  etc=${1%/systemd/system}
  file=${etc%/init.d}/logrotate.d/redfleet-$2
  [ -d "${file%/*}" ] || return
  echo "systemd.rotates=yes"
  if [ ! -e "$file" ] && [ ! -L "$file" ]; then return; fi
  echo "$3=yes"
  if [ -f "$file" ] && [ ! -L "$file" ] && [ -r "$file" ]; then
    echo "$3.owner=$(sed -n 's/^# redfleet-owner //p' "$file" | head -n 1)"
    said=$(sha256sum <"$file")
    echo "$3.hash=${said%% *}"
    lined "$3" "$file"
  fi
}

# agent UNITS CLUSTER: Monit, and the unit of the one that reports of the cluster's instances here.
agent() {
  echo "systemd.monit=$(command -v monit)"
  unit=redfleet-$2.monit.service file=$1/redfleet-$2.monit.service
  dropins "$1" "$unit"
  if [ ! -e "$file" ] && [ ! -L "$file" ]; then return; fi
  echo "systemd.agent=yes"
  if [ -f "$file" ] && [ ! -L "$file" ] && [ -r "$file" ]; then
    echo "systemd.agent.owner=$(sed -n 's/^# redfleet-owner //p' "$file" | head -n 1)"
    said=$(sha256sum <"$file")
    if ! untold "$file"; then echo "systemd.agent.hash=${said%% *}"; fi
    lined systemd.agent "$file"
  fi
  if [ -L "$1/multi-user.target.wants/$unit" ]; then echo "systemd.agent.enabled=yes"; fi
  if [ "$(timeout 5 systemctl is-active "$unit" 2>/dev/null)" = active ]; then echo "systemd.agent.active=yes"; fi
}

# firewall UNITS CLUSTER: whether anything of the cluster's packet filter lies here; root looks at it then.
firewall() {
  for file in "$1/redfleet-$2.firewall.service" "${1%/systemd/system}/redfleet/firewall-$2.nft" \
    "${1%/etc/systemd/system}/var/lib/redfleet-host/firewall-$2" "${1%/etc/systemd/system}/run/redfleet-firewall-$2"; do
    if [ -e "$file" ] || [ -L "$file" ]; then
      echo "systemd.firewall=yes"
      return
    fi
  done
}

main() {
  units=$1 cluster=$2
  shift 2
  case $units in
    */init.d) suffix='' guards=${units%/init.d}/redfleet/guards ;;
    *) suffix=.service guards=$units ;;
  esac
  if [ -d /run/systemd/system ]; then echo "systemd.init=yes"; fi
  account=no
  if id -u redis >/dev/null 2>&1; then
    account=yes
    echo "systemd.account=yes"
    # As ground.sh notes it, in his own line.
    case $(getent passwd redis 2>/dev/null) in redis:*:'made by Redfleet':*) echo "systemd.made=yes" ;; esac
  fi
  if ! command -v sudo >/dev/null; then
    echo "systemd.sudo=no sudo in PATH"
  elif allowed && [ $account = yes ]; then
    allowed -u redis
  fi
  for tool in setpriv sha256sum find; do command -v "$tool" >/dev/null || echo "missing=$tool"; done
  if [ -z "$suffix" ]; then tools; fi
  shared=
  for called in "$@"; do
    case $called in
      *=*) others "$units" "${called%%=*}" "${called#*=}" ;;
      */*)
        shared=${called%/*}
        unit "$units" "$shared" "${called##*/}"
        ;;
      *) unit "$units" "$cluster" "$called" ;;
    esac
  done
  rotation "$units" "$cluster" systemd.rotation
  if [ -n "$shared" ]; then rotation "$units" "$shared" systemd.shared; fi
  agent "$units" "$cluster"
  firewall "$units" "$cluster"
  echo "systemd.end=yes"
}
main "$@" </dev/null
