/**
 * The one table of topics: names, keys, retention, who may write and read, and which partition a key belongs to.
 *
 * <p>Topics are made from this table before services start; a service only verifies. The partition count never changes
 * within v1, because a cluster's records are ordered by lying in one partition. Nothing here reads or writes records.
 */
@NullMarked
package io.redfleet.bus.topics;

import org.jspecify.annotations.NullMarked;
