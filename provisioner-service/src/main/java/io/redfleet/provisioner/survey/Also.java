package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.secret.Login;
import java.time.Duration;
import java.util.function.BiFunction;

/**
 * What a survey takes along to each host in its session, for who would ask it next anyway.
 *
 * @param limit how long it may take, its way included
 * @param script by the user by whom the survey is made ({@link RunAs#keeper}); of the login by which instances are asked
 */
public record Also(Duration limit, BiFunction<HostSpec, Login, Script> script) {}
