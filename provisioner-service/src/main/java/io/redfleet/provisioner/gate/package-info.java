/**
 * The last look before anything is started or stopped.
 *
 * <p>Decides from one fresh survey, purely: go, and whom to follow, or withhold, with the rule and a reason. Whoever
 * asks, a person, the monitor or a plan, asks here. Never acts.
 */
@NullMarked
package io.redfleet.provisioner.gate;

import org.jspecify.annotations.NullMarked;
