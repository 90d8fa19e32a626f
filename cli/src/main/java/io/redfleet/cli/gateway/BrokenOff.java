package io.redfleet.cli.gateway;

import java.io.IOException;
import java.net.URI;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** What a connection that broke means to whoever has typed the address. */
final class BrokenOff {
    private static final int MOST_CAUSES = 20;
    /** As the JDK says that the certificate is for somebody else. */
    private static final Pattern OTHER_NAME =
            Pattern.compile("No (subject alternative .*|name matching .*)|.*[Nn]o subject alternative names? .*");
    /** As the JDK says that what came back is no HTTP: a listener for TLS hangs up, or sends an alert. */
    private static final Pattern NO_HTTP =
            Pattern.compile("(?s).*(received no bytes|[Ii]nvalid status line|end of file|EOF|[Cc]onnection reset).*");

    private static final Pattern NO_TLS =
            Pattern.compile(".*([Uu]nsupported or unrecognized SSL message|plaintext connection).*");

    private BrokenOff() {}

    static String reason(URI url, IOException e) {
        if (e instanceof SSLException
                || first(e, SSLException.class::isInstance).isPresent()) {
            return tls(url, e);
        }
        String why = "the connection to " + url + " broke: "
                + Objects.toString(e.getMessage(), e.getClass().getSimpleName());
        boolean plain =
                "http".equals(url.getScheme()) && first(e, says(NO_HTTP)).isPresent();
        return plain ? why + "; if TLS is spoken there, the address begins with https:// (--url or REDFLEET_URL)" : why;
    }

    private static String tls(URI url, IOException e) {
        if (first(e, says(NO_TLS)).isPresent()) {
            return "no TLS is spoken at " + url + ": if it is the gateway, its address begins with http://"
                    + " (--url or REDFLEET_URL)";
        }
        if (first(e, CertificateExpiredException.class::isInstance).isPresent()) {
            return "the certificate shown at " + url + " has expired: it has to be renewed there";
        }
        if (first(e, CertificateNotYetValidException.class::isInstance).isPresent()) {
            return "the certificate shown at " + url + " is not valid yet: look at the clocks here and there";
        }
        Optional<Throwable> name = first(e, says(OTHER_NAME));
        if (name.isPresent()) {
            return "the certificate shown at " + url + " is not for " + url.getHost() + ": use a name that stands in it"
                    + " (--url or REDFLEET_URL), or have that name put into it ("
                    + name.get().getMessage() + ")";
        }
        if (first(e, t -> t instanceof CertPathBuilderException || t instanceof CertPathValidatorException)
                .isPresent()) {
            return "the certificate shown at " + url + " is signed by nobody who is known here:"
                    + " let REDFLEET_CA name a file with its authority's certificate, in PEM";
        }
        return "no TLS with " + url + ": " + e.getMessage();
    }

    private static Predicate<Throwable> says(Pattern words) {
        return each -> words.matcher(Objects.toString(each.getMessage(), "")).matches();
    }

    private static Optional<Throwable> first(Throwable e, Predicate<Throwable> wanted) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable each = e; each != null && causes.size() < MOST_CAUSES; each = each.getCause()) {
            causes.add(each);
        }
        return causes.stream().filter(wanted).findFirst();
    }
}
