/**
 * Who hears of an incident. Receivers come from the configuration; with none, incidents and the audit trail remain.
 */
@NullMarked
package io.redfleet.alert.route;

import org.jspecify.annotations.NullMarked;
