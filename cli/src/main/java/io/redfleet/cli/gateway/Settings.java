package io.redfleet.cli.gateway;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the gateway is and where its token lies. An option beats the environment, which beats the default.
 *
 * @param authorities who has signed the gateway's certificate; empty: one whom the JDK knows
 * @param clearText whether the token may go to another machine unencrypted
 */
public record Settings(URI url, Path home, Path tokenFile, Optional<Path> authorities, boolean clearText) {
    private static final int DEFAULT_PORT = 8080;
    private static final String CLEAR_TEXT = "REDFLEET_CLEARTEXT";
    private static final Pattern LOOPBACK = Pattern.compile("(?i)127(\\.\\d{1,3}){3}|localhost|\\[::1]");

    /** @throws IllegalArgumentException if the address is not one of http or https */
    public static Settings of(Map<String, String> env, Optional<String> url, Optional<Path> tokenFile) {
        Path home = home(env);
        URI address = url.or(() -> set(env, "REDFLEET_URL"))
                .map(URI::create)
                .orElseGet(() -> new LocalGateway(home, DEFAULT_PORT).url());
        boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!web || address.getHost() == null) {
            throw new IllegalArgumentException("not an http address: " + address);
        }
        Path token = tokenFile
                .or(() -> set(env, "REDFLEET_TOKEN_FILE").map(Path::of))
                .orElse(home.resolve("credentials").resolve("admin-token"));
        Optional<Path> authorities = set(env, "REDFLEET_CA").map(Path::of);
        boolean clearText = set(env, CLEAR_TEXT).filter("true"::equals).isPresent();
        return new Settings(address, home, token, authorities, clearText);
    }

    /** Whether the installation behind the address keeps its home on this machine. */
    public boolean local() {
        return LOOPBACK.matcher(url.getHost()).matches();
    }

    /** Why the token does not go to that address; empty if it may. */
    public Optional<String> tooOpen() {
        return open() && !clearText
                ? Optional.of(
                        "the token would go to " + url.getHost() + " unencrypted, so it is not sent: use https, or set "
                                + CLEAR_TEXT + "=true where you trust every machine on the way")
                : Optional.empty();
    }

    /** Whether the token crosses a network that anybody may listen to. */
    public boolean open() {
        return "http".equals(url.getScheme()) && !local();
    }

    /** A gateway at a loopback address may be this home's own. */
    public Trust.Read trust() {
        if ("http".equals(url.getScheme())) {
            return new Trust.Read.Found(Trust.usual());
        }
        return Trust.of(
                authorities,
                local() ? Optional.of(new LocalGateway(home, url.getPort()).certificate()) : Optional.empty());
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
