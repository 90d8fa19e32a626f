/**
 * From a spec and a survey to ordered steps, purely. What cannot go on is an obstacle, named before anything is touched.
 *
 * <p>Never decides a role that Sentinel decides, and never restarts what runs.
 */
@NullMarked
package io.redfleet.provisioner.plan;

import org.jspecify.annotations.NullMarked;
