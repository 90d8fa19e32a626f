package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How an operation ends by what its verification finds. */
class VerifiedRunTest {
    private static final String OPEN = "i.redis-server.mode=. 755 redis\n";
    /** Of a Sentinel that says it knows no replica: that may settle. */
    private static final String KNOWS_NONE = "i.redis-sentinel.heard=replica\n";

    private final ScriptedHosts hosts = new ScriptedHosts();
    private final ClusterState cluster = Scripted.cluster();
    private RecordingLedger ledger = new RecordingLedger();
    private final ScriptedWork work = new ScriptedWork();

    @Test
    void whereEveryRulePassesTheReportIsInTheRecordAndTold() {
        Ending ending = run(hosts);
        assertThat(ending).isEqualTo(Ending.succeeded("as the spec wants it"));
        Verification report = report();
        assertThat(report.holds()).isTrue();
        assertThat(report.hosts()).hasSize(3);
        assertThat(report.limits()).hasSize(6);
        assertThat(ledger.events(OperationEvent.Verified.class)).singleElement().satisfies(told -> {
            assertThat(told.holds()).isTrue();
            assertThat(told.passed()).isPositive();
            assertThat(told.failed()).isZero();
        });
    }

    @Test
    void aRuleThatDecidesFailsTheOperationEachTimeAndNothingIsDoneAboutIt() {
        hosts.verifyFinds("r2", OPEN);
        Ending first = run(hosts);
        assertThat(first.status()).isEqualTo(Status.FAILED);
        assertThat(first.reason())
                .contains("verification: r2/redis-server .: modes: has mode 755")
                .contains("nothing is restarted");
        List<String> changes = hosts.changes();
        assertThat(run(hosts).status()).as("there is nothing to change").isEqualTo(Status.FAILED);
        assertThat(hosts.changes()).isEqualTo(changes);
        assertThat(hosts.starts()).isEqualTo(6);
        assertThat(hosts.holders()).isEmpty();

        hosts.verifyFinds("r2", "");
        assertThat(run(hosts)).isEqualTo(Ending.succeeded("nothing to change"));
        assertThat(hosts.changes()).isEqualTo(changes);
    }

    @Test
    void aRuleThatIsToldFailsNothing() {
        hosts.verifyFinds("r2", "i.redis-server.logged=overcommit 1 WARNING Memory overcommit must be enabled!\n");
        assertThat(run(hosts)).isEqualTo(Ending.succeeded("as the spec wants it"));
        assertThat(report().findings())
                .extracting(Verification.Finding::ruling)
                .contains(Verification.Ruling.WARNED)
                .doesNotContain(Verification.Ruling.FAILED);
        assertThat(ledger.events(OperationEvent.Verified.class).getLast().warned())
                .isEqualTo(1);
    }

    @Test
    void aHostThatDoesNotAnswerAtTheEndIsNotVerified() {
        Asked silent = new Asked(hosts) {
            @Override
            Reply verify(HostAccess access, Script script) {
                return access.host().equals("r3")
                        ? new Reply.Failed(Trouble.TIMED_OUT, access + " gave no answer")
                        : super.verify(access, script);
            }
        };
        Ending ending = run(silent);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("r3: not verified: reached: r3", "gave no answer");
        assertThat(silent.pauses).as("waiting mends no host").hasSize(3);
    }

