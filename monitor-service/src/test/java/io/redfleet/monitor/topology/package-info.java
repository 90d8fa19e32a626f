@NullMarked
package io.redfleet.monitor.topology;

import org.jspecify.annotations.NullMarked;
