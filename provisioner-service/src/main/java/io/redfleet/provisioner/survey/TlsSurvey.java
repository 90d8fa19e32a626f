package io.redfleet.provisioner.survey;

import java.util.Map;

/**
 * What was found on one host of the TLS that the spec asks for, by the user that runs Redis there. Asked only for a cluster that
 * speaks it.
 *
 * @param user who looked
 * @param plain the program that asks instances, {@code redis-cli} or {@code valkey-cli}, where it was built without TLS, and so was
 *     the server that came with it; empty: it was not
 * @param files how it is with each: {@code read}, {@code missing}, {@code locked} or {@code strange}, by {@code ca},
 *     {@code certificate} and {@code key}
 * @param mode of the key's file, in octal; empty: there is none, or it is not told
 * @param hash of the CA's certificates, without blanks and line ends, in hex; empty: they could not be read
 * @param openssl whether the host's openssl could look into them; if not, nothing of what follows is known
 * @param ends when the host's certificate ends, as openssl says it
 * @param lasts by the host's clock: 30, 7 or 0, so many days it lasts at least; -1: it is over, or cannot be read
 * @param pair whether the key is that of the certificate
 * @param verified {@code OK}, or why the CA does not vouch for the certificate under the host's address
 * @param print SHA-256 of the host's certificate, as openssl writes it; empty: it is not known
 * @param served the same of the certificate that an instance shows, by the instance's name; none of one that does not answer
 */
public record TlsSurvey(
        String user,
        String plain,
        Map<String, String> files,
        String mode,
        String hash,
        boolean openssl,
        String ends,
        long lasts,
        boolean pair,
        String verified,
        String print,
        Map<String, String> served) {
    /** Of a cluster that does not speak it. */
    public static final TlsSurvey NONE = new TlsSurvey("", "", Map.of(), "", "", false, "", -1, false, "");

    public TlsSurvey {
        files = Map.copyOf(files);
        served = Map.copyOf(served);
    }

    /** Where nobody was asked what it shows. */
    public TlsSurvey(
            String user,
            String plain,
            Map<String, String> files,
            String mode,
            String hash,
            boolean openssl,
            String ends,
            long lasts,
            boolean pair,
            String verified) {
        this(user, plain, files, mode, hash, openssl, ends, lasts, pair, verified, "", Map.of());
    }

    /** Whether an instance is known to show another certificate than the one that lies there now. */
    public boolean renewed(String instance) {
        String shown = served.getOrDefault(instance, "");
        return !shown.isEmpty() && !print.isEmpty() && !shown.equals(print);
    }
}
