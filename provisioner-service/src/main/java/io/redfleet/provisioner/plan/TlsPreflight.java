package io.redfleet.provisioner.plan;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.TlsSurvey;
import java.util.LinkedHashMap;
import java.util.Map;

/** What must be right of the TLS on a host before anything is touched on any. */
final class TlsPreflight {
    private TlsPreflight() {}

    /** Why, by the path that it is about, in the order in which it is to be put right. */
    static Map<String, String> obstacles(ClusterSpec spec, HostSpec host, TlsSurvey seen) {
        TlsSpec tls = spec.security().tls();
        if (spec.runsByInit() && !seen.user().equals(RunAs.USER)) {
            String why = "there is no user redis on this host yet, who has to read it: make him, and apply again";
            return Map.of(tls.key(), why);
        }
        Map<String, String> found = new LinkedHashMap<>();
        if (!seen.plain().isEmpty()) {
            Engine its = seen.plain().equals(Engine.VALKEY.client()) ? Engine.VALKEY : Engine.REDIS;
            String why = "was built without TLS (it has no option --cacert), and so was its " + its.title();
            found.put(seen.plain(), why);
        }
        file(found, "ca", tls.caFile(), seen);
        file(found, "certificate", tls.certificate(), seen);
        file(found, "key", tls.key(), seen);
        if (open(seen.mode())) {
            String why =
                    "has mode " + seen.mode() + ": others may do nothing with it, and its group only read it (0640)";
            found.put(tls.key(), why);
        }
        if (!found.isEmpty()) {
            return found;
        }
        if (!seen.hash().equals(hash(tls.ca()))) {
            found.put(tls.caFile(), "holds other certificates than the spec's security.tls.ca");
        } else if (seen.openssl()) {
            certificate(found, tls, host, seen);
        }
        return found;
    }

    private static void certificate(Map<String, String> found, TlsSpec tls, HostSpec host, TlsSurvey seen) {
        if (!seen.pair()) {
            String why = "is not the key of " + tls.certificate() + ", or has a passphrase, which nobody could type";
            found.put(tls.key(), why);
        }
        if (!seen.verified().equals("OK")) {
            String said = seen.verified().isEmpty() ? "openssl gave no answer" : seen.verified();
            String ends = seen.ends().isEmpty() ? "" : " (it ends " + seen.ends() + ")";
            String why = "is no server's certificate that " + tls.caFile() + " vouches for and that names "
                    + host.address() + ": " + said + ends;
            found.put(tls.certificate(), why);
        }
    }

    private static void file(Map<String, String> found, String part, String path, TlsSurvey seen) {
        String user = seen.user();
        switch (seen.files().getOrDefault(part, "")) {
            case "read" -> {
                // As it has to be.
            }
            case "missing" -> found.put(path, "is not there, or a directory above it cannot be entered by " + user);
            case "locked" -> found.put(path, "cannot be read by " + user + ", who runs Redis");
            case "strange" -> found.put(path, "is no file");
            default -> found.put(path, "was not looked at");
        }
    }

    /** Whether others may do anything with it, or its group more than read. */
    private static boolean open(String mode) {
        return mode.matches("[0-7]{1,4}") && (Integer.parseInt(mode, 8) & 0037) != 0;
    }

    /** As survey.sh makes it. */
    private static String hash(String pem) {
        return Secret.of(pem.replaceAll("\\s", "")).hash();
    }
}
