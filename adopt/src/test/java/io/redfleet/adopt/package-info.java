@NullMarked
package io.redfleet.adopt;

import org.jspecify.annotations.NullMarked;
