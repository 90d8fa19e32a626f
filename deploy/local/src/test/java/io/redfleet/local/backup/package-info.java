@NullMarked
package io.redfleet.local.backup;

import org.jspecify.annotations.NullMarked;
