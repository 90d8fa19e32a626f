/** Looks at the machine, the home, the parts, the bus and, through the gateway, at the fleet. Judges nothing. */
@NullMarked
package io.redfleet.local.doctor.edge;

import org.jspecify.annotations.NullMarked;
