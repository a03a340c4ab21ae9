package io.concert.queue.line;

/**
 * The places of one epoch in the order of their sequence numbers. Those present are counted by page
 * (rank and search O(log n)) and linked by when they were last seen, so that those who have become
 * absent is found at the head without a search. Who is absent keeps the place and is only not
 * counted.
 */
public final class Line {
  /** Marks in place of a user. Nobody is known to stand there. */
  public static final long UNKNOWN = 0;

  /** The place's session has ended, which is final. */
  public static final long SPENT = -1;

  /** Left, or given up for a session or an older place; a session may still be learned. */
  public static final long TAKEN = -2;

  /** It led to a turn that its owner missed: the owner stands at the back again, or comes to. */
  public static final long MISSED = -3;

  /** Bounds the memory that one place far ahead can claim: about 20 MB of page table and counts. */
  public static final int LIMIT = 1 << 28;

  private static final int NOBODY = -1;

  private final Pages pages;
  private final Fenwick present = new Fenwick();
  private int end;
  private int oldest = NOBODY;
  private int newest = NOBODY;

  /**
   * @param changes numbers what happens to the room, so that pages can say when they last changed
   */
  Line(Changes changes) {
    this.pages = new Pages(changes);
  }

  public static boolean canHold(long sequence) {
    return sequence >= 0 && sequence < LIMIT;
  }

  /** The first sequence behind all that are known. */
  public int end() {
    return end;
  }

  /** The waiting user's number at a place, or a mark. */
  long userAt(long sequence) {
    if (sequence >= end) {
      return UNKNOWN;
    }
    Page page = pages.page(pageOf((int) sequence));
    if (page == null) {
      return UNKNOWN;
    }
    return page == Page.USED_UP ? SPENT : page.user[slotOf((int) sequence)];
  }

  long arrivalAt(int sequence) {
    return pageAt(sequence).arrival[slotOf(sequence)];
  }

  long lastSeenAt(int sequence) {
    return pageAt(sequence).lastSeen[slotOf(sequence)];
  }

  boolean isPresent(int sequence) {
    return pageAt(sequence).isPresent(slotOf(sequence));
  }

  /** Lets a user wait, present, at a place where nobody is known to stand. */
  void stand(int sequence, long user, long arrivalMillis, long nowMillis) {
    Page page = pageFor(sequence);
    int slot = slotOf(sequence);
    page.user[slot] = user;
    page.arrival[slot] = arrivalMillis;
    page.lastSeen[slot] = nowMillis;
    appear(sequence);
  }

  /** Lets a user wait, absent, at a place where nobody waits. */
  void keep(int sequence, long user, long arrivalMillis) {
    Page page = pageFor(sequence);
    int slot = slotOf(sequence);
    page.user[slot] = user;
    page.arrival[slot] = arrivalMillis;
    touch(sequence);
  }

  void see(int sequence, long nowMillis) {
    disappear(sequence);
    pageAt(sequence).lastSeen[slotOf(sequence)] = nowMillis;
    appear(sequence);
  }

  /** Ends the waiting at a place. A spent place stays spent. */
  void mark(int sequence, long mark) {
    if (userAt(sequence) == SPENT) {
      return;
    }
    Page page = pageFor(sequence);
    disappear(sequence);
    page.user[slotOf(sequence)] = mark;
    touch(sequence);
    if (mark == SPENT && ++page.spent == Page.SIZE) {
      pages.useUp(pageOf(sequence));
    }
  }

  boolean anyoneUnseenSince(long millis) {
    return oldest != NOBODY && lastSeenAt(oldest) < millis;
  }

  /**
   * Those last seen before {@code millis} become absent.
   *
   * @return how many
   */
  int expire(long millis) {
    int expired = 0;
    while (anyoneUnseenSince(millis)) {
      disappear(oldest);
      expired++;
    }
    return expired;
  }

  /**
   * How many stand before a place, as if {@link #expire} had been called: each one passed over here
   * is expired by the event that follows, so the walk costs nobody twice.
   */
  int presentBefore(int sequence, long unseenSinceMillis) {
    Page page = pages.page(pageOf(sequence));
    int count = present.before(pageOf(sequence));
    if (page != null && page != Page.USED_UP) {
      count += page.presentBefore(slotOf(sequence));
    }
    for (int i = oldest; i != NOBODY && lastSeenAt(i) < unseenSinceMillis; i = newerThan(i)) {
      count -= i < sequence ? 1 : 0;
    }
    return count;
  }

  /** How many are present, the unseen not yet expired among them. */
  int present() {
    return present.total();
  }

  /** The sequence of the present place with this zero-based rank. */
  int presentAt(int rank) {
    int number = present.indexOf(rank);
    return number * Page.SIZE + pageAt(number * Page.SIZE).slotOf(rank - present.before(number));
  }

  public int oldestSeen() {
    return oldest;
  }

  public int newestSeen() {
    return newest;
  }

  /** Who was seen next after this present place, or -1. */
  int newerThan(int sequence) {
    return pageAt(sequence).newer[slotOf(sequence)];
  }

  public Pages pages() {
    return pages;
  }

  public int pageCount() {
    return pageOf(end + Page.SIZE - 1);
  }

  /** Puts a page back that came from another member, with those present and their links. */
  public void install(int number, PackedPage page) {
    pages.install(number, page);
    present.add(number, page.present());
  }

  /** Puts the ends of the list of those present back; the pages hold the rest. */
  public void link(int oldestSeen, int newestSeen) {
    oldest = oldestSeen;
    newest = newestSeen;
  }

  /** Extends the line to {@code end} places, of which nothing is known yet. */
  public void extendTo(int end) {
    this.end = Math.max(this.end, end);
    pages.extendTo(pageCount());
  }

  /** Makes a place present, as the one seen last. */
  private void appear(int sequence) {
    Page page = pageAt(sequence);
    int slot = slotOf(sequence);
    touch(sequence);
    page.flipPresent(slot);
    present.add(pageOf(sequence), 1);
    page.older[slot] = newest;
    page.newer[slot] = NOBODY;
    if (newest == NOBODY) {
      oldest = sequence;
    } else {
      pageAt(newest).newer[slotOf(newest)] = sequence;
    }
    newest = sequence;
  }

  private void disappear(int sequence) {
    Page page = pageAt(sequence);
    int slot = slotOf(sequence);
    if (!page.isPresent(slot)) {
      return;
    }
    touch(sequence);
    page.flipPresent(slot);
    present.add(pageOf(sequence), -1);
    int before = page.older[slot];
    int after = page.newer[slot];
    if (before == NOBODY) {
      oldest = after;
    } else {
      pageAt(before).newer[slotOf(before)] = after;
    }
    if (after == NOBODY) {
      newest = before;
    } else {
      pageAt(after).older[slotOf(after)] = before;
    }
  }

  private void touch(int sequence) {
    pages.changed(pageOf(sequence));
  }

  private Page pageFor(int sequence) {
    extendTo(sequence + 1);
    return pages.pageFor(pageOf(sequence));
  }

  private Page pageAt(int sequence) {
    Page page = pages.page(pageOf(sequence));
    if (page == null) {
      throw new IllegalStateException("nobody was ever known at this place");
    }
    return page;
  }

  private static int pageOf(int sequence) {
    return sequence >> Page.BITS;
  }

  private static int slotOf(int sequence) {
    return sequence & Page.SIZE - 1;
  }
}
