/** Who hears of an incident, and how often. */
@NullMarked
package io.redfleet.alert.route;

import org.jspecify.annotations.NullMarked;
