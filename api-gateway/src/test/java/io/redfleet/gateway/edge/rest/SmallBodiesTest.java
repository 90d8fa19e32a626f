package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.gateway.Clusters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a small body may not say. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class SmallBodiesTest {
    private static final String INSTANCE = "/clusters/small/instances/r1/redis-server/";

    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void ready() {
        Scene.ready();
        Scene.shown(stage, Clusters.named("small"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            start   | {"confirm":5}            | confirm | 5    | a string
            stop    | {"confirm":["x"]}        | confirm | ["x"] | a string
            restart | {"confirm":true}         | confirm | true | a string
            start   | {"confrim":"x"}          | confrim | x    | known here: confirm
            stop    | {"confirm":"","force":1} | force   | 1    | known here: confirm
            restart | {"reason":"x"}           | reason  | x    | known here: confirm
            """)
    void anOrderToAnInstanceTakesNothingButTheWord(String verb, String body, String field, String value, String rule) {
        refused(INSTANCE + verb, body, field, value, rule);
        assertThat(stage.orders()).noneMatch(order -> order.cluster().value().equals("small"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            disarm | {"reason":5}              | reason | 5    | a string
            rearm  | {"reason":{"a":1}}        | reason | {"a":1} | a string
            disarm | {"reson":"x"}             | reson  | x    | known here: reason
            rearm  | {"reason":"x","for":"1h"} | for    | 1h   | known here: reason
            rearm  | {"reason":null}           | reason | ``   | one sentence
            """)
    void theBrakeTakesNothingButAReasonAndALabel(String verb, String body, String field, String value, String rule) {
        refused("/fleet/" + verb, body, field, value, rule);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name":5,"role":"viewer"}              | name  | 5   | a string
            {"name":"x","role":"reporter","host":5} | host  | 5   | a string
            {"name":"x","role":"viewer","lables":1} | lables | 1  | known here: name, role
            """)
    void soDoesATokenOfItsFields(String body, String field, String value, String rule) {
        refused("/tokens", body, field, value, rule);
    }

    private static void refused(String path, String body, String field, String value, String rule) {
        problem(
                admin().contentType("application/json")
                        .body(body)
                        .post("/api/v1" + path)
                        .then()
                        .body("errors[0].field", equalTo(field))
                        .body("errors[0].value", equalTo(value))
                        .body("errors[0].rule", containsString(rule)),
                422);
    }
}
