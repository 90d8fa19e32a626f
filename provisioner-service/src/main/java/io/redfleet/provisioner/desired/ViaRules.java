package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.JumpHost;
import io.redfleet.provisioner.reach.Addresses;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The jump host of a host, {@code ssh.via}: one hop, to an address in figures, that is not the host itself. */
final class ViaRules {
    private static final String VIA = "via";
    private static final String FORM =
            "must be user@address:port of a jump host, by an IPv4 address of one host (host names are"
                    + " not supported in this release); the port may be left out, and one jump host is all there is";

    private ViaRules() {}

    /** As the spec is kept: {@code user@address:port}; null where no jump host is named, or none that is one. */
    static @Nullable String read(Fields ssh, String address, int port) {
        String text = ssh.text(VIA, "");
        if (text.isEmpty()) {
            return null;
        }
        Optional<JumpHost> read = JumpHost.read(text).filter(jump -> HostReader.isOneHost(jump.address()));
        Optional<String> rule = read.isEmpty() ? Optional.of(FORM) : broken(read.get(), address, port);
        if (rule.isPresent()) {
            ssh.broken().rule(ssh.path(VIA), text, rule.get());
            return null;
        }
        return read.get().toString();
    }

    private static Optional<String> broken(JumpHost jump, String address, int port) {
        if (jump.address().equals(address) && jump.port() == port) {
            return Optional.of("is the host itself, which needs no jump host then: leave it out");
        }
        return Addresses.literal(jump.address()).flatMap(Addresses::never);
    }
}
