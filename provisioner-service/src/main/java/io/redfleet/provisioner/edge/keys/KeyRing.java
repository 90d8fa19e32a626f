package io.redfleet.provisioner.edge.keys;

import io.redfleet.bus.sealed.AudienceKey;
import io.redfleet.bus.sealed.Seal;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.provisioner.secret.Locksmith;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;

/** The keys of all audiences, from the state directory. One that is missing is looked for again at each use. */
public final class KeyRing implements Locksmith {
    private static final ServiceName[] AUDIENCES = {ServiceName.PROVISIONER, ServiceName.MONITOR, ServiceName.GATEWAY};

    private final Path home;
    private final SecureRandom random;
    private final Map<ServiceName, AudienceKey> keys = new EnumMap<>(ServiceName.class); // guarded by this

    public KeyRing(Path home, SecureRandom random) {
        this.home = home;
        this.random = random;
    }

    @Override
    public String trouble() {
        for (ServiceName audience : AUDIENCES) {
            try {
                key(audience);
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        }
        return "";
    }

    @Override
    public Secret fresh() {
        byte[] bytes = new byte[Secret.BYTES];
        random.nextBytes(bytes);
        return Secret.generated(bytes);
    }

    @Override
    public Sealed seal(ClusterUid uid, Purpose purpose, ServiceName audience, String occasion, Secret secret) {
        try {
            return new Seal(uid, purpose, audience, occasion).close(secret, key(audience), random);
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public Opening open(SealedSecret record) {
        Sealed copy = record.copies().get(ServiceName.PROVISIONER);
        if (copy == null) {
            return new Closed("it was not sealed for the provisioner");
        }
        try {
            Seal seal = new Seal(record.uid(), record.purpose(), ServiceName.PROVISIONER, "");
            return new Opened(seal.open(copy, key(ServiceName.PROVISIONER)));
        } catch (IOException | Seal.Broken e) {
            return new Closed(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Secret derived(String use, ClusterUid uid, HostName host, long since) {
        try {
            String purpose = String.join("\n", use, uid.value(), host.value(), String.valueOf(since));
            return Secret.token(key(ServiceName.PROVISIONER).derived(purpose));
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private synchronized AudienceKey key(ServiceName audience) throws IOException {
        AudienceKey known = keys.get(audience);
        if (known == null) {
            known = AudienceKey.read(AudienceKey.file(home, audience));
            keys.put(audience, known);
        }
        return known;
    }
}
