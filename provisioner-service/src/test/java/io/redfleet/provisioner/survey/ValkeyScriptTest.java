package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.recipe.GuardFile;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisBinaries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What survey.sh says of a host that has Valkey, with a real shell. The host's PATH has every program of this machine but those of
 * Redis and Valkey; what has their names there says what Valkey 8.1.1 or Redis 7.0.15 says when it is asked for its version.
 */
@Timeout(60)
class ValkeyScriptTest {
    private static final HostSpec HOST = new HostSpec(
            new HostName("r1"), "127.0.0.1", "", new SshSpec("ops", 22, "ops", null), "redfleet", List.of());

    private static final String BUILD = " sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=8d0bd0b5";

    /** What every host has, and no test writes to. */
    @TempDir
    static Path shared;

    @TempDir
    Path base;

    @TempDir
    Path programs;

    @BeforeAll
    static void theProgramsOfThisMachine() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/usr/bin"))) {
            for (Path program : all) {
                String name = program.getFileName().toString();
                if (!name.startsWith("redis-") && !name.startsWith("valkey-")) {
                    Files.createSymbolicLink(shared.resolve(name), program);
                }
            }
        }
    }

    @BeforeEach
    void aHostWithNeither() throws IOException {
        for (String looked : List.of("/usr/local/bin", "/opt/redis/current/bin", "/opt/valkey/current/bin")) {
            for (String client : List.of("redis-cli", "valkey-cli", "redis-server", "valkey-server")) {
                Path there = Path.of(looked, client);
                assumeTrue(!Files.exists(there), "scripts find " + there + " on this machine");
            }
        }
    }

    /** The program that is there, what it answers to --version, which is looked for, what is found: its version and what it is. */
    @ParameterizedTest(name = "{0}, looked for {2}")
    @CsvSource({
        "valkey-server, Valkey server v=8.1.1, valkey, 8.1.1, valkey",
        "valkey-check-rdb, valkey-check-rdb v=8.1.1, valkey, 8.1.1, valkey",
        "redis-server, Redis server v=7.0.15, redis, 7.0.15, redis",
        "redis-check-rdb, redis-check-rdb 7.0.15, redis, 7.0.15, redis",
        "redis-server, Valkey server v=8.1.1, redis, 8.1.1, valkey",
        "valkey-server, Redis server v=7.2.4, valkey, 7.2.4, redis",
        "valkey-server, Something v=1.2.3, valkey, 1.2.3, ''",
    })
    void aBinaryIsFoundByTheNameOfWhatIsWantedAndSaysWhatItIs(
            String name, String says, String wanted, String version, String engine) throws Exception {
        program(name, "echo '" + says + (says.contains("v=") ? BUILD : "") + "'\n");
        HostSurvey seen = surveyed(wanted);
        assertThat(seen.binary()).isEqualTo(programs.resolve(name).toRealPath().toString());
        assertThat(seen.version()).isEqualTo(version);
        assertThat(seen.engine()).isEqualTo(engine);
    }

    @ParameterizedTest
    @CsvSource({"redis-server, valkey", "valkey-server, redis"})
    void theOtherIsNotTakenForIt(String there, String wanted) throws Exception {
        program(there, "echo 'v=1.0.0'\n");
        HostSurvey seen = surveyed(wanted);
        assertThat(seen.binary()).isEmpty();
        assertThat(seen.version()).isEmpty();
        assertThat(seen.engine()).isEmpty();
    }

    @Test
    void aHostHasWhatAsksInstancesIfItHasEither() throws Exception {
        assertThat(surveyed("redis").missing()).containsExactly(HostSurvey.CLIENT);
        assertThat(surveyed("valkey").missing()).containsExactly(HostSurvey.CLIENT);
        program("valkey-cli", "exit 0\n");
        assertThat(surveyed("redis").missing()).isEmpty();
        assertThat(surveyed("valkey").missing()).isEmpty();
    }

    /** The password is in the one's environment by another name than in the other's, and in no argument. */
    @Test
    void instancesAreAskedByWhatThereIs() throws Exception {
        String says = "echo \"$0 $REDISCLI_AUTH $VALKEYCLI_AUTH $*\" | sed 's|.*/||'\n";
        program("valkey-cli", says);
        assertThat(asked()).isEqualTo("valkey-cli secret secret --user admin -h 127.0.0.1 -p 1 PING");
        program("redis-cli", says);
        assertThat(asked()).isEqualTo("redis-cli secret secret --user admin -h 127.0.0.1 -p 1 PING");
    }

    @Test
    void aStartGuardAsksByWhatThereIsToo() throws Exception {
        program("valkey-cli", "printf '10.0.0.9\\n6379\\n'\n");
        Path home = base.resolve("orders/redis-server");
        Files.createDirectories(home.resolve("data"));
        Path conf = Files.writeString(home.resolve("redis.conf"), "port 1\n");
        Endpoint itself = new Endpoint("127.0.0.1", 1);
        List<Endpoint> sentinels = List.of(new Endpoint("127.0.0.1", 2), new Endpoint("127.0.0.1", 3));
        GuardFile.Knows knows =
                new GuardFile.Knows("" + home, itself, itself, "orders", "", "" + base.resolve("none.auth"), sentinels);
        String text = GuardFile.text("u1 orders/r1/redis-server", knows);
        said(new Script("guard", text, List.of(), Duration.ofSeconds(20)), "");
        assertThat(Files.readAllLines(conf)).containsExactly("port 1", "replicaof 10.0.0.9 6379");
    }

    /**
     * By its name a process is told from a stranger's. This one is no Valkey: nothing else of it is looked at, and what it is asked
     * is answered by the test, in the words of one. Valkey has the password of its master under two names.
     */
    @Test
    void aProcessOfThatNameIsTheInstancesAndItsPasswordsAreLeftOut() throws Exception {
        program("valkey-cli", """
                case $* in
                  *PING*) echo PONG ;;
                  *INFO*) printf 'redis_version:7.2.4\\r\\nserver_name:valkey\\r\\nvalkey_version:8.1.1\\r\\n' ;;
                  *CONFIG*) printf '%s\\n' maxmemory 0 primaryauth pw-1 masterauth pw-2 requirepass pw-3 hz 10 ;;
                esac
                """);
        Path home = base.resolve("orders/redis-server");
        Path data = Files.createDirectories(home.resolve("data"));
        Path server = Files.createSymbolicLink(
                base.resolve("valkey-server"), RedisBinaries.server().toRealPath());
        int port = FreePort.choose();
        Path conf = Files.write(
                home.resolve("redis.conf"),
                List.of(
                        "bind 127.0.0.1",
                        "port " + port,
                        "save \"\"",
                        "dir " + data,
                        "pidfile " + home.resolve("redis.pid")));
        Child child = Child.start(List.of("" + server, "" + conf), home, base.resolve("log"));
        try {
            Await.until("a process", Duration.ofSeconds(20), () -> pid(port) == child.pid());
            String said = run(instance(port));
            assertThat(said).doesNotContain("pw-");
            InstanceSurvey seen = SurveyText.instance(said, "redis-server");
            assertThat(seen.config()).containsOnlyKeys("maxmemory", "hz");
            assertThat(seen.engine()).contains(Engine.VALKEY);
            assertThat(seen.version()).isEqualTo("8.1.1");
        } finally {
            child.kill9();
        }
        assertThat(pid(port)).isZero();
    }

    private long pid(int port) {
        try {
            String said = run(instance(port));
            return SurveyText.instance(said, "redis-server").pid();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> instance(int port) {
        return List.of(
                "" + base, "orders", "orders", "valkey", "redis", "redis-server", "127.0.0.1", "" + port, "--", "/");
    }

    /** What a snapshot begins with, what comes after its fields, whether that is a data set. */
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "REDIS0011, ff, false",
        "REDIS0011, fe00fb0100, true",
        "VALKEY080, ff, false",
        "VALKEY080, fe00fb0100, true",
        "VALKEY999, f5, true",
        // What is neither counts as one that holds something: nobody starts over it.
        "VALKEX080, ff, true",
    })
    void aSnapshotThatAValkeyWroteIsReadAsOneOfRedis(String magic, String rest, boolean holds) throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(magic.getBytes(StandardCharsets.US_ASCII));
        field(file, "valkey-ver", "9.0.0");
        field(file, "redis-bits", "64");
        file.writeBytes(HexFormat.of().parseHex(rest));
        file.writeBytes(new byte[8]);
        Path data = Files.createDirectories(base.resolve("orders/redis-server/data"));
        Files.write(data.resolve("dump.rdb"), file.toByteArray());
        String said = run(instance(FreePort.choose()));
        assertThat(SurveyText.instance(said, "redis-server").hasData()).isEqualTo(holds);
    }

    /** As an RDB file has it: its opcode, then two strings with their lengths. */
    private static void field(ByteArrayOutputStream file, String name, String value) {
        file.write(250);
        for (String word : List.of(name, value)) {
            file.write(word.length());
            file.writeBytes(word.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private HostSurvey surveyed(String engine) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("" + base, "orders", "orders"));
        if (!engine.equals("redis")) {
            arguments.add(engine);
        }
        arguments.addAll(List.of("--", "/"));
        return SurveyText.read(HOST, run(arguments), Instant.EPOCH).orElseThrow();
    }

    private String run(List<String> arguments) throws Exception {
        return said(Scripts.of(Surveyor.class, "survey", Duration.ofSeconds(20), arguments), "");
    }

    private String asked() throws Exception {
        String text = Scripts.of(Surveyor.class, "survey", Duration.ofSeconds(20), List.of())
                .text();
        String shared = text.substring(0, text.indexOf("# Facts of a host"));
        Script script = new Script("ask", shared + "\nask 127.0.0.1 1 PING\n", List.of(), Duration.ofSeconds(20));
        return said(script, "ask_user=admin ask_password=secret\n").strip();
    }

    private String said(Script script, String before) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-s", "--"));
        command.addAll(script.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PATH", programs + ":" + shared);
        Process shell = builder.start();
        shell.getOutputStream().write((before + script.text()).getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private void program(String name, String body) throws IOException {
        Path program = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
