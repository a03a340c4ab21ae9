package io.concert.catalog;

import io.concert.catalog.demo.DemoShow;
import io.concert.catalog.document.LayoutDocument;
import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.SeatIndexes;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.catalog.placement.LayoutPlacement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The real seat plans that are delivered with the demo, each read once. For other packages, too.
 */
public final class Venues {
  private static final Map<String, LayoutDraft> drafts = new ConcurrentHashMap<>();
  private static final Map<String, Layout> layouts = new ConcurrentHashMap<>();

  private Venues() {}

  public static LayoutDraft draft(String plan) {
    return drafts.computeIfAbsent(
        plan,
        name ->
            DemoShow.ALL.stream()
                .filter(show -> show.plan().equals(name))
                .findFirst()
                .orElseThrow()
                .draft());
  }

  public static Layout layout(String plan) {
    return layouts.computeIfAbsent(plan, name -> layout(draft(name)));
  }

  /** The same seats, with indexes that go from the last one to the first. */
  public static Layout reversed(String plan) {
    LayoutDraft draft = draft(plan);
    int[] indexes = IntStream.range(0, draft.seats()).map(i -> draft.seats() - 1 - i).toArray();
    var packed =
        LayoutDocument.pack(
            draft, LayoutPlacement.place(draft), SeatIndexes.of(indexes, List.of()));
    return LayoutDocument.unpack(packed.digest(), packed.gzip(), draft.seats());
  }

  /** As it is read back from the database's document. */
  public static Layout layout(LayoutDraft draft) {
    var packed =
        LayoutDocument.pack(
            draft, LayoutPlacement.place(draft), SeatIndexes.inOrder(draft.seats()));
    return LayoutDocument.unpack(packed.digest(), packed.gzip(), draft.seats());
  }
}
