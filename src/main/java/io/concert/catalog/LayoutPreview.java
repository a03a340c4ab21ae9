package io.concert.catalog;

import io.concert.catalog.document.LayoutDocument;
import io.concert.catalog.document.PackedLayout;
import io.concert.catalog.layout.Layout;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.catalog.placement.LayoutPlacement;

/** A plan as it would be after an import, without importing it. */
public final class LayoutPreview {
  private LayoutPreview() {}

  /** Some 100 ms a stadium: off the event loop. */
  public static Layout of(LayoutDraft draft) {
    PackedLayout packed = PackedLayout.first(draft, LayoutPlacement.place(draft));
    return LayoutDocument.unpack(packed.digest(), packed.gzip(), packed.seats());
  }
}
