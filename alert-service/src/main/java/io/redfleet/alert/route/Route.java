package io.redfleet.alert.route;

import io.redfleet.contracts.alert.Severity;

/** @param atLeast quieter incidents are not for this receiver */
public record Route(ReceiverName receiver, Severity atLeast) {}
