/** What the tests of all rooms start from. */
@NullMarked
package io.redfleet.monitor;

import org.jspecify.annotations.NullMarked;
