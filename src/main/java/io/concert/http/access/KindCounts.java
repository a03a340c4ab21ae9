package io.concert.http.access;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How often each of a few things has happened. Every one has its counter from the start: one that
 * is first seen at 1 has no rate.
 */
public final class KindCounts<K extends Enum<K>> {
  private final Map<K, Counter> counters;

  /**
   * @param kinds all that can happen
   * @param tag is the name of the kind, in lower case
   */
  public KindCounts(
      MeterRegistry registry, String name, String description, String tag, K[] kinds) {
    counters =
        Stream.of(kinds)
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(),
                    kind ->
                        Counter.builder(name)
                            .description(description)
                            .tag(tag, kind.name().toLowerCase(Locale.ROOT))
                            .register(registry)));
  }

  public void count(K kind) {
    Counter counter = counters.get(kind);
    if (counter != null) {
      counter.increment();
    }
  }
}
