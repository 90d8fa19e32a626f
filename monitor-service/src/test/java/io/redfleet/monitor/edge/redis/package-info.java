@NullMarked
package io.redfleet.monitor.edge.redis;

import org.jspecify.annotations.NullMarked;
