package io.redfleet.cli.gateway;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the gateway is and where its token lies. An option beats the environment, which beats the default. */
public record Settings(URI url, Path home, Path tokenFile) {
    static final String DEFAULT_URL = "http://127.0.0.1:8080";

    /** @throws IllegalArgumentException if the address is not one of http or https */
    public static Settings of(Map<String, String> env, Optional<String> url, Optional<Path> tokenFile) {
        Path home = home(env);
        URI address = URI.create(url.or(() -> set(env, "REDFLEET_URL")).orElse(DEFAULT_URL));
        boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!web || address.getHost() == null) {
            throw new IllegalArgumentException("not an http address: " + address);
        }
        Path token = tokenFile
                .or(() -> set(env, "REDFLEET_TOKEN_FILE").map(Path::of))
                .orElse(home.resolve("credentials").resolve("admin-token"));
        return new Settings(address, home, token);
    }

    /** Whether the installation behind the address keeps its home on this machine. */
    public boolean local() {
        String host = url.getHost();
        return "localhost".equals(host) || "[::1]".equals(host) || host.startsWith("127.");
    }

    private static Path home(Map<String, String> env) {
        return set(env, "REDFLEET_HOME")
                .map(Path::of)
                .orElseGet(() -> set(env, "XDG_STATE_HOME")
                        .map(Path::of)
                        .orElseGet(() -> Path.of(env.getOrDefault("HOME", "."), ".local", "state"))
                        .resolve("redfleet"));
    }

    private static Optional<String> set(Map<String, String> env, String name) {
        return Optional.ofNullable(env.get(name)).filter(value -> !value.isBlank());
    }
}
