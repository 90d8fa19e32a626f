package io.redfleet.gateway.edge.rest;

import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.sealed.AudienceKey;
import io.redfleet.bus.sealed.Seal;
import io.redfleet.contracts.access.Revealed;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.wire.ServiceName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Opens what the provisioner sealed for the gateway. The key is read for each use, so that it lies in no memory for
 * long.
 */
public final class Unsealing {
    private final Path home;

    /** @param home the state directory, where the key lies */
    public Unsealing(Path home) {
        this.home = home;
    }

    /** @param occasion the one that the order named */
    Secret open(String body, String occasion) {
        try {
            Revealed revealed = Codec.read(body.getBytes(StandardCharsets.UTF_8), Revealed.class);
            Seal seal = new Seal(revealed.uid(), revealed.purpose(), ServiceName.GATEWAY, occasion);
            return seal.open(revealed.sealed(), AudienceKey.read(AudienceKey.file(home, ServiceName.GATEWAY)));
        } catch (IOException | Seal.Broken | Unreadable e) {
            throw ProblemException.away("The password does not open here: " + e.getMessage());
        }
    }
}
