package io.redfleet.provisioner.edge.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.redfleet.bus.codec.Codec;
import io.redfleet.provisioner.order.Documents;
import org.jspecify.annotations.Nullable;

/** JSON by the bus's own mapper. */
public final class JacksonDocuments implements Documents {
    @Override
    public @Nullable Object parse(String text) throws NotJson {
        try {
            return Codec.mapper().readValue(text, Object.class);
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
