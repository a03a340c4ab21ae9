package io.concert.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's own load generator, written in C: what it reaches with the same SQL is the limit.
 * Has to be installed; in Debian it comes with the package postgresql.
 */
public final class Pgbench {
  private static final Pattern RATE = Pattern.compile("(?m)^tps = ([0-9.]+) ");

  private final URI database;

  /**
   * @param url {@code postgresql://user:password@host:port/database}
   */
  public Pgbench(String url) {
    this.database = URI.create(url);
  }

  /**
   * @param statement run again and again as one transaction, prepared once a connection
   * @param transactions in all; shared out evenly
   * @return transactions a second
   */
  public double run(String statement, int connections, int transactions) {
    try {
      Path script = Files.createTempFile("bench", ".sql");
      Files.writeString(script, statement);
      List<String> command =
          List.of(
              "pgbench",
              "--no-vacuum",
              "--protocol=prepared",
              "--client=" + connections,
              "--jobs=" + Math.min(2, connections),
              "--transactions=" + transactions / connections,
              "--file=" + script,
              "--host=" + database.getHost(),
              "--port=" + database.getPort(),
              "--username=" + database.getUserInfo().split(":", 2)[0],
              database.getPath().substring(1));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      String[] user = database.getUserInfo().split(":", 2);
      if (user.length == 2) {
        builder.environment().put("PGPASSWORD", user[1]);
      }
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Files.delete(script);
      Matcher rate = RATE.matcher(said);
      if (!rate.find() || said.contains("aborted")) {
        throw new IllegalStateException("pgbench says: " + said);
      }
      return Double.parseDouble(rate.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException("pgbench has to be installed", e);
    }
  }
}
