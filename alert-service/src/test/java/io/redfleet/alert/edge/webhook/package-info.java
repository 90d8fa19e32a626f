/** Where notices are never sent. */
@NullMarked
package io.redfleet.alert.edge.webhook;

import org.jspecify.annotations.NullMarked;
