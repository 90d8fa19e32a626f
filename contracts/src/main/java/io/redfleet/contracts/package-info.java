/** The records. */
@NullMarked
package io.redfleet.contracts;

import org.jspecify.annotations.NullMarked;
