package io.redfleet.provisioner.survey;

import java.time.Duration;

/**
 * A file to be written.
 *
 * @param path absolute, in a directory that exists
 * @param mode permission bits, such as {@code 0600} in octal
 */
public record RemoteFile(String path, String content, int mode, Duration deadline) {
    public RemoteFile {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("not absolute: " + path);
        }
    }

    @Override
    public String toString() {
        return path + " (" + content.length() + " characters)";
    }
}
