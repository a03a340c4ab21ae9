package io.concert.postgres.server;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is and as whom to log in, as libpq writes it: {@code
 * postgresql://user:password@host:port,host:port/database?sslmode=verify-full&sslrootcert=file}. Of
 * several servers the one that takes writes is used.
 *
 * @param password empty if there is none
 * @param passwordFile where the password was looked for
 * @param rootCertificate who must have signed the server's certificate
 */
public record DatabaseUrl(
    List<Server> servers,
    String user,
    String password,
    String database,
    Optional<Path> passwordFile,
    SslMode sslMode,
    Optional<Path> rootCertificate) {
  private static final int USUAL_PORT = 5432;

  /** One of the servers. */
  public record Server(String host, int port) {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  public DatabaseUrl {
    servers = List.copyOf(servers);
  }

  /**
   * @throws IllegalArgumentException with what is wrong, never with the password
   */
  public static DatabaseUrl parse(String url) {
    String rest = afterScheme(url);
    int question = rest.indexOf('?');
    Map<String, String> parameters =
        question < 0 ? new HashMap<>() : parameters(rest.substring(question + 1));
    String address = question < 0 ? rest : rest.substring(0, question);
    int at = address.lastIndexOf('@');
    String credentials = at < 0 ? "" : address.substring(0, at);
    int slash = address.indexOf('/', at + 1);
    require(slash > 0 && slash < address.length() - 1, "names no database");
    int colon = credentials.indexOf(':');
    String user = decode(colon < 0 ? credentials : credentials.substring(0, colon));
    Optional<String> password =
        colon < 0 ? Optional.empty() : Optional.of(decode(credentials.substring(colon + 1)));
    String database = decode(address.substring(slash + 1));
    List<Server> servers = servers(address.substring(at + 1, slash));
    Optional<Path> passwords = Optional.ofNullable(parameters.remove("passfile")).map(Path::of);
    Optional<Path> root = Optional.ofNullable(parameters.remove("sslrootcert")).map(Path::of);
    root.ifPresent(
        file -> require(Files.isReadable(file), "names an sslrootcert that can't be read"));
    SslMode ssl = sslMode(parameters.remove("sslmode"), root.isPresent());
    String wanted = parameters.remove("target_session_attrs");
    require(
        wanted == null || wanted.equals("read-write") || wanted.equals("primary"),
        "may only have target_session_attrs=read-write: the service writes");
    require(parameters.isEmpty(), "has parameters that aren't known: " + parameters.keySet());
    require(!user.isEmpty(), "names no user");
    return new DatabaseUrl(
        servers,
        user,
        password
            .or(() -> passwords.flatMap(file -> PasswordFile.find(file, servers, database, user)))
            .orElse(""),
        database,
        passwords,
        ssl,
        root);
  }

  private static String afterScheme(String url) {
    for (String scheme : List.of("postgresql://", "postgres://")) {
      if (url.startsWith(scheme)) {
        return url.substring(scheme.length());
      }
    }
    throw new IllegalArgumentException("doesn't begin with postgresql://");
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      require(equals > 0, "has a parameter without a value");
      parameters.put(
          decode(parameter.substring(0, equals)), decode(parameter.substring(equals + 1)));
    }
    return parameters;
  }

  private static List<Server> servers(String hosts) {
    List<Server> servers = new ArrayList<>();
    for (String host : hosts.split(",", -1)) {
      int colon = host.lastIndexOf(':');
      boolean hasPort = colon > host.lastIndexOf(']');
      String name = decode(hasPort ? host.substring(0, colon) : host).replaceAll("[\\[\\]]", "");
      String port = hasPort ? host.substring(colon + 1) : Integer.toString(USUAL_PORT);
      require(!name.isBlank(), "names no host");
      require(port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65_535, "has no valid port");
      servers.add(new Server(name, Integer.parseInt(port)));
    }
    return servers;
  }

  /** A root certificate is there to be checked, as libpq sees it. */
  private static SslMode sslMode(@Nullable String mode, boolean hasRoot) {
    SslMode wanted = SslMode.DISABLE;
    if (mode != null) {
      try {
        wanted = SslMode.of(mode);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("has an sslmode that isn't known: " + mode);
      }
    }
    boolean verifies = wanted == SslMode.VERIFY_CA || wanted == SslMode.VERIFY_FULL;
    require(!verifies || hasRoot, "wants a certificate verified: name the file in sslrootcert");
    return wanted == SslMode.REQUIRE && hasRoot ? SslMode.VERIFY_CA : wanted;
  }

  private static String decode(String text) {
    // In a URL's address, other than in a form, a plus is a plus.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static void require(boolean holds, String complaint) {
    if (!holds) {
      throw new IllegalArgumentException(complaint);
    }
  }

  /** For the asynchronous client, which knows one server at a time. */
  public PgConnectOptions options(Server server) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(server.host)
            .setPort(server.port)
            .setUser(user)
            .setPassword(password)
            .setDatabase(database)
            .setSslMode(sslMode);
    if (sslMode != SslMode.DISABLE) {
      ClientSSLOptions ssl = new ClientSSLOptions();
      rootCertificate.ifPresentOrElse(
          file -> ssl.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())),
          () -> ssl.setTrustAll(true));
      ssl.setHostnameVerificationAlgorithm(sslMode == SslMode.VERIFY_FULL ? "HTTPS" : "");
      options.setSslOptions(ssl);
    }
    return options;
  }

  /**
   * For the blocking client, without user and password. It finds the writable server by itself.
   *
   * @param answerWithinSeconds how long a statement's answer is waited for: a silent link doesn't
   *     end by itself
   */
  public String jdbc(int answerWithinSeconds) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("sslmode", sslMode.value);
    rootCertificate.ifPresent(file -> parameters.put("sslrootcert", file.toString()));
    parameters.put("connectTimeout", "5");
    parameters.put("loginTimeout", "10");
    parameters.put("socketTimeout", Integer.toString(answerWithinSeconds));
    parameters.put("tcpKeepAlive", "true");
    parameters.put("ApplicationName", "concert-reservation");
    // A pooler may give each transaction another session, where a statement's name means nothing.
    parameters.put("prepareThreshold", "0");
    if (servers.size() > 1) {
      parameters.put("targetServerType", "primary");
    }
    return parameters.entrySet().stream()
        .map(parameter -> parameter.getKey() + "=" + encode(parameter.getValue()))
        .collect(
            Collectors.joining(
                "&", "jdbc:postgresql://%s/%s?".formatted(serverList(), encode(database)), ""));
  }

  /** A path as the value of a parameter. */
  static String encodePath(Path path) {
    return encode(path.toString()).replace("%2F", "/");
  }

  /** Without secrets, for people to read and for other nodes to use. */
  @Override
  public String toString() {
    return "postgresql://%s@%s/%s".formatted(user, serverList(), database)
        + passwordFile.map(file -> "?passfile=" + encodePath(file)).orElse("");
  }

  private String serverList() {
    return servers.stream().map(Server::toString).collect(Collectors.joining(","));
  }
}
