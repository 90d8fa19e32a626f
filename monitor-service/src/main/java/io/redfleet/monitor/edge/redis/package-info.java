/**
 * Connections to redis-server and redis-sentinel, by the Vert.x Redis client in its plain standalone form.
 *
 * <p>By TLS where the cluster speaks it: the chain is held against the CA of its spec, and the name against the address that is
 * asked. Turns bytes, errors and deadlines into observations, once and here; judges nothing. Never uses a Sentinel-aware mode,
 * which would hide the failover that has to be told. Everything runs on the one event loop of the fleet.
 */
@NullMarked
package io.redfleet.monitor.edge.redis;

import org.jspecify.annotations.NullMarked;
