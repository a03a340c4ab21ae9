package io.concert.catalog.reader;

import io.concert.catalog.placement.LayoutDraft;
import java.util.List;

/** What came of reading a seat plan: all of it or nothing. */
public sealed interface ImportResult {
  /** The plan is complete and consistent. */
  record Imported(LayoutDraft layout) implements ImportResult {}

  /**
   * @param errors the first {@link #LISTED} of them
   * @param omitted how many more there were
   */
  record Rejected(List<ImportError> errors, int omitted) implements ImportResult {
    /** How many errors are listed. */
    public static final int LISTED = 20;

    public Rejected {
      errors = List.copyOf(errors);
    }
  }

  /**
   * @param where {@code line 12, column price} or {@code sections[0].rows[3]}
   * @param problem what is wrong there, for the author of the file
   */
  record ImportError(String where, String problem) {
    @Override
    public String toString() {
      return where + ": " + problem;
    }
  }
}
