package io.concert.e2e.page;

import io.concert.e2e.ServiceProcess;
import io.concert.e2e.TestService;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A node for all tests of a class, which are skipped where there is no browser to look at it. */
final class SharedNode implements BeforeAllCallback, AfterAllCallback {
  private final Map<String, String> settings;
  private @Nullable TestService service;
  private @Nullable ServiceProcess node;

  SharedNode(Map<String, String> settings) {
    this.settings = settings;
  }

  @Override
  public void beforeAll(ExtensionContext tests) {
    Browser.assume();
    service = new TestService(settings);
    node = service.startNode();
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    if (service != null) {
      service.close();
    }
  }

  TestService service() {
    return Objects.requireNonNull(service);
  }

  ServiceProcess node() {
    return Objects.requireNonNull(node);
  }
}
