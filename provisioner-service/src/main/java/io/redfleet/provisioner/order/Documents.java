package io.redfleet.provisioner.order;

import org.jspecify.annotations.Nullable;

/** JSON text to plain maps and lists and back. */
public interface Documents {
    /** @throws NotJson with a sentence that says where */
    @Nullable
    Object parse(String text) throws NotJson;

    String write(Object tree);

    /** The text is not JSON. */
    final class NotJson extends Exception {
        private static final long serialVersionUID = 1;

        public NotJson(String where) {
            super(where);
        }
    }
}
