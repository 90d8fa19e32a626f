/** The listener to which the Monit of a host reports, as it would to M/Monit. */
@NullMarked
package io.redfleet.gateway.edge.collector;

import org.jspecify.annotations.NullMarked;
