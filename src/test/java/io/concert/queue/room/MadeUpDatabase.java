package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.Won;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.RoomSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Makes up what PostgreSQL might decide about a room, and keeps to its rules. */
public final class MadeUpDatabase {
  private final Random random;
  private final int users;
  private final List<SessionRow> rows = new ArrayList<>();
  private final Map<Integer, Integer> reserved = new HashMap<>();
  private final List<DrawResult> draws = new ArrayList<>();
  private Optional<PlannedDraw> ahead = Optional.empty();
  private RoomSettings settings;
  private int epoch;
  private long version = 1;
  private long xid = 10;

  public MadeUpDatabase(Random random, int users, int epoch) {
    this.random = random;
    this.users = users;
    this.epoch = epoch;
    this.settings = Room.settings(1 + random.nextInt(users));
  }

  public int epoch() {
    return epoch;
  }

  RoomSettings settings() {
    return settings;
  }

  public RoomCommand.RoomSnapshot reading(int ofEpoch) {
    return new RoomCommand.RoomSnapshot(
        0,
        ++xid,
        version,
        settings,
        ofEpoch,
        epoch,
        reserved.getOrDefault(ofEpoch, 0),
        ahead,
        draws);
  }

  /** Whether the place may be given: a draw that covers its epoch covers it, too. */
  public boolean isReserved(Place place) {
    return place.sequence() < reserved.getOrDefault(place.epoch(), 0);
  }

  private boolean isDrawn(int ofEpoch) {
    return draws.stream().anyMatch(d -> ofEpoch >= d.firstEpoch() && ofEpoch <= d.lastEpoch());
  }

  List<SessionRow> live() {
    return rows.stream().filter(row -> !row.ended()).toList();
  }

  void changeSettings() {
    version++;
    settings =
        new RoomSettings(
            1 + random.nextInt(users),
            Duration.ofMinutes(1 + random.nextInt(20)),
            Duration.ZERO,
            random.nextInt(3),
            random.nextInt(4),
            Duration.ofSeconds(5 + random.nextInt(56)),
            Duration.ofSeconds(random.nextInt(20)),
            Optional.empty(),
            random.nextInt(4) == 0,
            new Won(0));
  }

  /** An opening to come is moved, also into the past, or one is made for the next epoch. */
  void planOpening(long now) {
    version++;
    ahead =
        ahead
            .map(
                draw ->
                    new PlannedDraw(
                        draw.firstEpoch(), now + random.nextInt(30_000) - 5_000, "commitment"))
            .or(
                () ->
                    Optional.of(
                        new PlannedDraw(
                            epoch + 1, now + 1 + random.nextInt(30_000), "commitment")));
  }

  /** Draws if an opening has come; the reading is of the epoch that begins. */
  public RoomCommand.RoomSnapshot beginEpoch(long now) {
    version++;
    Optional<PlannedDraw> due = ahead.filter(draw -> draw.opensAtMillis() <= now);
    due.ifPresent(draw -> draws.add(drawn(draw, now)));
    ahead = due.isPresent() ? Optional.empty() : ahead;
    epoch++;
    int places = random.nextInt(6);
    reserved.put(epoch, places);
    return Room.reading(0, version, settings, epoch, places, ahead, draws);
  }

  private DrawResult drawn(PlannedDraw due, long now) {
    List<Integer> sizes = new ArrayList<>();
    for (int covered = due.firstEpoch(); covered <= epoch; covered++) {
      sizes.add(reserved.getOrDefault(covered, 0));
    }
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    return new DrawResult(
        draws.size() + 1, due.firstEpoch(), sizes, now, HexFormat.of().formatHex(seed));
  }

  /** Fewer than are asked for, so that the next reservation comes soon. */
  public void reserve(int ofEpoch) {
    version++;
    if (ofEpoch == epoch && !isDrawn(ofEpoch)) {
      reserved.merge(ofEpoch, 1 + random.nextInt(users), Integer::sum);
    }
  }

  /** A place opens the door once, unless it was given back; a user is in once. */
  List<SessionRow> admit(int byEpoch, List<RoomReply.Candidate> people, long now) {
    List<SessionRow> decided = new ArrayList<>();
    if (byEpoch != epoch) {
      return decided;
    }
    for (RoomReply.Candidate one : people) {
      Optional<SessionRow> known =
          rows.stream()
              .filter(row -> row.place().equals(one.place()) && !row.returned())
              .findFirst()
              .or(() -> live().stream().filter(r -> r.user().equals(one.user())).findFirst());
      if (known.isPresent()) {
        decided.add(known.get());
      } else if (live().size() < settings.capacity() && !settings.paused() && ahead.isEmpty()) {
        long end = now + 1_000 + random.nextInt(60_000);
        long last = end + (random.nextBoolean() ? 0 : 5_000);
        decided.add(
            new SessionRow(
                new SessionId(rows.size() + 1L),
                one.user(),
                one.place(),
                one.arrivalMillis(),
                end,
                last,
                false,
                false));
        rows.add(decided.get(decided.size() - 1));
      }
    }
    return decided;
  }

  /** A hold makes a session last longer. */
  SessionRow prolong(SessionRow row, long now) {
    return change(
        row, Math.max(row.lastsUntilMillis(), now + random.nextInt(60_000)), false, false);
  }

  SessionRow end(SessionRow row) {
    return change(row, row.lastsUntilMillis(), true, false);
  }

  SessionRow giveBack(SessionRow row) {
    return change(row, row.lastsUntilMillis(), true, true);
  }

  private SessionRow change(SessionRow row, long last, boolean ended, boolean returned) {
    SessionRow changed =
        new SessionRow(
            row.id(),
            row.user(),
            row.place(),
            row.arrivalMillis(),
            row.endsAtMillis(),
            last,
            ended,
            returned);
    rows.set((int) row.id().number() - 1, changed);
    return changed;
  }
}
