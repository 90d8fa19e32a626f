@NullMarked
package io.redfleet.gateway.edge.kafka;

import org.jspecify.annotations.NullMarked;
