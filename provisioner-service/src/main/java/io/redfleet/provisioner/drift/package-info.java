/**
 * Whether the hosts of a cluster on which nobody works are as its spec says, also after an apply that failed: when to look,
 * and what to tell of what was seen. Never changes anything, and says nothing of what could not be seen.
 */
@NullMarked
package io.redfleet.provisioner.drift;

import org.jspecify.annotations.NullMarked;
