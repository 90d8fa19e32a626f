package io.redfleet.bus.backup;

import java.nio.file.Path;

/**
 * A file of the installation that goes into a backup.
 *
 * @param path how it is named in the backup: relative to the home, with slashes
 * @param source where it lies now
 */
public record HomeFile(String path, Path source) {}
