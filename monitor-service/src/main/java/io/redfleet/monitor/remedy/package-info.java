/**
 * Which automatic action is asked for, for whom, and when.
 *
 * <p>Decides only to ask; the provisioner looks again and may withhold. Holding back always has a reason.
 */
@NullMarked
package io.redfleet.monitor.remedy;

import org.jspecify.annotations.NullMarked;
