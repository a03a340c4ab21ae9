package io.concert.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.room.RoomLife.Token;
import io.concert.queue.view.RoomView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node that looks at a room: what it would tell is what the room tells. */
final class RoomLooker {
  private final List<RoomCommand.SeenPlace> seen = new ArrayList<>();
  private @Nullable RoomView view;

  void seen(RoomCommand.SeenPlace place) {
    seen.add(place);
  }

  /**
   * @param isLost whether the room's report never comes
   * @return whether there is a new view
   */
  boolean look(Room room, NaiveRoom naive, boolean isLost) {
    naive.time(room.time());
    List<Place> refused = naive.look(seen, room.time());
    var look =
        view == null
            ? new RoomCommand.Look(0, 0, seen)
            : new RoomCommand.Look(view.incarnation(), view.version(), seen);
    RoomDelta delta = (RoomDelta) room.tell(look);
    seen.clear();
    assertThat(delta.refused()).isEqualTo(refused);
    assertThat(delta.asOfMillis()).isEqualTo(room.time());
    if (isLost) {
      return false;
    }
    view = RoomView.after(view, delta);
    assertThat(view.present()).isEqualTo(naive.present());
    assertThat(view.active()).isEqualTo(naive.active());
    return true;
  }

  /** At the time of the look. */
  void compare(Room room, NaiveRoom naive, UserId user, Token token) {
    if (view == null) {
      throw new AssertionError("look first");
    }
    Place place = token.place();
    long now = room.time();
    var asked = room.ask(new RoomCommand.Poll(user, place, token.arrivalMillis()));
    var standing = view.standing(user, place, token.arrivalMillis(), now);
    boolean isInside = naive.isInside(user, place, now);
    boolean isOverdue = naive.hasSession(user, place) && !isInside;
    assertThat(standing.isPresent()).isEqualTo(isInside || (!isOverdue && naive.isWaitedAt(place)));
    if (isInside || (token.arrivalMillis() > 0 && naive.waitsAt(user, place))) {
      assertThat(standing).contains((RoomReply.Standing) asked);
    } else if (standing.isEmpty()) {
      assertThat(Words.of(asked, now)).isIn("ended", "missed", "elsewhere", "ask " + place);
    }
    Optional<Admission> admission = view.admission(user, place, now);
    assertThat(admission.isPresent()).isEqualTo(isInside);
    admission.ifPresent(
        known ->
            assertThat(room.ask(new RoomCommand.CheckAdmission(user, place)))
                .isEqualTo(new RoomReply.Checked(known)));
  }
}
