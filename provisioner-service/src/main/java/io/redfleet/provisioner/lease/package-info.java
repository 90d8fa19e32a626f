/**
 * Who may change a host: one operation at a time, for as long as its provisioner is heard there.
 *
 * <p>Decides what a lease says, how long an answer counts, and what a script must prove before it changes anything
 * (decision 0006). Never changes a host itself, and never decides in which order hosts are leased: that is {@code apply}.
 */
@NullMarked
package io.redfleet.provisioner.lease;

import org.jspecify.annotations.NullMarked;
