package io.redfleet.provisioner.secret;

import io.redfleet.provisioner.reach.KeyLimits;

/** Passwords that somebody else has made, by name, and where an admin lets each be sent. */
public interface GivenPasswords extends KeyLimits.Source {
    /** There are none. */
    GivenPasswords NONE = new GivenPasswords() {
        @Override
        public KeyLimits of(String name) {
            return new KeyLimits.Unusable("no passwords are kept here");
        }

        @Override
        public Locksmith.Opening password(String name) {
            return new Locksmith.Closed("no passwords are kept here");
        }
    };

    /** Read anew each time: what an admin writes counts from the next apply on. */
    Locksmith.Opening password(String name);
}
