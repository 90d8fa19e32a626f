/**
 * Redis as Debian's packages have it: which of them a host needs, at which version they are to be installed there, and what a
 * host says of them; and as the RHEL family has it.
 *
 * <p>A version that is installed is never another one's to change: what does not fit is said. Knows no host and plans nothing:
 * that is {@code survey} and {@code plan}.
 */
@NullMarked
package io.redfleet.provisioner.packages;

import org.jspecify.annotations.NullMarked;
