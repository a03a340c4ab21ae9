package io.concert.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Another's program, run to its end. */
public final class Tool {
  private static final long LIMIT_MINUTES = 5;

  private Tool() {}

  /** What it said, and how it ended. */
  public record Outcome(int exit, String said) {
    public boolean succeeded() {
      return exit == 0;
    }
  }

  /** Where the system finds it, empty if it isn't installed. */
  public static Optional<Path> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(":", -1))
        .map(folder -> Path.of(folder).resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public static Outcome run(Path folder, List<String> command) {
    try {
      Path said = Files.createTempFile(folder, "said", ".log");
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(command + " doesn't end: " + Files.readString(said));
      }
      return new Outcome(process.exitValue(), Files.readString(said));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
