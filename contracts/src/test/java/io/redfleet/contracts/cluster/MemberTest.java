package io.redfleet.contracts.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberTest {
    private static final List<Member> MEMBERS = List.of(
            member("r1/a", "10.0.0.1", 6379),
            member("r1/b", "10.0.0.1", 6380),
            member("r2/a", "10.0.0.2", 6379),
            member("r3/c", "10.0.0.2", 6381),
            member("10.0.0.2/d", "10.0.0.3", 6379));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1  | r1/a, r1/b",
                "10.0.0.2  | r2/a, r3/c",
                "10.0.0.3  | 10.0.0.2/d",
                "r1        | r1/a, r1/b",
                "r2        | r2/a",
                "r3        | r3/c",
                "R1        | ''",
                "10.0.0.01 | ''",
                "127.0.0.1 | ''",
                "''        | ''",
            })
    void anAddressIsThatOfAHostBeforeItIsTheNameOfOne(String address, String ids) {
        assertThat(Member.at(address, MEMBERS))
                .extracting(member -> member.id().value())
                .containsExactlyElementsOf(ids.isEmpty() ? List.of() : List.of(ids.split(", ", -1)));
    }

    /** What it tells others to reach it by is not where its host is. */
    private static Member member(String id, String address, int port) {
        Endpoint announced = new Endpoint("r1", port);
        return new Member(new InstanceId(id), InstanceRole.REDIS, new Endpoint(address, port), announced, "");
    }
}
