package io.redfleet.contracts.event;

import io.redfleet.contracts.wire.ServiceName;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The name of an event on the wire without prefix and version, and the one service that may write it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EventType {
    String value();

    ServiceName writer();
}
