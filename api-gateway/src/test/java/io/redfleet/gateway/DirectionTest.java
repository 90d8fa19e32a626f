package io.redfleet.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.redfleet.gateway.edge.rest.Needs;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class DirectionTest {
    private static final String[] CORE = {
        "io.redfleet.gateway.access..",
        "io.redfleet.gateway.board..",
        "io.redfleet.gateway.order..",
        "io.redfleet.gateway.live..",
        "io.redfleet.gateway.collector.."
    };
    private static final JavaClasses GATEWAY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.redfleet.gateway");

    @Test
    void theCoreKnowsNoFrameworkAndNoEdge() {
        classes()
                .that(resideInAnyPackage(CORE))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java..",
                                "javax.crypto..",
                                "javax.xml.stream..",
                                "io.redfleet.contracts..",
                                "io.redfleet.monitrc..",
                                "org.jspecify..")
                        .or(resideInAnyPackage(CORE)))
                .check(GATEWAY);
    }

    @Test
    void noTwoRoomsKnowEachOther() {
        slices().matching("io.redfleet.gateway.(*)..").should().beFreeOfCycles().check(GATEWAY);
    }

    @Test
    void onlyTheEdgeReadsTimeChanceOrEnvironment() {
        noClasses()
                .that(resideInAnyPackage(CORE))
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callConstructor(Random.class)
                .check(GATEWAY);
    }

    @Test
    void theGatewayKnowsNoOtherService() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.redfleet.provisioner..", "io.redfleet.monitor..", "io.redfleet.alert.."))
                .check(GATEWAY);
    }

    @Test
    void everyCallNamesTheRoleItNeeds() {
        methods()
                .that()
                .areAnnotatedWith(GET.class)
                .or()
                .areAnnotatedWith(POST.class)
                .or()
                .areAnnotatedWith(PUT.class)
                .or()
                .areAnnotatedWith(DELETE.class)
                .should()
                .beAnnotatedWith(Needs.class)
                .check(GATEWAY);
    }
}
