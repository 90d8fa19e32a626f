package io.redfleet.provisioner.edge.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.redfleet.bus.codec.Codec;
import io.redfleet.provisioner.order.Documents;
import org.jspecify.annotations.Nullable;

/** JSON by the bus's own mapper. */
public final class JacksonDocuments implements Documents {
    /** Decimals stay as they are written, as the gateway reads them: a double would make 1.1 of the label 1.10. */
    private static final ObjectReader TREES =
            Codec.mapper().readerFor(Object.class).with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    @Override
    public @Nullable Object parse(String text) throws NotJson {
        try {
            return TREES.readValue(text);
        } catch (JsonProcessingException e) {
            throw new NotJson(e.getOriginalMessage());
        }
    }

    @Override
    public String write(Object tree) {
        try {
            return Codec.mapper().writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values could not be written", e);
        }
    }
}
