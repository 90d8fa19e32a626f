/**
 * Who follows whom, whether the Sentinels agree, and whether they could act.
 *
 * <p>Decides the verdict on a cluster and which conditions have begun or ended, each with its hold-off. Never asks for
 * anything to be done.
 */
@NullMarked
package io.redfleet.monitor.topology;

import org.jspecify.annotations.NullMarked;
