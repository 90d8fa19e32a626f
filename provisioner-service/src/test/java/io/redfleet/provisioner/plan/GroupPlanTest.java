package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.gate.OrderGate;
import io.redfleet.provisioner.gate.SharedSentinel;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.plan.GroupedTrio.Sentinel;
import io.redfleet.provisioner.recipe.UsersFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is planned for the Sentinels that a cluster shares, as it joins them, stays and leaves. */
class GroupPlanTest {
    private static final String DIRECTORY = "/home/ops/redfleet/group.ring/redis-sentinel";
    private static final InstanceId S1 = new InstanceId("r1/redis-sentinel");

    @Test
    void whoComesFirstMakesThemInTheGroupsDirectory() {
        GroupedTrio trio = new GroupedTrio(Sentinel.ABSENT);
        trio.others("");
        Plan plan = trio.plan();
        assertThat(plan.obstacles()).isEmpty();
        assertThat(of(plan, "r1/redis-sentinel"))
                .containsExactly("prepare", "users", "config", "start", "member", "quorum");
        assertThat(action(plan, "r1/redis-sentinel/prepare")).isInstanceOfSatisfying(Action.Prepare.class, prepare -> {
            assertThat(prepare.directory()).isEqualTo(DIRECTORY);
            assertThat(prepare.owner()).isEqualTo("group ring/redis-sentinel");
        });
        assertThat(action(plan, "r1/redis-sentinel/users"))
                .isInstanceOfSatisfying(
                        Action.WriteNew.class,
                        users -> assertThat(users.content())
                                .contains("user group on #")
                                .contains("user admin on #"));
        assertThat(action(plan, "r1/redis-server/prepare"))
                .isInstanceOfSatisfying(
                        Action.Prepare.class,
                        prepare -> assertThat(prepare.owner()).isEqualTo("u1 orders/r1/redis-server"));
    }

    @Test
    void whoComesLaterEntersThemGivesThemItsMasterAndLeavesANote() {
        Plan plan = new GroupedTrio(Sentinel.SHUT).plan();
        assertThat(plan.obstacles()).isEmpty();
        assertThat(of(plan, "r2/redis-sentinel")).containsExactly("enter", "watch", "member", "quorum");
        assertThat(of(plan, "r2/redis-server")).contains("prepare", "users", "config", "start", "linked");
        List<String> ids = plan.steps().stream().map(Step::id).toList();
        assertThat(ids.indexOf("r1/redis-sentinel/enter"))
                .as("nobody watches a master that does not run yet")
                .isGreaterThan(ids.indexOf("r3/redis-server/linked"));
        assertThat(action(plan, "r2/redis-sentinel/watch")).isInstanceOfSatisfying(AccessAction.Watch.class, watch -> {
            assertThat(watch.masterName()).isEqualTo("orders");
            assertThat(watch.master()).isEqualTo(new Endpoint("10.0.0.11", 6379));
            assertThat(watch.place().login().user()).isEqualTo("admin");
            assertThat(watch.settings()).containsKey("master-reboot-down-after-period");
        });
        assertThat(action(plan, "r2/redis-sentinel/enter")).isInstanceOfSatisfying(AccessAction.Enter.class, enter -> {
            assertThat(enter.place().login().user()).isEqualTo("group");
            assertThat(enter.directory()).isEqualTo(DIRECTORY);
            assertThat(enter.users().stream().map(line -> line.split(" ", 3)[1]))
                    .containsExactly("default", "application", "probe", "peer", "admin");
        });
        assertThat(action(plan, "r2/redis-sentinel/member"))
                .isInstanceOfSatisfying(AccessAction.Enlist.class, enlist -> {
                    assertThat(enlist.cluster()).isEqualTo("orders");
                    assertThat(enlist.note())
                            .isEqualTo(GroupPlan.note(member().cluster.spec()));
                });
    }

