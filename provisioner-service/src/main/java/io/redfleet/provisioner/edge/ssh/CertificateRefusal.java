package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import java.util.List;

/**
 * Why JSch does not take a host's certificate, in words for people. It has types for some of the reasons, and sentences for all
 * of them. The names in a sentence are the host's own words.
 */
final class CertificateRefusal {
    private static final int MOST_CHARACTERS = 300;

    /** By the first that is found: what says both, that an authority is unknown or revoked, is about one that is unknown. */
    private static final List<Known> KNOWN = List.of(
            new Known(
                    "Certification Authority not in the known hosts",
                    "no @cert-authority for its address has signed it"),
            new Known("revoked", "its key, or that of its authority, is @revoked"),
            new Known("user certificate presented", "it is one for users, not for hosts"),
            new Known("is not a host certificate", "it is one for users, not for hosts"),
            new Known("certificate not valid (expired", "it has expired, or is not valid yet"),
            new Known("invalid principal", "it is made out to other names than the address"),
            new Known("critical options", "it has critical options, and none is known for hosts"),
            new Known("signature", "it is not signed as it ought to be"));

    private record Known(String said, String words) {}

    private CertificateRefusal() {}

    /** Whether it is about a certificate at all. */
    static boolean is(JSchException e) {
        String said = Connection.reason(e);
        return e instanceof JSchHostKeyException
                || said.contains("rejected HostKey:")
                || said.contains("Rejected certificate")
                || said.contains("Invalid certificate")
                || said.contains("CA signature algorithm");
    }

    static String words(JSchException e) {
        String said = Bounded.plain(Connection.reason(e));
        String shown = said.length() > MOST_CHARACTERS ? said.substring(0, MOST_CHARACTERS) + "..." : said;
        String words = KNOWN.stream()
                .filter(known -> said.contains(known.said()))
                .map(Known::words)
                .findFirst()
                .orElse("it is not understood");
        return "the host's certificate is refused: " + words + " (" + shown + ")";
    }
}
