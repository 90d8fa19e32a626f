/**
 * Settings, files and wiring: how this gateway's parts are put together and started. The beans made here hold no logic.
 */
@NullMarked
package io.redfleet.gateway.edge.config;

import org.jspecify.annotations.NullMarked;
