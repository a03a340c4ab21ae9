package io.concert.queue.line;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a {@link Line} by number, and when each has last changed. Those that came from
 * another member stay packed until somebody looks at them; nobody else can tell.
 */
public final class Pages {
  private static final long[] NO_USERS = {};

  private final Changes changes;
  private @Nullable Page[] pages = new @Nullable Page[4];
  private long[] changedAt = new long[4];

  /** Not yet looked at; empty in a line that never came from elsewhere. */
  private @Nullable PackedPage[] packed = {};

  Pages(Changes changes) {
    this.changes = changes;
  }

  /** Makes room for so many. */
  void extendTo(int count) {
    if (count > pages.length) {
      int length = Math.max(count, 2 * pages.length);
      pages = Arrays.copyOf(pages, length);
      changedAt = Arrays.copyOf(changedAt, length);
    }
  }

  /** Null where nobody was ever known. */
  @Nullable
  public Page page(int number) {
    PackedPage kept = stillPacked(number);
    if (kept != null) {
      pages[number] = kept.unpack();
      packed[number] = null;
    }
    return number < pages.length ? pages[number] : null;
  }

  /** The page, made if nobody was known there; there must be room for it. */
  Page pageFor(int number) {
    Page page = page(number);
    if (page == null) {
      page = new Page();
      pages[number] = page;
    }
    return page;
  }

  /** All places of a page have been used up. */
  public void useUp(int number) {
    pages[number] = Page.USED_UP;
    changed(number);
  }

  void changed(int number) {
    changedAt[number] = changes.now();
  }

  /** The change after which a page is as it is now. */
  public long changedAt(int number) {
    return changedAt[number];
  }

  /**
   * Who stands at a page.
   *
   * @param buffer in which they may stand until the next are asked for
   * @return users and marks; none where nobody is known
   */
  long[] users(int number, PackedPage.Buffer buffer) {
    PackedPage kept = stillPacked(number);
    if (kept != null) {
      return kept.users(buffer);
    }
    Page page = pages[number];
    return page == null ? NO_USERS : page.user;
  }

  /**
   * A page as it is sent to another member.
   *
   * @param buffer in which it may stand until the next is asked for
   * @return null for a page that isn't known or is used up
   */
  @Nullable
  public PackedPage packed(int number, PackedPage.Buffer buffer) {
    PackedPage kept = stillPacked(number);
    if (kept != null) {
      return kept;
    }
    Page page = pages[number];
    return page == null || page == Page.USED_UP ? null : PackedPage.of(page, buffer);
  }

  /** Puts a page back that came from another member; there must be room for it. */
  void install(int number, PackedPage page) {
    if (number >= packed.length) {
      packed = Arrays.copyOf(packed, pages.length);
    }
    packed[number] = page;
    changed(number);
  }

  private @Nullable PackedPage stillPacked(int number) {
    return number < packed.length ? packed[number] : null;
  }
}
