# What rpm and dnf know of Redis's package on a host of the RHEL family, and what SELinux and firewalld let it do, as key=value
# lines. As root, whose the lists are that dnf keeps. Changes nothing and fetches nothing. Experimental: no host of that family has
# tested it.
# ROOT BASE PORT...: ROOT is /, BASE where instances lie or will lie, PORT one of the cluster's

# held: whether dnf's locks hold the package at its version.
held() {
  printf '%s\n' "$locks" | awk -v at="redis-$version." 'index($0, at) == 1 { found = 1 } END { exit !found }'
}

# locked: sets lock to whether dnf's plugin versionlock is there and turned on, and locks to what it holds. By its files: dnf takes
# its time, and waits for other dnfs, while each look at the host waits for this.
locked() {
  lock=no locks=''
  conf=$root/etc/dnf/plugins/versionlock.conf
  grep -Eqis '^[[:space:]]*enabled[[:space:]]*=[[:space:]]*(1|yes|true|on)[[:space:]]*$' "$conf" || return 0
  lock=yes
  list=$(sed -n 's/^[[:space:]]*locklist[[:space:]]*=[[:space:]]*//p' "$conf" | head -n 1)
  locks=$(cat "$root${list:-/etc/dnf/plugins/versionlock.list}" 2>/dev/null)
}

# installed: what rpm has, in the words that dpkg has for it; no answer would look as if nothing were installed.
installed() {
  version=''
  if said=$(timeout 8 rpm -q --qf '%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' redis 2>/dev/null); then
    version=${said%%"
"*}
    case $said in *"
"*) status=several ;; *) status=installed ;; esac
    if held; then want=hold; else want=install; fi
  else
    case $said in
      *'is not installed'*) want=unknown status=not-installed ;;
      *)
        echo "rpm -q redis: failed, or gave no answer within 8 s" >&2
        exit 1
        ;;
    esac
  fi
  echo "packages.rpm.found=redis $want $status $version"
}

# offered: what dnf's lists have, the highest first, less what an admin has excluded, locked, or left in a module that is off.
offered() {
  if said=$(timeout 8 dnf -q -C repoquery --available --qf '%{name} %{epoch}:%{version}-%{release}' redis 2>&1); then
    printf '%s\n' "$said" | awk 'NF == 2 && $1 == "redis" { print $2 }' | sort -rVu | sed 's/^/packages.rpm.offer=redis /'
    return
  fi
  case $said in
    # Lists that were never read offer nothing.
    *[Cc]ache*) ;;
    *)
      echo "dnf repoquery redis: ${said:-no answer within 8 s}" >&2
      exit 1
      ;;
  esac
}

# whose PORT: what it is to SELinux; none where just its number says what it is.
whose() {
  printf '%s\n' "$listed" | awk -v port="$1" '
    $2 == "tcp" {
      type = $1
      sub(/^[^ ]+ +tcp +/, "")
      gsub(/ /, "")
      many = split($0, ranges, ",")
      for (i = 1; i <= many; i++) {
        ends = split(ranges[i], end, "-")
        if (port + 0 < end[1] + 0 || port + 0 > end[ends] + 0) continue
        if (type == "redis_port_t") redis = 1
        else if (type !~ /^(unreserved|reserved|hi_reserved|ephemeral)_port_t$/) other = type
      }
    }
    END { print redis ? "redis_port_t" : other == "" ? "none" : other }'
}

# guarded BASE PORT...: what SELinux thinks of them, where it enforces.
guarded() {
  [ "$(getenforce 2>/dev/null)" = Enforcing ] || return 0
  echo packages.rpm.selinux=enforcing
  label=$(matchpathcon -n "$1/redis" 2>/dev/null) && label=${label#*:*:} && echo "packages.rpm.context=${label%%:*}"
  shift
  if ! listed=$(timeout 8 semanage port -l 2>/dev/null); then
    echo packages.rpm.semanage=no
    return
  fi
  for port; do echo "packages.rpm.port=$port $(whose "$port")"; done
}

main() {
  machine "$1"
  shift
  PATH=$PATH:/usr/sbin:/sbin
  LC_ALL=C
  export LC_ALL
  locked
  echo "packages.rpm.lock=$lock"
  installed
  if [ "$status" = not-installed ]; then offered; fi
  for unit in redis.service redis-sentinel.service; do
    echo "packages.unit=$unit $(timeout 5 systemctl is-active "$unit" 2>/dev/null)"
  done
  guarded "$@"
  if [ "$(timeout 5 systemctl is-active firewalld.service 2>/dev/null)" = active ]; then echo packages.rpm.firewalld=yes; fi
  echo packages.rpm.end=yes
}
main "$@" </dev/null
