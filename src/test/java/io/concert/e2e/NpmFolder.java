package io.concert.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.concert.e2e.Tool.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A copy of a folder with a package.json, under target, with its packages installed. */
public record NpmFolder(Path path) {
  /**
   * Skips the test, and says so, where there is no npm or nothing to install from.
   *
   * @param sources has package.json and package-lock.json
   * @param folder kept from run to run, and installed anew when the lock has changed
   */
  public static NpmFolder install(Path sources, Path folder) throws IOException {
    Optional<Path> npm = Tool.find("npm");
    assumeTrue(npm.isPresent(), "skipped: npm isn't installed");
    copy(sources, folder);
    Path lock = folder.resolve("package-lock.json");
    Path installed = folder.resolve("node_modules/.installed-lock.json");
    if (Files.exists(installed) && Files.mismatch(lock, installed) < 0) {
      return new NpmFolder(folder);
    }
    Outcome outcome =
        Tool.run(
            folder,
            List.of(
                npm.orElseThrow().toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
    boolean unreachable =
        Stream.of("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET")
            .anyMatch(outcome.said()::contains);
    assumeTrue(
        outcome.succeeded() || !unreachable,
        "skipped: npm reaches no registry to install from: " + outcome.said());
    assertThat(outcome.exit()).as(outcome.said()).isZero();
    Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
    return new NpmFolder(folder);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Runs a program that one of the packages brings. */
  Outcome run(String tool, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(path.resolve("node_modules/.bin").resolve(tool).toString());
    command.addAll(List.of(arguments));
    return Tool.run(path, command);
  }

  /** Runs a script of this folder with Node. */
  public Outcome node(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Tool.find("node").orElseThrow().toString());
    command.addAll(List.of(arguments));
    return Tool.run(path, command);
  }
}
