/** The service as a whole against a real broker, real Redis and real Sentinels. */
@NullMarked
package io.redfleet.monitor.edge.config;

import org.jspecify.annotations.NullMarked;
