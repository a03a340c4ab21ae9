package io.concert.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.api.PlaceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** One random life of a room, of its plain counterpart, and of the nodes that look at it. */
final class RoomLife {
  private static final int FIRST_EPOCH = 3;
  private static final int CHECKED_AT_ONCE = 20;

  private final Random random;
  private final int users;
  private final MadeUpDatabase database;
  private final List<RoomLooker> lookers = new ArrayList<>();
  private final Map<UserId, List<Token>> tokens = new HashMap<>();
  private final List<SessionRow> late = new ArrayList<>();
  private final List<SessionRow> told = new ArrayList<>();
  private final List<RoomCommand.RoomSnapshot> lateReadings = new ArrayList<>();
  private final List<RoomCommand.BeginEpoch> lateEpochs = new ArrayList<>();
  private final Set<Place> given = new HashSet<>();
  private final Deed[] deeds;
  private Room room;
  private NaiveRoom naive;

  /** A place as its token carries it. */
  record Token(Place place, long arrivalMillis) {}

  /** What may happen, and how often. */
  private record Deed(int weight, Runnable run) {}

  RoomLife(Random random, int users) {
    this.random = random;
    this.users = users;
    this.database = new MadeUpDatabase(random, users, FIRST_EPOCH);
    RoomCommand.RoomSnapshot reading = database.reading(FIRST_EPOCH);
    this.room = new Room(FIRST_EPOCH, reading, List.of(), 0);
    this.naive = new NaiveRoom(FIRST_EPOCH, reading, List.of(), 0);
    for (int node = 0; node < 2; node++) {
      lookers.add(new RoomLooker());
    }
    this.deeds = deeds();
  }

  /** Each life knows only some of what may happen, so that rare things meet, too. */
  private Deed[] deeds() {
    return new Deed[] {
      new Deed(30, this::enter),
      new Deed(25, this::poll),
      new Deed(maybe(5), () -> room.now += random.nextInt(3_000)),
      new Deed(maybe(2), () -> room.now += random.nextInt(70_000)),
      new Deed(maybe(2), () -> room.now -= random.nextInt(5_000)),
      new Deed(maybe(10), this::rejoin),
      new Deed(maybe(4), this::leave),
      new Deed(maybe(12), this::admit),
      new Deed(maybe(4), this::check),
      new Deed(maybe(3), this::prolong),
      new Deed(maybe(5), this::end),
      new Deed(maybe(3), this::giveBack),
      new Deed(maybe(5), this::learnLate),
      new Deed(maybe(4), this::learnAgain),
      new Deed(maybe(3), this::changeSettings),
      new Deed(maybe(3), this::planOpening),
      new Deed(maybe(3), this::readRows),
      new Deed(maybe(1), this::beginEpoch),
      new Deed(12, this::look),
      new Deed(6, this::seen),
      new Deed(maybe(2), this::failOver),
      new Deed(maybe(2), this::move),
      new Deed(maybe(2), this::lose),
    };
  }

  private int maybe(int weight) {
    return random.nextInt(4) == 0 ? 0 : weight;
  }

  void run(int steps) {
    int all = 0;
    for (Deed deed : deeds) {
      all += deed.weight();
    }
    for (int step = 0; step < steps; step++) {
      int dice = random.nextInt(all);
      int which = 0;
      while (dice >= deeds[which].weight()) {
        dice -= deeds[which++].weight();
      }
      deeds[which].run().run();
    }
    look();
    failOver();
  }

  private void enter() {
    UserId user = user();
    boolean mayCreate = random.nextInt(10) > 0;
    boolean afterLooking = random.nextInt(5) == 0;
    naive.time(room.time());
    String expected = naive.enter(user, mayCreate, afterLooking, room.time());
    RoomReply reply = room.ask(new RoomCommand.Enter(user, mayCreate, afterLooking));
    tell(new RoomCommand.Enter(user, mayCreate, afterLooking), expected);
    if (reply instanceof RoomReply.Standing standing) {
      if (standing.created()) {
        assertThat(given.add(standing.place())).as("given once").isTrue();
        assertThat(database.isReserved(standing.place())).isTrue();
      }
      remember(user, standing);
    } else if (reply instanceof RoomReply.NeedsEpoch) {
      beginEpoch();
    } else if (reply instanceof RoomReply.NeedsPlaces places && random.nextInt(4) > 0) {
      database.reserve(places.epoch());
      hear(database.reading(naive.epoch()));
    }
  }

