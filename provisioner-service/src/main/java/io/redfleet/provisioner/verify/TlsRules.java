package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.provisioner.recipe.Spoken;
import io.redfleet.provisioner.survey.TlsSurvey;
import java.util.List;
import java.util.Map;

/** What a host and its instances are held against whose cluster speaks TLS; of others nothing is judged. */
final class TlsRules {
    private static final long SOON_DAYS = 30;
    private static final long VERY_SOON_DAYS = 7;

    private final TlsSpec tls;
    private final Checks checks;

    TlsRules(ClusterSpec spec, Checks checks) {
        this.tls = spec.security().tls();
        this.checks = checks;
    }

    /** @param live what an instance says of itself, or its file, by directive */
    void speaks(Member member, Map<String, String> live) {
        if (!tls.on()) {
            return;
        }
        HostName host = member.id().host();
        String subject = member.id().value();
        Map<String, String> wanted =
                Spoken.lines(tls, String.valueOf(member.endpoint().port()));
        List<String> unsaid =
                wanted.keySet().stream().filter(name -> !live.containsKey(name)).toList();
        if (!unsaid.isEmpty()) {
            checks.unknown(Rule.TLS, host, subject, "nothing says how it is with " + unsaid);
            return;
        }
        List<String> otherwise = wanted.entrySet().stream()
                .filter(line -> !line.getValue().equals(live.get(line.getKey())))
                .map(line -> line.getKey() + " is '" + live.get(line.getKey()) + "'")
                .toList();
        checks.holds(Rule.TLS, host, subject, otherwise.isEmpty(), String.join(", ", otherwise));
    }

    void lasts(HostName host, TlsSurvey seen) {
        if (!tls.on()) {
            return;
        }
        if (!seen.openssl()) {
            String why = "the host has no openssl that could say when it ends, or its files cannot be read";
            checks.unknown(Rule.CERTIFICATE, host, tls.certificate(), why);
            return;
        }
        String left = seen.lasts() < 0
                ? "it is over: nobody new is let in"
                : "less than " + (seen.lasts() < VERY_SOON_DAYS ? VERY_SOON_DAYS : SOON_DAYS) + " days are left";
        boolean holds = seen.lasts() >= SOON_DAYS;
        checks.holds(Rule.CERTIFICATE, host, tls.certificate(), holds, left + "; it ends " + seen.ends());
    }
}
