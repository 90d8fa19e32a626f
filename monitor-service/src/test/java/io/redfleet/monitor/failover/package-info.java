@NullMarked
package io.redfleet.monitor.failover;

import org.jspecify.annotations.NullMarked;
