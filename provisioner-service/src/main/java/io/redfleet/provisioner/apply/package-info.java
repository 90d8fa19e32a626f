/**
 * Carries plans out: stage by stage, hosts at once, every step inspected, applied and verified on its host, and written
 * to the journal before and after.
 *
 * <p>Decides when to stop: at the first failure, at a cancel, at the loss of ownership. Never decides what is done (that
 * is {@code plan}) or whether it is safe (that is {@code gate}).
 */
@NullMarked
package io.redfleet.provisioner.apply;

import org.jspecify.annotations.NullMarked;
