package io.redfleet.cli.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What came back from the gateway. */
public sealed interface Answer {
    /** A 2xx. Text answers are a text node. */
    record Done(int status, JsonNode body) implements Answer {}

    /** The gateway said no (RFC 9457), or something that is not our gateway answered. */
    record Refused(int status, String title, String detail, List<Broken> errors) implements Answer {
        public Refused {
            errors = List.copyOf(errors);
        }
    }

    /** Nothing answered, or not in time; whether a write was carried out is unknown. */
    record Unreachable(String reason) implements Answer {}

    /** One rule that a request broke. */
    record Broken(String field, String value, String rule) {}
}
