/**
 * Whether anybody is told of a case now, and why or why not.
 *
 * <p>Pure: a case, what was told of it before, and the time go in; one decision with its reason comes out. Who is told
 * is decided by {@code route}, how it gets there by {@code delivery}.
 */
@NullMarked
package io.redfleet.alert.notice;

import org.jspecify.annotations.NullMarked;
