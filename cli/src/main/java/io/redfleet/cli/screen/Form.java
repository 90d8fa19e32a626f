package io.redfleet.cli.screen;

/** How results are written: for people, or for programs. */
public enum Form {
    TABLE,
    JSON,
    YAML
}
