/** The edge against a real broker, a real PostgreSQL and a real HTTP server. */
@NullMarked
package io.redfleet.alert.edge;

import org.jspecify.annotations.NullMarked;