  /** Mostly with one's own token, now and then with another's or one that can't be. */
  private void poll() {
    UserId user = user();
    Place place = aPlace(user);
    naive.time(room.time());
    tell(new RoomCommand.Poll(user, place, 0), naive.poll(user, place, room.time()));
  }

  private void check() {
    UserId user = user();
    Place place = aPlace(user);
    naive.time(room.time());
    tell(new RoomCommand.CheckAdmission(user, place), naive.check(user, place, room.time()));
  }

  private void leave() {
    UserId user = user();
    Place place = aPlace(user);
    naive.time(room.time());
    tell(new RoomCommand.Leave(user, place), naive.leave(user, place));
  }

  /** Tokens of all times come back, and some from before the first epoch. */
  private void rejoin() {
    UserId user = user();
    Token token = ownToken(user);
    naive.time(room.time());
    String expected = naive.rejoin(user, token.place(), token.arrivalMillis(), room.time());
    RoomReply reply =
        tell(new RoomCommand.Rejoin(user, token.place(), token.arrivalMillis()), expected);
    if (reply instanceof RoomReply.Standing standing) {
      remember(user, standing);
    }
  }

  private void admit() {
    int limit = random.nextInt(6);
    naive.time(room.time());
    String expected = naive.nextInLine(limit, room.time());
    var lineUp = (RoomReply.LineUp) tell(new RoomCommand.NextInLine(limit), expected);
    hear(database.admit(lineUp.epoch(), lineUp.people(), room.time()));
    if (lineUp.needsEpoch() && random.nextBoolean()) {
      beginEpoch();
    } else if (lineUp.reserveUpTo() > 0 && random.nextInt(4) == 0) {
      database.reserve(lineUp.epoch());
      hear(database.reading(lineUp.epoch()));
    }
  }

  private void prolong() {
    aLiveRow().ifPresent(row -> hear(List.of(database.prolong(row, room.time()))));
  }

  /** Paid, or over. */
  private void end() {
    aLiveRow()
        .ifPresent(
            row -> {
              SessionRow ended = database.end(row);
              if (random.nextBoolean()) {
                hear(List.of(ended));
                return;
              }
              naive.time(room.time());
              naive.end(row.user(), row.id());
              tell(new RoomCommand.EndSession(row.user(), row.id()), "done");
              told.add(ended);
            });
  }

  private void giveBack() {
    aLiveRow().ifPresent(row -> hear(List.of(database.giveBack(row))));
  }

  private void learnLate() {
    if (!late.isEmpty()) {
      learn(List.of(late.remove(random.nextInt(late.size()))), Optional.empty());
    }
    if (!lateReadings.isEmpty()) {
      var reading = lateReadings.remove(random.nextInt(lateReadings.size()));
      learn(List.of(), Optional.of(reading));
    }
    if (!lateEpochs.isEmpty()) {
      begin(lateEpochs.remove(random.nextInt(lateEpochs.size())));
    }
  }

