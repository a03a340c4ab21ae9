package io.concert.catalog.document;

import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.NameForm;
import io.concert.catalog.layout.SeatIndexes;
import io.concert.catalog.layout.SeatIndexes.Retired;
import io.concert.catalog.placement.LayoutDraft;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives the seats of a corrected plan their indexes: those that are known keep theirs. */
final class SeatNumbering {
  private SeatNumbering() {}

  private record Name(String section, String row, String number) {
    /** As they would be written today; older plans were taken as they came. */
    static Name of(String section, String row, String number) {
      return new Name(NameForm.of(section), NameForm.of(row), NameForm.of(number));
    }
  }

  /**
   * @param before the plan that the date has now
   * @param next the least index that no seat of the date ever had
   */
  static SeatIndexes after(Layout before, LayoutDraft plan, int next) {
    Map<Name, Integer> known = new HashMap<>();
    for (int position = 0; position < before.seats(); position++) {
      Name name =
          Name.of(
              before.section(position).name(),
              before.row(position).name(),
              before.number(position));
      known.putIfAbsent(name, before.index(position));
    }
    before
        .retired()
        .forEach(
            seat ->
                known.putIfAbsent(
                    Name.of(seat.section(), seat.row(), seat.number()), seat.index()));
    int[] indexes = new int[plan.seats()];
    int position = 0;
    int unused = next;
    for (LayoutDraft.Section section : plan.sections()) {
      for (LayoutDraft.Row row : section.rows()) {
        for (LayoutDraft.Seat seat : row.seats()) {
          Integer index = known.remove(Name.of(section.name(), row.name(), seat.no()));
          indexes[position++] = index == null ? unused++ : index;
        }
      }
    }
    List<Retired> gone = new ArrayList<>();
    known.forEach(
        (name, index) -> gone.add(new Retired(name.section, name.row, name.number, index)));
    // The same plans in the same order must make the same document.
    gone.sort((one, other) -> Integer.compare(one.index(), other.index()));
    return SeatIndexes.of(indexes, gone);
  }
}
