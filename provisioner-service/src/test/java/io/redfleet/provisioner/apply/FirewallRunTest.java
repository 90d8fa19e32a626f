package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Effect;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Planner;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.recipe.Sudoers;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster that lets in only who may reach its ports, and everybody again. */
class FirewallRunTest {
    private static final Map<String, Object> FILTERED = Map.of(
            "backend", "nftables", "monitors", List.of("10.0.9.0/24"), "clients", List.of("10.1.0.0/16", "10.2.0.7"));

    private final ScriptedHosts hosts = new ScriptedHosts();
    private final ScriptedWork work = new ScriptedWork();

    @Test
    void eachHostIsShutInATurnOfItsOwnBeforeAnythingIsMadeAndASecondRunChangesNothing() {
        Plan plan = plan(filtered(3));
        assertThat(plan.stages().stream()
                        .limit(3)
                        .map(stage -> stage.stream().map(Step::id).toList().toString()))
                .containsExactly("[r1/firewall/set]", "[r2/firewall/set]", "[r3/firewall/set]");
        assertThat(plan.effect(plan.stages().getFirst().getFirst())).isEqualTo(Effect.LIVE);
        assertThat(plan.stages().getFirst().getFirst().diff())
                .contains(
                        "+ /etc/redfleet/firewall-orders.nft: ip saddr 10.0.0.12 accept",
                        "+ /etc/redfleet/firewall-orders.nft: ip saddr 10.1.0.0/16 accept",
                        "+ table inet redfleet_orders");

        assertThat(run(hosts, filtered(3)).reason()).isEqualTo("as the spec wants it");

        for (int i = 1; i <= 3; i++) {
            ScriptedWall wall = hosts.wall("r" + i);
            assertThat(wall.waits()).isFalse();
            assertThat(wall.loaded())
                    .isEqualTo(wall.kept())
                    .contains(
                            "    ip saddr 10.0.0.11 accept",
                            "    ip saddr 10.0.0.12 accept",
                            "    ip saddr 10.0.0.13 accept",
                            "    ip saddr 10.0.9.0/24 accept",
                            "    ip saddr 10.2.0.7 accept");
        }
        assertThat(run(hosts, filtered(3)).reason()).isEqualTo("nothing to change");
        assertThat(hosts.harm()).isEmpty();
        assertThat(hosts.bySudo()).isEqualTo(Sudoers.of(filtered(3).spec()).runAs());
    }

    @Test
    void aClusterThatAsksForNothingIsNotEvenLookedAtForIt() {
        run(hosts, open(3));
        assertThat(hosts.runs()).noneMatch(run -> run.startsWith("filter ") || run.startsWith("firewall "));
    }