    /** How far it had come when it was cut, with its data nodes running; what is left to do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SHUT     | enter,watch,member,quorum
            ENTERED  | watch,member,quorum
            WATCHING | member
            MEMBER   | ''
            """)
    void whatWasBegunIsFinished(Sentinel stage, String left) {
        Plan plan = new GroupedTrio(stage).running().plan();
        assertThat(plan.obstacles()).isEmpty();
        assertThat(String.join(",", of(plan, "r1/redis-sentinel"))).isEqualTo(left);
        assertThat(of(plan, "r1/redis-server")).isEmpty();
    }

    @Test
    void oneThatWasMadeAnewByAnotherClusterIsGivenTheMasterThatTheOthersName() {
        GroupedTrio trio = new GroupedTrio(Sentinel.MEMBER).running();
        trio.is("r3", Sentinel.ENTERED);
        Plan plan = trio.plan();
        assertThat(plan.steps())
                .extracting(Step::id)
                .containsExactly("r3/redis-sentinel/watch", "r3/redis-sentinel/member", "r3/redis-sentinel/quorum");
    }

    /** The passwords of another cluster do no harm; that the own one is missing, or a right, is mended by the group's user. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            user probe on #same    | user probe on #same #other | ''
            user probe on #same    | user probe on #other #same | ''
            user probe on #same    | user probe on #other       | enter
            user admin on #same    | user admin off #same       | enter
            '+sentinel|ckquorum'   | +role                      | enter
            user default off       | user default on            | enter
            user group on #same    | user group on #other       | users-set
            user group on #same    | user group off #same       | users-set
            """)
    void usersAreHeldAgainstTheOwnPasswordsAlone(String of, String instead, String steps) {
        GroupedTrio trio = new GroupedTrio(Sentinel.MEMBER).running();
        String users = UsersFile.sentinel(GroupedTrio.ACCOUNTS).replaceAll("#[0-9a-f]{64}", "#same");
        assertThat(users).contains(of);
        trio.users(users.replace(of, instead));
        assertThat(String.join(",", of(trio.plan(), "r2/redis-sentinel"))).isEqualTo(steps);
    }

    /** The note of another cluster; words of the obstacle. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            billing orders 10.0.0.11:26379,10.0.0.12:26379,10.0.0.13:26379 | orders is that of cluster billing in
            billing billing 10.0.0.11:26379,10.0.0.12:26379                | billing of the group ring has the Sentinels
            billing billing 10.0.0.11:26379,10.0.0.12:26379,10.0.0.13:26379 systemd | spec.service systemd, and this
            """)
    void whatAnotherMemberHasNotedIsInTheWay(String note, String words) {
        GroupedTrio trio = new GroupedTrio(Sentinel.SHUT);
        trio.others(note);
        assertThat(trio.plan().obstacles()).hasSize(3).allSatisfy(obstacle -> {
            assertThat(obstacle.subject()).isEqualTo("redis-sentinel");
            assertThat(obstacle.reason()).contains(words);
        });
    }

    /** Nobody has left a note: whose it is was cut off, or it is no cluster of ours. */
    @Test
    void aMasterOfThatNameThatIsNoneOfTheClustersIsInTheWayAndSurvivesItsEnd() {
        GroupedTrio trio = new GroupedTrio(Sentinel.LOCKED);
        trio.others("");
        trio.watched("10.0.0.99");
        assertThat(trio.plan().obstacles())
                .hasSize(3)
                .allSatisfy(obstacle -> assertThat(obstacle.reason())
                        .contains("watches a master orders at 10.0.0.99:6379, which is no data node of orders"));
        Plan end = Decommission.plan(trio.cluster, trio.survey(), Fate.ERASED);
        assertThat(of(end, "r1/redis-sentinel")).containsExactly("leave");
        assertThat(action(end, "r1/redis-sentinel/leave"))
                .isInstanceOfSatisfying(
                        AccessAction.Leave.class,
                        leave -> assertThat(leave.masters())
                                .containsExactly("10.0.0.11:6379", "10.0.0.12:6379", "10.0.0.13:6379"));
    }

    /** Who was refused for that does not take the other's Sentinels along. */
    @Test
    void anotherMemberWithTheSameMasterNameKeepsTheSentinels() {
        GroupedTrio trio = new GroupedTrio(Sentinel.SHUT);
        trio.others("billing orders 10.0.0.11:26379,10.0.0.12:26379,10.0.0.13:26379");
        Plan end = Decommission.plan(trio.cluster, trio.survey(), Fate.ERASED);
        assertThat(end.steps()).isEmpty();
        assertThat(end.notes())
                .contains("r1/redis-sentinel belongs to the group ring and goes on, for [billing, orders]");
    }

