package io.concert.deploy;

import io.concert.node.Program;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The settings that the program says it has. */
final class NodeSettings {
  private static final Pattern NAME =
      Pattern.compile("^ *([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|ROLES)\\b", Pattern.MULTILINE);

  private NodeSettings() {}

  static Set<String> names() {
    PrintStream before = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      int unused = Program.run(List.of("--help"), Map.of());
    } finally {
      System.setOut(before);
    }
    return NAME.matcher(said.toString(StandardCharsets.UTF_8))
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toUnmodifiableSet());
  }
}
