package io.redfleet.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What redis-server and redis-sentinel have in common: a port, a directory, a config file that they rewrite. */
public abstract sealed class RedisProcess implements AutoCloseable permits RedisNode, SentinelNode {
    public static final String LOOPBACK = "127.0.0.1";
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    private static final Duration READY_WITHIN = Duration.ofSeconds(20);

    private final TempDirectory home;
    private final Path binary;
    private final int port;
    private Child child;

    RedisProcess(Path binary, int port, List<String> config) {
        this.home = TempDirectory.named(binary.getFileName().toString());
        this.binary = binary;
        this.port = port;
        try {
            List<String> lines = new ArrayList<>(List.of("dir " + home.path()));
            lines.addAll(config);
            Files.write(configFile(), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.child = launch();
        awaitAnswer();
    }

    public String host() {
        return LOOPBACK;
    }

    public int port() {
        return port;
    }

    public String address() {
        return LOOPBACK + ":" + port;
    }

    public long pid() {
        return child.pid();
    }

    public boolean alive() {
        return child.alive();
    }

    /** Its own directory, with the config file as Redis last rewrote it, data files and log. */
    public Path directory() {
        return home.path();
    }

    public Path configFile() {
        return home.path().resolve("node.conf");
    }

    public Path binary() {
        return binary;
    }

    public String log() {
        return child.output();
    }

    public void kill9() {
        child.kill9();
    }

    public void stop() {
        child.stop();
    }

    public void freeze() {
        child.freeze();
    }

    public void thaw() {
        child.thaw();
    }

    /** Starts it again where it was, with its config file as it left it; returns when it answers (or is loading). */
    public void restart() {
        startAgain();
        awaitAnswer();
    }

    /** Like {@link #restart()}, without waiting for anything. */
    public void startAgain() {
        if (child.alive()) {
            throw new IllegalStateException(address() + " still runs");
        }
        child = launch();
    }

    /** One command over a fresh connection; the reply as text, nested replies joined by spaces, nil as "". */
    public String say(String... words) {
        try (RedisCall call = RedisCall.open(LOOPBACK, port, ANSWER_WITHIN)) {
            return text(call.call(words));
        } catch (IOException e) {
            throw new UncheckedIOException(address() + ": " + words[0], e);
        }
    }

    /** {@link #say} for a node that may not be there. */
    public Optional<String> ask(String... words) {
        try {
            return Optional.of(say(words));
        } catch (UncheckedIOException away) {
            return Optional.empty();
        }
    }

    /** The fields of a section of INFO. */
    public Map<String, String> info(String section) {
        return say("INFO", section)
                .lines()
                .filter(line -> line.contains(":"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip()));
    }

    @Override
    public void close() {
        child.kill9();
        home.close();
    }

    private Child launch() {
        return Child.start(
                List.of(binary.toString(), configFile().toString()),
                home.path(),
                home.path().resolve("log"));
    }

    private void awaitAnswer() {
        Await.until("an answer from " + address(), READY_WITHIN, () -> answers() || !child.alive());
        if (!child.alive()) {
            throw new AssertionError(address() + " ended at its start:\n" + child.output());
        }
    }

    private boolean answers() {
        try (RedisCall call = RedisCall.open(LOOPBACK, port, ANSWER_WITHIN)) {
            call.call("PING");
            return true;
        } catch (RedisCall.Refused loadingOrLocked) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String text(@Nullable Object reply) {
        if (reply instanceof List<?> items) {
            return items.stream().map(RedisProcess::text).collect(Collectors.joining(" "));
        }
        return Objects.toString(reply, "");
    }
}
