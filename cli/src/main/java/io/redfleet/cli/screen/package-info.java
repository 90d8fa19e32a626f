/**
 * What a person sees: tables, timelines, problems, colors.
 *
 * <p>Results go to standard output, everything else (progress, hints, problems) to standard error, so that
 * {@code -o json} can be piped. Text from the fleet is stripped of control characters before it reaches a terminal:
 * a Redis host must not be able to move an operator's cursor.
 */
@NullMarked
package io.redfleet.cli.screen;

import org.jspecify.annotations.NullMarked;
