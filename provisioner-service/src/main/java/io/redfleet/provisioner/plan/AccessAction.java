package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.provisioner.survey.GroupSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who may enter an instance that runs, and whom it enters; nothing is restarted for it. */
public sealed interface AccessAction extends Action {
    /** By directive, such as {@code auth-pass}; the values are secret. */
    Map<String, String> logins();

    /**
     * Users as they should be, in the instance and then in its users.acl, and the logins by which it enters others. Users that are
     * not named stay as they are, and what they are is what users.acl has from then on.
     *
     * @param directory the instance's own, absolute
     * @param masterName what a Sentinel calls its master
     * @param users lines of users.acl
     * @param save whether users.acl is to be written though no user is set
     */
    record Users(
            Place place,
            String directory,
            String masterName,
            List<String> users,
            boolean save,
            Map<String, String> logins)
            implements AccessAction {
        public Users {
            users = List.copyOf(users);
            logins = Collections.unmodifiableMap(new LinkedHashMap<>(logins));
        }

        /** Without hashes and passwords. */
        @Override
        public String toString() {
            return "Users[" + directory + ", " + logins.keySet() + "]";
        }
    }

    /**
     * A master for a Sentinel that has lost it. Until all of this is set it counts with a quorum that no number of Sentinels is, so
     * that it begins no failover by what it believes before it can ask.
     *
     * @param settings in the order in which they are set
     */
    record Watch(
            Place place,
            String masterName,
            Endpoint master,
            int quorum,
            Map<String, String> settings,
            Map<String, String> logins)
            implements AccessAction {
        /** More than the Sentinels of any cluster. */
        public static final int OUT_OF_REACH = 9999;

        public Watch {
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
            logins = Collections.unmodifiableMap(new LinkedHashMap<>(logins));
        }

        /** Without passwords. */
        @Override
        public String toString() {
            return "Watch[" + masterName + " " + master + ", " + settings + ", " + logins.keySet() + "]";
        }
    }

    /**
     * A cluster's passwords for the users of a Sentinel that several clusters share, beside those of the others. Its place is asked
     * as the group's own user.
     *
     * @param directory the instance's own, absolute
     * @param owner what the mark there must say
     * @param users lines of users.acl
     */
    record Enter(Place place, String directory, String owner, List<String> users) implements AccessAction {
        public Enter {
            users = List.copyOf(users);
        }

        @Override
        public Map<String, String> logins() {
            return Map.of();
        }

        /** Without hashes. */
        @Override
        public String toString() {
            return "Enter[" + directory + "]";
        }
    }

    /**
     * The note beside such a Sentinel that the cluster is one of its group, once its master is watched there.
     *
     * @param note what it says, of three words
     */
    record Enlist(Place place, String directory, String owner, String cluster, GroupSurvey.Note note)
            implements AccessAction {
        @Override
        public Map<String, String> logins() {
            return Map.of();
        }
    }

    /**
     * The end of all that such a Sentinel does for the cluster. Its place is asked as the group's own user.
     *
     * @param masters where the cluster's master may be: one of that name elsewhere is another's, and stays
     * @param users lines of users.acl, of those whose passwords are the cluster's
     */
    record Leave(
            Place place,
            String directory,
            String owner,
            String cluster,
            String masterName,
            List<String> masters,
            List<String> users)
            implements AccessAction {
        public Leave {
            masters = List.copyOf(masters);
            users = List.copyOf(users);
        }

        @Override
        public Map<String, String> logins() {
            return Map.of();
        }

        /** Without hashes. */
        @Override
        public String toString() {
            return "Leave[" + directory + ", " + cluster + "]";
        }
    }
}
