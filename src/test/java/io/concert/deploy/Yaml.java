package io.concert.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A part of a YAML document. */
record Yaml(Object value) {
  static Yaml read(Path file) {
    try {
      return new Yaml(parser().load(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Yaml> readAll(String documents) {
    List<Yaml> all = new ArrayList<>();
    for (Object document : parser().loadAll(documents)) {
      if (document != null) {
        all.add(new Yaml(document));
      }
    }
    return all;
  }

  private static org.yaml.snakeyaml.Yaml parser() {
    return new org.yaml.snakeyaml.Yaml(new SafeConstructor(new LoaderOptions()));
  }

  /** What is at that path, {@code spec.ports.0}; nothing is an empty text. */
  Yaml at(String path) {
    Object here = value;
    for (String step : path.split("\\.", -1)) {
      if (here instanceof List<?> list) {
        int index = Integer.parseInt(step);
        here = index < list.size() ? list.get(index) : "";
      } else {
        Object next = here instanceof Map<?, ?> map ? map.get(step) : null;
        here = next == null ? "" : next;
      }
    }
    return new Yaml(here);
  }

  boolean has(String path) {
    return !at(path).value.equals("");
  }

  String text() {
    return value.toString();
  }

  List<Yaml> list() {
    return value instanceof List<?> list ? list.stream().map(Yaml::new).toList() : List.of();
  }

  List<String> texts() {
    return list().stream().map(Yaml::text).toList();
  }

  List<String> keys() {
    return value instanceof Map<?, ?> map
        ? map.keySet().stream().map(Object::toString).toList()
        : List.of();
  }
}
