package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.recipe.FileDrift.Difference;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.FileSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.OwnSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that somebody has edited, against what runs. */
class FileDriftTest {
    private static final String DIRECTORY = "/base/orders/redis-server";
    private static final InstanceId R1 = new InstanceId("r1/redis-server");

    private final Map<String, String> config = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final ClusterSpec spec = spec();
    private Set<String> other = Set.of();
    private String refused = "";

    @BeforeEach
    void aReplicaThatRunsAsItsFileSays() {
        config.putAll(Map.of(
                "appendonly", "yes",
                "save", "3600 1 300 100 60 10000",
                "maxmemory", "67108864",
                "replicaof", "10.0.0.12 6379",
                "port", "6379",
                "dir", DIRECTORY + "/data",
                "aclfile", DIRECTORY + "/users.acl",
                "protected-mode", "yes",
                "timeout", "0",
                "notify-keyspace-events", "AE"));
        lines.addAll(List.of(
                "appendonly yes",
                "save 3600 1 300 100 60 10000",
                "maxmemory 64mb",
                "replicaof 10.0.0.12 6379",
                "port 6379",
                "dir \"" + DIRECTORY + "/data\"",
                "aclfile " + DIRECTORY + "/users.acl",
                "protected-mode yes"));
    }

    @Test
    void nothingDiffers() {
        assertThat(drift()).isEmpty();
        assertThat(foreign()).isEmpty();
    }

