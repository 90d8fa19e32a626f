/**
 * How hosts and processes are, heard over one channel per host, and told when it changes.
 *
 * <p>Decides what is worth a record and when a host counts as unreachable. Never judges Redis, never touches a process.
 */
@NullMarked
package io.redfleet.provisioner.facts;

import org.jspecify.annotations.NullMarked;
