# What dpkg and apt know of Redis's packages and of Monit's, and what Redfleet noted of them, as key=value lines. Changes nothing
# and needs no root. apt is asked only where a package is missing, where what is installed is not what is wanted, and where an
# installation was interrupted. ROOT [redis=VERSION] NAME...: ROOT is /, VERSION as a spec has it, NAME a package that is needed
# Of a host of the RHEL family it says that it is one, and what Redfleet noted; packages-rpm.sh asks for the rest.

# rhel: whether it is a host of that family, with dnf and rpm, whatever else somebody has installed there.
rhel() {
  # shellcheck disable=SC1091 # the host's own
  family=$(. "$root/etc/os-release" 2>/dev/null && printf ' %s %s ' "${ID:-}" "${ID_LIKE:-}")
  case $family in
    *' rhel '* | *' centos '* | *' rocky '* | *' almalinux '* | *' ol '*) ;;
    *) return 1 ;;
  esac
  command -v dnf >/dev/null && command -v rpm >/dev/null
}

# fits VERSION: whether that, of a package, is what is wanted.
fits() {
  release=${1#*:}
  release=${release%%[!0-9.]*}
  case $like in
    '') ;;
    *-*) [ "$1" = "$like" ] ;;
    *) case $release in "$like" | "$like".*) ;; *) return 1 ;; esac ;;
  esac
}

main() {
  machine "$1"
  shift
  like=
  case ${1-} in
    redis=*)
      like=${1#redis=}
      shift
      ;;
  esac
  notes=$root/var/lib/redfleet-host/packages
  apt=yes
  for tool in apt-get apt-cache apt-mark dpkg-query; do command -v "$tool" >/dev/null || apt=no; done
  rpm=no
  if rhel; then
    echo packages.rpm=yes
    apt=no rpm=yes
  fi
  if [ $apt = yes ]; then
    echo packages.apt=yes
    missing=no other=no
    others=
    if grep -qs '^pending ' "$notes"; then missing=yes; fi
    for name in redis-tools redis-server redis-sentinel monit; do
      # shellcheck disable=SC2016 # dpkg's own
      said=$(dpkg-query -W -f '${db:Status-Want} ${db:Status-Status} ${Version}' "$name" 2>/dev/null) || said=
      echo "packages.dpkg=$name ${said:-unknown not-installed }"
      case " $* " in
        *" $name "*) case $said in *' installed '*) ;; *) missing=yes ;; esac ;;
        *) case $name:$said in monit:*) ;; *' installed '*) others="$others $name" ;; esac ;;
      esac
      case $name:$said in
        monit:*) ;;
        *' installed '*) fits "${said##* }" || other=yes ;;
      esac
    done
    if [ "$missing$other" != nono ]; then
      # What is there beside what is needed would have to change with it.
      # shellcheck disable=SC2086 # names without blanks
      if said=$(timeout 8 apt-cache policy "$@" $others 2>/dev/null); then
        printf '%s\n' "$said" | sed 's/^/packages.policy=/'
      else
        failed="apt-cache policy $*$others: failed, or gave no answer within 8 s"
        # No answer would look as if nothing were offered. Where all is installed that alone is told: what runs there is seen to.
        if [ $missing = yes ]; then
          echo "$failed" >&2
          exit 1
        fi
        echo "packages.policy.failed=$failed"
      fi
    fi
  fi
  for unit in redis-server.service redis-sentinel.service; do
    echo "packages.unit=$unit $(timeout 5 systemctl is-active "$unit" 2>/dev/null)"
  done
  if [ -e "$notes" ] || [ -L "$notes" ]; then
    echo packages.noted=yes
    sed 's/^/packages.notes=/' "$notes" 2>/dev/null
  fi
  monit=$root/var/lib/redfleet-host/monit
  if [ -e "$monit" ] || [ -L "$monit" ]; then
    echo packages.monit.noted=yes
    sed 's/^/packages.monit.notes=/' "$monit" 2>/dev/null
  fi
  if [ -e "$notes.read" ]; then echo "packages.read=$(($(date +%s) - $(stat -c %Y "$notes.read")))"; fi
  if [ $rpm = no ] && [ -d "$root/etc/needrestart/conf.d" ]; then
    needrestart=$root/etc/needrestart/conf.d/redfleet.conf
    if [ ! -e "$needrestart" ] && [ ! -L "$needrestart" ]; then
      echo packages.needrestart=missing
    elif [ "$(head -n 1 "$needrestart" 2>/dev/null)" = '# redfleet-packages' ]; then
      echo packages.needrestart=ours
    else
      echo packages.needrestart=strange
    fi
  fi
  echo packages.end=yes
}
main "$@" </dev/null
