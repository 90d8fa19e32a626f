/**
 * PostgreSQL by plain SQL. One {@link io.redfleet.alert.edge.store.Tx} is one unit of work; what it says on the bus goes
 * to the outbox table and is sent after the commit.
 *
 * <p>A database that is away is {@link io.redfleet.alert.edge.store.StoreAway}, here and only here; whoever meets it
 * waits and tries again for ever. Nothing here decides what an event means.
 */
@NullMarked
package io.redfleet.alert.edge.store;

import org.jspecify.annotations.NullMarked;
