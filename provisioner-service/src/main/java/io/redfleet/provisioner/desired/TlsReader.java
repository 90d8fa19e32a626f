package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.contracts.wire.Violation;
import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads {@code security.tls}: {@code off}, or the CA and three paths. Nothing of a text that is no CA is told: who takes the
 * wrong file takes the key.
 */
final class TlsReader {
    private static final String FIELD = "tls";
    private static final String HIDDEN = "(not shown)";

    /** A handful of certificates. */
    private static final int MOST_CHARS = 32_768;

    private static final int MOST_AUTHORITIES = 8;
    private static final int MOST_PATH_CHARS = 200;

    /** What may stand in a file of Redis, of a shell and of systemd without a quote; and neither . nor .. alone. */
    private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)+");

    /** The units have ProtectHome and PrivateTmp. */
    private static final Pattern HIDDEN_FROM_UNITS = Pattern.compile("/(home|root|run/user|tmp|var/tmp)/.*");

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*)-----END CERTIFICATE-----");

    private TlsReader() {}

    /** @param unsaid of a document that says nothing about it */
    static TlsSpec read(Fields security, TlsSpec unsaid, boolean systemd) {
        if (!security.isObject(FIELD)) {
            String word = security.text(FIELD, "");
            if (word.isEmpty()) {
                return unsaid;
            }
            // YAML makes a boolean of the bare word.
            if (!word.equals("off") && !word.equals("no")) {
                String rule = "must be off, or an object with ca, caFile, certificate and key";
                security.broken().rule(security.path(FIELD), HIDDEN, rule);
            }
            return TlsSpec.OFF;
        }
        Fields tls = security.object(FIELD);
        String ca = authorities(tls);
        String caFile = path(tls, "caFile", systemd);
        String certificate = path(tls, "certificate", systemd);
        String key = path(tls, "key", systemd);
        tls.end();
        boolean whole = Stream.of(ca, caFile, certificate, key).noneMatch(String::isEmpty);
        if (whole && (key.equals(certificate) || key.equals(caFile))) {
            tls.broken().rule(tls.path("key"), key, "must be a file of its own, which others cannot read");
        }
        return whole ? new TlsSpec(ca, caFile, certificate, key) : TlsSpec.OFF;
    }

    /** Why TLS cannot become as wanted on a cluster that stands. */
    static Optional<Violation> switched(TlsSpec standing, TlsSpec wanted) {
        if (standing.equals(wanted)) {
            return Optional.empty();
        }
        if (standing.on() != wanted.on()) {
            String rule = "TLS is for the cluster's life in this release: switched while it runs, it would cut its"
                    + " members and its applications off";
            return Optional.of(new Violation("spec.security.tls", wanted.on() ? "on" : "off", rule));
        }
        String rule = "its CA and its paths are for the cluster's life in this release: what they hold may be replaced,"
                + " and Redis reads it at its start";
        return Optional.of(new Violation("spec.security.tls", "another CA, or other paths", rule));
    }

    /** As PEM in one form, whatever its lines were; empty, and a broken rule, if it is not what it has to be. */
    private static String authorities(Fields tls) {
        String field = tls.path("ca");
        String text = tls.lines("ca", MOST_CHARS);
        Matcher matcher = BLOCK.matcher(text);
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        if (text.contains("PRIVATE KEY")) {
            tls.broken().rule(field, HIDDEN, "holds a private key, which stays on its host: give the CA's certificate");
            return "";
        }
        if (found.isEmpty() || found.size() > MOST_AUTHORITIES) {
            String rule = "must be the certificate of the CA as PEM, or up to " + MOST_AUTHORITIES + " of them";
            tls.broken().rule(field, HIDDEN, rule);
            return "";
        }
        try {
            List<String> whole = new ArrayList<>();
            for (String base64 : found) {
                whole.add(pem(authority(base64)));
            }
            return String.join("", whole);
        } catch (CertificateException | IllegalArgumentException e) {
            tls.broken()
                    .rule(field, HIDDEN, "must be certificates of a CA (basicConstraints CA:TRUE) that can be read");
            return "";
        }
    }

    private static X509Certificate authority(String base64) throws CertificateException {
        byte[] der = Base64.getMimeDecoder().decode(base64);
        Certificate read = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        if (read instanceof X509Certificate certificate && certificate.getBasicConstraints() >= 0) {
            return certificate;
        }
        throw new CertificateException("no CA");
    }

    private static String pem(X509Certificate certificate) throws CertificateException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
    }

    private static String path(Fields tls, String key, boolean systemd) {
        String path = tls.text(key, "");
        String field = tls.path(key);
        if (path.length() > MOST_PATH_CHARS || !PATH.matcher(path).matches()) {
            String rule = "must be an absolute path of letters, digits, dots, dashes and underscores, at most "
                    + MOST_PATH_CHARS + " characters";
            tls.broken().rule(field, path, rule);
            return "";
        }
        if (systemd && HIDDEN_FROM_UNITS.matcher(path).matches()) {
            String rule = "with service: systemd Redis sees nothing below /home, /root, /run/user, /tmp and /var/tmp:"
                    + " choose /etc";
            tls.broken().rule(field, path, rule);
            return "";
        }
        return path;
    }
}
