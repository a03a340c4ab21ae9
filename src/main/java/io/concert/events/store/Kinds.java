package io.concert.events.store;

import io.concert.events.api.EventKind;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kinds of events as the column {@code kinds} has them; null stands for all. */
final class Kinds {
  private Kinds() {}

  static Short @Nullable [] codes(List<EventKind> kinds) {
    return kinds.isEmpty()
        ? null
        : kinds.stream().map(kind -> (short) kind.code()).toArray(Short[]::new);
  }

  /** Empty for all. */
  static List<EventKind> named(Short @Nullable [] codes) {
    return codes == null
        ? List.of()
        : Arrays.stream(codes).map(code -> EventKind.ofCode(code)).toList();
  }
}
