package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.LoopbackHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks for generated passwords in everything that a whole run has left and shown. */
final class LeakScan {
    /** What Redis and Sentinel can only be told in the clear, and where. */
    private static final Map<Purpose, Set<String>> ON_HOSTS = Map.of(
            Purpose.REPLICATION, Set.of("redis.conf"),
            Purpose.SENTINEL, Set.of("sentinel.conf"),
            Purpose.PEER, Set.of("sentinel.conf"));

    private static final int PIECE = 1024 * 1024;
    /** No secret is longer, so that none is missed between two pieces. */
    private static final int LONGEST = 256;

    private final Installation redfleet;
    private final Map<Purpose, String> passwords;
    /** The passwords, and all that lies in {@code credentials/}, by what they are. */
    private final Map<String, String> secrets = new LinkedHashMap<>();
    /** Something that is no secret and is found wherever the scan really looks. */
    private final String mark;

    LeakScan(Installation redfleet, String mark) throws Exception {
        this.redfleet = redfleet;
        this.mark = mark;
        this.passwords = Passwords.of(redfleet.bootstrap(), redfleet.login("admin"), redfleet.home());
        assertThat(passwords).hasSize(Purpose.values().length);
        passwords.forEach((purpose, password) -> secrets.put("the password of " + purpose.word(), password));
        Map<String, String> laidDown = CredentialWords.of(redfleet.home().resolve("credentials"));
        assertThat(laidDown).hasSizeGreaterThanOrEqualTo(11).containsValue(redfleet.adminToken());
        secrets.putAll(laidDown);
        assertThat(passwords.values()).doesNotHaveDuplicates().allMatch(password -> password.length() == 64);
    }

    String password(Purpose purpose) {
        return passwords.getOrDefault(purpose, "");
    }

    /** @param shown what the command line has said */
    void nothingIsFoundIn(Api api, List<String> shown, Processes processes, List<LoopbackHost> hosts) throws Exception {
        clean("the answers of the API", api.heard());
        clean("what the command line shows", shown);
        clean("every topic", topics());
        clean("the arguments and environments of processes", processes.seen());
        filesAreClean(redfleet.home());
        for (LoopbackHost host : hosts) {
            host(host.home());
        }
    }

    private void clean(String where, Collection<String> texts) {
        assertThat(texts).as("%s were looked at", where).anyMatch(text -> text.contains(mark));
        // By place and name only: a report of this must not be the next leak.
        secrets.forEach((what, secret) -> assertThat(
                        texts.stream().filter(text -> text.contains(secret)).count())
                .as("%s in %s", what, where)
                .isZero());
    }

    private List<String> topics() throws Exception {
        ConcurrentLinkedQueue<BusRecord> records = new ConcurrentLinkedQueue<>();
        BusSettings settings = BusSettings.of(redfleet.bootstrap(), "scan", redfleet.login("admin"));
        try (Follower follower =
                Follower.of(settings, Arrays.asList(Topic.values()), new Start.Beginning(), records::add)) {
            follower.caughtUp().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
        return records.stream()
                .map(record -> record.key() + " " + record.headers() + " " + text(record.value()))
                .toList();
    }

    /** All but the place where keys and tokens belong, a piece at a time: the stores take gigabytes. */
    private void filesAreClean(Path home) throws IOException {
        Set<String> found = new TreeSet<>();
        boolean marked = false;
        try (Stream<Path> all = Files.walk(home)) {
            for (Path file : all.filter(LeakScan::holdsWords)
                    .filter(file -> !file.startsWith(home.resolve("credentials")))
                    .toList()) {
                marked |= look(file, home.relativize(file).toString(), found);
            }
        }
        assertThat(marked).as("the state directory was looked at").isTrue();
        assertThat(found).isEmpty();
    }

    /** Kafka's indexes hold numbers alone, 10 MiB each from the first record on. */
    private static boolean holdsWords(Path file) {
        return Files.isRegularFile(file) && !file.toString().endsWith("index");
    }

    /** Whether the mark is there; what is a secret is added to what was found. */
    private boolean look(Path file, String name, Set<String> found) throws IOException {
        boolean marked = false;
        String before = "";
        try (InputStream in = Files.newInputStream(file)) {
            for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
                String text = before + new String(piece, StandardCharsets.ISO_8859_1);
                marked |= text.contains(mark);
                secrets.forEach((what, secret) -> {
                    if (text.contains(secret)) {
                        found.add(what + " in " + name);
                    }
                });
                before = text.substring(Math.max(0, text.length() - LONGEST));
            }
        } catch (NoSuchFileException e) {
            // The stores throw files away while they run.
            return marked;
        }
        return marked;
    }

    /** A host holds what its Redis needs, in a file that its user alone reads, and no other password at all. */
    private void host(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String text = read(file);
                passwords.forEach((purpose, password) -> {
                    if (text.contains(password)) {
                        assertThat(ON_HOSTS.getOrDefault(purpose, Set.of()))
                                .as("the password of %s in %s", purpose.word(), file)
                                .contains(file.getFileName().toString());
                        assertThat(mode(file)).as("%s", file).isEqualTo("rw-------");
                    }
                });
            }
        }
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String read(Path file) throws IOException {
        try {
            return text(Files.readAllBytes(file));
        } catch (java.nio.file.NoSuchFileException goneMeanwhile) {
            return "";
        }
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
