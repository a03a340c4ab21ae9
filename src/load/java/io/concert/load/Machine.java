package io.concert.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.stream.Stream;

/** What figures were measured on. */
final class Machine {
  private Machine() {}

  /** One sentence: day, commit, processors, memory, Java, operating system. */
  static String describe() throws IOException {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return String.format(
        Locale.ROOT,
        "Measured on %s at commit %s: %d processors (%s), %d GB, Java %s, %s %s.",
        LocalDate.now(ZoneOffset.UTC),
        commit(),
        Runtime.getRuntime().availableProcessors(),
        processor(),
        Math.round(system.getTotalMemorySize() / 1e9),
        Runtime.version(),
        System.getProperty("os.name"),
        System.getProperty("os.version"));
  }

  /** With a mark if files were changed since; "unknown" outside a checkout. */
  private static String commit() throws IOException {
    String commit = said("git", "rev-parse", "--short", "HEAD");
    if (commit.isEmpty()) {
      return "unknown";
    }
    String changed =
        said("git", "status", "--porcelain", "--untracked-files=no", "src/main", "pom.xml");
    return changed.isEmpty() ? commit : commit + " with changes";
  }

  private static String processor() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.exists(info)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(info)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }

  /** What a command says; empty if it fails or isn't there. */
  private static String said(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? said.strip() : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
