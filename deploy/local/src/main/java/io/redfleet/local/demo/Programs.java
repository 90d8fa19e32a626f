package io.redfleet.local.demo;

import io.redfleet.local.StartRefused;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the hosts need from this machine: sshd and Redis.
 *
 * <p>All of Redis is one program that looks at the name by which it was called. Debian's redis-tools brings it as
 * redis-check-rdb only, and starts no service as redis-server would: a link under the right name is enough.
 */
final class Programs {
    private final List<Path> searched;

    private Programs(List<Path> searched) {
        this.searched = searched;
    }

    /** PATH, and sbin, which a user's PATH often leaves out. */
    static Programs in(Map<String, String> environment) {
        List<Path> searched = new ArrayList<>();
        Arrays.stream(environment.getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator))
                .filter(name -> name.startsWith("/"))
                .map(Path::of)
                .forEach(searched::add);
        searched.addAll(List.of(Path.of("/usr/sbin"), Path.of("/usr/local/sbin"), Path.of("/opt/homebrew/bin")));
        return new Programs(searched);
    }

    Path sshd() throws StartRefused {
        return find("sshd").orElseThrow(() -> missing("sshd", "openssh-server"));
    }

    Path keygen() throws StartRefused {
        return find("ssh-keygen").orElseThrow(() -> missing("ssh-keygen", "openssh-client"));
    }

    /** Puts redis-server and redis-sentinel into {@code links}, unless PATH has them. */
    void linkRedis(Path links) throws IOException, StartRefused {
        for (String name : List.of("redis-server", "redis-sentinel")) {
            if (find(name).isPresent()) {
                continue;
            }
            Path one = find("redis-server")
                    .or(() -> find("redis-check-rdb"))
                    .orElseThrow(() -> missing("redis-server", "redis-tools"));
            Path link = links.resolve(name);
            if (!Files.isExecutable(link)) {
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, one.toRealPath());
            }
        }
    }

    /** The PATH of a session on a host. */
    String path(Path links) {
        StringBuilder path = new StringBuilder(links.toString());
        for (Path directory : searched) {
            String text = directory.toString();
            if (Files.isDirectory(directory) && text.matches("[A-Za-z0-9._/-]+") && text.startsWith("/")) {
                path.append(':').append(text);
            }
        }
        return path.toString();
    }

    private Optional<Path> find(String name) {
        return searched.stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static StartRefused missing(String program, String debianPackage) {
        return new StartRefused("the demo's hosts need " + program
                + ", which is not in PATH.\n  On Debian: apt-get install " + debianPackage);
    }
}