    /** What is done to the file: the line that goes, the line that comes; the directive, what the file says, what runs. */
    @ParameterizedTest(name = "-{0} +{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "appendonly yes | appendonly no | appendonly | no | yes",
                "appendonly yes | '' | appendonly | '' | yes",
                "maxmemory 64mb | MaxMemory 32mb | maxmemory | 32mb | 67108864",
                "maxmemory 64mb | '' | maxmemory | '' | 67108864",
                "replicaof 10.0.0.12 6379 | '' | replicaof | '' | 10.0.0.12 6379",
                "replicaof 10.0.0.12 6379 | slaveof 10.0.0.13 6379 | replicaof | 10.0.0.13 6379 | 10.0.0.12 6379",
                "replicaof 10.0.0.12 6379 | replicaof no one | replicaof | '' | 10.0.0.12 6379",
                "port 6379 | port 6380 | port | 6380 | 6379",
                "'' | save \"\" | save | 3600 1 300 100 60 10000 \"\" | 3600 1 300 100 60 10000",
                "save 3600 1 300 100 60 10000 | save \"\" | save | '' | 3600 1 300 100 60 10000",
                "'' | dir /tmp | dir | /tmp | /base/orders/redis-server/data",
                "'' | aclfile /base/orders/redis-server/Users.acl | aclfile"
                        + " | /base/orders/redis-server/Users.acl | /base/orders/redis-server/users.acl",
                // Of one that is there twice Redis takes the last.
                "'' | maxmemory 1gb | maxmemory | 1gb | 67108864",
            })
    void anEditIsNamed(String gone, String come, String name, String file, String runs) {
        lines.remove(gone);
        if (!come.isEmpty()) {
            lines.add(come);
        }
        boolean said = lines.stream().anyMatch(line -> ConfLine.of(line).name().equals(name));
        assertThat(drift()).containsExactly(Map.entry(name, new Difference(file, said, runs)));
    }

    /** Lines that go, and lines that come, divided by commas; none of them changes what the next start has. */
    @ParameterizedTest(name = "-{0} +{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "maxmemory 64mb | maxmemory 65536kb",
                "save 3600 1 300 100 60 10000 | save 3600 1,save 300 100,save 60 10000",
                // What is each version's default need not stand there.
                "save 3600 1 300 100 60 10000 | ''",
                "port 6379 | ''",
                "protected-mode yes | PROTECTED-MODE YES",
                "replicaof 10.0.0.12 6379 | slaveof \"10.0.0.12\" 6379",
                "'' | notify-keyspace-events EA",
            })
    void whatMeansTheSameIsTheSame(String gone, String come) {
        lines.remove(gone);
        Arrays.stream(come.split(",", -1)).filter(line -> !line.isEmpty()).forEach(lines::add);
        assertThat(drift()).isEmpty();
        assertThat(foreign()).isEmpty();
    }

    @Test
    void whatRunsIsKnownByItsOtherNamesToo() {
        config.put("slaveof", "10.0.0.12 6379");
        config.remove("replicaof");
        assertThat(drift()).isEmpty();
        config.put("primaryuser", "replication");
        lines.add("masteruser replication");
        assertThat(drift()).isEmpty();
        lines.removeLast();
        assertThat(drift()).containsExactly(Map.entry("masteruser", new Difference("", false, "replication")));
    }

    @Test
    void aMasterWhoseFileFollowsSomebody() {
        config.put("replicaof", "");
        assertThat(drift()).containsExactly(Map.entry("replicaof", new Difference("10.0.0.12 6379", true, "")));
    }

    @Test
    void anEmptyFileLacksAllThatIsNoDefault() {
        lines.clear();
        assertThat(drift()).containsOnlyKeys("aclfile", "appendonly", "dir", "maxmemory", "replicaof");
    }

    @Test
    void ofASecretOnlyThatItIsAnother() {
        other = Set.of("masterauth");
        assertThat(drift()).containsExactly(Map.entry("masterauth", new Difference("", true, "")));
    }

    @Test
    void usersBesideAFileOfUsersAndWhatNobodyCanRead() {
        lines.addAll(List.of("user", "appendfsync \"always"));
        assertThat(drift()).containsOnlyKeys("user", FileDrift.UNREADABLE);
        config.put("aclfile", "");
        lines.removeIf(line -> line.startsWith("aclfile"));
        assertThat(drift()).containsOnlyKeys(FileDrift.UNREADABLE);
    }

    @Test
    void ofAFileOrANodeThatIsNotKnownNothingIsSaid() {
        lines.clear();
        refused = "it has more than 64 KiB of directives";
        assertThat(drift()).isEmpty();
        refused = "";
        config.clear();
        lines.add("include /x");
        assertThat(drift()).isEmpty();
        assertThat(foreign()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"include /etc/more.conf", "rename-command", "loadmodule", "Maxmemroy 1gb"})
    void whatRewritingLeavesThereIsNamed(String line) {
        lines.add(line);
        assertThat(foreign()).containsExactly(ConfLine.of(line).name());
        assertThat(drift()).isEmpty();
    }

    @Test
    void whatIsShownIsPrintableAndHasAnEnd() {
        lines.add("aclfile \"/\\x01\\n" + "a".repeat(300) + "\"");
        assertThat(drift().values())
                .singleElement()
                .satisfies(
                        difference -> assertThat(difference.file()).hasSize(200).startsWith("/??aaa"));
    }

    private Map<String, Difference> drift() {
        return FileDrift.of(spec, Place.of(spec, R1, Login.NONE), DIRECTORY, live());
    }

    private Set<String> foreign() {
        return FileDrift.foreign(spec, Place.of(spec, R1, Login.NONE), live());
    }

    private InstanceSurvey live() {
        return new InstanceSurvey(
                true,
                "",
                "",
                true,
                false,
                true,
                true,
                false,
                false,
                "",
                7,
                1,
                false,
                true,
                "PONG",
                Map.of(),
                config,
                Map.of(),
                "",
                Set.of(),
                false,
                OwnSurvey.NONE,
                new FileSurvey(true, lines, other, refused),
                false);
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, String> set = Map.of("maxmemory", "64mb", "notify-keyspace-events", "AE");
        SpecReader.Reading reading = SpecReader.read(Map.of(
                "metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts, "redis", Map.of("config", set))));
        return ((SpecReader.Good) reading).spec();
    }
}
