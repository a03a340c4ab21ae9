package io.concert.queue;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.grid.Grid;
import io.concert.grid.GridSettings;
import io.concert.grid.api.ReplicatedAggregate;
import io.concert.load.JavaProcess;
import io.concert.load.Spread;
import io.concert.load.Verdicts;
import io.concert.queue.line.PlaceIndex;
import io.concert.queue.room.Room;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomEvent;
import io.concert.queue.room.RoomReply;
import io.concert.queue.room.WaitingRoom;
import io.concert.queue.room.WaitingRooms;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Moves a room of a million people to a member that joins, in a process of its own as in life,
 * while that room and many small ones are asked all the time. What counts is the longest time in
 * which a room gave no answer, the median of all rounds; in the first of them both members run most
 * of what a move is for the first time.
 *
 * <p>Which partitions a new member gets is Hazelcast's choice, so each round has a room of another
 * name; in some rounds the room moves, in the others its backup is made there.
 *
 * <p>{@code mvn -q -DskipTests test-compile exec:java@run -Drun=move}
 */
public final class MoveBench {
  private static final int PEOPLE = 1_000_000;
  private static final Duration ARRIVING = Duration.ofSeconds(60);
  private static final Duration POLLING = Duration.ofSeconds(20);

  /** Prime to everything that it is taken by. */
  private static final long SHUFFLE = 1_000_000_007;

  private static final long MOST_USERS = 1L << 31;
  private static final int SMALL_ROOMS = 32;
  private static final int SMALL_ROOM_PEOPLE = 100;

  /** Between an answer and the next question; short against the limits, and light work. */
  private static final long PAUSE_MILLIS = 5;

  private static final int MOVES_WANTED = 3;
  private static final int MOST_ROUNDS = 8;
  private static final Duration CALM = Duration.ofSeconds(3);
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final Duration JOIN_LIMIT = Duration.ofMinutes(1);

  private final Vertx vertx = Vertx.vertx();
  private final List<Round> rounds = new ArrayList<>();

  /**
   * @param moved whether the room itself moved
   * @param calmMillis the longest silence of any room before, which is the machine's own
   * @param bigMillis the longest silence of the big room while the member joined
   * @param smallMillis the longest of any other room
   * @param errors operations that failed rather than waited
   */
  private record Round(
      boolean moved, double calmMillis, double bigMillis, double smallMillis, long errors) {}

  private MoveBench() {}

  public static void main(String[] arguments) throws IOException {
    MoveBench bench = new MoveBench();
    for (int i = 1; i <= MOST_ROUNDS && bench.moves().size() < MOVES_WANTED; i++) {
      Round round = bench.round("big-" + i);
      bench.rounds.add(round);
      System.out.printf(
          "round %d: %s; silent for %.0f ms, other rooms %.0f ms, before that %.0f ms, %d errors%n",
          i,
          round.moved() ? "the room moved" : "a backup was made",
          round.bigMillis(),
          round.smallMillis(),
          round.calmMillis(),
          round.errors());
    }
    bench.vertx.close().await();
    System.exit(
        bench
            .verdicts()
            .publish("A room of %,d people, %d smaller ones".formatted(PEOPLE, SMALL_ROOMS)));
  }

  private List<Round> moves() {
    return rounds.stream().filter(Round::moved).toList();
  }

  private Verdicts verdicts() {
    Verdicts verdicts = new Verdicts();
    verdicts.given("moves of a room of %,d people".formatted(PEOPLE), moves().size(), "");
    verdicts.given("backups made of it", rounds.size() - moves().size(), "");
    verdicts.atMost(
        "longest silence of the room", Spread.of(rounds, Round::bigMillis), 1_000, "ms");
    verdicts.atMost(
        "longest silence of any other room", Spread.of(rounds, Round::smallMillis), 100, "ms");
    verdicts.given(
        "longest silence of any room before", Spread.of(rounds, Round::calmMillis), "ms");
    return verdicts;
  }

