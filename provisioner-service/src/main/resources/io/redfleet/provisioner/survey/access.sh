# Who may enter a cluster's instances on a host, and the logins by which these enter others, as key=value lines. It changes nothing.
# What is secret is compared here: passwords and hashes come in $content and go nowhere.
# BASE CLUSTER MASTERNAME [ROLE NAME ADDRESS PORT]...: NAME as survey.sh has it
# $content: lines "hash USER SHA256", of which a user may have more than one, and "login DIRECTIVE VALUE".

# logins: what the instance itself enters others with, as lines of a directive and its value; "read" once it is known.
logins() {
  if [ "$role" = redis ]; then
    # A Valkey answers to these names too.
    ask "$address" "$port" CONFIG GET 'master*' | awk '
      NR % 2 { name = $0; next }
      { print name " " $0; if (name == "masterauth") print "read" }'
    return
  fi
  # No answer shows what stands there; Sentinel writes its file anew with each change.
  piece "$dir/sentinel.conf" | awk -v master="$master" '
    $1 != "sentinel" { next }
    { gsub(/"/, "") }
    $2 ~ /^auth-(user|pass)$/ && $3 == master { print $2 " " $4 }
    $2 ~ /^sentinel-(user|pass)$/ { print $2 " " $3 }
    $2 == "monitor" && $3 == master { print "read" }'
}

# named: the categories of commands that the rules name, and two of which every command is in one.
named() {
  # What the generated rules name (UsersFile), then what the instance makes of them.
  echo fast slow
  if [ "$role" = redis ]; then echo admin dangerous connection transaction; fi
  printf '%s\n' "$listed" "$stored" | grep -oE '[+-]@[a-z]+' | cut -c3- | sort -u | grep -vx all
}

# category NAME: sets said to its commands. The user that asks may do the one on data nodes from 7 on, the other on Sentinels and
# before 7; what it may not do would stand in ACL LOG.
category() {
  if [ "$role" = redis ] && [ "$by_list" = yes ]; then
    said=$(ask "$address" "$port" COMMAND LIST FILTERBY ACLCAT "$1")
    case $said in
      '') return 1 ;;
      *' '*) by_list=no ;;
      *) return 0 ;;
    esac
  fi
  said=$(ask "$address" "$port" ACL CAT "$1")
  case $said in '' | *' '*) return 1 ;; esac
}

instance() {
  role=$1 address=$3 port=$4
  lies "$2"
  living "$dir"
  [ "$pid" != 0 ] || return
  listed=$(ask "$address" "$port" ACL LIST)
  case $listed in 'user '*) ;; *) return ;; esac
  stored=$(piece "$dir/users.acl")
  {
    printf '%s\n' "$content" ==live "$listed" ==file "$stored" ==logins
    logins
  } | awk -v prefix="i.$name." '
    { sub(/\r$/, "") }
    /^==(live|file|logins)$/ { section = substr($0, 3); next }
    section == "" && $1 == "hash" { hash[$2, "#" $3] = 1; next }
    section == "" && $1 == "login" { wanted[$2] = substr($0, length("login " $2 " ") + 1); next }
    section == "logins" && $0 == "read" { print prefix "logins=read"; next }
    section == "logins" && ($1 in wanted) {
      state = "other"
      if (substr($0, length($1) + 2) "" == wanted[$1] "") state = "same"
      print prefix "login=" $1 " " state
      next
    }
    (section == "live" || section == "file") && $1 == "user" && NF > 1 {
      line = "user " $2
      for (i = 3; i <= NF; i++) {
        word = $i
        if (word ~ /^[#>!<]/) word = (($2, word) in hash) ? "#same" : "#other"
        line = line " " word
      }
      print prefix section "=" line
    }'
  asked='' by_list=yes
  for kind in $(named); do
    case " $asked " in *" $kind "*) continue ;; esac
    asked="$asked $kind"
    category "$kind" || continue
    printf '==%s\n%s\n' "$kind" "$said"
  done | awk -v prefix="i.$name.category=" '
    { sub(/\r$/, "") }
    /^==/ { if (line != "") print prefix line; line = substr($0, 3); next }
    { line = line " " $0 }
    END { if (line != "") print prefix line }'
}

main() {
  base=$(place "$1") cluster=$2 master=$3
  shift 3
  while [ $# -ge 4 ]; do
    instance "$1" "$2" "$3" "$4"
    shift 4
  done
  echo "access.end=yes"
}
main "$@" </dev/null
