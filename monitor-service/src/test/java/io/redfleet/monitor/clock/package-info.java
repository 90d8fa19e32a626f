@NullMarked
package io.redfleet.monitor.clock;

import org.jspecify.annotations.NullMarked;
