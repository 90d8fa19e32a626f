/**
 * The REST door: HTTP in, core calls, JSON out. Every error leaves as {@code application/problem+json} (RFC 9457)
 * without a stack trace; every resource names the role it needs. Decides nothing that another way in would have to
 * decide again.
 */
@NullMarked
package io.redfleet.gateway.edge.rest;

import org.jspecify.annotations.NullMarked;
