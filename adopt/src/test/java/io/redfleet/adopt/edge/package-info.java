@NullMarked
package io.redfleet.adopt.edge;

import org.jspecify.annotations.NullMarked;
