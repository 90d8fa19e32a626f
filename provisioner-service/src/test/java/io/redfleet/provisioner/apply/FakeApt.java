package io.redfleet.provisioner.apply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * dpkg, apt and systemd as programs that keep what they are told in a directory, for scripts that a real shell runs. They know
 * one version of everything, and write down how they were called.
 */
public final class FakeApt {
    /** Of every package. */
    public static final String VERSION = "5:7.0.15-1";

    private static final String DPKG_QUERY = """
            #!/bin/sh
            cat "$FAKE/pkg/$4" 2>/dev/null
            """;

    private static final String APT_GET = """
            #!/bin/sh
            echo "apt-get $*" >>"$FAKE/log"
            if [ -e "$FAKE/broken" ]; then echo 'E: out of order' >&2; exit 100; fi
            verb='' try='' names=''
            while [ $# -gt 0 ]; do
              case $1 in
                -o) shift ;;
                -s | --download-only) try=$1 ;;
                -*) ;;
                *) if [ -z "$verb" ]; then verb=$1; else names="$names $1"; fi ;;
              esac
              shift
            done
            case $verb$try in
              install-s)
                for pin in $names; do echo "Inst ${pin%%=*} (${pin#*=} Fake:12/stable [amd64])"; done
                cat "$FAKE/also" 2>/dev/null || :
                ;;
              remove-s)
                for name in $names; do echo "Remv $name [5:7.0.15-1]"; done
                cat "$FAKE/also-gone" 2>/dev/null || :
                ;;
              install--download-only)
                if [ -e "$FAKE/offline" ]; then
                  echo 'E: Failed to fetch' >&2
                  exit 100
                fi
                ;;
              install)
                ls "$FAKE/masked" >"$FAKE/masked-then"
                if [ -e "$FAKE/dies" ]; then
                  echo 'install installed 5:7.0.15-1' >"$FAKE/pkg/redis-tools"
                  echo 'install unpacked 5:7.0.15-1' >"$FAKE/pkg/redis-server"
                  echo 'E: Sub-process /usr/bin/dpkg returned an error code (1)' >&2
                  exit 100
                fi
                for pin in $names; do echo "install installed ${pin#*=}" >"$FAKE/pkg/${pin%%=*}"; done
                if [ -e "$FAKE/also" ]; then echo 'install installed 3.6-3' >"$FAKE/pkg/liblzf1"; fi
                ;;
              remove) for name in $names; do echo "deinstall config-files 5:7.0.15-1" >"$FAKE/pkg/$name"; done ;;
            esac
            """;

    private static final String APT_MARK = """
            #!/bin/sh
            echo "apt-mark $*" >>"$FAKE/log"
            case $1 in hold) word=hold ;; *) word=install ;; esac
            shift
            for name; do
              read -r want rest <"$FAKE/pkg/$name"
              echo "$word $rest" >"$FAKE/pkg/$name"
            done
            """;

    private static final String DPKG = """
            #!/bin/sh
            echo "dpkg $*" >>"$FAKE/log"
            for name; do
              case $name in -*) ;; *) echo 'install installed 5:7.0.15-1' >"$FAKE/pkg/$name" ;; esac
            done
            """;

    private static final String APT_CACHE = """
            #!/bin/sh
            echo "apt-cache $*" >>"$FAKE/log"
            if [ -e "$FAKE/no-cache" ]; then exit 100; fi
            shift
            for name; do
              echo "$name:"
              echo '  Installed: (none)'
              echo '  Candidate: 5:7.0.15-1'
              echo '  Version table:'
              echo '     5:7.0.15-1 500'
              echo '        500 file:/srv/packages ./ Packages'
            done
            """;

    private static final String SYSTEMCTL = """
            #!/bin/sh
            echo "systemctl $*" >>"$FAKE/log"
            for unit; do :; done
            case $1 in
              mask) : >"$FAKE/masked/$unit" ;;
              unmask) rm -f "$FAKE/masked/$unit" ;;
              show) if [ -e "$FAKE/masked/$unit" ] && [ ! -e "$FAKE/unmaskable" ]; then echo masked; else echo loaded; fi ;;
              is-enabled)
                if [ -e "$FAKE/masked/$unit" ]; then echo masked-runtime; exit 1; fi
                if [ -e "$FAKE/enabled/$unit" ]; then echo enabled; else echo disabled; exit 1; fi
                ;;
              is-active)
                if [ -e "$FAKE/active/$unit" ]; then echo active; else echo inactive; exit 3; fi
                ;;
            esac
            """;

    private final Path directory;

    public FakeApt(Path directory) throws IOException {
        this.directory = directory;
        for (String name : List.of("pkg", "masked", "active", "enabled", "bin")) {
            Files.createDirectories(directory.resolve(name));
        }
        Files.createFile(log());
        program("dpkg-query", DPKG_QUERY);
        program("dpkg", DPKG);
        program("apt-get", APT_GET);
        program("apt-mark", APT_MARK);
        program("apt-cache", APT_CACHE);
        program("systemctl", SYSTEMCTL);
    }

    /** Lets a shell find these programs before the machine's own. */
    public void on(ProcessBuilder shell) {
        shell.environment().put("FAKE", directory.toString());
        shell.environment().merge("PATH", "", (path, none) -> directory.resolve("bin") + ":" + path);
    }

    /** As dpkg has it: want, status, version. Empty: it does not know the package. */
    public String dpkg(String name) throws IOException {
        Path file = directory.resolve("pkg").resolve(name);
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    public void has(String name, String words) throws IOException {
        Files.writeString(directory.resolve("pkg").resolve(name), words + "\n");
    }

    /** Lets a file of that name be there, which one of the programs looks for. */
    public void set(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    public void unset(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    public List<String> masked() throws IOException {
        return names(directory.resolve("masked"));
    }

    /** What was masked when packages were installed last. */
    public List<String> maskedThen() throws IOException {
        return Files.readAllLines(directory.resolve("masked-then"));
    }

    /** Every call since the last time that was asked, in order. */
    public List<String> calls() throws IOException {
        List<String> calls = Files.readAllLines(log());
        Files.writeString(log(), "");
        return calls;
    }

    private Path log() {
        return directory.resolve("log");
    }

    private static List<String> names(Path of) throws IOException {
        try (var entries = Files.list(of)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private void program(String name, String text) throws IOException {
        Path file = directory.resolve("bin").resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
