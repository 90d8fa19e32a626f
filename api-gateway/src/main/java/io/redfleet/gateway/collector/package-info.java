/** What Monit posts to M/Monit, read as data and never trusted: who posts is known by its credential alone. */
@NullMarked
package io.redfleet.gateway.collector;

import org.jspecify.annotations.NullMarked;
