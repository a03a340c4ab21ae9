package io.concert;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A real browser with a profile of its own that is looking at one page. */
public final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  /** For a container without a display, and without a word to anybody but the page's server. */
  public static final List<String> QUIET =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private final Process process;
  private final Path profile;

  private Chromium(Process process, Path profile) {
    this.process = process;
    this.profile = profile;
  }

  /** Skips the calling test, and says so, where no Chromium is installed. */
  public static Chromium open(String url) {
    Optional<Path> program = onPath();
    assumeTrue(
        program.isPresent(), "skipped: none of " + NAMES + " is installed (Debian: chromium)");
    try {
      Path profile = Files.createTempDirectory("chromium-profile");
      List<String> command = new ArrayList<>();
      command.add(program.orElseThrow().toString());
      command.addAll(QUIET);
      command.add("--headless");
      // Without it a headless browser shows its page once and goes.
      command.add("--remote-debugging-port=0");
      command.add("--user-data-dir=" + profile);
      command.add(url);
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(profile.resolve("output.log").toFile())
              .start();
      return new Chromium(process, profile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> onPath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return NAMES.stream()
        .flatMap(
            name -> Arrays.stream(path.split(":", -1)).map(folder -> Path.of(folder).resolve(name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Override
  public void close() {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().join());
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // What is left is a temporary file.
    }
  }
}
