/**
 * SSH by JSch: one connection per host and access, reused, through a jump host where the spec names one; public key only,
 * host keys that are pinned or have a certificate of an authority that known_hosts names, no forwarding of agents. Turns what
 * JSch throws into values, here and only here. Never decides what is run.
 */
@NullMarked
package io.redfleet.provisioner.edge.ssh;

import org.jspecify.annotations.NullMarked;
