/**
 * Who may do what: tokens, their roles and the labels they cover.
 *
 * <p>Decides from the {@code access} records alone whether a caller is known, allowed and in scope, and says why not. A
 * token is 256 random bits; only its SHA-256 is ever kept. What a token does not cover it does not see: a foreign
 * cluster is not found. Never reads a header, a file or a clock.
 */
@NullMarked
package io.redfleet.gateway.access;

import org.jspecify.annotations.NullMarked;
