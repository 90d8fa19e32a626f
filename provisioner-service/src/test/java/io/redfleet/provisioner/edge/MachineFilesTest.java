package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.recipe.UnitFile;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.tuning.HostFiles;
import io.redfleet.provisioner.tuning.KernelKey;
import io.redfleet.testkit.SystemdHost;
import io.redfleet.testkit.SystemdHosts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is rendered for a whole machine, read back by systemd and sysctl themselves: no value becomes a second line, or another
 * value. Seeded: {@code -Dseed=N} repeats a run, {@code -Dvalues=N} shortens it.
 */
@Tag("long")
@Timeout(600)
class MachineFilesTest {
    private static final long SEED = Long.getLong("seed", 20_261_127L);
    private static final int VALUES = Integer.getInteger("values", 100_000);
    private static final int AT_ONCE = 500;
    /** What systemd and sysctl read specially, and plain letters. */
    private static final List<String> SPICE = List.of(
            "\n",
            "\r",
            "\t",
            " ",
            "\0",
            "\\",
            "\\\n",
            "\"",
            "'",
            "%",
            "%h",
            "%n",
            "$",
            "${x}",
            "#",
            ";",
            "=",
            "[Service]",
            "\nUser=root\n",
            "\nExecStartPre=/bin/sh\n",
            "!",
            "@",
            "+",
            "-",
            ":",
            "*",
            "?",
            "[",
            "]",
            "~",
            "\u00e9",
            "\u2028",
            "..",
            "/..",
            "/.",
            "//",
            "\nkernel.core_pattern = /x\n",
            "0x10",
            "1 2",
            "+1",
            "-1");

    private static final List<String> PLAIN = List.of("a", "b", "Z", "0", "7", "-", "_", ".", "/");

    @TempDir
    static Path credentials;

    private static @Nullable SystemdHosts booted;

    @BeforeAll
    static void aHost() throws Exception {
        String missing = SystemdHosts.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        booted = SystemdHosts.boot(credentials, 1);
    }

    @AfterAll
    static void itEnds() {
        if (booted != null) {
            booted.close();
        }
    }

    @Test
    void systemdReadsEachUnitAsItWasMeantOrItIsRefused() {
        Random random = new Random(SEED);
        Place place = place();
        Map<String, UnitFile> taken = new LinkedHashMap<>();
        int refused = 0;
        for (int i = 0; i < VALUES; i++) {
            boolean marks = i % 2 == 0;
            String base = marks ? "/srv/redfleet" : "/srv/" + text(random);
            String mark = marks ? text(random) : "u1 orders/r1/redis-server";
            try {
                taken.put(base + "|" + mark, UnitFile.of(place, base, mark, Duration.ofMinutes(5)));
            } catch (IllegalArgumentException breaksOut) {
                refused++;
            }
        }
        List<String> words = List.copyOf(taken.keySet());
        for (int from = 0; from < words.size(); from += AT_ONCE) {
            readBack(words.subList(from, Math.min(words.size(), from + AT_ONCE)), taken, place);
        }
        System.out.printf("units: seed %d, %d values, refused %d, %d read back%n", SEED, VALUES, refused, taken.size());
        assertThat(refused).isPositive();
        assertThat(taken.size()).isGreaterThan(VALUES / 100);
    }

