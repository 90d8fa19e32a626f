/**
 * What is asked for, and whose turn it is: one running and one waiting operation per cluster, an outcome for every order,
 * nothing lost by a crash.
 *
 * <p>The order of things is order, journal, outcome, work. Never touches a host itself.
 */
@NullMarked
package io.redfleet.provisioner.order;

import org.jspecify.annotations.NullMarked;