    /** An end that was cut off has left its mark there. */
    @Test
    void aDirectoryThatIsHalfRemovedIsMadeWhole() {
        GroupedTrio trio = new GroupedTrio(Sentinel.HALF).running();
        trio.others("");
        Plan plan = trio.plan();
        assertThat(plan.obstacles()).isEmpty();
        assertThat(of(plan, "r1/redis-sentinel"))
                .containsExactly("prepare", "users", "config", "start", "enter", "member", "quorum");
    }

    @Test
    void oneThatAPersonHasStoppedIsInTheWayOfWhoJoins() {
        GroupedTrio trio = new GroupedTrio(Sentinel.SHUT);
        trio.is("r2", Sentinel.OUT);
        trio.stopped();
        assertThat(trio.plan().obstacles()).singleElement().satisfies(obstacle -> {
            assertThat(obstacle.host()).isEqualTo("r2");
            assertThat(obstacle.subject()).isEqualTo("redis-sentinel");
            assertThat(obstacle.reason())
                    .isEqualTo(
                            "was stopped by a person, and no new member of the group ring can join without it: start it"
                                    + " first");
        });
        GroupedTrio member = member();
        member.is("r2", Sentinel.DEAD);
        member.stopped();
        assertThat(member.plan().obstacles()).as("who is a member goes on").isEmpty();
    }

    /** Somebody had all Sentinels forget it: who has the data is not the spec's to say. */
    @Test
    void aClusterThatNobodyKnowsAndThatIsLedByAnotherThanTheSpecSaysIsNotGuessedAt() {
        GroupedTrio trio = new GroupedTrio(Sentinel.ENTERED);
        trio.leads("r2");
        trio.follows("r1", "10.0.0.12");
        trio.follows("r3", "10.0.0.12");
        assertThat(trio.plan().obstacles()).singleElement().satisfies(obstacle -> {
            assertThat(obstacle.host()).isEqualTo("r1");
            assertThat(obstacle.reason())
                    .contains("no Sentinel of the group ring knows the cluster")
                    .contains("follows 10.0.0.12:6379, not spec.bootstrapMaster, which is 10.0.0.11:6379");
        });
    }

    /** While none of them says who is master only they are seen to. LOCKED: whoever made them died before its users were in. */
    @ParameterizedTest
    @CsvSource({"DEAD, start", "LOCKED, enter"})
    void whereNobodyIsHeardTheyAreStartedOrEnteredFirst(Sentinel stage, String step) {
        Plan plan = new GroupedTrio(stage).running().plan();
        assertThat(plan.open()).isTrue();
        assertThat(plan.steps())
                .extracting(Step::id)
                .containsExactly("r1/redis-sentinel/" + step, "r2/redis-sentinel/" + step, "r3/redis-sentinel/" + step);
    }

    @Test
    void noSecretIsInWhatPeopleRead() {
        Plan plan = new GroupedTrio(Sentinel.SHUT).plan();
        Plan end = Decommission.plan(member().cluster, member().survey(), Fate.ERASED);
        String shown = plan + " " + plan.shown() + end + " " + end.shown();
        assertThat(shown).contains("/enter", "+ user probe on #***", "/leave");
        for (Purpose purpose : Purpose.values()) {
            assertThat(shown)
                    .doesNotContain("pw-" + purpose.word())
                    .doesNotContain(GroupedTrio.ACCOUNTS.of(purpose).hash());
        }
        assertThat(shown)
                .doesNotContain("pw-of-the-group")
                .doesNotContain(GroupedTrio.ACCOUNTS.group().password().hash());
    }

    @ParameterizedTest
    @EnumSource(names = {"KEPT", "ERASED"})
    void whoEndsWhileOthersStayIsForgottenAndTheSentinelsGoOn(Fate fate) {
        Plan plan = Decommission.plan(member().cluster, member().survey(), fate);
        assertThat(plan.obstacles()).isEmpty();
        assertThat(of(plan, "r1/redis-sentinel")).containsExactly("leave");
        assertThat(of(plan, "r1/redis-server")).contains("stop");
        assertThat(plan.notes()).contains("r1/redis-sentinel belongs to the group ring and goes on, for [billing]");
        assertThat(action(plan, "r1/redis-sentinel/leave")).isInstanceOfSatisfying(AccessAction.Leave.class, leave -> {
            assertThat(leave.place().login().user()).isEqualTo("group");
            assertThat(leave.masterName()).isEqualTo("orders");
            assertThat(leave.users().stream().map(line -> line.split(" ", 3)[1]))
                    .containsExactly("application", "probe", "admin");
        });
        List<String> ids = plan.steps().stream().map(Step::id).toList();
        assertThat(ids.indexOf("r3/redis-sentinel/leave")).isLessThan(ids.indexOf("r2/redis-server/stop"));
    }

