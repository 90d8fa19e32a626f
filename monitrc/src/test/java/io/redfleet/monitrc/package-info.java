@NullMarked
package io.redfleet.monitrc;

import org.jspecify.annotations.NullMarked;
