/** The parts are real: what they promise is tried with plain clients. */
@NullMarked
package io.redfleet.testkit;

import org.jspecify.annotations.NullMarked;
