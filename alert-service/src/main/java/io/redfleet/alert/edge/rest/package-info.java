/** The audit query, for the gateway alone: whoever asks must know the shared key. */
@NullMarked
package io.redfleet.alert.edge.rest;

import org.jspecify.annotations.NullMarked;
