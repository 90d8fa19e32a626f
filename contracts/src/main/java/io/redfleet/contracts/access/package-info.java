/**
 * Who may do what.
 */
@NullMarked
package io.redfleet.contracts.access;

import org.jspecify.annotations.NullMarked;
