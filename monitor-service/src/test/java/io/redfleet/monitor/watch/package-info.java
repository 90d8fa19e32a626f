@NullMarked
package io.redfleet.monitor.watch;

import org.jspecify.annotations.NullMarked;
