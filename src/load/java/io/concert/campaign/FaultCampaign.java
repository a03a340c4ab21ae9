package io.concert.campaign;

import static io.concert.Patience.letPass;

import io.concert.campaign.Faults.Kind;
import io.concert.check.HistoryChecker;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Three nodes behind HAProxy under load and faults; what people were told is then judged by {@link
 * HistoryChecker}, whose exit code this ends with. Where it is root and {@code ip} and {@code nft}
 * are there the nodes have network namespaces, so that links can be cut; else only processes die.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=fault-campaign
 * -Dcampaign.faults=kill,cut,kill_two -Dcampaign.seed=1 -Dcampaign.burners=2}
 */
public final class FaultCampaign {
  private static final int SEATS = 5_000;
  private static final long PRICE = 50_000;
  private static final int CAPACITY = 10;
  private static final int BUYERS = 24;
  private static final int WAITING = 60;
  private static final int LEAST_PAYMENTS = 100;
  private static final Duration CALM = Duration.ofSeconds(8);
  private static final Duration START = Duration.ofMinutes(3);

  private FaultCampaign() {}

  /**
   * Takes {@code campaign.faults} with commas between, {@code seed} (0: a fresh one), {@code
   * burners} (processes that burn processors), {@code limitSeconds} after which no further fault is
   * begun, {@code minimumSize} (CLUSTER_MIN_SIZE) and {@code directory}.
   */
  public static void main(String[] arguments) throws IOException, SQLException {
    List<Kind> kinds =
        Arrays.stream(
                System.getProperty("campaign.faults", "kill,pause,cut,kill_two,old_copy")
                    .split(",", -1))
            .map(name -> Kind.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList();
    long given = Long.getLong("campaign.seed", 0);
    long seed = given == 0 ? System.nanoTime() : given;
    int burners = Integer.getInteger("campaign.burners", 0);
    Duration limit = Duration.ofSeconds(Long.getLong("campaign.limitSeconds", 300));
    String minimumSize = System.getProperty("campaign.minimumSize", "1");
    Path directory = HistoryChecker.directory();
    System.out.printf("seed %d, faults %s, history in %s%n", seed, kinds, directory);
    try (HistoryLog record = new HistoryLog(directory)) {
      run(record, kinds, seed, burners, limit, Map.of("CLUSTER_MIN_SIZE", minimumSize));
    }
    System.exit(HistoryChecker.judge(directory, LEAST_PAYMENTS));
  }

  private static void run(
      HistoryLog record,
      List<Kind> kinds,
      long seed,
      int burners,
      Duration limit,
      Map<String, String> settings)
      throws IOException, SQLException {
    Network network = Namespaces.possible() ? Namespaces.make(Stage.NODES) : new Loopback();
    try (Stage stage = new Stage(record.directory(), network, settings)) {
      stage.begin();
      stage.awaitReady(START);
      Sale sale = Sale.open(stage.node(1), SEATS, PRICE, CAPACITY);
      stage.burn(burners);
      Crowd crowd = new Crowd(stage, record, sale, seed);
      crowd.begin(BUYERS, WAITING);
      letPass(CALM);
      Faults faults = new Faults(stage, record, seed);
      for (Kind kind : kinds) {
        if (!network.canCut() && (kind.name().startsWith("CUT") || kind == Kind.OLD_COPY)) {
          System.out.println("left out, as no link can be cut here: " + kind);
        } else if (record.millis() < limit.toMillis()) {
          faults.commit(kind);
          letPass(CALM);
        }
      }
      letPass(CALM);
      crowd.end();
      new Aftermath(stage, record, sale).writeDown();
      System.out.printf("nodes that ended by themselves: %d%n", stage.gaveUp());
    }
  }
}
