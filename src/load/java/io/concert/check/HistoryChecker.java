package io.concert.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Judges what a campaign left in a directory: history.jsonl, faults.jsonl, database.jsonl and
 * maps.jsonl. Ends with 0 for valid, 1 for violations, 3 for unknown (too little happened).
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=check-history -Dcampaign.directory=…}
 */
public final class HistoryChecker {
  private static final int LEAST_PAYMENTS = 1_000;
  private static final int VIOLATIONS = 1;
  private static final int UNKNOWN = 3;

  private HistoryChecker() {}

  public static void main(String[] arguments) throws IOException {
    System.exit(judge(directory(), LEAST_PAYMENTS));
  }

  /** Where a campaign leaves what it saw: {@code campaign.directory}. */
  public static Path directory() {
    return Path.of(System.getProperty("campaign.directory", "target/campaign")).toAbsolutePath();
  }

  /**
   * Prints the judgement and keeps it beside what it judges.
   *
   * @param leastPayments fewer are too little to call anything valid
   * @return the exit code
   */
  public static int judge(Path directory, int leastPayments) throws IOException {
    Judgement judgement = Judgement.of(Evidence.read(directory), leastPayments);
    System.out.print(judgement.report());
    Files.writeString(directory.resolve("judgement.txt"), judgement.report());
    return switch (judgement.verdict()) {
      case "valid" -> 0;
      case "unknown" -> UNKNOWN;
      default -> VIOLATIONS;
    };
  }
}
