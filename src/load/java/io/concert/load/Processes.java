package io.concert.load;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What other processes use. */
public final class Processes {
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

  private Processes() {}

  /** Processor time since the start; zero where the system doesn't say. */
  public static Duration cpu(long pid) {
    return ProcessHandle.of(pid).flatMap(p -> p.info().totalCpuDuration()).orElse(Duration.ZERO);
  }

  /** Memory in the machine, in MB; 0 where the system doesn't say as Linux does. */
  public static double residentMegabytes(long pid) {
    try {
      Matcher found = RESIDENT.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
      return found.find() ? Long.parseLong(found.group(1)) / 1024.0 : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Live heap of another JVM after a full collection, in MB. */
  public static double heapMegabytes(long pid) {
    jcmd(pid, "GC.run");
    Matcher found = HEAP_USED.matcher(jcmd(pid, "GC.heap_info"));
    return found.find() ? Long.parseLong(found.group(1)) / 1024.0 : 0;
  }

  @CanIgnoreReturnValue
  private static String jcmd(long pid, String command) {
    String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          new ProcessBuilder(tool, Long.toString(pid), command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
