package io.concert.catalog.demo;

import io.concert.catalog.layout.Grade;
import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.SeatPlaces;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.catalog.placement.LayoutDraft.Row;
import io.concert.catalog.placement.LayoutDraft.Seat;
import io.concert.catalog.placement.LayoutDraft.Section;
import io.concert.domain.Won;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Demo prices: invented, as no seat plan at hand comes with its prices. */
enum DemoPrices {
  /** The nearest sections to the stage are the dearest: shares of the seats by distance. */
  NEAREST_FIRST {
    @Override
    Map<String, Integer> grades(LayoutDraft draft, SeatPlaces places) {
      Map<String, Double> distances = distances(draft, places);
      List<Section> byDistance = new ArrayList<>(draft.sections());
      byDistance.sort(
          Comparator.comparingDouble(section -> distances.getOrDefault(section.name(), 0.0)));
      Map<String, Integer> grades = new HashMap<>();
      int before = 0;
      for (Section section : byDistance) {
        double share = (before + section.seats() / 2.0) / draft.seats();
        grades.put(section.name(), (int) SHARES.stream().filter(end -> end <= share).count());
        before += section.seats();
      }
      return grades;
    }
  },
  /** Sections with VIP in their name, and a floor that is cheaper. */
  BOXES_AND_FLOOR {
    @Override
    Map<String, Integer> grades(LayoutDraft draft, SeatPlaces places) {
      Map<String, Integer> grades = new HashMap<>();
      draft
          .sections()
          .forEach(section -> grades.put(section.name(), section.name().contains("VIP") ? 0 : 2));
      return grades;
    }
  };

  /** Stands in a plan until it is priced. */
  static final Grade NONE_YET = new Grade("-", Won.ZERO);

  static final List<Grade> GRADES =
      List.of(
          new Grade("VIP", new Won(154_000)),
          new Grade("R", new Won(132_000)),
          new Grade("S", new Won(99_000)),
          new Grade("A", new Won(77_000)));

  /** Where VIP, R and S end; the rest is A. */
  private static final List<Double> SHARES = List.of(0.1, 0.35, 0.7);

  /** Each section's index, by its name, into {@link #GRADES}. */
  abstract Map<String, Integer> grades(LayoutDraft draft, SeatPlaces places);

  LayoutDraft price(LayoutDraft draft, SeatPlaces places) {
    Map<String, Integer> grades = grades(draft, places);
    int[] used = IntStream.range(0, GRADES.size()).filter(grades::containsValue).toArray();
    List<Section> sections =
        draft.sections().stream()
            .map(
                section -> regraded(section, indexOf(used, grades.getOrDefault(section.name(), 0))))
            .toList();
    return new LayoutDraft(
        IntStream.of(used).mapToObj(GRADES::get).toList(),
        sections,
        draft.outlines(),
        draft.stage(),
        draft.schematic());
  }

  private static int indexOf(int[] used, int grade) {
    return (int) IntStream.of(used).filter(lower -> lower < grade).count();
  }

  private static Section regraded(Section section, int grade) {
    return new Section(
        section.name(),
        section.rows().stream()
            .map(
                row ->
                    new Row(
                        row.name(),
                        row.seats().stream()
                            .map(seat -> new Seat(seat.no(), seat.at(), grade))
                            .toList()))
            .toList());
  }

  /** From the stage to the middle of each section's seats. */
  private static Map<String, Double> distances(LayoutDraft draft, SeatPlaces places) {
    Map<String, Double> distances = new HashMap<>();
    int next = 0;
    for (Section section : draft.sections()) {
      double sum = 0;
      for (int end = next + section.seats(); next < end; next++) {
        double dx = places.x(next) / Layout.PER_UNIT - places.stage().x();
        double dy = places.y(next) / Layout.PER_UNIT - places.stage().y();
        sum += Math.hypot(dx, dy);
      }
      distances.put(section.name(), sum / section.seats());
    }
    return distances;
  }
}