  private void learnAgain() {
    List<SessionRow> again = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0 && !told.isEmpty(); i--) {
      again.add(told.get(random.nextInt(told.size())));
    }
    learn(again, Optional.empty());
  }

  private void changeSettings() {
    database.changeSettings();
    hear(database.reading(naive.epoch()));
  }

  private void planOpening() {
    database.planOpening(room.time());
    hear(database.reading(naive.epoch()));
  }

  private void readRows() {
    learn(List.of(), Optional.of(database.reading(naive.epoch())));
  }

  /** The room may hear of what was drawn before its epoch, with it, or much later. */
  private void beginEpoch() {
    RoomCommand.RoomSnapshot reading = database.beginEpoch(room.time());
    var begun = new RoomCommand.BeginEpoch(reading, room.copy(), random.nextInt(8) == 0);
    if (random.nextBoolean()) {
      hear(database.reading(naive.epoch()));
    }
    if (random.nextInt(5) > 0) {
      begin(begun);
    } else {
      lateEpochs.add(begun);
    }
  }

  private void begin(RoomCommand.BeginEpoch begun) {
    naive.time(room.time());
    boolean forThis = begun.giver() == room.copy();
    naive.begin(begun, forThis, room.time());
    tell(begun, "done");
  }

  /** Most news come at once, some later. */
  private void hear(List<SessionRow> sessionRows) {
    List<SessionRow> now = new ArrayList<>();
    for (SessionRow sessionRow : sessionRows) {
      (random.nextInt(5) == 0 ? late : now).add(sessionRow);
    }
    if (!now.isEmpty()) {
      learn(now, Optional.empty());
    }
  }

  private void hear(RoomCommand.RoomSnapshot reading) {
    if (random.nextInt(5) == 0) {
      lateReadings.add(reading);
    } else {
      learn(List.of(), Optional.of(reading));
    }
  }

  private void learn(List<SessionRow> sessionRows, Optional<RoomCommand.RoomSnapshot> reading) {
    told.addAll(sessionRows);
    naive.time(room.time());
    String answer = naive.news(sessionRows);
    sessionRows.forEach(naive::learn);
    reading.ifPresent(naive::learn);
    tell(new RoomCommand.Learn(sessionRows, reading), answer);
  }

  private void seen() {
    UserId user = user();
    RoomLooker looker = lookers.get(random.nextInt(lookers.size()));
    looker.seen(new RoomCommand.SeenPlace(aPlace(user), (int) user.number()));
  }

  private void look() {
    RoomLooker looker = lookers.get(random.nextInt(lookers.size()));
    if (!looker.look(room, naive, random.nextInt(5) == 0)) {
      return;
    }
    for (int i = Math.min(users, CHECKED_AT_ONCE); i > 0; i--) {
      UserId user = users <= CHECKED_AT_ONCE ? new UserId(i) : user();
      looker.compare(room, naive, user, ownToken(user));
      looker.compare(room, naive, user, new Token(aPlace(user), 0));
    }
  }

  private void failOver() {
    assertThat(room.backupBytes()).isEqualTo(room.ownerBytes());
    room.failOver();
    naive.changeOwner();
  }

  private void move() {
    assertThat(room.backupBytes()).isEqualTo(room.ownerBytes());
    room.move();
    naive.changeOwner();
    assertThat(room.backupBytes()).isEqualTo(room.ownerBytes());
  }

  /** All copies die; the database tells the next one what there is. */
  private void lose() {
    int epoch = database.beginEpoch(room.time()).epoch();
    RoomCommand.RoomSnapshot reading = database.reading(epoch);
    long admitsFrom =
        random.nextBoolean() ? 0 : room.now + database.settings().reentry().toMillis();
    naive = new NaiveRoom(epoch, reading, database.live(), admitsFrom);
    Room reopened = new Room(epoch, reading, database.live(), admitsFrom);
    reopened.now = room.now;
    room = reopened;
  }

  @CanIgnoreReturnValue
  private RoomReply tell(RoomCommand command, String expected) {
    RoomReply reply = room.tell(command);
    assertThat(Words.of(reply, room.time())).isEqualTo(expected);
    return reply;
  }

  private void remember(UserId user, RoomReply.Standing standing) {
    if (standing.state() != PlaceState.ENDED) {
      List<Token> own = tokens.computeIfAbsent(user, u -> new ArrayList<>());
      own.removeIf(token -> token.place().equals(standing.place()));
      own.add(new Token(standing.place(), standing.arrivalMillis()));
    }
  }

  private Place aPlace(UserId user) {
    return switch (random.nextInt(10)) {
      case 0 -> ownToken(user()).place();
      case 1 -> new Place(random.nextInt(database.epoch() + 2), random.nextInt(2 * users));
      default -> ownToken(user).place();
    };
  }

  /** Mostly the latest; before the first epoch each user had two places. */
  private Token ownToken(UserId user) {
    List<Token> own = tokens.getOrDefault(user, List.of());
    int which = random.nextInt(4) == 0 ? random.nextInt(own.size() + 1) : own.size() - 1;
    if (which >= 0 && which < own.size()) {
      return own.get(which);
    }
    long sequence = user.number() - 1 + (long) users * random.nextInt(2);
    return new Token(new Place(1 + random.nextInt(FIRST_EPOCH - 1), sequence), 100 + sequence);
  }

  private Optional<SessionRow> aLiveRow() {
    List<SessionRow> live = database.live();
    return live.isEmpty() ? Optional.empty() : Optional.of(live.get(random.nextInt(live.size())));
  }

  private UserId user() {
    return new UserId(1 + random.nextInt(users));
  }
}
