package io.concert.catalog.document;

import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.SeatIndexes;
import io.concert.catalog.layout.SeatPlaces;
import io.concert.catalog.placement.LayoutDraft;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A plan made ready for the database. Making one takes some 100 ms a stadium: off the event loop.
 */
public final class PackedLayout {
  private final LayoutDocument.Packed document;
  private final Long[] prices;
  private final SeatIndexes indexes;

  private PackedLayout(LayoutDocument.Packed document, Long[] prices, SeatIndexes indexes) {
    this.document = document;
    this.prices = prices;
    this.indexes = indexes;
  }

  /** The plan that a date has had. */
  public record Former(Buffer digest, Buffer document, int seats) {}

  /** Of a date that had none before. */
  public static PackedLayout first(LayoutDraft draft, SeatPlaces places) {
    return of(draft, places, SeatIndexes.inOrder(draft.seats()));
  }

  /**
   * @param nextIndex the least that no seat of the date ever had
   */
  public static PackedLayout after(
      Former former, int nextIndex, LayoutDraft draft, SeatPlaces places) {
    Layout before = LayoutDocument.unpack(former.digest, former.document, former.seats);
    return of(draft, places, SeatNumbering.after(before, draft, nextIndex));
  }

  private static PackedLayout of(LayoutDraft draft, SeatPlaces places, SeatIndexes indexes) {
    List<Long> byGrade = draft.grades().stream().map(grade -> grade.price().amount()).toList();
    List<Long> prices = new ArrayList<>(draft.seats());
    for (LayoutDraft.Section section : draft.sections()) {
      for (LayoutDraft.Row row : section.rows()) {
        row.seats().forEach(seat -> prices.add(byGrade.get(seat.grade())));
      }
    }
    return new PackedLayout(
        LayoutDocument.pack(draft, places, indexes), prices.toArray(Long[]::new), indexes);
  }

  public Buffer digest() {
    return document.digest();
  }

  public Buffer gzip() {
    return document.gzip();
  }

  public String version() {
    return LayoutDocument.version(document.digest());
  }

  public int seats() {
    return prices.length;
  }

  public boolean isInOrder() {
    return indexes.isInOrder();
  }

  /** One more than the largest index. */
  public int indexEnd() {
    return indexes.end();
  }

  public long priceFrom() {
    return Stream.of(prices).mapToLong(Long::longValue).min().orElse(0);
  }

  /** By position. */
  public Long[] prices() {
    return prices.clone();
  }

  /** By position. */
  public Integer[] indexes() {
    return IntStream.range(0, prices.length).mapToObj(indexes::index).toArray(Integer[]::new);
  }
}
