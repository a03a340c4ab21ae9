package io.concert.node;

import java.util.List;

/** Settings that a node can't start with. */
final class WrongSettings extends Exception {
  private final List<String> lines;

  WrongSettings(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = List.copyOf(lines);
  }

  /** What is wrong, a line each, without the values: some are secrets. */
  List<String> lines() {
    return lines;
  }
}
