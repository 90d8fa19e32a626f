/**
 * Sealing of secrets for one service: AES-256-GCM with a key per audience, each in a file that only its owner reads.
 *
 * <p>The cluster, the purpose, the audience and the occasion are bound to the ciphertext: a copy put under another key of
 * the topic, or answered to another order, does not open.
 */
@NullMarked
package io.redfleet.bus.sealed;

import org.jspecify.annotations.NullMarked;
