/** Settings and wiring: how the parts of the provisioner are put together. Decides nothing. */
@NullMarked
package io.redfleet.provisioner.edge.config;

import org.jspecify.annotations.NullMarked;
