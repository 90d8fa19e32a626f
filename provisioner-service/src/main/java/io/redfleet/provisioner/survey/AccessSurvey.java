package io.redfleet.provisioner.survey;

import java.util.Map;
import java.util.Set;

/**
 * What was found of who may enter one instance, and of the logins by which it enters others. No password and no hash left the
 * host: of each is said whether it is the cluster's.
 *
 * @param live the rules of each user as the instance has them, as a line of users.acl, each password {@code #same} or
 *     {@code #other}
 * @param file the same of its users.acl, by which it starts next; empty: there is none
 * @param categories the commands of each category that the rules name, and of all there are, as the instance itself lists them
 * @param logins by directive, such as {@code masterauth} or {@code auth-pass}: whether it has the wanted value; what has none is
 *     not here
 * @param loginsRead whether it is known which directives have none
 */
public record AccessSurvey(
        Map<String, String> live,
        Map<String, String> file,
        Map<String, Set<String>> categories,
        Map<String, Boolean> logins,
        boolean loginsRead) {
    public AccessSurvey {
        live = Map.copyOf(live);
        file = Map.copyOf(file);
        categories = Map.copyOf(categories);
        logins = Map.copyOf(logins);
    }
}
