/** Tests of what several rooms share. */
@NullMarked
package io.redfleet.alert;

import org.jspecify.annotations.NullMarked;
