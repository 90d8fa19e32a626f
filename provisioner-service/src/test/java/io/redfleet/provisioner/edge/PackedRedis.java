package io.redfleet.provisioner.edge;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.provisioner.apply.MadeTar;
import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An archive of a Redis among the artefacts of a test.
 *
 * @param engine or of a Valkey
 */
record PackedRedis(String version, ArchiveSpec archive, String engine) {
    private static final Pattern SAID =
            Pattern.compile("version: \"([0-9.]+)\"\narchive: \\{ file: (\\S+), sha256: \"([0-9a-f]{64})\" \\}\n");

    /** Of a Redis. */
    PackedRedis(String version, ArchiveSpec archive) {
        this(version, archive, "redis");
    }

    /** The Redis that this machine has, packed by deploy/hosts/redis-archive. */
    static PackedRedis ofThisMachine(Path artefacts) throws IOException, InterruptedException {
        String out = artefacts.resolve("redis-installed.tar.gz").toString();
        return read(script("--installed", out), "redis");
    }

    /** A Valkey, built by it out of Debian's source, for processes: with neither systemd nor TLS. Takes minutes. */
    static PackedRedis builtValkey(String version, Path artefacts) throws IOException, InterruptedException {
        String out = artefacts.resolve("valkey-" + version + ".tar.gz").toString();
        return read(script("--valkey", "--without-systemd", "--without-tls", version, out), "valkey");
    }

    /** What the script said of a Redis. */
    static PackedRedis read(String said) {
        return read(said, "redis");
    }

    private static PackedRedis read(String said, String engine) {
        Matcher matcher = SAID.matcher(said);
        if (!matcher.matches()) {
            throw new IllegalStateException("the script said " + said);
        }
        return new PackedRedis(matcher.group(1), new ArchiveSpec(matcher.group(2), matcher.group(3)), engine);
    }

    /** One whose server says this version, and can do nothing else. */
    static PackedRedis saying(String version, Path artefacts) throws Exception {
        String file = "redis-" + version + ".tar.gz";
        Path made = new MadeTar(version).packed(artefacts.resolve(file));
        return new PackedRedis(version, new ArchiveSpec(file, MadeTar.sha256(Files.readAllBytes(made))));
    }

    /** What deploy/hosts/redis-archive says to standard output. */
    static String script(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Checkout.root().resolve("deploy/hosts/redis-archive").toString()));
        command.addAll(Arrays.asList(words));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(command + " has failed: " + said);
        }
        return said;
    }

    /** What a spec says of its Redis to have it out of this archive. */
    Map<String, Object> redis() {
        return Map.of(
                "install",
                RedisSpec.ARCHIVE,
                "version",
                version,
                "archive",
                Map.of("file", archive.file(), "sha256", archive.sha256()));
    }

    /** This cluster, with its Redis out of this archive. */
    ClusterState of(ClusterSpec plain, String uid, long revision) {
        return running(plain, new RedisSpec(engine, version, RedisSpec.ARCHIVE, Map.of(), archive), uid, revision);
    }

    /** This cluster, with another Redis or Valkey. */
    static ClusterState running(ClusterSpec plain, RedisSpec redis, String uid, long revision) {
        ClusterSpec spec = new ClusterSpec(
                plain.name(),
                plain.labels(),
                redis,
                plain.durability(),
                plain.sentinel(),
                plain.hosts(),
                plain.bootstrapMaster(),
                plain.service(),
                plain.watch(),
                plain.security(),
                plain.monit(),
                plain.tuning());
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid(uid), revision, Phase.ACCEPTED, "", Instant.EPOCH, spec);
    }
}
