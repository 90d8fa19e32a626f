package io.redfleet.provisioner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ArchitectureTest {
    private static final String CORE_EXCEPT_EDGE = "io.redfleet.provisioner.edge..";

    private static final JavaClasses SERVICE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.redfleet.provisioner");

    @Test
    void theCoreKnowsNoFramework() {
        assertThat(SERVICE).hasSizeGreaterThan(50);
        classes()
                .that()
                .resideOutsideOfPackage(CORE_EXCEPT_EDGE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "io.redfleet.contracts..",
                        "io.redfleet.monitrc..",
                        // What it knows, not its sockets.
                        "io.redfleet.adopt",
                        "io.redfleet.provisioner..",
                        "org.jspecify..")
                .check(SERVICE);
    }

    @Test
    void featuresDoNotReachIntoTheEdge() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CORE_EXCEPT_EDGE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CORE_EXCEPT_EDGE)
                .check(SERVICE);
    }

    @Test
    void featuresFormNoCycles() {
        slices().matching("io.redfleet.provisioner.(*)..")
                .should()
                .beFreeOfCycles()
                .check(SERVICE);
    }

    @Test
    void noServiceKnowsAnother() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.redfleet.monitor..", "io.redfleet.alert..", "io.redfleet.gateway..")
                .check(SERVICE);
    }

    @Test
    void onlyTheEdgeReadsTimeOrChanceOrTheEnvironment() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CORE_EXCEPT_EDGE)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callConstructor(Random.class)
                .check(SERVICE);
    }
}
