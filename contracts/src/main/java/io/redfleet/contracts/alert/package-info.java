/**
 * Incidents: one cause, what it touches, and where it stands.
 */
@NullMarked
package io.redfleet.contracts.alert;

import org.jspecify.annotations.NullMarked;
