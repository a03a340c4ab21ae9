package io.concert.catalog;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The real seat plans that are delivered with the demo, each read once. For other packages, too.
 */
public final class Venues {
  private static final Map<String, LayoutDraft> drafts = new ConcurrentHashMap<>();
  private static final Map<String, Layout> layouts = new ConcurrentHashMap<>();

  private Venues() {}

  static LayoutDraft draft(String plan) {
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

  /** As it is read back from the database's document. */
  static Layout layout(LayoutDraft draft) {
    var packed = LayoutDocument.pack(draft, LayoutPlacement.place(draft));
    return LayoutDocument.unpack(packed.digest(), packed.gzip(), draft.seats());
  }
}
