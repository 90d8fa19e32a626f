# Lets a data node that runs read its certificate, its key and its CA anew, and looks at what it shows then. It is told nothing unless the
# files are right: a restart by them would fail. ADDRESS PORT
main() {
  address=$1 port=$2
  wanted=$(print_of <"$tls_certificate")
  if [ -z "$wanted" ]; then
    echo "no certificate can be read in $tls_certificate; the instance was told nothing" >&2
    exit 1
  fi
  if [ "$(served "$address" "$port")" = "$wanted" ]; then
    echo unchanged
    exit 0
  fi
  if ! paired; then
    echo "$tls_key is not the key of $tls_certificate; the instance was told nothing" >&2
    exit 1
  fi
  if ! vouched "$address"; then
    echo "$ask_ca does not vouch for $tls_certificate under $address: $vouched_said; the instance was told nothing" >&2
    exit 1
  fi
  # Any of the three, set to the path that it has, lets Redis read all three: older ones, and from 7.0.1 on.
  said=$(ask "$address" "$port" CONFIG SET tls-cert-file "$tls_certificate")
  if [ "$said" != OK ]; then
    echo "CONFIG SET tls-cert-file $tls_certificate answered: $said" >&2
    exit 1
  fi
  shown=$(served "$address" "$port")
  if [ "$shown" != "$wanted" ]; then
    echo "CONFIG SET was answered by OK, and the instance shows ${shown:-no certificate}; in $tls_certificate is $wanted" >&2
    exit 1
  fi
  echo changed
}
fenced "$@" </dev/null
