package io.concert.catalog.reader;

import io.concert.catalog.reader.ImportResult.ImportError;
import io.concert.catalog.reader.ImportResult.Rejected;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a file; a wholly wrong one costs no more memory than a good one. */
final class ImportErrors {
  /** Problems quote what they found, which may be a megabyte. */
  private static final int MAX_LENGTH = 300;

  private final List<ImportError> listed = new ArrayList<>();
  private int omitted;

  void add(String where, String problem) {
    if (listed.size() < Rejected.LISTED) {
      listed.add(new ImportError(shortened(where), shortened(problem)));
    } else {
      omitted++;
    }
  }

  private static String shortened(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
  }

  boolean none() {
    return listed.isEmpty();
  }

  Rejected rejected() {
    return new Rejected(listed, omitted);
  }
}
