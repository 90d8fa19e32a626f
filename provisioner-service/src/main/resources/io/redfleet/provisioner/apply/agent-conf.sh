# Writes the control file of the Monit that reports of the instances here, as it came before this script ($content): Monit has to
# take it before it replaces the one that stands. Starts nothing. DIR OWNER MONIT: OWNER is the uid of the cluster

# What the Monit that runs has read is not what lies there any more; by which unit it was started is.
outdated() {
  taken=$(first "$dir/taken")
  case $taken in
    *' '*) printf '%s\n' "- ${taken#* }" >"$dir/taken.new" && mv "$dir/taken.new" "$dir/taken" || exit 1 ;;
    *) rm -f "$dir/taken" || exit 1 ;;
  esac
}
main() {
  dir=$1 owner=$2 monit=$3
  agent_marked "$dir" "$owner"
  # shellcheck disable=SC2154 # it comes before
  if [ "$(piece "$dir/monitrc" 4194304; echo .)" = "$content." ]; then
    echo unchanged
    exit 0
  fi
  rm -f "$dir/monitrc.new"
  printf '%s' "$content" >"$dir/monitrc.new" || unwritten "$dir/monitrc.new"
  if ! said=$(timeout 10 "$monit" -t -c "$dir/monitrc.new" 2>&1 9>&-); then
    rm -f "$dir/monitrc.new"
    echo "Monit does not take the control file: $(printf '%s' "$said" | agent_hidden)" >&2
    exit 1
  fi
  outdated
  durable "$dir/monitrc.new" && mv "$dir/monitrc.new" "$dir/monitrc" || exit 1
  echo changed
}
fenced "$@" </dev/null
