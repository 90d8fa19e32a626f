package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Instant;
import java.util.function.Function;

/** Hosts that say what a test has them say, and on which nothing is written. */
record SaidHosts(Says says) implements Hosts {
    /** What a host says to a script. */
    interface Says {
        String of(String host, String script);
    }

    /** What a survey finds there, of a cluster that has no accounts. */
    static ClusterSurvey survey(ClusterState cluster, Says says) {
        return survey(cluster, says, state -> Accounts.NONE);
    }

    static ClusterSurvey survey(ClusterState cluster, Says says, Function<ClusterState, Accounts> accounts) {
        return new Surveyor(new SaidHosts(says), Runnable::run, () -> Instant.EPOCH, accounts).survey(cluster);
    }

    @Override
    public Reply run(HostAccess access, Script script) {
        return new Reply.Done(0, says.of(access.host(), script.name()), "");
    }

    @Override
    public Reply put(HostAccess access, RemoteFile file) {
        throw new AssertionError("nothing is written");
    }

    @Override
    public String fingerprint(HostAccess access) {
        return "";
    }
}
