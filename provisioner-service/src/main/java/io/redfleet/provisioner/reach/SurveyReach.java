package io.redfleet.provisioner.reach;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.wire.Violation;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom a survey may connect to. It goes where strangers send it, so each address is judged right before it is connected to: by
 * the limits of the key, by those of the password that would be sent there, and never by what it is called.
 *
 * <p>This machine itself is asked only where a person has written that very address, or an admin has named it in the key's limits:
 * a limit as wide as {@code 0.0.0.0/0}, or none, does not mean it.
 *
 * @param key the name of the SSH key
 * @param password null: none is sent
 * @param written the Sentinel's address as a person wrote it; null where that was a name
 */
public record SurveyReach(
        Bound key, @Nullable Bound password, @Nullable InetAddress written) {
    private static final List<Range> LOOPBACK =
            List.of(Range.of("127.0.0.0/8").orElseThrow(), Range.of("::1").orElseThrow());

    /** A credential and what an admin has said of it. */
    public record Bound(String name, KeyLimits limits) {
        /** @param field where it is named */
        private void judge(ClusterName cluster, Map<String, String> labels, String field, List<Violation> broken) {
            if (limits instanceof KeyLimits.Unusable unusable) {
                broken.add(new Violation(field, name, unusable.reason()));
            }
            if (limits instanceof KeyLimits.Limited limited && !limited.mayServe(cluster, labels)) {
                broken.add(new Violation(field, name, "may not be used for this cluster"));
            }
        }
    }

    /** Every rule that is broken before anybody is asked. */
    public List<Violation> judge(ClusterName cluster, Map<String, String> labels) {
        List<Violation> broken = new ArrayList<>();
        key.judge(cluster, labels, "key", broken);
        if (password != null) {
            password.judge(cluster, labels, "probe.credential", broken);
        }
        InetAddress first = written;
        if (broken.isEmpty() && first != null) {
            String shown = first.getHostAddress();
            forbids(first).ifPresent(rule -> broken.add(new Violation("sentinel", shown, rule)));
        }
        return broken;
    }

    /** Why nobody is asked there, as the end of a sentence that begins with the address; empty if somebody may be. */
    public Optional<String> forbids(InetAddress address) {
        if (Addresses.loopback(address) && !address.equals(written) && !named(address)) {
            return Optional.of(
                    "is the provisioner's own machine, which the limits of key " + key.name() + " do not name");
        }
        Optional<String> byKey = key.limits().forbids(key.name(), address);
        return byKey.isPresent() || password == null ? byKey : password.limits().forbids(password.name(), address);
    }

    private boolean named(InetAddress address) {
        return key.limits() instanceof KeyLimits.Limited limited
                && limited.addresses().stream()
                        .filter(range -> LOOPBACK.stream().anyMatch(loopback -> loopback.covers(range)))
                        .anyMatch(range -> range.contains(address));
    }
}
