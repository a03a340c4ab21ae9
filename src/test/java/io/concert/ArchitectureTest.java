package io.concert;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import io.concert.grid.api.AggregateType;
import io.concert.grid.api.Codec;
import io.concert.grid.api.Rehearsal;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between packages, as src/docs/architecture.md draws them. */
class ArchitectureTest {
  private static final JavaClasses program =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.concert");
  private static final JavaClasses tests =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .importPackages("io.concert");

  @Test
  void packagesUseOnlyWhatTheyMay() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("domain")
        .definedBy("io.concert.domain..")
        .layer("forecast")
        .definedBy("io.concert.forecast..")
        .layer("trace")
        .definedBy("io.concert.trace..")
        .layer("settings")
        .definedBy("io.concert.settings..")
        .layer("bus")
        .definedBy("io.concert.bus..")
        .layer("grid")
        .definedBy("io.concert.grid..")
        .layer("postgres")
        .definedBy("io.concert.postgres..")
        .layer("user")
        .definedBy("io.concert.user..")
        .layer("catalog")
        .definedBy("io.concert.catalog..")
        .layer("queue")
        .definedBy("io.concert.queue..")
        .layer("reservation")
        .definedBy("io.concert.reservation..")
        .layer("payment")
        .definedBy("io.concert.payment..")
        .layer("events")
        .definedBy("io.concert.events..")
        .layer("customer")
        .definedBy("io.concert.customer..")
        .layer("ops")
        .definedBy("io.concert.ops..")
        .layer("http")
        .definedBy("io.concert.http..")
        .layer("node")
        .definedBy("io.concert.node..", "io.concert")
        .whereLayer("bus")
        .mayOnlyAccessLayers("domain")
        .whereLayer("grid")
        .mayOnlyAccessLayers("domain", "trace", "settings")
        .whereLayer("postgres")
        .mayOnlyAccessLayers("domain", "trace", "settings")
        .whereLayer("user")
        .mayOnlyAccessLayers("domain", "postgres", "settings")
        .whereLayer("catalog")
        .mayOnlyAccessLayers("domain", "postgres")
        .whereLayer("queue")
        .mayOnlyAccessLayers("domain", "bus", "grid", "postgres", "settings")
        .whereLayer("reservation")
        .mayOnlyAccessLayers("domain", "catalog", "bus", "grid", "postgres", "queue", "settings")
        .whereLayer("payment")
        .mayOnlyAccessLayers("domain", "bus", "postgres", "queue", "reservation", "settings")
        .whereLayer("customer")
        .mayOnlyAccessLayers("domain", "bus", "postgres", "queue", "reservation")
        .whereLayer("ops")
        .mayOnlyAccessLayers("domain", "postgres")
        .whereLayer("events")
        .mayOnlyAccessLayers("domain", "postgres", "settings")
        .whereLayer("http")
        .mayOnlyAccessLayers(
            "domain",
            "trace",
            "forecast",
            "settings",
            "bus",
            "user",
            "catalog",
            "queue",
            "reservation",
            "payment",
            "events",
            "customer",
            "ops")
        .whereLayer("trace")
        .mayNotAccessAnyLayer()
        .whereLayer("forecast")
        .mayNotAccessAnyLayer()
        .whereLayer("settings")
        .mayNotAccessAnyLayer()
        .whereLayer("domain")
        .mayNotAccessAnyLayer()
        .whereLayer("node")
        .mayNotBeAccessedByAnyLayer()
        .check(program);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.concert.(*)..").should().beFreeOfCycles().check(program);
    slices().matching("io.concert.(**)").should().beFreeOfCycles().check(program);
  }

  /** The rules may name what they are asked and answer; of the grid they know the codecs' shape. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.concert.forecast",
        "io.concert.queue.line",
        "io.concert.queue.pace",
        "io.concert.queue.room",
        "io.concert.reservation.seatmap",
        "io.concert.reservation.best"
      })
  void rulesKnowNeitherFrameworkNorClock(String rules) {
    classes()
        .that()
        .resideInAPackage(rules)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "java..",
                    "io.concert.domain..",
                    "io.concert.queue.api",
                    "io.concert.queue.line",
                    "io.concert.queue.pace",
                    "io.concert.reservation.api",
                    "io.concert.catalog.layout",
                    "org.jspecify..",
                    "com.google.errorprone..",
                    rules)
                .or(belongToAnyOf(Codec.class, AggregateType.class, Rehearsal.class)))
        .check(program);
  }

  @Test
  void domainIsPlainJava() {
    classes()
        .that()
        .resideInAPackage("io.concert.domain..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..", "io.concert.domain..", "org.jspecify..", "com.google.errorprone.."))
        .check(program);
  }

  @Test
  void hazelcastStaysInTheGrid() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.concert.grid..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster.."))
        .check(program);
  }

  @Test
  void collectorsAreToldInOneWay() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.concert.trace..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.opentelemetry..", "io.vertx.tracing.opentelemetry.."))
        .check(program);
  }

  @Test
  void edgeHasNoSql() {
    noClasses()
        .that()
        .resideInAnyPackage("io.concert.http..", "io.concert.bus..", "io.concert.grid..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient.."))
        .check(program);
  }

  /** Deadlines are the database's time; a node's wall clock may be an hour off. */
  @Test
  void nobodyReadsTheWallClock() {
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .dependOnClassesThat(
            DescribedPredicate.describe("Clock", c -> c.isEquivalentTo(Clock.class)))
        .check(program);
  }

  /** A guessed sleep is slow when the guess is long, and fails when it is short. */
  @Test
  void testsWaitInOneWay() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Patience.class.getName())
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(TimeUnit.class, "sleep", long.class)
        .check(tests);
  }

  @Test
  void messagesPassThroughTheBusOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.concert.bus..", "io.concert.node..")
        .should()
        .dependOnClassesThat(resideInAPackage("io.vertx.core.eventbus.."))
        .check(program);
  }
}
