/**
 * What good looks like: the configuration of a data node and of a Sentinel, as text for the first start and as settings
 * to compare with a running instance ever after.
 *
 * <p>Both files belong to Redis and Sentinel once they exist, because both rewrite them; nothing here is ever rendered
 * over a file. {@code replicaof} is written at bootstrap only.
 */
@NullMarked
package io.redfleet.provisioner.recipe;

import org.jspecify.annotations.NullMarked;
