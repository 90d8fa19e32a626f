package io.redfleet.provisioner.apply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * nft as a program that keeps tables in a directory, below a root that looks like a machine's: what is loaded from a file
 * replaces the table that it names, and is refused whole if a line of it is {@code nonsense}. It writes down how it was called.
 */
final class FakeNft {
    private static final String PROGRAM = """
            #!/bin/sh
            kernel=${0%/usr/sbin/nft}/kernel
            echo "$*" >>"$kernel/log"
            if [ -e "$kernel/broken" ]; then echo 'Error: Operation not permitted' >&2; exit 1; fi
            case $1 in -s) shift ;; esac
            checked=
            if [ "$1" = -c ]; then checked=yes; shift; fi
            case $1 in
              list)
                if [ "$2" = tables ]; then
                  for table in "$kernel/tables"/*; do [ ! -e "$table" ] || echo "table inet ${table##*/}"; done
                else
                  cat "$kernel/tables/$4" || exit 1
                fi
                ;;
              -f)
                if grep -qx nonsense "$2"; then echo "$2:1:1-8: Error: syntax error, unexpected string" >&2; exit 1; fi
                table=$(sed -n 's/^table inet \\([^ ]*\\)$/\\1/p' "$2" | head -n 1)
                if [ -z "$checked" ]; then sed -n '/{$/,$p' "$2" >"$kernel/tables/$table"; fi
                ;;
              delete) rm "$kernel/tables/$4" || exit 1 ;;
              *) exit 1 ;;
            esac
            """;

    private final Path kernel;

    FakeNft(Path root) throws IOException {
        kernel = Files.createDirectories(root.resolve("kernel"));
        Files.createDirectories(kernel.resolve("tables"));
        Files.createFile(kernel.resolve("log"));
        Path program = Files.createDirectories(root.resolve("usr/sbin")).resolve("nft");
        Files.writeString(program, PROGRAM);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Names of the tables that there are. */
    List<String> tables() throws IOException {
        try (Stream<Path> files = Files.list(kernel.resolve("tables"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** As it was loaded; empty: there is none. */
    String table(String name) throws IOException {
        Path file = kernel.resolve("tables").resolve(name);
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    /** By a person. */
    void load(String name, String text) throws IOException {
        Files.writeString(kernel.resolve("tables").resolve(name), text + "\n");
    }

    void flush() throws IOException {
        for (String table : tables()) {
            Files.delete(kernel.resolve("tables").resolve(table));
        }
    }

    /** From now on it does nothing, and says so. */
    void breakDown() throws IOException {
        Files.createFile(kernel.resolve("broken"));
    }

    List<String> calls() throws IOException {
        return Files.readAllLines(kernel.resolve("log"));
    }
}
