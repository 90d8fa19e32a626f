/**
 * {@code ./redfleet demo}: the death of a master, watched from all sides, on one machine.
 *
 * <p>Makes three hosts of loopback addresses, or boots three that run systemd, has Redfleet provision a cluster on them over
 * SSH, writes to it all the time, kills the master, and shows what each witness says: the events, the report, the client, the
 * alert, the audit trail. Every figure on the screen is measured or read back; nothing is assumed to have worked.
 *
 * <p>It asks only through the doors that everybody has: the REST API, Sentinel, Redis, Kafka. It never starts or repairs a
 * Redis process itself, and of the ones that run it ends the one master whose death it announces.
 */
@NullMarked
package io.redfleet.local.demo;

import org.jspecify.annotations.NullMarked;
