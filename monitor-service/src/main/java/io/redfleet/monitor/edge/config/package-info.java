/**
 * Settings, the wiring of the service, its log and its health checks. No logic.
 */
@NullMarked
package io.redfleet.monitor.edge.config;

import org.jspecify.annotations.NullMarked;
