# Shared by every script: what a host's openssl says of the certificate that lies there, and of the one that an instance shows. The files
# are those in ask_ca, tls_certificate and tls_key. Each question is given up after 2 s.

# paired: whether the key is that of the certificate. The public halves alone are compared.
paired() {
  paired_public=$(timeout 2 openssl x509 -in "$tls_certificate" -noout -pubkey 2>/dev/null)
  paired_mate=$(timeout 2 openssl pkey -in "$tls_key" -passin pass: -pubout 2>/dev/null)
  [ -n "$paired_public" ] && [ "$paired_public" = "$paired_mate" ]
}

# vouched ADDRESS: whether the CA, and no other one of this host's, vouches for the certificate, now, as a server's of that address; sets
# vouched_said to OK, or to why not. What an intermediary has signed comes with the certificate.
vouched() {
  case $1 in
    *[!0-9.]*) vouched_as=-verify_hostname ;;
    *) vouched_as=-verify_ip ;;
  esac
  vouched_by -purpose sslserver && vouched_by "$vouched_as" "$1" && vouched_said=OK
}
vouched_by() {
  vouched_said=$(SSL_CERT_DIR=/nonexistent timeout 2 openssl verify -no-CApath -CAfile "$ask_ca" -untrusted "$tls_certificate" "$@" "$tls_certificate" 2>&1) && return 0
  vouched_said=$(printf '%s\n' "$vouched_said" | sed -n 's/^error [0-9]* at [0-9]* depth lookup: *//p' | head -n 1 | tr -cd ' -~' | cut -c 1-120)
  vouched_said=${vouched_said:-openssl verify refuses it}
  return 1
}

# print_of: the SHA-256 of the first certificate on standard input, as openssl writes it; nothing where there is none.
print_of() { timeout 2 openssl x509 -noout -fingerprint -sha256 2>/dev/null | sed -n 's/^[^=]*=\([0-9A-F:]\{95\}\)$/\1/p'; }

# served ADDRESS PORT: the same of the certificate that is shown there, whoever has signed it.
served() { timeout 2 openssl s_client -connect "$1:$2" </dev/null 2>/dev/null | print_of; }
