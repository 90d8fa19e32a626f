package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisBinaries;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the survey says of a data set on disk, against what a real Redis then loads. */
@Timeout(120)
class DataSetTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path base;

    private Path home;
    private int port;
    private Optional<Child> redis = Optional.empty();

    @BeforeEach
    void anInstance() throws IOException {
        home = base.resolve("orders/redis-server");
        Files.createDirectories(home.resolve("data"));
        port = FreePort.choose();
    }

    @AfterEach
    void end() {
        redis.ifPresent(Child::kill9);
    }

    @Test
    void aDumpAloneIsNoDataSetForAnInstanceWithAnAppendOnlyFile() throws Exception {
        run("appendonly no");
        fill();
        say("SAVE");
        kill();
        configure("appendonly yes");
        assertThat(surveyed().hasData()).isFalse();
        assertThat(surveyed().hasFiles()).isTrue();
        assertThat(keysAfterStart()).isZero();
    }

    @Test
    void anAppendOnlyFileAloneIsNoDataSetForAnInstanceWithout() throws Exception {
        run("appendonly yes");
        fill();
        kill();
        configure("appendonly no");
        assertThat(surveyed().hasData()).isFalse();
        assertThat(surveyed().hasFiles()).isTrue();
        assertThat(keysAfterStart()).isZero();
    }

    @Test
    void aReplicaThatDiedWhileItRewroteAfterAFullSyncHasADumpThatItWillNotLoad() throws Exception {
        try (RedisNode master = RedisNode.start()) {
            for (int i = 0; i < 300; i++) {
                master.say("SET", "key" + i, "value".repeat(20));
            }
            // The rewrite after the sync takes a minute.
            run("appendonly yes", "rdb-key-save-delay 200000", "replicaof 127.0.0.1 " + master.port());
            Await.until("a dump and a rewrite", SOON, () -> dumpBytes() > 2_000 && rewrites());
            kill();
        }
        assertThat(surveyed().hasData()).isFalse();
        assertThat(surveyed().hasFiles()).isTrue();
        assertThat(keysAfterStart()).isZero();
    }

    @Test
    void theDumpOfAnEmptyReplicaIsNoDataSetAlthoughItIsLarger() throws Exception {
        try (RedisNode master = RedisNode.start()) {
            run("appendonly no", "replicaof 127.0.0.1 " + master.port());
            Await.until("a dump", SOON, () -> dumpBytes() > 100);
            kill();
        }
        assertThat(surveyed().hasData()).isFalse();
        assertThat(surveyed().hasFiles()).isFalse();
        assertThat(keysAfterStart()).isZero();
    }

    @Test
    void oneKeyIsADataSetInADumpInABaseAndInAnIncrement() throws Exception {
        run("appendonly no");
        say("SET", "k", "v");
        say("SAVE");
        kill();
        assertThat(surveyed().hasData()).isTrue();
        run("appendonly no");
        say("CONFIG", "SET", "appendonly", "yes");
        Await.until("a base", SOON, () -> !rewrites());
        kill();
        configure("appendonly yes");
        assertThat(surveyed().hasData()).isTrue();
        assertThat(keysAfterStart()).isEqualTo(1);
        say("FLUSHALL");
        say("BGREWRITEAOF");
        Await.until("an empty base", SOON, () -> !rewrites());
        say("SET", "k", "v");
        kill();
        assertThat(surveyed().hasData()).isTrue();
        assertThat(keysAfterStart()).isEqualTo(1);
    }

    private void fill() throws IOException {
        for (int i = 0; i < 100; i++) {
            say("SET", "key" + i, "value");
        }
    }

    private void run(String... lines) throws IOException {
        configure(lines);
        start();
    }

    private void configure(String... lines) throws IOException {
        List<String> all = new ArrayList<>(List.of("bind 127.0.0.1", "port " + port, "save \"\""));
        all.add("dir " + home.resolve("data"));
        all.add("appendfsync always");
        all.addAll(List.of(lines));
        Files.write(home.resolve("redis.conf"), all);
    }

    private void start() {
        String conf = home.resolve("redis.conf").toString();
        redis = Optional.of(Child.start(List.of(RedisBinaries.server().toString(), conf), home, home.resolve("log")));
        Await.until("an answer", SOON, () -> "PONG".equals(ask("PING")));
    }

    private long keysAfterStart() throws IOException {
        configure(Files.readString(home.resolve("redis.conf")).contains("appendonly yes") ? "appendonly yes" : "");
        start();
        return (Long) Objects.requireNonNull(say("DBSIZE"));
    }

    private long dumpBytes() {
        return home.resolve("data/dump.rdb").toFile().length();
    }

    private boolean rewrites() {
        String info = ask("INFO", "persistence");
        return info.contains("aof_rewrite_in_progress:1") || info.contains("aof_rewrite_scheduled:1");
    }

    /** Redis first, so that it does not see the end of the child that rewrites for it; then that child. */
    private void kill() {
        Child child = redis.orElseThrow();
        List<ProcessHandle> saving =
                ProcessHandle.of(child.pid()).orElseThrow().children().toList();
        child.kill9();
        saving.forEach(ProcessHandle::destroyForcibly);
    }

    private @Nullable Object say(String... words) throws IOException {
        try (RedisCall call = RedisCall.open("127.0.0.1", port, Duration.ofSeconds(5))) {
            return call.call(words);
        }
    }

    private String ask(String... words) {
        try {
            return String.valueOf(say(words));
        } catch (IOException notYet) {
            return "";
        }
    }

    private InstanceSurvey surveyed() throws Exception {
        Script script = Scripts.of(
                Surveyor.class,
                "survey",
                SOON,
                List.of(base.toString(), "orders", "orders", "redis", "redis-server", "127.0.0.1", "" + port));
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return SurveyText.instance(said, "redis-server");
    }
}
