package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.recipe.FileDrift;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisBinaries;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the survey says of the file of a Redis that runs, and what that Redis's CONFIG REWRITE makes of an edit. */
@Timeout(120)
class FileOnDiskTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final InstanceId R1 = new InstanceId("r1/redis-server");

    @TempDir
    Path base;

    private final ClusterSpec spec = spec();
    private final Place place = Place.of(spec, R1, Login.NONE);
    private Path home;
    private Path conf;
    private int port;
    private Optional<Child> redis = Optional.empty();

    /** By the very file that Redfleet writes, but for where it listens. */
    @BeforeEach
    void anInstance() throws IOException {
        home = base.resolve("orders/redis-server");
        Files.createDirectories(home.resolve("data"));
        Files.createDirectories(home.resolve("log"));
        port = FreePort.choose();
        String text = RedisConf.render(spec, place, home.toString(), Optional.empty(), Accounts.NONE)
                .replace("bind 10.0.0.11", "bind 127.0.0.1")
                .replace("port 6379", "port " + port)
                .replace("daemonize yes", "daemonize no");
        conf = Files.writeString(home.resolve("redis.conf"), text + "masterauth geheim\n");
        redis = Optional.of(
                Child.start(List.of(RedisBinaries.server().toString(), conf.toString()), home, base.resolve("out")));
        Await.until("an answer", SOON, () -> said("PING").equals("PONG"));
        Await.until("a process", SOON, () -> home.resolve("redis.pid").toFile().length() > 0);
    }

    @AfterEach
    void end() {
        redis.ifPresent(Child::kill9);
    }

    @Test
    void theFileOfAFirstStartAndWhatRedisMakesOfItSayWhatRuns() throws Exception {
        assertThat(surveyed().file().known()).isTrue();
        assertThat(drift()).isEmpty();
        assertThat(foreign()).isEmpty();
        assertThat(said("CONFIG", "REWRITE")).isEqualTo("OK");
        assertThat(drift()).isEmpty();
        assertThat(foreign()).isEmpty();
    }

    /** What a sed makes of the file, and the directives that are other by then. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "s/^appendonly yes/appendonly no/ | appendonly",
                "/^maxmemory /d | maxmemory",
                "s/^maxmemory .*/maxmemory 1gb/ | maxmemory",
                "$a maxmemory 1gb | maxmemory",
                "$a replicaof 127.0.0.1 1 | replicaof",
                "/^dir /d | dir",
                "s/^dir .*/dir \\/tmp/ | dir",
                "s/^save .*/save \"\"/ | save",
                "s/^port .*/port 1/ | port",
                "/^bind /d | bind",
                "s/geheim/other/ | masterauth",
                "/^masterauth/d | masterauth",
                "$a requirepass sesame | requirepass",
                "$a appendfsync \"always | unreadable",
                "s/.*// | announced",
            })
    void anEditIsSeenAndARewriteMendsIt(String edit, String directive) throws Exception {
        edited(edit);
        InstanceSurvey seen = surveyed();
        assertThat(seen.file().lines().toString()).doesNotContain("geheim", "other", "sesame");
        if (directive.equals("announced")) {
            // An empty file lacks each that is no default.
            assertThat(drift()).containsKeys("appendonly", "dir", "maxmemory", "port", "masterauth", "pidfile");
        } else {
            assertThat(drift()).containsOnlyKeys(directive);
        }
        assertThat(said("CONFIG", "REWRITE")).isEqualTo("OK");
        assertThat(drift()).isEmpty();
    }

    @Test
    void whatARewriteLeavesThereIsNamedBeforeAndAfter() throws Exception {
        edited("$a include " + base.resolve("more.conf"));
        edited("$a rename-command FLUSHALL sesame");
        assertThat(foreign()).containsExactly("include", "rename-command");
        assertThat(surveyed().file().lines().toString()).doesNotContain("sesame");
        assertThat(said("CONFIG", "REWRITE")).isEqualTo("OK");
        assertThat(foreign()).containsExactly("include", "rename-command");
    }

    @Test
    void aFileThatIsNoneOfAModestSizeIsNotReadAndThatIsSaid() throws Exception {
        Files.delete(conf);
        Files.createDirectory(conf);
        FileSurvey seen = surveyed().file();
        assertThat(seen.known()).isFalse();
        assertThat(seen.refused()).contains("must be a regular file of at most 1 MiB");
        Files.delete(conf);
        assertThat(surveyed().file()).isEqualTo(FileSurvey.NONE);
        Files.writeString(conf, "hz 10\n".repeat(3_000));
        assertThat(surveyed().file().refused()).contains("more than 64 KiB of directives");
    }

    private Map<String, FileDrift.Difference> drift() throws Exception {
        return FileDrift.of(spec, place, home.toString(), surveyed());
    }

    private Iterable<String> foreign() throws Exception {
        return FileDrift.foreign(spec, place, surveyed());
    }

    private void edited(String edit) throws Exception {
        Process sed = new ProcessBuilder("sed", "-i", edit, conf.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(sed.waitFor()).isZero();
    }

    private String said(String... words) {
        try (RedisCall call = RedisCall.open("127.0.0.1", port, Duration.ofSeconds(5))) {
            return String.valueOf(call.call(words));
        } catch (IOException notYet) {
            return "";
        }
    }

    private InstanceSurvey surveyed() throws Exception {
        List<String> arguments =
                List.of(base.toString(), "orders", "orders", "redis", "redis-server", "127.0.0.1", "" + port);
        Script script = Scripts.of(Surveyor.class, "survey", SOON, arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String text = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(text).as("the password is nowhere").doesNotContain("geheim");
        return SurveyText.instance(text, "redis-server");
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        SpecReader.Reading reading = SpecReader.read(Map.of(
                "metadata",
                Map.of("name", "orders"),
                "spec",
                Map.of("hosts", hosts, "redis", Map.of("config", Map.of("maxmemory", "64mb")))));
        return ((SpecReader.Good) reading).spec();
    }
}
