/** The one table of topics: names, keys, retention and who may write. */
@NullMarked
package io.redfleet.bus.topics;

import org.jspecify.annotations.NullMarked;
