/**
 * {@code ./redfleet backup} and {@code restore}, and the daily backups that {@code up} keeps.
 *
 * <p>Decides which files of the home go into a backup, when the next daily one is due and which old one may go. What a
 * backup of the bus is, is decided in {@code io.redfleet.bus.backup}.
 */
@NullMarked
package io.redfleet.local.backup;

import org.jspecify.annotations.NullMarked;
