package io.concert.campaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/** For each alert the fault that it is for, done to a stage with a crowd on it. */
final class Provocations {
  private static final String ROOMS = "/api/v1/admin/rooms/";
  private static final String SLOW_ROOM = "slow";
  private static final int DISK_NODE = 3;
  private static final int DISK_MEGABYTES = 32;

  private final Stage stage;
  private final Path directory;
  private final ShortTurns turns;
  private final SlowTable slow;
  private final HeldRow held;
  private final DeafReceiver receiver;

  Provocations(Stage stage, Path directory) {
    this.stage = stage;
    this.directory = directory;
    this.turns = new ShortTurns(stage.node(1), stage.balancer());
    this.slow = new SlowTable(stage.database());
    this.held = new HeldRow(stage.database(), SLOW_ROOM);
    this.receiver = new DeafReceiver(stage.node(1), stage.network().home());
  }

  List<Provocation> all() {
    return List.of(
        new Provocation(
            "QueueStandsStill",
            "somebody's transaction holds the row of a room that people wait for, with slots free",
            false,
            this::holdRoom,
            this::letGoOfRoom),
        new Provocation(
            "NodeDown",
            "SIGKILL of one node of three",
            false,
            () -> stage.kill(2),
            () -> stage.start(2)),
        new Provocation(
            "NobodyReady",
            "SIGKILL of two nodes of three, CLUSTER_MIN_SIZE 2",
            false,
            () -> List.of(2, 3).forEach(stage::kill),
            () -> List.of(2, 3).forEach(stage::start)),
        new Provocation(
            "ClusterSplit",
            "nft drops everything between one node and the two others",
            true,
            () -> stage.network().cut(1, false, stage.databasePort()),
            () -> stage.network().heal(1)),
        new Provocation(
            "DatabaseOutage",
            "the database's connections end and its port refuses",
            false,
            stage::stopDatabase,
            stage::startDatabase),
        new Provocation(
            "ErrorBudgetBurns",
            "the database takes no changes (a standby after a failover)",
            false,
            () -> takesChanges(false),
            () -> takesChanges(true)),
        new Provocation(
            "PurchasesSlow",
            "somebody locks the table of holds for half a second, again and again",
            false,
            slow::begin,
            slow::end),
        new Provocation(
            "EstimatesDishonest",
            "a line that moves by one a second is let in at once",
            false,
            turns::breakThem,
            () -> {}),
        new Provocation(
            "DiskNearlyFull",
            "a file fills 95 % of the tmpfs that is a node's DATA_DIR",
            true,
            () -> Shell.run("fallocate -l 30500K " + disk().resolve("ballast")),
            () -> Shell.run("rm " + disk().resolve("ballast"))),
        new Provocation(
            "WebhookBehind",
            "the receiver of a webhook answers each delivery 503",
            false,
            receiver::begin,
            receiver::end),
        new Provocation(
            "InvariantViolated",
            "a balance is changed by hand: one won without an entry",
            false,
            () -> addToOneBalance(1),
            () -> addToOneBalance(-1)));
  }

  /** To be called before the nodes start. */
  void mountDisk() {
    Shell.run(
        "mkdir -p %1$s && mount -t tmpfs -o size=%2$dm tmpfs %1$s"
            .formatted(disk(), DISK_MEGABYTES));
  }

  void unmountDisk() {
    Shell.run("umount " + disk());
  }

  private Path disk() {
    return directory.resolve("node" + DISK_NODE);
  }

  /** One was let in at most before the row is held. */
  private void holdRoom() {
    change(SLOW_ROOM, 1);
    held.begin();
  }

  private void letGoOfRoom() {
    held.end();
    change(SLOW_ROOM, 0);
  }

  /**
   * With four slots more. All other settings as they are, as a runbook's reader has to do it.
   *
   * @param admitPerSecond 0: no limit
   */
  private void change(String room, int admitPerSecond) {
    Asker asker = stage.node(1); // The balancer has no way to the operator's endpoints.
    ObjectNode settings = (ObjectNode) asker.ask("GET", ROOMS + room, Stage.OPERATOR, null).body();
    settings.remove(List.of("id", "draw", "draws"));
    settings.put("capacity", 5).put("admitPerSecond", admitPerSecond);
    Asker.Reply reply =
        asker.send(
            "PUT", ROOMS + room, Stage.OPERATOR, "application/json", settings.toString(), null);
    if (!reply.is(200)) {
      throw new IllegalStateException("changing a room: " + reply);
    }
  }

  private void takesChanges(boolean yes) {
    stage
        .database()
        .execute(
            "begin read write; alter database %s set default_transaction_read_only = %s; commit"
                .formatted(stage.database().name(), yes ? "off" : "on"));
    stage.endConnections();
  }

  /** The oldest account's: its buyer has long gone home. */
  private void addToOneBalance(int won) {
    stage
        .database()
        .execute(
            """
            update account set balance = balance + %d
            where user_number = (select min(user_number) from account)
            """
                .formatted(won));
  }
}
