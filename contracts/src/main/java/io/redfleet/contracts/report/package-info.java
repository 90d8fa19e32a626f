/** What Monit, where somebody runs it on a host, says of that host. */
@NullMarked
package io.redfleet.contracts.report;

import org.jspecify.annotations.NullMarked;
