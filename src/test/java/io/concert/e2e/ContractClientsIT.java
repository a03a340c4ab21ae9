package io.concert.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.concert.e2e.TestService.Sale;
import io.concert.e2e.Tool.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contract as others use it: linters find nothing, and a client in TypeScript and one in Java
 * are generated out of what a node serves, compiled, and buy a seat.
 */
class ContractClientsIT {
  private static final Path SOURCES = Path.of("src/test/contract");
  private static final Path WORK = Path.of("target/contract-clients").toAbsolutePath();

  /** Maven puts them there before integration tests. */
  private static final Path TOOLS = Path.of("target/contract-tools").toAbsolutePath();

  private static TestService service;
  private static ServiceProcess node;

  @BeforeAll
  static void start() throws IOException {
    service = new TestService(Map.of());
    node = service.startNode();
    Files.createDirectories(WORK);
    Files.writeString(WORK.resolve("openapi.yaml"), node.api().text("/openapi.yaml"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private Sale sale;

  @BeforeEach
  void openSale() {
    sale = service.openSale(node, 2, 99_000);
  }

  private static NpmFolder npmPackages() throws IOException {
    return NpmFolder.install(SOURCES, WORK.resolve("npm"));
  }

  private static void assertGood(Outcome outcome) {
    assertThat(outcome.exit()).as(outcome.said()).isZero();
  }

  @Test
  void hasNothingThatLintersFind() throws IOException {
    NpmFolder folder = npmPackages();
    String contract = WORK.resolve("openapi.yaml").toString();

    Outcome redocly = folder.run("redocly", "lint", contract, "--format", "stylish");
    assertGood(redocly);
    assertThat(redocly.said()).contains("is valid").doesNotContain("  warning  ");
    assertGood(folder.run("spectral", "lint", contract, "--fail-severity", "warn"));
  }

  @Test
  void sellsASeatToAClientInTypeScript() throws IOException {
    NpmFolder folder = npmPackages();
    assertGood(
        folder.run(
            "openapi-typescript", WORK.resolve("openapi.yaml").toString(), "-o", "schema.d.ts"));
    assertGood(folder.run("tsc", "--project", "tsconfig.json"));

    Outcome bought =
        folder.node("build/buy.js", "http://127.0.0.1:" + node.port(), sale.concertId());

    assertThat(bought.said())
        .matches("bought %s b(\\d+) b\\1\\s*".formatted(sale.seatId(0)))
        .as("exit " + bought.exit());
  }

  @Test
  void sellsASeatToAClientInJava() throws IOException {
    Path generator = TOOLS.resolve("openapi-generator-cli.jar");
    Path annotations = TOOLS.resolve("jakarta.annotation-api.jar");
    assumeTrue(
        Files.exists(generator) && Files.exists(annotations),
        "skipped: " + TOOLS + " is filled by Maven before integration tests");
    Path sources = WORK.resolve("java");
    String java = ProcessHandle.current().info().command().orElse("java");
    assertGood(
        Tool.run(
            WORK,
            List.of(
                java,
                "-jar",
                generator.toString(),
                "generate",
                "--input-spec",
                WORK.resolve("openapi.yaml").toString(),
                "--generator-name",
                "java",
                "--library",
                "native",
                "--output",
                sources.toString(),
                "--additional-properties",
                "openApiNullable=false,hideGenerationTimestamp=true,useJakartaEe=true,"
                    + "apiPackage=client.api,modelPackage=client.model,invokerPackage=client",
                "--global-property",
                "apis,models,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,"
                    + "modelDocs=false")));
    Path classes = Files.createDirectories(WORK.resolve("classes"));
    String path =
        String.join(File.pathSeparator, classes.toString(), annotations.toString(), classPath());
    List<String> compile =
        new ArrayList<>(
            List.of(
                Path.of(java).resolveSibling("javac").toString(),
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                path,
                SOURCES.resolve("java/Buy.java").toAbsolutePath().toString()));
    try (Stream<Path> files = Files.walk(sources.resolve("src/main/java"))) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(compile::add);
    }
    assertGood(Tool.run(WORK, compile));

    Outcome bought =
        Tool.run(
            WORK,
            List.of(java, "-cp", path, "Buy", "http://127.0.0.1:" + node.port(), sale.concertId()));

    assertThat(bought.said())
        .matches("(?s).*bought %1$s b(\\d+) b\\1 %1$s\\s*".formatted(sale.seatId(0)))
        .as("exit " + bought.exit());
  }

  /** Of this test, for Jackson; failsafe's own class path is one jar that names the others. */
  private static String classPath() {
    return Optional.ofNullable(System.getProperty("surefire.test.class.path"))
        .orElse(System.getProperty("java.class.path"));
  }
}
