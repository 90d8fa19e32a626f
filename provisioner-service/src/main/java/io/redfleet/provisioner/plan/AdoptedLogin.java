package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether instances that somebody else built let in who is to manage them, and each other. What one of them has to be by itself
 * its host says ({@code entry} in survey.sh); here is what takes more than one, or a word for a person.
 */
final class AdoptedLogin {
    private static final String PREFIX = "is not taken over: ";

    /** Another password would mend nothing. */
    private static final String MAY_NOT =
            ": it lets in the user of security.probe, who may not PING there: give that user what"
                    + " docs/adopt.md says that a login may do";

    private AdoptedLogin() {}

    /**
     * Why one that does not answer PING as it should is in the way, and what to do. An instance may say anything: the password that
     * it was sent is not shown.
     */
    static String silent(ClusterSpec spec, Accounts accounts, InstanceSurvey seen) {
        String said = "process " + seen.pid() + " answers PING by '" + accounts.masked(seen.ping()) + "'";
        if (!seen.shutsOut()) {
            return said;
        }
        ProbeSpec probe = spec.security().probe();
        if (probe != null && forbids(seen)) {
            return said + MAY_NOT;
        }
        if (spec.runsByInit()) {
            return said + ": under its builder's units (at.unit) one that asks for a password is not taken over in this"
                    + " release";
        }
        return said
                + (probe == null
                        ? ": the spec names no login (security.probe): delete the cluster, which touches nothing of it, and"
                                + " apply it anew with manage: observe and one, then take it over"
                        : ": it does not let in user " + probe.user()
                                + " of security.probe; a file that was changed counts"
                                + " once the spec was applied with manage: observe");
    }

    /** Why nothing is planned for one that was taken over: its password was changed there, and not in the file that we have. */
    static Optional<String> locked(ClusterSpec spec, Accounts accounts, InstanceSurvey seen) {
        ProbeSpec probe = spec.security().probe();
        return probe != null && seen.present() && seen.shutsOut()
                ? Optional.of(
                        "process " + seen.pid() + " answers PING by '" + accounts.masked(seen.ping()) + "'"
                                + (forbids(seen)
                                        ? MAY_NOT
                                        : ": it does not let in user " + probe.user()
                                                + " of security.probe: put its password into the file, and apply the spec again"))
                : Optional.empty();
    }

    /** Whether the user was let in, and may not do that. */
    private static boolean forbids(InstanceSurvey seen) {
        return seen.ping().startsWith("NOPERM");
    }

    /** Data nodes that ask for a password, and ones that do not, cannot follow each other both ways. */
    static Optional<String> uneven(ClusterSpec spec, ClusterSurvey survey, InstanceSurvey seen) {
        if (!seen.own().asks().equals("no")) {
            return Optional.empty();
        }
        return spec.members(InstanceRole.REDIS).stream()
                .map(Member::id)
                .filter(id -> survey.instance(id)
                        .filter(other -> other.own().asks().equals("yes"))
                        .isPresent())
                .findFirst()
                .map(
                        id -> PREFIX + "it lets everybody in, and " + id
                                + " asks for a password: not each of them could follow the other; give all data nodes the same");
    }

    /** Why a Sentinel could not fail over what it names; it may have another password than its file. */
    static Optional<String> unseen(InstanceSurvey sentinel) {
        String flags = sentinel.master().getOrDefault("flags", "");
        return Stream.of("s_down", "o_down", "disconnected").anyMatch(flags::contains)
                ? Optional.of(
                        PREFIX + "it finds the master " + flags + ": it does not reach it, or not with its auth-pass")
                : Optional.empty();
    }
}
