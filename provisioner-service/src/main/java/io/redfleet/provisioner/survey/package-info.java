/**
 * What is true on a host and of its instances, asked over one connection in one round trip.
 *
 * <p>Decides how facts are asked for and read. Never judges them, never changes a host: that is the work of
 * {@code plan} and {@code apply}.
 */
@NullMarked
package io.redfleet.provisioner.survey;

import org.jspecify.annotations.NullMarked;
