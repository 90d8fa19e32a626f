/** The way of a case through the rooms, in memory. */
@NullMarked
package io.redfleet.alert.desk;

import org.jspecify.annotations.NullMarked;
