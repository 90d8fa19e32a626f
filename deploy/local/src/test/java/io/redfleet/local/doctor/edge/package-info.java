@NullMarked
package io.redfleet.local.doctor.edge;

import org.jspecify.annotations.NullMarked;
