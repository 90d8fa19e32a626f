package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Reply;
import java.util.Map;

/** Three scripted hosts whose init runs the instances of a cluster, and a provisioner that makes it so. */
final class InitGround {
    final ClusterState cluster;
    final ScriptedHosts hosts = new ScriptedHosts();
    private final ScriptedWork work = new ScriptedWork();

    /** @param service the word of the spec for it */
    InitGround(String service) {
        this.cluster = Scripted.inDirectories(Map.of("service", service));
    }

    Plan plan(Hosts on) {
        return provisioning(on).plan(cluster);
    }

    /** Makes the spec true there. */
    Ending run(Hosts on) {
        return run(on, cluster);
    }

    /** @param as as it stands by then */
    Ending run(Hosts on, ClusterState as) {
        return provisioning(on).carryOut(as, ScriptedWork.journal(as), () -> false);
    }

    ClusterSurvey survey(Hosts on) {
        return work.surveyor(on).survey(cluster);
    }

    /** How many leases were asked for so far. */
    int leases() {
        return work.leases();
    }

    /** As the scripted hosts, but for what units.sh says. */
    Hosts saying(String units) {
        return new HostsSaying(
                hosts,
                (access, script) ->
                        script.name().equals("units") ? new Reply.Done(0, units, "") : hosts.run(access, script));
    }

    /** A first run on fresh hosts that is cut off, and others that come to the end. */
    Cuts.Attempt attempt(ScriptedHosts.Cut how) {
        return ScriptedWork.attempt(how, bare -> {}, this::run, (fresh, cut) -> {
            assertThat(fresh.units()).as(cut).hasSize(6);
            assertThat(fresh.guards()).as(cut).hasSize(3);
            assertThat(fresh.untold()).as(cut).isEmpty();
            assertThat(fresh.harm()).as(cut).isEmpty();
        });
    }

    private Provisioning provisioning(Hosts on) {
        return work.provisioning(on, on instanceof ScriptedHosts scripted ? scripted : hosts);
    }
}
