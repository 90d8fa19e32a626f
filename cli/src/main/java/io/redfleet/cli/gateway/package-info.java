/**
 * Talking to the gateway: addresses, the token file, requests, the event stream.
 *
 * <p>Transport exceptions become an {@link io.redfleet.cli.gateway.Answer} here and only here. Nothing in this package
 * writes to the screen, and no token ever reaches a log, an argument list or a message.
 */
@NullMarked
package io.redfleet.cli.gateway;

import org.jspecify.annotations.NullMarked;
