/** The stack with its real broker and its real PostgreSQL, on ports of its own. */
@NullMarked
package io.redfleet.local;

import org.jspecify.annotations.NullMarked;
