/** The keys with which this service seals and opens passwords. */
@NullMarked
package io.redfleet.provisioner.edge.keys;

import org.jspecify.annotations.NullMarked;
