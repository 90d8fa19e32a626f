# Leaves beside a Sentinel that several clusters share what it does for one of them: from now on that one counts as a member. Only
# once the Sentinel watches its master. ADDRESS PORT DIR OWNER CLUSTER MASTERNAME SENTINELS SERVICE
main() {
  address=$1 port=$2 dir=$(place "$3") owner=$4 cluster=$5 master=$6 sentinels=$7 service=$8
  if [ "$(first "$dir/owner")" != "$owner" ]; then
    echo "$dir is not marked as $owner" >&2
    exit 1
  fi
  said=$(ask "$address" "$port" SENTINEL get-master-addr-by-name "$master" | tr '\r\n' '  ')
  set -f
  # shellcheck disable=SC2086 # a host and a port
  set -- $said
  set +f
  if [ $# != 2 ]; then
    echo "it watches no $master: ${*:-nobody by that name}" >&2
    exit 1
  fi
  note=$dir/members/$cluster
  if [ "$(first "$note")" = "$master $sentinels $service" ]; then
    echo unchanged
    exit 0
  fi
  mkdir -p "$dir/members" || exit 1
  printf '%s\n' "$master $sentinels $service" >"$dir/members/.$cluster.redfleet" || unwritten "$dir/members/.$cluster.redfleet"
  durable "$dir/members/.$cluster.redfleet" && mv "$dir/members/.$cluster.redfleet" "$note" || exit 1
  echo changed
}
fenced "$@" </dev/null
