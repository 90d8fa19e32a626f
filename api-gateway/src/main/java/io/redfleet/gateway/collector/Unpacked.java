package io.redfleet.gateway.collector;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** A body that came compressed. */
public final class Unpacked {
    private Unpacked() {}

    /**
     * Of no more than so many bytes; of more, empty, and no more than one byte beyond is unpacked.
     *
     * @throws Malformed it is no gzip
     */
    public static Optional<byte[]> gzip(byte[] body, int most) throws Malformed {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] plain = in.readNBytes(most + 1);
            return plain.length > most ? Optional.empty() : Optional.of(plain);
        } catch (IOException e) {
            throw new Malformed("not compressed as gzip says");
        }
    }
}
