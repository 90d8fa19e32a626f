/**
 * What a cluster wants of a host's packet filter: who may reach its ports, and the files by which that holds, now and after a
 * boot.
 *
 * <p>Knows no host and plans nothing: what a host has, and what is missing there, is {@code survey} and {@code plan}.
 */
@NullMarked
package io.redfleet.provisioner.firewall;

import org.jspecify.annotations.NullMarked;
