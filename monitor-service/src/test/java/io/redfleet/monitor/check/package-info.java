@NullMarked
package io.redfleet.monitor.check;

import org.jspecify.annotations.NullMarked;
