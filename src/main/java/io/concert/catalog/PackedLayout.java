package io.concert.catalog;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A plan made ready for the database. Making one takes some 100 ms a stadium: off the event loop.
 */
final class PackedLayout {
  private final LayoutDocument.Packed document;
  private final Long[] prices;

  private PackedLayout(LayoutDocument.Packed document, Long[] prices) {
    this.document = document;
    this.prices = prices;
  }

  static PackedLayout of(LayoutDraft draft) {
    return of(draft, LayoutPlacement.place(draft));
  }

  static PackedLayout of(LayoutDraft draft, SeatPlaces places) {
    List<Long> byGrade = draft.grades().stream().map(grade -> grade.price().amount()).toList();
    List<Long> prices = new ArrayList<>(draft.seats());
    for (LayoutDraft.Section section : draft.sections()) {
      for (LayoutDraft.Row row : section.rows()) {
        row.seats().forEach(seat -> prices.add(byGrade.get(seat.grade())));
      }
    }
    return new PackedLayout(LayoutDocument.pack(draft, places), prices.toArray(Long[]::new));
  }

  Buffer digest() {
    return document.digest();
  }

  Buffer gzip() {
    return document.gzip();
  }

  String version() {
    return LayoutDocument.version(document.digest());
  }

  int seats() {
    return prices.length;
  }

  long priceFrom() {
    return Stream.of(prices).mapToLong(Long::longValue).min().orElse(0);
  }

  /** By seat. */
  Long[] prices() {
    return prices.clone();
  }
}
