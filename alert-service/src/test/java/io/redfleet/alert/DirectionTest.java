package io.redfleet.alert;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which room may know which. */
class DirectionTest {
    private static final String[] CORE = {
        "io.redfleet.alert.incident..",
        "io.redfleet.alert.route..",
        "io.redfleet.alert.notice..",
        "io.redfleet.alert.delivery..",
        "io.redfleet.alert.audit..",
        "io.redfleet.alert.desk.."
    };

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.redfleet.alert");
    }

    @Test
    void theCoreIsPlainJava() {
        var foreign = DescribedPredicate.describe(
                "anything but java, contracts, jspecify and each other",
                (JavaClass type) -> !allowed(type.getPackageName()));
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat(foreign)
                .check(classes);
    }

    @Test
    void theCoreIsThere() {
        for (String room : CORE) {
            String prefix = room.substring(0, room.length() - 2);
            assertThat(classes.stream().anyMatch(type -> type.getPackageName().equals(prefix)))
                    .as(room)
                    .isTrue();
        }
    }

    @Test
    void roomsDoNotGoInCircles() {
        slices().matching("io.redfleet.alert.(*)..").should().beFreeOfCycles().check(classes);
        slices().matching("io.redfleet.alert.edge.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void noServiceKnowsAnother() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.redfleet.monitor..", "io.redfleet.provisioner..", "io.redfleet.gateway..")
                .check(classes);
    }

    @Test
    void onlyTheEdgeReadsClocksAndTheEnvironment() {
        var core = noClasses().that().resideInAnyPackage(CORE);
        core.should().callMethod(Instant.class, "now").check(classes);
        core.should().callMethod(LocalDateTime.class, "now").check(classes);
        core.should().callMethod(Clock.class, "systemUTC").check(classes);
        core.should().callMethod(System.class, "nanoTime").check(classes);
        core.should().callMethod(System.class, "currentTimeMillis").check(classes);
        core.should().callMethod(System.class, "getenv", String.class).check(classes);
        core.should().dependOnClassesThat().areAssignableTo(Random.class).check(classes);
    }

    private static boolean allowed(String name) {
        return name.isEmpty()
                || name.startsWith("java.")
                || name.startsWith("io.redfleet.contracts")
                || name.startsWith("org.jspecify")
                || (name.startsWith("io.redfleet.alert.") && !name.startsWith("io.redfleet.alert.edge"));
    }
}
