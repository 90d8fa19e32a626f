/** How long a notice is tried. */
@NullMarked
package io.redfleet.alert.delivery;

import org.jspecify.annotations.NullMarked;
