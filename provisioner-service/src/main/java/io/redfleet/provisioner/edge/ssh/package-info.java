/**
 * SSH by JSch: one connection per host and access, reused; public key only, pinned host keys, no forwarding of
 * anything. Turns what JSch throws into values, here and only here. Never decides what is run.
 */
@NullMarked
package io.redfleet.provisioner.edge.ssh;

import org.jspecify.annotations.NullMarked;
