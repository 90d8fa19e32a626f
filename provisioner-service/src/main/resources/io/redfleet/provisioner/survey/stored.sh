# Shared by every script and by the start guard: what lies on disk of a data set.

# keys FILE: whether an RDB file holds anything: after the header (REDIS and four digits, or VALKEY and three, as Valkey has it
# from 9.0 on) and its fields (opcode 250, two strings each) comes something else than the end (opcode 255). An empty one has
# 89 bytes, that of a replica about 180.
# An append-only file that does not begin as an RDB holds commands.
keys() {
  [ -f "$1" ] && [ -s "$1" ] || return 1
  od -An -v -tu1 -N 4096 "$1" | awk '
    function skip(n) {
      if (b[at] < 64) { n = b[at] + 1 }
      else if (b[at] < 128) { n = (b[at] - 64) * 256 + b[at + 1] + 2 }
      else { n = b[at] == 192 ? 2 : b[at] == 193 ? 3 : 5 }
      at += n
    }
    { for (i = 1; i <= NF; i++) b[count++] = $i }
    END {
      five = b[0] b[1] b[2] b[3] b[4]
      if (five != "8269687383" && five b[5] != "866576756989") exit 0
      at = 9
      while (at < count && b[at] == 250) { at++; skip(0); skip(0) }
      exit !(at < count && b[at] != 255)
    }'
}

# loads_aof DIR: the base and the increments that the manifest names; without one, the single file of 6.2, which 7 takes
# over.
loads_aof() {
  aof_manifest=$1/data/appendonlydir/appendonly.aof.manifest
  if [ ! -e "$aof_manifest" ]; then
    [ -s "$1/data/appendonly.aof" ] && keys "$1/data/appendonly.aof"
    return
  fi
  for aof_file in $(piece "$aof_manifest" | awk '$1 == "file" && $5 == "type" && $6 ~ /^[bi]$/ { print $2 }'); do
    keys "$1/data/appendonlydir/$aof_file" && return 0
  done
  return 1
}

# holds DIR: sets stored_rdb and stored_aof to yes or no, and stored_by to the one that the next start loads: Redis loads the
# append-only file with "appendonly yes" and nothing but that, and nothing but dump.rdb otherwise (server.c loadDataFromDisk).
holds() {
  stored_rdb=no stored_aof=no stored_by=rdb
  keys "$1/data/dump.rdb" && stored_rdb=yes
  loads_aof "$1" && stored_aof=yes
  stored_said=$(piece "$1/redis.conf" | awk 'tolower($1) == "appendonly" { said = tolower($2) } END { print said }')
  case $stored_said in yes | '"yes"') stored_by=aof ;; esac
}
