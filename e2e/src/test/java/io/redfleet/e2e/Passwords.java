package io.redfleet.e2e;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.sealed.AudienceKey;
import io.redfleet.bus.sealed.Seal;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.wire.ServiceName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** The passwords of an installation's one cluster, opened with the provisioner's key. */
final class Passwords {
    private Passwords() {}

    static Map<Purpose, String> of(String bootstrap, Path login, Path home) throws Exception {
        ConcurrentLinkedQueue<BusRecord> records = new ConcurrentLinkedQueue<>();
        BusSettings settings = BusSettings.of(bootstrap, "scan", login);
        try (Follower follower = Follower.of(settings, List.of(Topic.SECRETS), new Start.Beginning(), records::add)) {
            follower.caughtUp().toCompletableFuture().get(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS);
        }
        AudienceKey key = AudienceKey.read(AudienceKey.file(home, ServiceName.PROVISIONER));
        Map<Purpose, String> open = new EnumMap<>(Purpose.class);
        for (BusRecord record : records) {
            SealedSecret secret = record.as(SealedSecret.class);
            open.put(secret.purpose(), open(secret, key).reveal());
        }
        return open;
    }

    private static Secret open(SealedSecret secret, AudienceKey key) throws Seal.Broken {
        return new Seal(secret.uid(), secret.purpose(), ServiceName.PROVISIONER, "")
                .open(Objects.requireNonNull(secret.copies().get(ServiceName.PROVISIONER)), key);
    }
}
