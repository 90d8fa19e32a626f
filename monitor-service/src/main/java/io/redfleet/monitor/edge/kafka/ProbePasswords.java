package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.sealed.AudienceKey;
import io.redfleet.bus.sealed.Seal;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.ServiceName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Opens what is sealed for the monitor and hands it on. Called from the bus's one reading thread. */
public final class ProbePasswords {
    private final Path home;
    private final Learner learner;
    private @Nullable AudienceKey key;

    /** Takes an opened password. */
    public interface Learner {
        void learn(ClusterName cluster, ClusterUid uid, Secret password);
    }

    /** @param home the state directory, where the key lies; it is looked for when it is first needed */
    public ProbePasswords(Path home, Learner learner) {
        this.home = home;
        this.learner = learner;
    }

    /**
     * Passes a probe's password on, on the given thread. Which comes first, it or its cluster, is of no matter. While one becomes
     * another, it is the one that every instance takes.
     *
     * @return whose it is; empty for any other secret
     * @throws Unreadable also for one that is not for us, or does not open
     */
    Optional<SealedSecret> take(BusRecord record, Executor thread) throws Unreadable {
        if (record.isTombstone()) {
            return Optional.empty();
        }
        SealedSecret secret = record.as(SealedSecret.class);
        if (secret.purpose() != Purpose.PROBE) {
            return Optional.empty();
        }
        Secret opened = open(secret);
        thread.execute(() -> learner.learn(secret.cluster(), secret.uid(), opened));
        return Optional.of(secret);
    }

    private Secret open(SealedSecret record) throws Unreadable {
        Sealed copy = record.current().copies().get(ServiceName.MONITOR);
        if (copy == null) {
            throw Unreadable.because("it was not sealed for the monitor");
        }
        try {
            return new Seal(record.uid(), record.purpose(), ServiceName.MONITOR, "").open(copy, key());
        } catch (IOException | Seal.Broken e) {
            throw Unreadable.because("it does not open: " + e.getMessage());
        }
    }

    private AudienceKey key() throws IOException {
        AudienceKey known = key;
        if (known == null) {
            known = AudienceKey.read(AudienceKey.file(home, ServiceName.MONITOR));
            key = known;
        }
        return known;
    }
}