  private Round round(String name) throws IOException {
    String cluster = "move-" + System.nanoTime();
    int port = freePort();
    Grid grid = member(cluster, port, port);
    try {
      var rooms =
          grid.replicated(
              vertx, grid.lock(vertx), InstantSource.system(), WaitingRooms.ROOMS, this::load);
      List<Asking> others =
          IntStream.range(0, SMALL_ROOMS)
              .mapToObj(i -> new Asking(rooms, "small-" + i, SMALL_ROOM_PEOPLE))
              .toList();
      Asking big = new Asking(rooms, name, PEOPLE);
      List<Asking> all = new ArrayList<>(others);
      all.add(big);
      all.forEach(Asking::start);
      letPass(CALM);
      all.forEach(Asking::forget);
      letPass(CALM);
      double calm = longest(all);
      all.forEach(Asking::forget);
      Round round;
      try (JavaProcess joining =
          JavaProcess.start(Member.class, List.of(cluster, Integer.toString(port)))) {
        awaitTwo(grid, joining);
        letPass(SETTLE);
        boolean moved = !rooms.ownedKeys().contains(name);
        round =
            new Round(
                moved,
                calm,
                big.longestMillis(),
                longest(others),
                all.stream().mapToLong(Asking::errors).sum());
      }
      all.forEach(Asking::stop);
      return round;
    } finally {
      grid.close();
    }
  }

  private static double longest(List<Asking> rooms) {
    return rooms.stream().mapToDouble(Asking::longestMillis).max().orElse(0);
  }

  private static void awaitTwo(Grid grid, JavaProcess joining) {
    until("a second member", JOIN_LIMIT, () -> grid.size() >= 2 || !joining.isAlive());
    if (grid.size() < 2) {
      throw new AssertionError("the second member doesn't join");
    }
  }

  private Future<WaitingRoom> load(String name) {
    int people = name.startsWith("big") ? PEOPLE : SMALL_ROOM_PEOPLE;
    WaitingRoom room = WaitingRoom.alone(1, Room.reading(1, 1, Room.settings(1)));
    long began = InstantSource.system().millis() - ARRIVING.toMillis() - POLLING.toMillis();
    for (int i = 0; i < people; i++) {
      long now = began + i * ARRIVING.toMillis() / people;
      room.apply(new RoomEvent.Entered(now, user(i), i));
    }
    for (int i = 0; i < people; i++) {
      long now = began + ARRIVING.toMillis() + i * POLLING.toMillis() / people;
      int seen = (int) ((long) i * SHUFFLE % people);
      room.apply(new RoomEvent.Seen(now, PlaceIndex.pack(1, seen)));
    }
    return Future.succeededFuture(room);
  }

  /** People know nothing of each other's numbers, nor do they poll in the order of their places. */
  private static UserId user(int place) {
    return new UserId(1 + place * SHUFFLE % MOST_USERS);
  }

  static Grid member(String cluster, int port, int join) {
    List<String> members =
        port == join ? List.of() : List.of("127.0.0.1:" + join, "127.0.0.1:" + port);
    return Grid.start(
        new GridSettings(cluster, "127.0.0.1", port, members, false, 1),
        "one database",
        List.of(WaitingRooms.TYPE));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The member that joins; it lives until nobody writes to it any more. */
  public static final class Member {
    private Member() {}

    /**
     * @param arguments the cluster's name, the first member's port
     */
    public static void main(String[] arguments) throws IOException {
      Grid grid = member(arguments[0], freePort(), Integer.parseInt(arguments[1]));
      for (int said = 0; said >= 0; said = System.in.read()) {
        // Nothing is said until it is time to go.
      }
      grid.close();
    }
  }

  /** Asks one room for places, one after the other, and remembers the longest wait. */
  private final class Asking {
    private final ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms;
    private final String room;
    private final int people;
    private final AtomicLong longest = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private volatile long answered;
    private volatile boolean stopped;

    Asking(
        ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms,
        String room,
        int people) {
      this.rooms = rooms;
      this.room = room;
      this.people = people;
    }

    void start() {
      answered = System.nanoTime();
      vertx.runOnContext(go -> ask());
    }

    /** Only what comes from now on counts. */
    void forget() {
      longest.set(0);
      errors.set(0);
    }

    void stop() {
      stopped = true;
    }

    double longestMillis() {
      return Math.max(longest.get(), System.nanoTime() - answered) / 1e6;
    }

    long errors() {
      return errors.get();
    }

    private void ask() {
      if (stopped) {
        return;
      }
      int person = ThreadLocalRandom.current().nextInt(people);
      rooms
          .submit(room, new RoomCommand.Poll(user(person), new Place(1, person), 0))
          .onComplete(answer -> answered(), failure -> errors.incrementAndGet())
          .eventually(() -> vertx.timer(PAUSE_MILLIS))
          .onComplete(next -> ask());
    }

    private void answered() {
      long now = System.nanoTime();
      longest.accumulateAndGet(now - answered, Math::max);
      answered = now;
    }
  }
}
