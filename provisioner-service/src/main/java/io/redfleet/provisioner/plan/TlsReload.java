package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.TlsSurvey;
import java.util.List;
import java.util.Optional;

/**
 * Certificates that were renewed on their hosts: an instance goes on to show the one that it has read. A data node reads its files
 * anew while it runs; a Sentinel has no such command, and needs a restart ({@link RestartNeeds}).
 *
 * <p>That the files are right is {@link TlsPreflight}'s to say, before any step, and the step's own before it tells the instance.
 */
final class TlsReload {
    /** Where a file is set that it has, this one says OK and reads nothing. */
    private static final String DEAF = "7.0.0";

    private TlsReload() {}

    /** Of one that answers, shows another certificate than lies on its host, and can read that while it runs. */
    static Optional<Step> step(ClusterSpec spec, ClusterSurvey survey, StepMaker make, Member member) {
        InstanceSurvey seen = survey.instance(member.id()).orElse(null);
        HostSurvey host = survey.hosts().get(member.id().host());
        if (seen == null || host == null || !seen.answers() || !renewed(member, host) || !live(member, seen)) {
            return Optional.empty();
        }
        String path = spec.security().tls().certificate();
        String title = "let " + member.id() + " read " + path + " and its key anew while it runs";
        Action reload = new Action.Reload(make.place(member));
        return Optional.of(new Step(member.id() + "/tls/reload", title, diff(member, host.tls()), reload));
    }

    /** Whether it is known to show another certificate than lies on its host. */
    static boolean renewed(Member member, HostSurvey host) {
        return host.tls().renewed(member.id().name());
    }

    /** Whether it can read its files while it runs. */
    static boolean live(Member member, InstanceSurvey seen) {
        return member.role() == InstanceRole.REDIS && !seen.version().equals(DEAF);
    }

    static List<String> diff(Member member, TlsSurvey tls) {
        String shown = tls.served().getOrDefault(member.id().name(), "");
        return List.of("- shows the certificate SHA256 " + shown, "+ shows the certificate SHA256 " + tls.print());
    }
}
