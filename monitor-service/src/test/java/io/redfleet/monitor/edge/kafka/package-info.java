@NullMarked
package io.redfleet.monitor.edge.kafka;

import org.jspecify.annotations.NullMarked;
