/**
 * Work on a cluster: its journal, and what is known of the hosts it runs on.
 */
@NullMarked
package io.redfleet.contracts.operation;

import org.jspecify.annotations.NullMarked;
