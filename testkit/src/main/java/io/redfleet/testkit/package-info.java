/** Real parts and simulated time for tests. */
@NullMarked
package io.redfleet.testkit;

import org.jspecify.annotations.NullMarked;
