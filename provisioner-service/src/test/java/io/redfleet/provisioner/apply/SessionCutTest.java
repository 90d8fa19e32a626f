package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes in one session, and sessions that are cut off behind each of their scripts: nobody knows then how far they came. */
class SessionCutTest {
    /** What changes nothing, or a key that is gone by itself. */
    private static final Set<String> LOOKS = Set.of("units", "survey", "access", "ways", "verify", "canary", "await");

    @Test
    void aNewClusterTakesSixSessionsAHostBesideLooks() {
        InitGround ground = new InitGround("systemd");
        Line line = new Line(ground.hosts, Integer.MAX_VALUE, 0, false);
        assertThat(ground.run(line).reason()).isEqualTo("as the spec wants it");
        for (String host : List.of("r1", "r2", "r3")) {
            assertThat(line.sessions)
                    .filteredOn(session -> session.startsWith(host + " "))
                    .containsExactly(
                            host + " prepare+mark",
                            host + " new",
                            host + " rotate+unit-guard+unit",
                            host + " unit-start",
                            host + " new",
                            host + " unit-start");
        }
        assertThat(ground.hosts.units().values()).hasSize(6).allMatch(unit -> unit.endsWith(" true"));
    }

    @Test
    void aClusterThatStandsIsLookedAtInTwoSessionsAHost() {
        InitGround ground = new InitGround("systemd");
        assertThat(ground.run(ground.hosts).status()).isEqualTo(Status.SUCCEEDED);
        Line line = new Line(ground.hosts, Integer.MAX_VALUE, 0, false);
        Ending again = ground.run(line, ground.cluster.applied(1));
        assertThat(again.reason()).isEqualTo("nothing to change");
        assertThat(line.sessions).isEmpty();
        for (String host : List.of("r1", "r2", "r3")) {
            assertThat(line.looks)
                    .filteredOn(session -> session.startsWith(host + " "))
                    .containsExactly(host + " units", host + " survey+access+verify");
        }
    }

    @Test
    void aNewClusterIsLookedAtBeforeItsLeasesUnderThemAndInTheEnd() {
        InitGround ground = new InitGround("systemd");
        Line line = new Line(ground.hosts, Integer.MAX_VALUE, 0, false);
        assertThat(ground.run(line).reason()).isEqualTo("as the spec wants it");
        assertThat(line.looks)
                .filteredOn(session -> session.startsWith("r1 ") && !session.endsWith(" await"))
                .as("whom it reaches is asked once, and there is no user redis before the leases")
                .containsExactly(
                        "r1 units",
                        "r1 survey+access",
                        "r1 ways",
                        "r1 units",
                        "r1 survey+access",
                        "r1 units",
                        "r1 survey+access+verify",
                        "r1 canary");
    }

    /** @param heard whether the answers of those that have run come through */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whereverASessionIsCutOffTheNextRunConverges(boolean heard) {
        int cuts = 0;
        boolean sessions = true;
        for (int session = 0; sessions; session++) {
            boolean scripts = true;
            for (int ran = 0; scripts; ran++) {
                InitGround ground = new InitGround("systemd");
                Line line = new Line(ground.hosts, session, ran, heard);
                Ending first = ground.run(line);
                sessions = line.cut;
                scripts = line.cut && ran < line.size;
                if (!line.cut) {
                    break;
                }
                String at = "session " + session + " behind " + ran + " of " + line.size;
                assertThat(first.status()).as(at).isEqualTo(Status.FAILED);
                assertThat(first.reason()).as(at).contains("the connection was lost");
                ground.hosts.mend();
                Ending second = ground.run(ground.hosts);
                assertThat(second.status()).as(at + ": " + second.reason()).isEqualTo(Status.SUCCEEDED);
                assertThat(ground.run(ground.hosts).reason()).as(at).isEqualTo("nothing to change");
                assertThat(ground.hosts.harm()).as(at).isEmpty();
                assertThat(ground.hosts.untold()).as(at).isEmpty();
                assertThat(ground.hosts.guards()).as(at).hasSize(3);
                assertThat(ground.hosts.units().values()).as(at).hasSize(6).allMatch(unit -> unit.endsWith(" true"));
                cuts++;
            }
        }
        assertThat(cuts).isGreaterThan(30);
    }

    /** @param heard whether it is known that the first was written */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aUnitThatSystemdWasNotToldOfIsToldByTheNextRun(boolean heard) {
        InitGround ground = new InitGround("systemd");
        assertThat(ground.run(ground.hosts).status()).isEqualTo(Status.SUCCEEDED);
        ground.hosts.otherUnit("r1:" + Steps.path("r1/redis-server", "service"));
        ground.hosts.otherUnit("r1:" + Steps.path("r1/redis-sentinel", "service"));
        Line line = new Line(ground.hosts, 0, 1, heard);
        assertThat(ground.run(line).status()).isEqualTo(Status.FAILED);
        assertThat(ground.hosts.untold())
                .as("one is written, and as it should be")
                .hasSize(1);
        ground.hosts.mend();
        assertThat(ground.run(ground.hosts).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(ground.hosts.untold()).isEmpty();
        assertThat(ground.run(ground.hosts).reason()).isEqualTo("nothing to change");
        assertThat(ground.hosts.harm()).isEmpty();
    }

    /** A line that is lost in one of the sessions that carry several scripts, when so many of them have run. */
    private static final class Line implements Hosts {
        private final ScriptedHosts hosts;
        private final int at;
        private final int ran;
        private final boolean heard;
        private final List<String> sessions = new ArrayList<>();
        private final List<String> looks = new ArrayList<>();
        private int composite;
        private boolean cut;
        private int size;

        Line(ScriptedHosts hosts, int at, int ran, boolean heard) {
            this.hosts = hosts;
            this.at = at;
            this.ran = ran;
            this.heard = heard;
        }

        @Override
        public Reply run(HostAccess access, Script script) {
            note(access, List.of(script));
            return cut ? lost(access) : hosts.run(access, script);
        }

        @Override
        public List<Reply> runAll(HostAccess access, List<Script> scripts) {
            note(access, scripts);
            List<Reply> replies = new ArrayList<>();
            boolean looks = scripts.stream().map(Script::name).allMatch(LOOKS::contains);
            if (!cut && !looks && scripts.size() > 1 && composite++ == at) {
                List<Reply> said = hosts.runAll(access, scripts.subList(0, ran));
                replies.addAll(heard ? said : List.of());
                cut = true;
                size = scripts.size();
            }
            replies.addAll(
                    cut
                            ? Collections.nCopies(scripts.size() - replies.size(), lost(access))
                            : hosts.runAll(access, scripts));
            return replies;
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            throw new IllegalStateException("nothing is uploaded where init runs instances");
        }

        @Override
        public String fingerprint(HostAccess access) {
            return hosts.fingerprint(access);
        }

        private void note(HostAccess access, List<Script> scripts) {
            String names = scripts.stream().map(Script::name).distinct().collect(Collectors.joining("+"));
            boolean looks = scripts.stream().map(Script::name).allMatch(LOOKS::contains);
            (looks ? this.looks : sessions).add(access.host() + " " + names);
        }

        private static Reply lost(HostAccess access) {
            return new Reply.Failed(Trouble.DROPPED, access + ": the connection was lost");
        }
    }
}
