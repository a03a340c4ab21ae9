package io.concert.http.web;

import static io.concert.http.web.JsonBody.malformed;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Which part of a list is asked for. */
public record PageRequest(int limit, String after) {
  private static final int USUAL = 50;
  private static final int MOST = 100;
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,2}");

  /** {@code ?limit=} 1 to 100, {@code ?after=} what {@code next} was; empty for the first page. */
  public static PageRequest of(Call call) {
    String limit = call.query("limit").orElse(Integer.toString(USUAL));
    if (!LIMIT.matcher(limit).matches() || Integer.parseInt(limit) > MOST) {
      throw malformed("`limit` must be 1 to " + MOST + ".");
    }
    return new PageRequest(Integer.parseInt(limit), call.query("after").orElse(""));
  }

  /**
   * What {@link #after} names, if the page isn't the first.
   *
   * @param read empty for what no page's {@code next} can have been, which is MALFORMED
   */
  public <T> Optional<T> cursor(Function<String, Optional<T>> read) {
    return cursor(read, "`after` must be what `next` was.");
  }

  /** The same, where a client may know other cursors than {@code next}. */
  public <T> Optional<T> cursor(Function<String, Optional<T>> read, String otherwise) {
    return Optional.of(after)
        .filter(text -> !text.isEmpty())
        .map(text -> read.apply(text).orElseThrow(() -> malformed(otherwise)));
  }

  /** The same, where it is a number. */
  public Optional<Long> numberedCursor(Pattern form) {
    return cursor(
        text -> form.matcher(text).matches() ? Optional.of(Long.valueOf(text)) : Optional.empty());
  }

  /**
   * @param found up to one more than {@link #limit}, which shows that there is a next page
   */
  public <T> JsonObject answer(
      List<T> found, Function<T, JsonObject> write, Function<T, String> cursor) {
    List<T> shown = found.subList(0, Math.min(limit, found.size()));
    JsonArray items = new JsonArray();
    shown.forEach(item -> items.add(write.apply(item)));
    boolean more = found.size() > limit;
    return new JsonObject()
        .put("items", items)
        .put("next", more ? cursor.apply(shown.get(limit - 1)) : null);
  }
}
