package io.redfleet.provisioner.edge;

import io.redfleet.provisioner.apply.MadeTar;
import io.redfleet.testkit.Checkout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Redis built by deploy/hosts/redis-archive out of Debian's source, which takes minutes: once, and kept below {@code target} for
 * whatever test needs it next. Another script, version or choice of options is another one.
 */
final class BuiltRedis {
    private static final Path SCRIPT = Checkout.root().resolve("deploy/hosts/redis-archive");
    private static final Path KEPT = Checkout.root().resolve("provisioner-service/target/built-redis");

    private BuiltRedis() {}

    /** Why none can be built here; empty: it can. */
    static Optional<String> missing() {
        return Files.isExecutable(Path.of("/usr/bin/g++"))
                ? Optional.empty()
                : Optional.of("no g++ to build a Redis with");
    }

    /** Why what is built here is good for no unit; empty: it uses systemd and TLS. */
    static Optional<String> missingForUnits() {
        Optional<String> compiler = missing();
        if (compiler.isPresent() || hasLibraries()) {
            return compiler;
        }
        return Optional.of("a Redis that units run is built with libsystemd-dev and libssl-dev");
    }

    private static boolean hasLibraries() {
        try {
            Process asked = new ProcessBuilder("pkg-config", "--exists", "libsystemd", "libssl").start();
            return asked.waitFor(20, TimeUnit.SECONDS) && asked.exitValue() == 0;
        } catch (IOException noPkgConfig) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Its archive, among these artefacts; with systemd and TLS where this machine has what that takes. */
    static synchronized PackedRedis of(String version, Path artefacts) throws Exception {
        List<String> words = new ArrayList<>();
        if (!hasLibraries()) {
            words.addAll(List.of("--without-systemd", "--without-tls"));
        }
        words.add(version);
        String name = "redis-" + version + ".tar.gz";
        Path place = KEPT.resolve(key(words));
        Path archive = place.resolve(name);
        Path said = place.resolve("said");
        if (!isWhole(archive, said)) {
            Files.createDirectories(place);
            Files.deleteIfExists(said);
            words.add(archive.toString());
            long begun = System.nanoTime();
            String answer = PackedRedis.script(words.toArray(String[]::new));
            System.out.printf(
                    "built Redis %s in %d s%n", version, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
            Path fresh = Files.writeString(place.resolve("said.new"), answer);
            Files.move(fresh, said, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.copy(archive, artefacts.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        return PackedRedis.read(Files.readString(said));
    }

    private static boolean isWhole(Path archive, Path said) throws Exception {
        return Files.exists(said)
                && Files.exists(archive)
                && MadeTar.sha256(Files.readAllBytes(archive))
                        .equals(PackedRedis.read(Files.readString(said))
                                .archive()
                                .sha256());
    }

    private static String key(List<String> words) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Files.readAllBytes(SCRIPT));
        all.writeBytes(String.join(" ", words).getBytes(StandardCharsets.UTF_8));
        return MadeTar.sha256(all.toByteArray()).substring(0, 16);
    }
}
