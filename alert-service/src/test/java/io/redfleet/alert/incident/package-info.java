/** What becomes of events in the ledger. */
@NullMarked
package io.redfleet.alert.incident;

import org.jspecify.annotations.NullMarked;