    /** What goes in one session with a question that comes to no end is not asked there, and is no host that does not answer. */
    @Test
    void whereALookDidNotComeToItTheHostIsAskedByItself() {
        assertThat(run(hosts).status()).isEqualTo(Status.SUCCEEDED);
        Asked slow = new Asked(hosts) {
            @Override
            public Reply run(HostAccess access, Script script) {
                return script.name().equals("access") && access.host().equals("r2")
                        ? new Reply.Failed(Trouble.TIMED_OUT, access + ": access did not end within 22 s")
                        : super.run(access, script);
            }

            /** As a session says it that was ended in the middle. */
            @Override
            public List<Reply> runAll(HostAccess access, List<Script> scripts) {
                List<Reply> replies = new ArrayList<>(super.runAll(access, scripts));
                while (replies.getLast() instanceof Reply.Failed && replies.size() < scripts.size()) {
                    replies.add(replies.getLast());
                }
                return replies;
            }
        };
        Ending ending = run(cluster.applied(1), slow);
        assertThat(ending.reason()).startsWith("nothing to change (r2/redis-server: its users were not compared");
        assertThat(ending.status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void anAnswerThatWasCutShortIsNone() {
        Asked cut = new Asked(hosts) {
            @Override
            Reply verify(HostAccess access, Script script) {
                return new Reply.Done(0, "i.redis-server.pid=7\n", "killed");
            }
        };
        assertThat(run(cut).reason()).contains("cut short", "killed");
    }

    @Test
    void whatMaySettleIsWaitedForOnTheHostsAndThenItFails() {
        hosts.verifyFinds("r1", KNOWS_NONE);
        Asked asked = new Asked(hosts);
        Ending ending = run(asked);
        assertThat(ending.reason()).contains("r1/redis-sentinel: known");
        assertThat(asked.pauses).containsExactly("0", "0", "0", "4", "4", "4", "4", "4", "4", "4", "4", "4");
        assertThat(ledger.events(OperationEvent.Verified.class)).as("told once").hasSize(1);
    }

    @Test
    void whatHasSettledByTheNextLookPasses() {
        hosts.verifyFinds("r1", KNOWS_NONE);
        Asked asked = new Asked(hosts) {
            @Override
            Reply verify(HostAccess access, Script script) {
                if (pauses.size() == 4) {
                    hosts.verifyFinds("r1", "");
                }
                return super.verify(access, script);
            }
        };
        assertThat(run(asked)).isEqualTo(Ending.succeeded("as the spec wants it"));
        assertThat(asked.pauses).hasSize(6);
    }

    @Test
    void whoseWorkItIsNoLongerLooksNoMore() {
        hosts.verifyFinds("r1", KNOWS_NONE);
        Asked asked = new Asked(hosts) {
            @Override
            Reply verify(HostAccess access, Script script) {
                if (pauses.size() == 3) {
                    ledger.lose();
                }
                return super.verify(access, script);
            }
        };
        assertThatThrownBy(() -> run(asked)).isInstanceOf(Ledger.Lost.class);
        assertThat(asked.pauses).hasSize(3);
        assertThat(ledger.events(OperationEvent.Verified.class)).isEmpty();
    }

    @Test
    void askedForOutsideOfAnOperationItChangesNothingAndWaitsForNothing() {
        run(hosts);
        List<String> changes = hosts.changes();
        hosts.verifyFinds("r1", KNOWS_NONE + OPEN);
        Asked asked = new Asked(hosts);
        assertThat(provisioning(asked).verify(cluster).holds()).isFalse();
        assertThat(asked.pauses).containsExactly("0", "0", "0");
        assertThat(hosts.changes()).isEqualTo(changes);
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void aKeyIsWrittenAfterAnApplyThatChangedSomethingAndAfterNoOther() {
        Asked asked = new Asked(hosts);
        assertThat(run(asked).reason()).isEqualTo("as the spec wants it");
        assertThat(asked.canaries).containsExactlyInAnyOrder("r1", "r2", "r3");
        assertThat(run(asked).reason()).isEqualTo("nothing to change");
        assertThat(provisioning(asked).verify(cluster).holds()).isTrue();
        assertThat(asked.canaries).hasSize(3);
    }

    @Test
    void whereTheRulesDoNotHoldNoKeyIsWritten() {
        hosts.verifyFinds("r2", OPEN);
        Asked asked = new Asked(hosts);
        assertThat(run(asked).status()).isEqualTo(Status.FAILED);
        assertThat(asked.canaries).isEmpty();
    }

    @Test
    void aKeyThatIsNotTakenIsToldAndOneThatDoesNotComeIsWrittenOnceMore() {
        hosts.canaryFinds("r1", "i.redis-server.canary=wrote OOM command not allowed\n");
        Asked full = new Asked(hosts);
        assertThat(run(full)).isEqualTo(Ending.succeeded("as the spec wants it"));
        assertThat(full.canaries).hasSize(3);
        assertThat(report().findings())
                .filteredOn(finding -> finding.ruling() != Verification.Ruling.UNVERIFIED)
                .extracting(Verification.Finding::rule, Verification.Finding::ruling)
                .containsExactly(tuple("canary", Verification.Ruling.WARNED));

        ScriptedHosts others = new ScriptedHosts();
        others.canaryFinds("r2", "i.redis-server.canary=read it is not there\n");
        Asked late = new Asked(others);
        ledger = new RecordingLedger();
        Journal journal = ScriptedWork.journal(cluster, ledger);
        Ending ending = work.provisioning(late, others).carryOut(cluster, journal, () -> false);
        assertThat(ending).isEqualTo(Ending.succeeded("as the spec wants it"));
        assertThat(late.canaries).hasSize(6);
    }

    @Test
    void whereAHostIsLostAsTheKeyIsWrittenTheApplyHasSucceededAllTheSame() {
        for (String lost : List.of("r1", "r2")) {
            ScriptedHosts others = new ScriptedHosts();
            Asked deaf = new Asked(others) {
                @Override
                public Reply run(HostAccess access, Script script) {
                    Reply reply = super.run(access, script);
                    return script.name().equals("canary") && access.host().equals(lost)
                            ? new Reply.Failed(Trouble.DROPPED, access + ": the connection was lost")
                            : reply;
                }
            };
            ledger = new RecordingLedger();
            Journal journal = ScriptedWork.journal(cluster, ledger);
            Ending ending = work.provisioning(deaf, others).carryOut(cluster, journal, () -> false);
            assertThat(ending).isEqualTo(Ending.succeeded("as the spec wants it"));
            assertThat(deaf.canaries).as("one key").hasSize(3);
        }
    }

    private Verification report() {
        return Objects.requireNonNull(ledger.last(OperationState.class).verification());
    }

    private Ending run(Hosts reached) {
        return run(cluster, reached);
    }

    private Ending run(ClusterState stands, Hosts reached) {
        ledger = new RecordingLedger();
        Journal journal = ScriptedWork.journal(stands, ledger);
        Ending ending = provisioning(reached).carryOut(stands, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private Provisioning provisioning(Hosts reached) {
        return work.provisioning(reached, hosts);
    }

    /** Notes for how long each verification was told to wait. */
    private static class Asked implements Hosts {
        final List<String> pauses = new ArrayList<>();
        /** Hosts on which a key was written, or looked for. */
        final List<String> canaries = new ArrayList<>();

        private final ScriptedHosts hosts;

        Asked(ScriptedHosts hosts) {
            this.hosts = hosts;
        }

        Reply verify(HostAccess access, Script script) {
            return hosts.run(access, script);
        }

        @Override
        public Reply run(HostAccess access, Script script) {
            if (script.name().equals("canary")) {
                canaries.add(access.host());
            }
            if (!script.name().equals("verify")) {
                return hosts.run(access, script);
            }
            pauses.add(script.arguments().get(3));
            return verify(access, script);
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            return hosts.put(access, file);
        }

        @Override
        public String fingerprint(HostAccess access) {
            return hosts.fingerprint(access);
        }
    }
}
