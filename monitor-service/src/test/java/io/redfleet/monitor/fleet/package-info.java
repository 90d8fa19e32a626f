@NullMarked
package io.redfleet.monitor.fleet;

import org.jspecify.annotations.NullMarked;
