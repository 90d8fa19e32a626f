@NullMarked
package io.redfleet.monitor.probe;

import org.jspecify.annotations.NullMarked;
