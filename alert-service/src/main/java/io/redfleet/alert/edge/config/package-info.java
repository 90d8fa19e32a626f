/**
 * Settings, wiring, the log's catalogue, and the start and end of the service. Nothing here decides anything about events,
 * incidents or notices.
 */
@NullMarked
package io.redfleet.alert.edge.config;

import org.jspecify.annotations.NullMarked;
