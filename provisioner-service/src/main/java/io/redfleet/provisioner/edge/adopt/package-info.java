/** The sockets by which clusters of somebody else's are asked what they are. */
@NullMarked
package io.redfleet.provisioner.edge.adopt;

import org.jspecify.annotations.NullMarked;
