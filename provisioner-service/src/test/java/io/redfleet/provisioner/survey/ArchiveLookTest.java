package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.archive.BuildSurvey;
import io.redfleet.provisioner.desired.SpecReader;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether the archive of a spec can be sent is known before anything is, and is asked only where a host lacks it. */
class ArchiveLookTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final String OTHER = "f".repeat(64);
    private static final String WHOLE = "archive.tree=8.0.2 ours " + SHA256 + " whole\n";

    private final Map<HostName, HostSurvey> found = new HashMap<>();
    private Freight.Weight weight = new Freight.Load("redis.tar.gz", 7, SHA256);
    private int weighed;

    @BeforeEach
    void noHostHasIt() {
        archived(7).hosts().forEach(host -> lies(host, ""));
    }

    @Test
    void oneThatIsThereAsItIsPinnedIsNoTrouble() {
        assertThat(look(archived(3))).isInstanceOf(BuildSurvey.Unasked.class);
        assertThat(weighed).isEqualTo(1);
    }

    @Test
    void oneThatIsMissingOrAnotherOrTooLargeIsSaidWithWhoNeedsIt() {
        weight = new Freight.Missing("there is no redis.tar.gz in /a of this provisioner: put it there");
        assertThat(look(archived(3)))
                .isEqualTo(
                        new BuildSurvey.Absent("8.0.2 has to come to r1, r2, r3, and there is no redis.tar.gz in /a of"
                                + " this provisioner: put it there"));
        assertThat(look(archived(7)))
                .isInstanceOfSatisfying(
                        BuildSurvey.Absent.class,
                        absent -> assertThat(absent.reason())
                                .startsWith("8.0.2 has to come to r1, r2, r3, r4, r5 and 2 more"));
        weight = new Freight.Load("redis.tar.gz", 7, OTHER);
        assertThat(look(archived(3)))
                .isInstanceOfSatisfying(
                        BuildSurvey.Absent.class,
                        absent -> assertThat(absent.reason())
                                .contains("redis.tar.gz has sha256 " + OTHER + ", and spec.redis.archive.sha256 is "
                                        + SHA256));
        weight = new Freight.Load("redis.tar.gz", Freight.MOST_BYTES + 1, SHA256);
        assertThat(look(archived(3)))
                .isInstanceOfSatisfying(
                        BuildSurvey.Absent.class,
                        absent -> assertThat(absent.reason()).contains("at most " + Freight.MOST_BYTES + " are sent"));
    }

    /** A cluster that stands does not need the file any more. */
    @Test
    void whereEachHostHasItOrSaysNothingNobodyLooks() {
        weight = new Freight.Missing("none");
        ClusterSpec spec = archived(3);
        lies(spec.hosts().get(0), WHOLE);
        lies(spec.hosts().get(1), WHOLE);
        found.remove(new HostName("r3"));
        assertThat(look(spec)).isInstanceOf(BuildSurvey.Unasked.class);
        assertThat(weighed).isZero();
        lies(spec.hosts().get(1), WHOLE.replace("whole", "broken"));
        assertThat(look(spec)).isEqualTo(new BuildSurvey.Absent("8.0.2 has to come to r2, and none"));
    }

    @Test
    void whereNoArchiveIsNamedOrNobodyHasArtefactsNobodyLooks() {
        weight = new Freight.Missing("none");
        assertThat(look(spec(3, Map.of()))).isInstanceOf(BuildSurvey.Unasked.class);
        assertThat(ArchiveLook.of(archived(3), found, Freight.NONE)).isInstanceOf(BuildSurvey.Unasked.class);
        assertThat(weighed).isZero();
    }

    private BuildSurvey look(ClusterSpec spec) {
        return ArchiveLook.of(spec, found, new Freight() {
            @Override
            public Weight weigh(String artefact) {
                assertThat(artefact).isEqualTo("redis.tar.gz");
                weighed++;
                return weight;
            }

            @Override
            public Reply send(HostAccess access, Script script, Load load) {
                throw new AssertionError("nothing is sent");
            }
        });
    }

    private void lies(HostSpec host, String archives) {
        found.put(
                host.name(),
                SurveyText.read(host, archives + "end=yes\n", Instant.EPOCH).orElseThrow());
    }

    private static ClusterSpec archived(int hosts) {
        Map<String, Object> archive = Map.of("file", "redis.tar.gz", "sha256", SHA256);
        return spec(hosts, Map.of("install", "archive", "version", "8.0.2", "archive", archive));
    }

    private static ClusterSpec spec(int many, Map<String, Object> redis) {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, many)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> spec = Map.of("hosts", hosts, "redis", redis);
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        if (reading instanceof SpecReader.Good good) {
            return good.spec();
        }
        throw new IllegalStateException("not a good spec: " + reading);
    }
}
