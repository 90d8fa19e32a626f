@NullMarked
package io.redfleet.monitor.remedy;

import org.jspecify.annotations.NullMarked;
