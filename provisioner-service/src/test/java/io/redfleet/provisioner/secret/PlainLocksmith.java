package io.redfleet.provisioner.secret;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.wire.ServiceName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Seals nothing: for tests of what is done with passwords. */
public final class PlainLocksmith implements Locksmith {
    private int made;

    public PlainLocksmith() {
        this(0);
    }

    /** @param made how many there are of an earlier owner's making: none is made twice */
    public PlainLocksmith(int made) {
        this.made = made;
    }

    /** A vault whose clusters all have their passwords. */
    public static Function<ClusterState, Accounts> accounts() {
        return accounts(new Vault(new PlainLocksmith()));
    }

    /** The same, and hosts' Monits report to this address. */
    public static Function<ClusterState, Accounts> accounts(String collector) {
        return accounts(new Vault(new PlainLocksmith(), Optional.of(collector)));
    }

    private static Function<ClusterState, Accounts> accounts(Vault vault) {
        return cluster -> {
            synchronized (vault) {
                if (!vault.accounts(cluster).trouble().isEmpty()) {
                    vault.make(cluster, Instant.EPOCH).forEach(vault::stands);
                }
                return vault.accounts(cluster);
            }
        };
    }

    @Override
    public String trouble() {
        return "";
    }

    @Override
    public synchronized Secret fresh() {
        return Secret.of("pw" + "0".repeat(28) + made++);
    }

    @Override
    public Sealed seal(ClusterUid uid, Purpose purpose, ServiceName audience, String occasion, Secret secret) {
        return new Sealed("plain", occasion, secret.reveal());
    }

    @Override
    public Secret derived(String use, ClusterUid uid, HostName host, long since) {
        String digits = Secret.of(String.join("/", use, uid.value(), host.value(), "" + since))
                .hash();
        return Secret.token(digits.substring(0, Secret.BYTES).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Opening open(SealedSecret record) {
        Sealed copy = record.copies().get(ServiceName.PROVISIONER);
        return copy == null ? new Closed("not ours") : new Opened(Secret.of(copy.text()));
    }
}
