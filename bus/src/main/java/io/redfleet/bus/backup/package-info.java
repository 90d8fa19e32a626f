/**
 * The truth in a file, and back: what Kafka holds the only copy of. A backup is one zip file with a manifest and a file of
 * JSON lines for each topic (docs/backup.md describes it); it appears under its name only after it was read back. A
 * restore checks everything before it writes anything, never mixes two truths, and reads back what it wrote.
 *
 * <p>Decides what belongs into a backup and when it may be restored. Never decides where services run, and never opens
 * what is sealed: values travel as they lay on the bus.
 */
@NullMarked
package io.redfleet.bus.backup;

import org.jspecify.annotations.NullMarked;
