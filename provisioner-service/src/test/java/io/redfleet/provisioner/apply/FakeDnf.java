package io.redfleet.provisioner.apply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * rpm, dnf, systemd and SELinux's programs, which keep what they are told in a directory, for scripts that a real shell runs. What
 * dnf prints has the form that dnf 4 gives it where nobody looks at a terminal. They write down how they were called, but for rpm.
 */
final class FakeDnf {
    /** What is asked for, as the scripts write it. */
    static final String VERSION = "0:7.2.7-1.el9";

    /** Of a library that comes along where the file also says so: its name does not fit into dnf's table. */
    static final String LONG = "a-library-of-a-very-long-name-indeed";

    /** What dnf prints of that. */
    static final String BRINGS = """
            Installing dependencies:
             a-library-of-a-very-long-name-indeed
                            x86_64         3.6-3.el9          appstream             25 k
            """;

    private static final String RPM = """
            #!/bin/sh
            for name; do :; done
            if [ -e "$FAKE/broken-rpm" ]; then echo 'error: cannot open Packages database' >&2; exit 1; fi
            if [ -e "$FAKE/pkg/$name" ]; then cat "$FAKE/pkg/$name"; else echo "package $name is not installed"; exit 1; fi
            """;

    private static final String DNF = """
            #!/bin/sh
            set -f
            echo "dnf $*" >>"$FAKE/log"
            if [ -e "$FAKE/broken" ]; then echo 'Error: out of order' >&2; exit 1; fi
            verb='' no='' download='' names=''
            while [ $# -gt 0 ]; do
              case $1 in
                --assumeno) no=yes ;;
                --downloadonly) download=yes ;;
                --qf) shift ;;
                -*) ;;
                *) if [ -z "$verb" ]; then verb=$1; else names="$names $1"; fi ;;
              esac
              shift
            done
            set -- $names
            table() {
              echo 'Last metadata expiration check: 0:01:00 ago on Fri Nov 27 10:00:00 2026.'
              echo 'Dependencies resolved.'
              echo '================================================================================'
              echo ' Package        Architecture   Version            Repository            Size'
              echo '================================================================================'
              echo "$1:"
            }
            aborted() {
              echo
              echo 'Transaction Summary'
              echo '================================================================================'
              echo 'Install  1 Package'
              echo
              echo 'Operation aborted.'
              exit 1
            }
            case $verb$no in
              versionlock)
                if [ -e "$FAKE/lockless" ]; then echo 'No such command: versionlock. Please use /usr/bin/dnf --help' >&2; exit 1; fi
                case $1 in
                  list) cat "$FAKE/locks" ;;
                  add) if [ ! -e "$FAKE/forgetful" ]; then echo "$2" >>"$FAKE/locks"; fi ;;
                  delete)
                    grep -vxF -e "$2" "$FAKE/locks" >"$FAKE/locks.new"
                    mv "$FAKE/locks.new" "$FAKE/locks"
                    ;;
                esac
                ;;
              repoquery)
                if [ -e "$FAKE/offers" ]; then cat "$FAKE/offers"; exit 0; fi
                echo "Error: Cache-only enabled but no cache for 'appstream'" >&2
                exit 1
                ;;
              installyes)
                if [ -e "$FAKE/unknown" ]; then echo "Error: Unable to find a match: $1" >&2; exit 1; fi
                table Installing
                shown=${1#redis-}
                if [ -e "$FAKE/shown" ]; then read -r shown <"$FAKE/shown"; fi
                echo " redis          x86_64         ${shown#0:}        appstream            1.3 M"
                cat "$FAKE/also" 2>/dev/null
                aborted
                ;;
              install)
                if [ -n "$download" ]; then
                  if [ -e "$FAKE/later" ]; then mv "$FAKE/later" "$FAKE/also"; fi
                  exit 0
                fi
                ls "$FAKE/masked" >"$FAKE/masked-then"
                if [ -e "$FAKE/dies" ]; then echo 'Error: Transaction failed' >&2; exit 1; fi
                echo "${1#redis-}" >"$FAKE/pkg/redis"
                if [ -e "$FAKE/also" ]; then echo '0:3.6-3.el9' >"$FAKE/pkg/a-library-of-a-very-long-name-indeed"; fi
                ;;
              removeyes)
                table Removing
                for name; do
                  echo " $name"
                  echo '                x86_64         7.2.7-1.el9        @appstream           4.7 M'
                done
                cat "$FAKE/also-gone" 2>/dev/null
                aborted
                ;;
              remove) for name; do rm "$FAKE/pkg/$name"; done ;;
            esac
            """;

