/**
 * What Sentinels publish, merged into one story per failover.
 *
 * <p>Decides which epoch a line belongs to, what of a failover has happened and when it is over. Three witnesses tell the
 * same thing three times, late, or not at all; each fact is told once.
 */
@NullMarked
package io.redfleet.monitor.failover;

import org.jspecify.annotations.NullMarked;
