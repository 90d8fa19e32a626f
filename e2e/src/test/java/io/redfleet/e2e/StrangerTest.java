package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.Installation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running stack gives to another user of the machine: nothing. */
@Tag("long")
class StrangerTest {
    /** nobody, as on every Linux; needs no account. */
    private static final String STRANGER = "65534";

    private static final List<String> JVMS = List.of("kafka", "provisioner", "monitor", "alert", "gateway");

    @TempDir
    Path directory = Path.of("");

    @Test
    void anotherUserOfTheMachineGetsNothing() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "no setpriv (package util-linux)");
        // As /home is: it is the home itself that must keep others out.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path home = directory.resolve("home");
        try (Installation redfleet = Installation.up(home)) {
            Map<String, String> results = attempts(redfleet);
            theBrokerKnowsNoStranger(results, redfleet);
            theFilesAreClosed(results, home);
            theProcessesAreClosed(results, redfleet);
            thePortsSayNothing(results, redfleet);
            noSecretIsInAnArgumentOrAnEnvironment(redfleet);
            whoHasTheKeySeesTheMetrics(redfleet);
        }
    }

    private Map<String, String> attempts(Installation redfleet) throws IOException {
        List<String> attempts = new ArrayList<>();
        for (int port : kafkaPorts(redfleet)) {
            attempts.add("greet " + port);
        }
        for (String what : List.of("list", "produce", "consume")) {
            attempts.add(what + " " + redfleet.bootstrap());
        }
        for (int inner : kafkaPorts(redfleet).subList(1, 3)) {
            attempts.add("inner 127.0.0.1:" + inner);
        }
        attempts.add("postgres " + redfleet.port("postgres"));
        files(redfleet.home()).forEach(file -> attempts.add("read " + file));
        for (String part : JVMS) {
            attempts.add("attach " + redfleet.process(part).pid());
            attempts.add("read /proc/" + redfleet.process(part).pid() + "/environ");
        }
        for (String service : JVMS.subList(1, 5)) {
            for (String path :
                    List.of("/q/health/ready", "/q/health", "/q/metrics", "/q/", "/audit", "/api/v1/clusters")) {
                attempts.add("get http://127.0.0.1:" + redfleet.port(service) + path);
            }
        }
        for (String path : List.of("/collector", "/api/v1/clusters")) {
            attempts.add("get " + collector(redfleet) + path);
        }
        attempts.add("post " + collector(redfleet) + "/collector");
        return asStranger(attempts);
    }

    private static void theBrokerKnowsNoStranger(Map<String, String> results, Installation redfleet)
            throws IOException {
        for (int port : kafkaPorts(redfleet)) {
            assertThat(results).containsEntry("greet " + port, "hung up");
        }
        assertThat(results.entrySet())
                .filteredOn(each -> Set.of("list", "produce", "consume", "inner")
                        .contains(each.getKey().split(" ")[0]))
                .hasSize(5)
                .allSatisfy(each -> assertThat(each.getValue())
                        .as(each.getKey())
                        .contains("SaslAuthenticationException")
                        .containsIgnoringCase("authentication failed"));
        assertThat(results).containsEntry("postgres " + redfleet.port("postgres"), "asks for SCRAM");
    }

    private static void theFilesAreClosed(Map<String, String> results, Path home) throws IOException {
        List<Path> files = files(home);
        assertThat(files).hasSizeGreaterThan(100);
        assertThat(results.entrySet())
                .filteredOn(each -> each.getKey().startsWith("read "))
                .hasSizeGreaterThan(100)
                .allSatisfy(
                        each -> assertThat(each.getValue()).as(each.getKey()).isEqualTo("denied"));
        // And were the home ever opened, each file would still be its owner's.
        for (Path file : files) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                assertThat(PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)))
                        .as(file.toString())
                        .endsWith("------");
            }
        }
    }

    private static void theProcessesAreClosed(Map<String, String> results, Installation redfleet) {
        for (String part : JVMS) {
            assertThat(results.getOrDefault("attach " + redfleet.process(part).pid(), ""))
                    .as("attach to %s", part)
                    .containsAnyOf("not permitted", "Permission denied", "AccessDenied", "Unable to open");
            assertThat(Path.of(
                            "/tmp/hsperfdata_root",
                            String.valueOf(redfleet.process(part).pid())))
                    .doesNotExist();
        }
    }

    private static void thePortsSayNothing(Map<String, String> results, Installation redfleet) {
        for (String service : JVMS.subList(1, 5)) {
            String base = "get http://127.0.0.1:" + redfleet.port(service);
            assertThat(results)
                    .containsEntry(base + "/q/health/ready", "200 {\"status\":\"UP\"}")
                    .containsEntry(base + "/q/health", "200 {\"status\":\"UP\"}")
                    .containsEntry(base + "/q/metrics", "401")
                    .containsEntry(base + "/q/", "401");
            assertThat(results.get(base + "/audit")).isIn("401", "404");
            assertThat(results.get(base + "/api/v1/clusters")).isIn("401", "404");
        }
        assertThat(results)
                .containsEntry("get http://127.0.0.1:" + redfleet.port("alert") + "/audit", "401")
                .containsEntry("get http://127.0.0.1:" + redfleet.port("gateway") + "/api/v1/clusters", "401")
                .containsEntry("get " + collector(redfleet) + "/collector", "405")
                .containsEntry("get " + collector(redfleet) + "/api/v1/clusters", "404")
                .containsEntry("post " + collector(redfleet) + "/collector", "401");
    }

    /** Where hosts' Monits report to: another listener of the gateway. */
    private static String collector(Installation redfleet) {
        return "http://127.0.0.1:" + redfleet.port("collector");
    }

    private static void noSecretIsInAnArgumentOrAnEnvironment(Installation redfleet) throws IOException {
        Collection<String> secrets =
                CredentialWords.of(redfleet.home().resolve("credentials")).values();
        assertThat(secrets).hasSizeGreaterThanOrEqualTo(11);
        for (String part : List.of("kafka", "postgres", "provisioner", "monitor", "alert", "gateway")) {
            for (String place : List.of("cmdline", "environ")) {
                String text = Files.readString(
                        Path.of("/proc", String.valueOf(redfleet.process(part).pid()), place));
                assertThat(secrets).as("%s of %s", place, part).noneMatch(text::contains);
            }
            assertThat(secrets).as("log of %s", part).noneMatch(redfleet.log(part)::contains);
        }
    }

    private static void whoHasTheKeySeesTheMetrics(Installation redfleet) throws Exception {
        String key = Files.readString(redfleet.home().resolve("credentials/metrics-key"))
                .strip();
        for (String service : JVMS.subList(1, 5)) {
            assertThat(Api.status("http://127.0.0.1:" + redfleet.port(service) + "/q/metrics", key))
                    .as("the metrics of %s", service)
                    .isEqualTo(200);
        }
    }

    private Map<String, String> asStranger(List<String> attempts) throws IOException {
        Path lib = Files.createDirectory(directory.resolve("stranger"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            if (jar.getFileName().toString().matches("(kafka-clients|slf4j-api)-.*\\.jar")) {
                Files.copy(jar, lib.resolve(jar.getFileName()));
            }
        }
        Path classes = Files.createDirectories(lib.resolve("io/redfleet/e2e"));
        Path own = Path.of(Stranger.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        try (Stream<Path> files = Files.list(own.resolve("io/redfleet/e2e"))) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("Stranger"))
                    .toList()) {
                Files.copy(file, classes.resolve(file.getFileName()));
            }
        }
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/setpriv",
                "--reuid=" + STRANGER,
                "--regid=" + STRANGER,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                lib + File.pathSeparator + lib + "/*",
                "io.redfleet.e2e.Stranger"));
        command.addAll(attempts);
        Child stranger = Child.start(command, lib, directory.resolve("stranger.log"));
        Await.until("the end of all attempts", Duration.ofMinutes(3), () -> !stranger.alive());
        Map<String, String> results = new LinkedHashMap<>();
        stranger.output()
                .lines()
                .filter(line -> line.contains("\t"))
                .forEach(line ->
                        results.put(line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1)));
        assertThat(results.keySet()).as(stranger.output()).containsExactlyInAnyOrderElementsOf(attempts);
        return results;
    }

    /** Clients' own first, then the two that the broker uses between its halves. */
    private static List<Integer> kafkaPorts(Installation redfleet) throws IOException {
        return Files.readAllLines(redfleet.home().resolve("data/kafka/server.properties")).stream()
                .filter(line -> line.startsWith("listeners="))
                .flatMap(line -> Stream.of(line.split(",")))
                .map(listener -> Integer.parseInt(listener.substring(listener.lastIndexOf(':') + 1)))
                .toList();
    }

    /** Everything below that stays: what a running part writes and removes again is not among it. */
    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> !Files.isSymbolicLink(path))
                    .filter(path -> !path.toString().contains("/pg_stat_tmp")
                            && !path.toString().contains("/pgsql_tmp"))
                    .collect(Collectors.toList());
        }
    }
}