    @Test
    void whoIsShutOutThoughHeReachedItBeforeHasTheTableTakenAwayAndNoOtherHostIsTouched() {
        run(hosts, open(3));
        hosts.wall("r2").deaf();
        Ending ending = run(hosts, filtered(3));
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason())
                .contains("step r2/firewall/set")
                .contains("r1 reached port 26379 and port 6379 of 10.0.0.12 before and not any more")
                .contains("r3 reached port")
                .contains("it was taken away again");
        assertThat(hosts.wall("r2").loaded()).isEmpty();
        assertThat(hosts.wall("r2").kept()).isEmpty();
        assertThat(hosts.wall("r2").waits()).isFalse();
        assertThat(hosts.wall("r3").loaded()).isEmpty();
        assertThat(hosts.wall("r1").kept()).as("that host let everybody in").isNotEmpty();
    }

    @Test
    void whatCannotBeToldToStayIsTheHostsToTakeAway() {
        run(hosts, open(3));
        hosts.wall("r1").mute();
        Ending ending = run(hosts, filtered(3));
        assertThat(ending.reason())
                .contains("no way in")
                .contains("a table that is not kept the host takes away by itself within 86 s");
        assertThat(hosts.wall("r1").waits()).isTrue();
        assertThat(plan(filtered(3)).stages().getFirst().getFirst().diff())
                .contains("+ the end of an attempt that was cut off");
        hosts.wall("r1").elapse();
        assertThat(hosts.wall("r1").loaded()).isEmpty();
    }

    @Test
    void whatIsWrittenThoughTheWordToKeepItFailedIsSaidToStay() {
        run(hosts, open(3));
        hosts.wall("r1").halting();
        assertThat(run(hosts, filtered(3)).reason())
                .contains("systemctl daemon-reload: no answer within 60 s; its rules are written and the table stays")
                .doesNotContain("takes away by itself");
        hosts.wall("r1").elapse();
        assertThat(hosts.wall("r1").loaded()).isEqualTo(hosts.wall("r1").kept()).isNotEmpty();
    }

    @Test
    void whereOneCannotBeAskedNothingIsTriedAndWhoAsksInVainIsNotMissed() {
        run(hosts, open(3));
        Reply away = new Reply.Failed(Trouble.UNREACHABLE, "10.0.0.12: no route to host");
        Ending ending = run(answering(hosts, "r2", "reach", away), hosts, filtered(3));
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason())
                .contains("step r1/firewall/set")
                .contains("nothing was tried: r2 could not be asked: 10.0.0.12: no route to host");
        assertThat(hosts.wall("r1").loaded()).isEmpty();
        assertThat(hosts.wall("r1").waits()).isFalse();

        Reply killed = new Reply.Done(137, "", "");
        assertThat(run(answering(hosts, "r2", "reach", killed), hosts, filtered(3))
                        .reason())
                .contains("nothing was tried: r2 could not be asked");
        assertThat(hosts.wall("r1").loaded()).isEmpty();

        Reply nobody = new Reply.Done(1, "", "sudo: unknown user redis");
        assertThat(run(answering(hosts, "r2", "reach", nobody), hosts, filtered(3))
                        .reason())
                .isEqualTo("as the spec wants it");
    }

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void aTableThatShutsOutIsNotKeptBecauseItWaitsAlreadyWhenTheNextRunAsks(ScriptedHosts.Cut how) {
        assertThat(Cuts.some(call -> shutsOut(how, call))).isGreaterThanOrEqualTo(10);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutATableThatShutsOutIsNotKept(ScriptedHosts.Cut how) {
        assertThat(Cuts.all(call -> shutsOut(how, call))).isGreaterThanOrEqualTo(10);
    }

    private Optional<List<String>> shutsOut(ScriptedHosts.Cut how, int call) {
        ScriptedHosts fresh = new ScriptedHosts();
        assertThat(run(fresh, open(3)).status()).isEqualTo(Status.SUCCEEDED);
        fresh.wall("r2").deaf();
        fresh.cutAt(call, how);
        run(fresh, filtered(3));
        Optional<List<String>> heard = heard(fresh);
        fresh.mend();
        assertThat(run(fresh, filtered(3)).reason())
                .as("cut %s call %d", how, call)
                .contains("before and not any more");
        assertThat(fresh.wall("r2").kept()).as("cut %s call %d", how, call).isEmpty();
        assertThat(fresh.wall("r2").waits()).as("cut %s call %d", how, call).isFalse();
        return heard;
    }

    /** Of a run that came to its end. */
    private static Optional<List<String>> heard(ScriptedHosts hosts) {
        return hosts.wasCut() ? Optional.empty() : Optional.of(hosts.heard());
    }

    @Test
    void ofManyHostsThreeAreNamedAndNoTableWaitsLongerThanTwoMinutes() {
        run(hosts, open(8));
        hosts.wall("r1").deaf();
        assertThat(run(hosts, filtered(8)).reason())
                .contains("r2 reached port", "r4 reached port")
                .doesNotContain("r5 reached port");
        ScriptedHosts others = new ScriptedHosts();
        run(others, open(8));
        others.wall("r1").mute();
        assertThat(run(others, filtered(8)).reason()).contains("takes away by itself within 120 s");
    }

    @Test
    void aTableThatDriftedIsNamedAndLoadedAnew() {
        run(hosts, filtered(3));
        hosts.wall("r1").flush();
        hosts.wall("r3").meddle("table inet redfleet_orders { }");
        assertThat(plan(filtered(3)).steps())
                .extracting(step -> step.id() + " " + step.diff())
                .containsExactly(
                        "r1/firewall/set [+ table inet redfleet_orders]",
                        "r3/firewall/set [+ table inet redfleet_orders, which is not as it was applied]");
        assertThat(run(hosts, filtered(3)).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.wall("r1").loaded()).isEqualTo(hosts.wall("r1").kept());
        assertThat(run(hosts, filtered(3)).reason()).isEqualTo("nothing to change");
    }

    @Test
    void whoWantsItNoMoreLetsEverybodyInAgain() {
        run(hosts, filtered(3));
        assertThat(plan(open(3)).steps())
                .extracting(Step::id)
                .containsExactly("r1/firewall/open", "r2/firewall/open", "r3/firewall/open");
        assertThat(run(hosts, open(3)).reason()).isEqualTo("as the spec wants it");
        for (int i = 1; i <= 3; i++) {
            assertThat(hosts.wall("r" + i).loaded()).isEmpty();
            assertThat(hosts.wall("r" + i).kept()).isEmpty();
        }
        assertThat(run(hosts, open(3)).reason()).isEqualTo("nothing to change");
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void theEndOfAClusterOpensItOnceNothingRunsAndBeforeItsDirectoriesGo() {
        run(hosts, filtered(3));
        List<String> steps =
                Decommission.plan(filtered(3), work.surveyor(hosts).survey(filtered(3)), false).steps().stream()
                        .map(Step::id)
                        .toList();
        assertThat(steps.indexOf("r1/firewall/open"))
                .isGreaterThan(steps.indexOf("r1/redis-server/stop"))
                .isLessThan(steps.indexOf("r1/redis-server/erase"));
    }

    @Test
    void whoJoinsIsLetInBeforeHeIsMadeAndWhoLeavesIsShutOutOnceHeHasLeft() {
        run(hosts, filtered(3));
        List<String> joining = plan(filtered(4)).steps().stream().map(Step::id).toList();
        assertThat(joining.indexOf("r1/firewall/set"))
                .isNotNegative()
                .isLessThan(joining.indexOf("r4/redis-server/start"));
        assertThat(run(hosts, filtered(4)).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.wall("r1").loaded()).contains("    ip saddr 10.0.0.14 accept");

        ClusterState without = filtered(3)
                .leftBy(List.of(new Leaving(filtered(4).spec().hosts().getLast(), false)));
        List<String> leaving = plan(without).steps().stream().map(Step::id).toList();
        assertThat(leaving).doesNotContain("r1/firewall/set").contains("r1/firewall/narrow", "r4/firewall/open");
        assertThat(leaving.indexOf("r1/firewall/narrow")).isGreaterThan(leaving.indexOf("r4/redis-server/stop"));
        assertThat(run(hosts, without).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.wall("r1").loaded()).doesNotContain("    ip saddr 10.0.0.14 accept");
        assertThat(hosts.wall("r4").loaded()).isEmpty();
        assertThat(run(hosts, filtered(3)).reason()).isEqualTo("nothing to change");
        assertThat(hosts.harm()).isEmpty();
    }

    /** He may be promoted until he has gone: a table that he does not get through would leave the cluster without a master. */
    @Test
    void whoLeavesIsAskedLikeAMemberAndATableThatShutsHimOutIsNotKept() {
        run(hosts, open(4));
        Ending ending = run(translated(hosts, "r4"), hosts, leavingFourth());
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason())
                .contains("step r1/firewall/set")
                .contains("r4 reached port 26379 and port 6379 of 10.0.0.11 before and not any more")
                .doesNotContain("r2 reached", "r3 reached")
                .contains("it was taken away again");
        assertThat(hosts.wall("r1").kept()).isEmpty();
        assertThat(hosts.wall("r1").loaded()).isEmpty();
        assertThat(hosts.running()).hasSize(8);

        Reply away = new Reply.Failed(Trouble.UNREACHABLE, "10.0.0.14: no route to host");
        assertThat(run(answering(hosts, "r4", "reach", away), hosts, leavingFourth())
                        .reason())
                .contains("nothing was tried: r4 could not be asked: 10.0.0.14: no route to host");
        assertThat(hosts.wall("r1").kept()).isEmpty();

        assertThat(run(hosts, leavingFourth()).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.wall("r1").kept()).isNotEmpty().doesNotContain("    ip saddr 10.0.0.14 accept");
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void whoHasLeftIsAskedNoMore() {
        run(hosts, open(4));
        hosts.kill("/base/r4/orders/redis-server");
        hosts.kill("/base/r4/orders/redis-sentinel");
        Reply away = new Reply.Failed(Trouble.UNREACHABLE, "10.0.0.14: no route to host");
        Ending ending = run(answering(hosts, "r4", "reach", away), hosts, leavingFourth());
        assertThat(ending.reason()).doesNotContain("nothing was tried");
        assertThat(hosts.wall("r1").kept()).isNotEmpty().doesNotContain("    ip saddr 10.0.0.14 accept");
    }

    private static ClusterState leavingFourth() {
        return filtered(3).leftBy(List.of(new Leaving(filtered(4).spec().hosts().getLast(), false)));
    }

    @Test
    void whoIsLostIsLetInNoMoreAndThatIsAllOfIt() {
        run(hosts, filtered(4));
        hosts.kill("/base/r4/orders/redis-server");
        hosts.kill("/base/r4/orders/redis-sentinel");
        Reply away = new Reply.Failed(Trouble.UNREACHABLE, "10.0.0.14: no route to host");
        Hosts three = answering(hosts, "r4", "", away);
        ClusterState without = filtered(3)
                .leftBy(List.of(new Leaving(filtered(4).spec().hosts().getLast(), true)));
        assertThat(run(three, hosts, without).reason()).isEqualTo("as the spec wants it");
        for (int i = 1; i <= 3; i++) {
            assertThat(hosts.wall("r" + i).loaded())
                    .isEqualTo(hosts.wall("r" + i).kept())
                    .contains("    ip saddr 10.0.0.13 accept")
                    .doesNotContain("    ip saddr 10.0.0.14 accept");
        }
        assertThat(run(three, hosts, without).reason()).isEqualTo("nothing to change");
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void whoJoinsIsLetInWhereSomebodyLeavesTooForHeMayHaveToFollowHim() {
        run(hosts, filtered(4));
        ClusterState moved = filtered("r1", "r2", "r3", "r5")
                .leftBy(List.of(new Leaving(filtered(4).spec().hosts().getLast(), false)));
        Plan plan = plan(moved);
        assertThat(plan.obstacles()).isEmpty();
        List<String> order = plan.steps().stream().map(Step::id).toList();
        assertThat(order)
                .containsOnlyOnce("r4/firewall/set")
                .containsSubsequence(
                        "r1/firewall/set",
                        "r4/firewall/set",
                        "r5/redis-server/start",
                        "r4/firewall/open",
                        "r1/firewall/narrow");
        assertThat(plan.steps())
                .filteredOn(step -> step.id().equals("r4/firewall/set"))
                .singleElement()
                .satisfies(step -> assertThat(step.diff())
                        .contains("+ /etc/redfleet/firewall-orders.nft: ip saddr 10.0.0.15 accept"));

        assertThat(run(hosts, moved).reason()).isEqualTo("as the spec wants it");

        assertThat(hosts.wall("r4").loaded()).isEmpty();
        for (String host : List.of("r1", "r2", "r3", "r5")) {
            assertThat(hosts.wall(host).loaded())
                    .contains("    ip saddr 10.0.0.15 accept")
                    .doesNotContain("    ip saddr 10.0.0.14 accept");
        }
        assertThat(run(hosts, moved).reason()).isEqualTo("nothing to change");
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void aTableThatAnotherClusterOfThatNameLeftIsInTheWayOfOneThatWantsNone() {
        hosts.wall("r2").strange("# redfleet-owner: other", "x");
        assertThat(run(hosts, open(3)).reason())
                .contains("r2: firewall: /etc/redfleet/firewall-orders.nft belongs to the cluster of uid other")
                .contains("stop redfleet-orders.firewall.service");
        assertThat(plan(open(3)).steps()).isEmpty();
        assertThat(hosts.changes()).isEmpty();
        assertThat(hosts.wall("r2").kept()).containsExactly("# redfleet-owner: other", "x");
    }

    @Test
    void whatIsNotOursOrCannotBeDoneIsSaidBeforeAnythingIsTouched() {
        hosts.wall("r1").withoutNft();
        hosts.wall("r2").strange("flush ruleset");
        hosts.wall("r3").meddle("table inet redfleet_orders { }");
        assertThat(run(hosts, filtered(3)).reason())
                .contains("r1: firewall: there is no /usr/sbin/nft: install the package nftables")
                .contains("r2: firewall: /etc/redfleet/firewall-orders.nft was not made by Redfleet")
                .contains("r3: firewall: the table inet redfleet_orders was not made by Redfleet");
        assertThat(hosts.changes()).isEmpty();
        assertThat(hosts.wall("r2").kept()).containsExactly("flush ruleset");

        hosts.wall("r2").strange("# redfleet-owner: other", "x");
        assertThat(run(hosts, filtered(3)).reason()).contains("belongs to the cluster of uid other");
        assertThat(plan(open(3)).steps()).extracting(Step::id).doesNotContain("r2/firewall/open");
    }

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereItIsCutTheNextRunConverges(ScriptedHosts.Cut how) {
        assertThat(Cuts.some(call -> converges(how, true, call))).isGreaterThanOrEqualTo(10);
        assertThat(Cuts.some(call -> converges(how, false, call))).isGreaterThanOrEqualTo(10);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunConverges(ScriptedHosts.Cut how) {
        assertThat(Cuts.all(call -> converges(how, true, call))).isGreaterThanOrEqualTo(10);
        assertThat(Cuts.all(call -> converges(how, false, call))).isGreaterThanOrEqualTo(10);
    }

    /** @param elapsed whether the time of a table that was not kept is over when the next one comes */
    private Optional<List<String>> converges(ScriptedHosts.Cut how, boolean elapsed, int call) {
        ScriptedHosts fresh = new ScriptedHosts();
        assertThat(run(fresh, open(3)).status()).isEqualTo(Status.SUCCEEDED);
        fresh.cutAt(call, how);
        run(fresh, filtered(3));
        Optional<List<String>> heard = heard(fresh);
        fresh.mend();
        if (elapsed) {
            List.of("r1", "r2", "r3").forEach(host -> fresh.wall(host).elapse());
        }
        run(fresh, filtered(3));
        assertThat(run(fresh, filtered(3)).reason())
                .as("cut %s call %d", how, call)
                .isEqualTo("nothing to change");
        run(fresh, open(3));
        assertThat(fresh.wall("r1").loaded()).as("cut %s call %d", how, call).isEmpty();
        assertThat(fresh.harm()).as("cut %s call %d", how, call).isEmpty();
        return heard;
    }

    private Plan plan(ClusterState cluster) {
        return Planner.plan(cluster, work.surveyor(hosts).survey(cluster));
    }

    private Ending run(ScriptedHosts on, ClusterState cluster) {
        return run(on, on, cluster);
    }

    /** @param reached the same hosts, as they are reached */
    private Ending run(Hosts reached, ScriptedHosts on, ClusterState cluster) {
        Journal journal = ScriptedWork.journal(cluster);
        Ending ending = work.provisioning(reached, on).carryOut(cluster, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    /** One host answers a script always the same; of no name: all of them. */
    private static Hosts answering(ScriptedHosts hosts, String host, String script, Reply reply) {
        return new HostsSaying(hosts, (access, asked) -> {
            boolean same = script.isEmpty() || script.equals(asked.name());
            return same && access.host().equals(host) ? reply : hosts.run(access, asked);
        });
    }

    /** One host connects from an address that no spec names: once a table says who gets in on r1, he does not. */
    private static Hosts translated(ScriptedHosts hosts, String host) {
        return new HostsSaying(hosts, (access, asked) -> {
            boolean shut = asked.name().equals("reach")
                    && access.host().equals(host)
                    && !hosts.wall("r1").loaded().isEmpty();
            return shut ? new Reply.Done(0, "reach.end=yes\n", "") : hosts.run(access, asked);
        });
    }

    private static ClusterState open(int many) {
        return cluster(named(many), Map.of());
    }

    private static ClusterState filtered(int many) {
        return cluster(named(many), Map.of("firewall", FILTERED));
    }

    private static ClusterState filtered(String... names) {
        return cluster(List.of(names), Map.of("firewall", FILTERED));
    }

    private static List<String> named(int many) {
        return IntStream.rangeClosed(1, many).mapToObj(i -> "r" + i).toList();
    }

    private static ClusterState cluster(List<String> names, Map<String, Object> more) {
        Map<String, Object> spec = new HashMap<>(more);
        spec.put(
                "hosts",
                names.stream()
                        .map(name -> Map.of(
                                "name", name, "address", "10.0.0.1" + name.substring(1), "directory", "/base/" + name))
                        .toList());
        spec.put("service", "systemd");
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u"),
                1,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }
}
