/**
 * The bus: partitions become desks, records become calls, what the core writes becomes records. Decides nothing but how
 * to go on while the broker is away: wait.
 */
@NullMarked
package io.redfleet.provisioner.edge.kafka;

import org.jspecify.annotations.NullMarked;
