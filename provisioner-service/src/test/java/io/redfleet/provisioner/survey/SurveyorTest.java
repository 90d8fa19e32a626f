package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.apply.ScriptedHosts;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.secret.Accounts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SurveyorTest {
    private final ExecutorService hands = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void end() {
        end.countDown();
        hands.shutdownNow();
    }

    @Test
    void aHostThatDoesNotAnswerInTimeHoldsUpNoneOfTheOthers() {
        Hosts hosts = new SilentHost(new ScriptedHosts(), end);
        Surveyor surveyor = new Surveyor(
                hosts, Freight.NONE, hands, InstantSource.system(), cluster -> Accounts.NONE, Duration.ofMillis(100));
        long begun = System.nanoTime();
        ClusterSurvey survey = surveyor.survey(new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("u"), 1, Phase.ACCEPTED, "", Instant.EPOCH, spec()));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        assertThat(survey.hosts()).containsOnlyKeys(new HostName("r2"), new HostName("r3"));
        assertThat(survey.unreached().get(new HostName("r1"))).satisfies(failed -> {
            assertThat(failed.trouble()).isEqualTo(Trouble.TIMED_OUT);
            assertThat(failed.reason()).contains("r1").contains("gave no answer within 4100 ms");
        });
    }

    @Test
    void whatWasLearntWithinTheLastHourIsSaid() {
        Instant now = Instant.parse("2026-01-02T03:04:05Z");
        Map<String, LearntKey> learnt = Map.of(
                "r1", new LearntKey("10.0.0.11:22", "ssh-ed25519", "SHA256:aaaa", now.minusSeconds(3_599)),
                "r2", new LearntKey("10.0.0.12:22", "ssh-ed25519", "SHA256:bbbb", now.minusSeconds(3_600)));
        Surveyor surveyor =
                new Surveyor(new Knowing(learnt), hands, InstantSource.fixed(now), cluster -> Accounts.NONE);
        assertThat(surveyor.learnt(spec()))
                .containsExactly("r1: the first key that 10.0.0.11:22 showed is pinned now, ssh-ed25519 SHA256:aaaa:"
                        + " compare it on its console");
    }

    /** Hosts that are asked nothing. */
    private record Knowing(Map<String, LearntKey> keys) implements Hosts {
        @Override
        public List<LearntKey> learnt(HostAccess access) {
            LearntKey key = keys.get(access.host());
            return key == null ? List.of() : List.of(key);
        }

        @Override
        public Reply run(HostAccess access, Script script) {
            throw new AssertionError("nobody asks");
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            throw new AssertionError("nobody asks");
        }

        @Override
        public String fingerprint(HostAccess access) {
            return "";
        }
    }

    /** Others behind it; r1 says nothing for 30 s. */
    private record SilentHost(Hosts others, CountDownLatch end) implements Hosts {
        @Override
        public Reply run(HostAccess access, Script script) {
            try {
                if (access.host().equals("r1") && !end.await(30, TimeUnit.SECONDS)) {
                    return new Reply.Failed(Trouble.TIMED_OUT, "its own deadline");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return others.run(access, script);
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            return others.put(access, file);
        }

        @Override
        public String fingerprint(HostAccess access) {
            return others.fingerprint(access);
        }
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        return ((SpecReader.Good)
                        SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts))))
                .spec();
    }
}
