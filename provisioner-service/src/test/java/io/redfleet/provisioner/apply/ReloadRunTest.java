package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.plan.Effect;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Certificates that were renewed under a cluster that runs: who is told, in which order, and who is restarted. */
class ReloadRunTest {
    private final ClusterState cluster = Scripted.cluster(1, Map.of());
    private final ScriptedWork work = new ScriptedWork();
    private final ScriptedHosts hosts = new ScriptedHosts();
    private final Map<String, String> shown = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private String lies = "AA";
    private String refuses = "";

    @BeforeEach
    void aClusterThatStands() {
        Ending made = run(Restarts.none());
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(shown).hasSize(6).containsValue("AA");
        assertThat(told).isEmpty();
    }

    @Test
    void dataNodesReadItTheMasterLastAndSentinelsAreNamed() {
        assertThat(run(Restarts.none()).reason()).isEqualTo("nothing to change");
        lies = "BB";
        Plan plan = work.provisioning(hosts(), hosts).plan(cluster);
        assertThat(plan.steps())
                .extracting(Step::id)
                .containsExactly(
                        "r3/redis-server/tls/reload", "r2/redis-server/tls/reload", "r1/redis-server/tls/reload");
        assertThat(plan.stages()).as("one after the other").hasSize(3);
        assertThat(plan.count(Effect.LIVE, plan.steps())).isEqualTo(3);
        assertThat(plan.refused())
                .extracting(Plan.Refused::subject)
                .containsExactlyInAnyOrder("r1/redis-sentinel", "r2/redis-sentinel", "r3/redis-sentinel");
        assertThat(plan.refused())
                .allSatisfy(refused -> assertThat(refused.reason())
                        .startsWith("a Sentinel reads its certificate at its start only; needs --rolling"));

        Ending ending = run(Restarts.none());
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(told).containsExactly("r3", "r2", "r1");
        assertThat(hosts.starts()).as("nobody is restarted").isEqualTo(6);
        assertThat(run(Restarts.none()).reason()).isEqualTo("nothing to change");
    }

    @Test
    void withTheWordTheSentinelsAreRestartedOneByOne() {
        lies = "BB";
        Ending ending = run(new Restarts.Needed(""));
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(told).containsExactly("r3", "r2", "r1");
        assertThat(hosts.starts()).isEqualTo(9);
        assertThat(hosts.harm()).isEmpty();
        assertThat(shown).hasSize(6).doesNotContainValue("AA");
        assertThat(work.provisioning(hosts(), hosts).plan(cluster).refused()).isEmpty();
    }

    @Test
    void oneThatRefusesEndsItBeforeTheMasterIsTold() {
        lies = "BB";
        refuses = "r2";
        Ending ending = run(Restarts.none());
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("is not the key of");
        assertThat(told).containsExactly("r3", "r2");
        assertThat(shown).containsEntry("r1/redis-server", "AA").containsEntry("r3/redis-server", "BB");
    }

    private Ending run(Restarts restarts) {
        Journal journal = ScriptedWork.journal(cluster);
        Ending ending = work.provisioning(hosts(), hosts).carryOut(cluster, "", restarts, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    /** Hosts whose instances show the certificate that lay there when they started, or were told last. */
    private Hosts hosts() {
        return new HostsSaying(hosts, this::said);
    }

    private Reply said(HostAccess access, Script script) {
        String host = access.host();
        if (script.name().equals("reload")) {
            told.add(host);
            if (host.equals(refuses)) {
                return new Reply.Done(1, "", "/etc/tls/host.key is not the key of /etc/tls/host.crt");
            }
            shown.put(host + "/redis-server", lies);
            return new Reply.Done(0, "changed\n", "");
        }
        Reply reply = hosts.run(access, script);
        if (script.name().equals("start")) {
            String program = script.arguments().contains("redis-sentinel") ? "redis-sentinel" : "redis-server";
            shown.put(host + "/" + program, lies);
        }
        if (!script.name().equals("survey") || !(reply instanceof Reply.Done done)) {
            return reply;
        }
        StringBuilder text = new StringBuilder("tls.user=redis\ntls.print=" + lies + "\n");
        for (String program : List.of("redis-server", "redis-sentinel")) {
            String print = shown.get(host + "/" + program);
            if (print != null) {
                text.append("tls.served=" + program + " " + print + "\n");
            }
        }
        return new Reply.Done(0, text + done.out(), "");
    }
}
