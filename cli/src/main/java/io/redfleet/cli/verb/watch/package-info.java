/**
 * Verbs about what is happening: Monit's words, failovers, events, alerts.
 *
 * <p>They show the judgement of the services and add none of their own.
 */
@NullMarked
package io.redfleet.cli.verb.watch;

import org.jspecify.annotations.NullMarked;