    @ParameterizedTest
    @EnumSource(names = {"KEPT", "ERASED"})
    void theLastOneTakesThemAlong(Fate fate) {
        GroupedTrio trio = member();
        trio.others("");
        Plan plan = Decommission.plan(trio.cluster, trio.survey(), fate);
        assertThat(of(plan, "r1/redis-sentinel")).containsExactly("forget", "stop", "erase");
    }

    @Test
    void oneThatDoesNotRunCannotForget() {
        GroupedTrio trio = member();
        trio.is("r2", Sentinel.DEAD);
        assertThat(Decommission.plan(trio.cluster, trio.survey(), Fate.ERASED).obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.toString())
                        .contains("r2", "does not run, so it cannot forget orders", "[billing]", "start it first"));
        trio.others("");
        assertThat(Decommission.plan(trio.cluster, trio.survey(), Fate.ERASED).obstacles())
                .as("and need not, where nobody else needs it")
                .isEmpty();
    }

    @Test
    void whoNeverJoinedLeavesNothing() {
        GroupedTrio trio = new GroupedTrio(Sentinel.SHUT);
        Plan plan = Decommission.plan(trio.cluster, trio.survey(), Fate.ERASED);
        assertThat(plan.steps()).isEmpty();
    }

    /** Running or not, with the exact word or without. */
    @ParameterizedTest
    @CsvSource({"MEMBER, ''", "MEMBER, r1/redis-sentinel", "DEAD, ''", "DEAD, r1/redis-sentinel"})
    void nobodyStopsOneThatOthersNeed(Sentinel stage, String word) {
        GroupedTrio trio = member();
        trio.is("r1", stage);
        Verdict verdict = OrderGate.judge(trio.cluster, trio.survey(), S1, Request.Verb.STOP, word);
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Withheld.class, withheld -> {
            assertThat(withheld.rule()).isEqualTo("shared-sentinel");
            assertThat(withheld.reason()).contains("group ring").contains("[billing]");
        });
        trio.others("");
        assertThat(SharedSentinel.kept(trio.cluster.spec(), trio.survey(), S1)).isEmpty();
    }

    /** Whether it says whom it watches, or lets nobody of this cluster in yet. */
    @ParameterizedTest
    @EnumSource(names = {"MEMBER", "SHUT", "LOCKED"})
    void nobodyRestartsOneThatServesOthers(Sentinel stage) {
        GroupedTrio trio = new GroupedTrio(stage).running();
        Verdict verdict = OrderGate.judge(trio.cluster, trio.survey(), S1, Request.Verb.RESTART, S1.value());
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Withheld.class, withheld -> {
            assertThat(withheld.rule()).isEqualTo("shared-sentinel");
            assertThat(withheld.reason()).endsWith("also watches a master outside this cluster: billing");
        });
    }

    @Test
    void oneThatIsDeadIsStartedForAll() {
        GroupedTrio trio = member();
        trio.is("r1", Sentinel.DEAD);
        assertThat(OrderGate.judge(trio.cluster, trio.survey(), S1, Request.Verb.START, ""))
                .isInstanceOf(Verdict.Go.class);
        assertThat(of(trio.plan(), "r1/redis-sentinel")).containsExactly("start", "quorum");
    }

    private static GroupedTrio member() {
        return new GroupedTrio(Sentinel.MEMBER).running();
    }

    /** What is done to the instance, in order. */
    private static List<String> of(Plan plan, String instance) {
        return plan.steps().stream()
                .map(Step::id)
                .filter(id -> id.startsWith(instance + "/"))
                .map(id -> id.substring(instance.length() + 1))
                .toList();
    }

    private static Action action(Plan plan, String id) {
        return plan.steps().stream()
                .filter(step -> step.id().equals(id))
                .findFirst()
                .orElseThrow()
                .action();
    }
}