    @Test
    void sysctlReadsEachValueAsItWasMeantOrItIsRefused() {
        Random random = new Random(SEED);
        List<String> names = KernelKey.names();
        Map<String, List<String>> taken = new TreeMap<>();
        int refused = 0;
        for (int i = 0; i < VALUES; i++) {
            String key = random.nextInt(4) == 0 ? text(random) : names.get(random.nextInt(names.size()));
            String value = random.nextBoolean() ? text(random) : "" + random.nextInt(70_000);
            if (KernelKey.of(key).filter(known -> known.takes(value)).isPresent()) {
                taken.computeIfAbsent(key, one -> new ArrayList<>()).add(value);
            } else {
                refused++;
            }
        }
        int most = taken.values().stream().mapToInt(List::size).max().orElse(0);
        List<String> rendered = new ArrayList<>();
        List<String> meant = new ArrayList<>();
        for (int round = 0; round < most; round++) {
            TreeMap<String, String> values = new TreeMap<>();
            for (Map.Entry<String, List<String>> one : taken.entrySet()) {
                values.put(
                        one.getKey(), one.getValue().get(round % one.getValue().size()));
            }
            rendered.add(String.join("\n", HostFiles.sysctl(new ClusterUid("u1"), values)) + "\n");
            values.forEach((key, value) -> meant.add(key + " = " + value));
        }
        List<String> read = new ArrayList<>();
        for (int from = 0; from < rendered.size(); from += AT_ONCE) {
            List<String> script = new ArrayList<>(List.of(
                    "sh", "-c", "for file; do printf '%s' \"$file\" | sysctl --dry-run -p - || exit 1; done", "sh"));
            script.addAll(rendered.subList(from, Math.min(rendered.size(), from + AT_ONCE)));
            host().run(script.toArray(String[]::new)).lines().forEach(read::add);
        }
        assertThat(read).isEqualTo(meant);
        System.out.printf(
                "sysctl: seed %d, %d values, refused %d, %d read back in %d files%n",
                SEED, VALUES, refused, read.size(), rendered.size());
        assertThat(refused).isPositive();
        assertThat(taken).hasSizeGreaterThan(1);
    }

    private static void readBack(List<String> words, Map<String, UnitFile> taken, Place place) {
        List<String> write = new ArrayList<>(List.of(
                "sh",
                "-c",
                "while [ $# -ge 2 ]; do printf '%s' \"$2\" >\"/run/systemd/system/$1\"; shift 2; done",
                "sh"));
        List<String> show = new ArrayList<>(List.of("systemctl", "show"));
        for (String property :
                List.of("LoadState", "User", "Description", "ReadWritePaths", "ExecStart", "ExecStartPre")) {
            show.addAll(List.of("-p", property));
        }
        for (int i = 0; i < words.size(); i++) {
            write.add("fuzz-" + i + ".service");
            write.add(Objects.requireNonNull(taken.get(words.get(i))).text());
            show.add("fuzz-" + i + ".service");
        }
        host().run(write.toArray(String[]::new));
        host().run("systemctl", "daemon-reload");
        String[] units = host().run(show.toArray(String[]::new)).split("\n\n");
        assertThat(units).hasSameSizeAs(words);
        for (int i = 0; i < units.length; i++) {
            String base = words.get(i).substring(0, words.get(i).indexOf('|'));
            String directory = place.directory(base);
            Map<String, String> unit = Arrays.stream(units[i].split("\n"))
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
            assertThat(unit)
                    .as("seed %d: %s", SEED, words.get(i))
                    .containsEntry("LoadState", "loaded")
                    .containsEntry("User", "redis")
                    .containsEntry("Description", "Redfleet orders/r1/redis-server")
                    .containsEntry("ReadWritePaths", directory);
            assertThat(unit.get("ExecStartPre"))
                    .startsWith("{ path=/bin/sh ; argv[]=/bin/sh"
                            + " /etc/systemd/system/redfleet-orders-redis-server.guard ;");
            assertThat(unit.get("ExecStart"))
                    .startsWith("{ path=" + base + "/bin/redis-server ; argv[]=" + base + "/bin/redis-server "
                            + directory + "/redis.conf ;");
        }
    }

    private static SystemdHost host() {
        return Objects.requireNonNull(booted).host(1);
    }

    /** One in eight of plain letters alone, of which most are taken. */
    private static String text(Random random) {
        boolean plain = random.nextInt(8) == 0;
        return random.ints(1 + random.nextInt(5), 0, PLAIN.size() + (plain ? 0 : SPICE.size()))
                .mapToObj(i -> i < PLAIN.size() ? PLAIN.get(i) : SPICE.get(i - PLAIN.size()))
                .collect(Collectors.joining());
    }

    private static Place place() {
        List<Map<String, String>> hosts = List.of(
                Map.of("name", "r1", "address", "10.0.0.11"),
                Map.of("name", "r2", "address", "10.0.0.12"),
                Map.of("name", "r3", "address", "10.0.0.13"));
        Map<String, Object> spec = new HashMap<>(Map.of("hosts", hosts, "service", "systemd"));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        return Place.of(((SpecReader.Good) reading).spec(), new InstanceId("r1/redis-server"), Login.NONE);
    }
}
