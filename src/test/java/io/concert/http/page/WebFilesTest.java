package io.concert.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.cached.Encodings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be said of the pages' files without a browser. */
class WebFilesTest {
  private static final Path FOLDER = Path.of("src/main/resources/web");

  /** All that a browser loads for one page, compressed: on a phone in a crowd each byte counts. */
  private static final int MOST_BYTES = 150_000;

  private static final Pattern IMPORT = Pattern.compile("from '\\./([a-z-]+\\.js)'");
  private static final Pattern LINK = Pattern.compile("/web/@version/([a-z-]+\\.[a-z]+)");
  private static final Pattern TEXT = Pattern.compile("\\n  (?:'([^']+)'|(\\w+)):");

  private final WebFiles files = WebFiles.load();

  @Test
  void servesEveryFileOfTheFolder() throws IOException {
    Set<String> served = new TreeSet<>(WebFiles.ASSETS);
    served.addAll(WebFiles.PAGES);
    try (Stream<Path> found = Files.list(FOLDER)) {
      assertThat(
              found
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.endsWith(".LICENSE.txt")))
          .containsExactlyInAnyOrderElementsOf(served);
    }
  }

  @Test
  void staysSmall() {
    int sum =
        Stream.concat(WebFiles.PAGES.stream(), WebFiles.ASSETS.stream())
            .mapToInt(name -> Encodings.gzip(files.bytes(name)).length)
            .sum();
    assertThat(sum).isPositive().isLessThanOrEqualTo(MOST_BYTES);
  }

  @Test
  void namesItsVersionInsteadOfThePlaceholder() {
    for (String page : WebFiles.PAGES) {
      String text = text(page);
      assertThat(text).contains("/web/" + files.version() + "/").doesNotContain("@version");
    }
  }

  @Test
  void importsOnlyWhatThereIs() {
    for (String name : WebFiles.ASSETS) {
      assertThat(found(IMPORT, text(name))).as(name).isSubsetOf(WebFiles.ASSETS);
    }
  }

  /** Otherwise the browser would find a module only after it has read the one that imports it. */
  @Test
  void preloadsEveryModuleOfAPage() throws IOException {
    for (String page : WebFiles.PAGES) {
      Set<String> linked =
          found(LINK, Files.readString(FOLDER.resolve(page), StandardCharsets.UTF_8));
      Set<String> reached = new TreeSet<>(linked);
      for (List<String> next = List.copyOf(linked); !next.isEmpty(); ) {
        Set<String> more =
            next.stream()
                .flatMap(name -> found(IMPORT, text(name)).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        more.removeAll(reached);
        reached.addAll(more);
        next = List.copyOf(more);
      }
      assertThat(linked).as(page).containsAll(reached);
    }
  }

  /** No other host is told who reads the page, and the policy would refuse it. */
  @Test
  void namesNoOtherHost() {
    for (String name : WebFiles.ASSETS) {
      String text = text(name).replace("http://www.w3.org/", "");
      assertThat(text).as(name).doesNotContain("http://").doesNotContain("https://");
    }
  }

  @Test
  void saysEverythingInBothLanguages() {
    assertThat(found(TEXT, text("ko.js")))
        .isEqualTo(found(TEXT, text("en.js")))
        .hasSizeGreaterThan(100);
  }

  private String text(String name) {
    return new String(files.bytes(name), StandardCharsets.UTF_8);
  }

  private static Set<String> found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    Set<String> found = new TreeSet<>();
    while (matcher.find()) {
      found.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    return found;
  }
}
