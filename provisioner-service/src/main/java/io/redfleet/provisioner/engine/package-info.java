/**
 * What the instances of a cluster run, Redis or Valkey: how its programs are called, how it says its version, and which of its
 * versions are managed. Knows no host and plans nothing.
 */
@NullMarked
package io.redfleet.provisioner.engine;

import org.jspecify.annotations.NullMarked;
