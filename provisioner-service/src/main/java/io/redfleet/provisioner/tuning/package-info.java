/**
 * What a cluster wants of the whole machine: which kernel settings a spec may name and how far, what the profiles set and why,
 * and the files by which it holds after a boot.
 *
 * <p>Knows no host and plans nothing: what a host has, and what is missing there, is {@code survey} and {@code plan}.
 */
@NullMarked
package io.redfleet.provisioner.tuning;

import org.jspecify.annotations.NullMarked;
