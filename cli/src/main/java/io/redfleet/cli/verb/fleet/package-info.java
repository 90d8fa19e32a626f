/**
 * Verbs about the installation itself: the brake, tokens, version, completion.
 *
 * <p>The brake works without the gateway; nothing else here does.
 */
@NullMarked
package io.redfleet.cli.verb.fleet;

import org.jspecify.annotations.NullMarked;
