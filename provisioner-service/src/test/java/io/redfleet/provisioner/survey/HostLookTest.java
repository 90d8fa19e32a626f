package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.desired.SpecReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** In how many sessions a host is looked at, and what counts of what it answers in one. */
class HostLookTest {
    private static final String UNITS = "systemd.init=yes\nsystemd.account=yes\nsystemd.end=yes\n";
    private static final String PACKAGES = "packages.end=yes\n";
    private static final Script ALONG = new Script("along", "echo along", List.of(), Duration.ofSeconds(10));

    private final ClusterSpec spec = spec(Map.of("install", "packages", "version", "7.0"));
    private final List<List<String>> sessions = new ArrayList<>();

    @Test
    void whatTheSshUserAsksIsOneSession() {
        look(spec, List.of(said(UNITS), said(PACKAGES)));
        assertThat(sessions).containsExactly(List.of("units LOGIN", "packages LOGIN"), List.of("survey REDIS"));
        sessions.clear();
        look(spec(Map.of()), List.of(said(UNITS)));
        assertThat(sessions).containsExactly(List.of("units LOGIN"), List.of("survey REDIS"));
    }

    @Test
    void ofAHostThatLetsNobodyBeRootNothingElseCounts() {
        String refused =
                "systemd.init=yes\nsystemd.sudo=sudo -n -- sh: sudo: a password is required\nsystemd.end=yes\n";
        assertThat(look(spec, List.of(said(refused), said(PACKAGES))))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.trouble()).isEqualTo(Trouble.NO_SUDO));
        assertThat(sessions).hasSize(1);
    }

    @Test
    void anAnswerThatIsNotWholeIsNone() {
        assertThat(look(spec, List.of(said(UNITS), new Reply.Done(1, "packages.", "gone\n"))))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.reason()).endsWith("the survey was cut short: gone"));
        assertThat(look(spec, List.of(said("systemd.init=yes\n"), said(PACKAGES))))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.trouble()).isEqualTo(Trouble.DROPPED));
        Reply lost = new Reply.Failed(Trouble.DROPPED, "r1: lost");
        assertThat(look(spec, List.of(lost, lost))).isEqualTo(lost);
        assertThat(sessions).as("nothing is asked after that").hasSize(3);
    }

    @Test
    void whatGoesAlongIsInTheSessionOfTheSurvey() {
        HostLook.Seen seen = seen(spec, List.of(said(UNITS), said(PACKAGES)), List.of(ALONG.by(RunAs.REDIS)));
        assertThat(sessions)
                .containsExactly(List.of("units LOGIN", "packages LOGIN"), List.of("survey REDIS", "along REDIS"));
        assertThat(seen.after()).containsExactly(said("along"));
    }

    @Test
    void whereThereIsNoUserRedisNothingGoesAlong() {
        String bare = UNITS.replace("systemd.account=yes\n", "");
        assertThat(bare).isNotEqualTo(UNITS);
        HostLook.Seen seen = seen(spec, List.of(said(bare), said(PACKAGES)), List.of(ALONG.by(RunAs.REDIS)));
        assertThat(sessions).containsExactly(List.of("units LOGIN", "packages LOGIN"), List.of("survey LOGIN"));
        assertThat(seen.after()).isEmpty();
    }

    private Object look(ClusterSpec of, List<Reply> first) {
        return seen(of, first, List.of()).found();
    }

    private HostLook.Seen seen(ClusterSpec of, List<Reply> first, List<Script> along) {
        HostSpec host = of.hosts().getFirst();
        HostLook look = new HostLook(new Answering(first), InstantSource.fixed(Instant.EPOCH));
        List<Script> last = new ArrayList<>(List.of(HostLook.script(of, host, "sentinel", Duration.ofSeconds(10))));
        last.addAll(along);
        return look.look(of, host, last);
    }

    private static Reply said(String out) {
        return new Reply.Done(0, out, "");
    }

    private static ClusterSpec spec(Map<String, Object> redis) {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> spec = Map.of("service", "systemd", "redis", redis, "hosts", hosts);
        return ((SpecReader.Good) SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec))).spec();
    }

    /** Answers so to the first that is asked, and nothing to the rest. */
    private final class Answering implements Hosts {
        private final List<Reply> first;

        Answering(List<Reply> first) {
            this.first = first;
        }

        @Override
        public Reply run(HostAccess access, Script script) {
            sessions.add(List.of(script.name() + " " + script.by()));
            return new Reply.Done(0, "", "");
        }

        @Override
        public List<Reply> runAll(HostAccess access, List<Script> scripts) {
            sessions.add(scripts.stream()
                    .map(script -> script.name() + " " + script.by())
                    .toList());
            return scripts.getFirst().name().equals("survey")
                    ? scripts.stream().map(script -> said(script.name())).toList()
                    : first;
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            throw new IllegalStateException("a look writes nothing");
        }

        @Override
        public String fingerprint(HostAccess access) {
            return "";
        }
    }
}
