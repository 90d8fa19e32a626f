@NullMarked
package io.redfleet.local.doctor;

import org.jspecify.annotations.NullMarked;