    private static final String SYSTEMCTL = """
            #!/bin/sh
            echo "systemctl $*" >>"$FAKE/log"
            for unit; do :; done
            case $1 in
              mask) : >"$FAKE/masked/$unit" ;;
              unmask) rm -f "$FAKE/masked/$unit" ;;
              show) if [ -e "$FAKE/masked/$unit" ] && [ ! -e "$FAKE/unmaskable" ]; then echo masked; else echo loaded; fi ;;
              is-active)
                if [ -e "$FAKE/active/$unit" ]; then echo active; else echo inactive; exit 3; fi
                ;;
            esac
            """;

    private static final String GETENFORCE = """
            #!/bin/sh
            if [ -e "$FAKE/enforcing" ]; then echo Enforcing; else echo Permissive; fi
            """;

    private static final String SEMANAGE = """
            #!/bin/sh
            echo "semanage $*" >>"$FAKE/log"
            if [ -e "$FAKE/no-semanage" ]; then exit 127; fi
            cat <<'PORTS'
            SELinux Port Type              Proto    Port Number

            ephemeral_port_t               tcp      32768-60999
            http_cache_port_t              tcp      8080, 8118, 8123, 10001-10010
            redis_port_t                   tcp      6379, 16379, 26379
            syslogd_port_t                 udp      514, 7000
            unreserved_port_t              tcp      61001-65535, 1024-32767
            PORTS
            """;

    private static final String MATCHPATHCON = """
            #!/bin/sh
            echo 'system_u:object_r:var_lib_t:s0'
            """;

    private final Path directory;

    FakeDnf(Path directory) throws IOException {
        this.directory = directory;
        for (String name : List.of("pkg", "masked", "active", "bin")) {
            Files.createDirectories(directory.resolve(name));
        }
        Files.createFile(log());
        Files.createFile(directory.resolve("locks"));
        program("rpm", RPM);
        program("dnf", DNF);
        program("systemctl", SYSTEMCTL);
        program("getenforce", GETENFORCE);
        program("semanage", SEMANAGE);
        program("matchpathcon", MATCHPATHCON);
    }

    /** Lets a shell find these programs before the machine's own. */
    void on(ProcessBuilder shell) {
        shell.environment().put("FAKE", directory.toString());
        shell.environment().merge("PATH", "", (path, none) -> directory.resolve("bin") + ":" + path);
    }

    /** The version that rpm has. Empty: none. */
    String rpm(String name) throws IOException {
        Path file = directory.resolve("pkg").resolve(name);
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    void has(String name, String version) throws IOException {
        Files.writeString(directory.resolve("pkg").resolve(name), version + "\n");
    }

    List<String> locks() throws IOException {
        return Files.readAllLines(directory.resolve("locks"));
    }

    /** Lets a file of that name be there, which one of the programs looks for. */
    void set(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    void unset(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    List<String> masked() throws IOException {
        try (var entries = Files.list(directory.resolve("masked"))) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /** What was masked when a package was installed last. */
    List<String> maskedThen() throws IOException {
        return Files.readAllLines(directory.resolve("masked-then"));
    }

    /** Every call since the last time that was asked, in order. */
    List<String> calls() throws IOException {
        List<String> calls = Files.readAllLines(log());
        Files.writeString(log(), "");
        return calls;
    }

    private Path log() {
        return directory.resolve("log");
    }

    private void program(String name, String text) throws IOException {
        Path file = directory.resolve("bin").resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
