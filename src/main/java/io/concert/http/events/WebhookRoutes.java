package io.concert.http.events;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.domain.Actor;
import io.concert.events.api.EventCursor;
import io.concert.events.api.EventKind;
import io.concert.events.api.WebhookChange;
import io.concert.events.api.WebhookId;
import io.concert.events.api.WebhookReply;
import io.concert.events.delivery.WebhookTargets;
import io.concert.events.store.Webhooks;
import io.concert.http.access.Caller;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.PageRequest;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Where events are delivered. For operators. */
public final class WebhookRoutes {
  private final Webhooks webhooks;
  private final WebhookTargets targets;

  public WebhookRoutes(Webhooks webhooks, WebhookTargets targets) {
    this.webhooks = webhooks;
    this.targets = targets;
  }

  public List<Endpoint> endpoints() {
    String all = "/api/v1/admin/webhooks";
    String one = all + "/{id}";
    return List.of(
        Endpoint.get(all, Access.VIEWER, this::list),
        Endpoint.get(one, Access.VIEWER, this::get),
        Endpoint.get(one + "/dead-letters", Access.VIEWER, this::deadLetters),
        Endpoint.post(all, Access.OPERATOR, BodyRule.JSON, this::create),
        Endpoint.patch(one, Access.OPERATOR, BodyRule.JSON, this::change),
        Endpoint.delete(one, Access.OPERATOR, this::delete),
        Endpoint.post(one + "/replay", Access.OPERATOR, BodyRule.JSON, this::replay),
        Endpoint.post(
            one + "/dead-letters/redeliver", Access.OPERATOR, BodyRule.JSON, this::redeliver));
  }

  private Future<Answer> list(Call call) {
    PageRequest page = PageRequest.of(call);
    Optional<WebhookId> after = page.cursor(WebhookId::parse);
    return webhooks
        .list(after, page.limit() + 1)
        .map(
            found ->
                Answer.ok(
                    page.answer(found, WebhookBody::write, webhook -> webhook.id().toString())));
  }

  private Future<Answer> get(Call call) {
    return webhooks
        .find(webhookInPath(call))
        .map(
            found -> Answer.ok(WebhookBody.write(found.orElseThrow(WebhookRoutes::noSuchWebhook))));
  }

  private Future<Answer> deadLetters(Call call) {
    PageRequest page = PageRequest.of(call);
    return webhooks
        .deadLetters(webhookInPath(call), EventRoutes.cursor(page), page.limit() + 1)
        .map(
            found ->
                Answer.ok(
                    page.answer(
                        found.orElseThrow(WebhookRoutes::noSuchWebhook),
                        WebhookBody::write,
                        letter -> letter.event().cursor().toString())));
  }

  private Future<Answer> create(Call call) {
    JsonFields fields = call.fields();
    String url =
        WebhookBody.url(fields)
            .orElseThrow(() -> malformed("`url` is missing; it must be a string."));
    List<EventKind> kinds = WebhookBody.kinds(fields).orElse(List.of());
    Optional<EventCursor> after = WebhookBody.after(fields);
    fields.end();
    Actor actor = Caller.actor(call);
    return checked(Optional.of(url))
        .compose(fine -> webhooks.create(url, kinds, after, actor))
        .map(reply -> answer(201, reply));
  }

  private Future<Answer> change(Call call) {
    JsonFields fields = call.fields();
    Optional<String> url = WebhookBody.url(fields);
    Optional<List<EventKind>> kinds = WebhookBody.kinds(fields);
    Optional<Boolean> active = fields.optionalFlag("active");
    boolean rotate = fields.optionalFlag("newSecret").orElse(false);
    fields.end();
    if (url.isEmpty() && kinds.isEmpty() && active.isEmpty() && !rotate) {
      throw malformed("Nothing to change.");
    }
    WebhookId id = webhookInPath(call);
    Actor actor = Caller.actor(call);
    return checked(url)
        .compose(fine -> webhooks.change(id, new WebhookChange(url, kinds, active, rotate), actor))
        .map(reply -> answer(200, reply));
  }

  /** Fails unless events may be delivered there. */
  private Future<Void> checked(Optional<String> url) {
    return url.map(targets::whyNot)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .map(
            whyNot -> {
              whyNot.ifPresent(
                  why -> {
                    throw malformed("`url` can't be delivered to: " + why + ".");
                  });
              return null;
            });
  }

  private Future<Answer> delete(Call call) {
    return webhooks
        .delete(webhookInPath(call), Caller.actor(call))
        .map(reply -> IdempotencyKeys.marked(Answer.noContent(), counted(reply).replayed()));
  }

  private Future<Answer> replay(Call call) {
    JsonFields fields = call.fields();
    EventCursor after =
        WebhookBody.after(fields)
            .orElseThrow(() -> malformed("`after` is missing; e0 is before all events."));
    fields.end();
    return webhooks
        .replay(webhookInPath(call), after, Caller.actor(call))
        .map(WebhookRoutes::answerCount);
  }

  private Future<Answer> redeliver(Call call) {
    return webhooks
        .redeliver(webhookInPath(call), wanted(call), Caller.actor(call))
        .map(WebhookRoutes::answerCount);
  }

  /** None, and no body, means all. */
  private static List<EventCursor> wanted(Call call) {
    if (call.body().length() == 0) {
      return List.of();
    }
    JsonFields fields = call.fields();
    List<EventCursor> events = WebhookBody.events(fields);
    fields.end();
    return events;
  }

  private static Answer answerCount(WebhookReply reply) {
    WebhookReply.Counted counted = counted(reply);
    return IdempotencyKeys.marked(
        Answer.ok(new JsonObject().put("events", counted.events())), counted.replayed());
  }

  private static WebhookReply.Counted counted(WebhookReply reply) {
    if (reply instanceof WebhookReply.Counted counted) {
      return counted;
    }
    throw refusal(reply);
  }

  private static Answer answer(int status, WebhookReply reply) {
    if (reply instanceof WebhookReply.Done done) {
      JsonObject body = WebhookBody.write(done.webhook());
      done.secret().ifPresent(secret -> body.put("secret", secret));
      return IdempotencyKeys.marked(Answer.json(status, body), done.replayed());
    }
    throw refusal(reply);
  }

  private static ProblemException refusal(WebhookReply reply) {
    if (reply instanceof WebhookReply.KeyRefused refused) {
      return IdempotencyKeys.refused(refused.reason());
    }
    if (reply instanceof WebhookReply.TooMany) {
      return malformed("There are as many webhooks as there may be; delete one first.");
    }
    if (reply instanceof WebhookReply.TooOld) {
      return malformed("Events after that one have been deleted.");
    }
    return noSuchWebhook();
  }

  private static WebhookId webhookInPath(Call call) {
    return WebhookId.parse(call.path("id")).orElseThrow(WebhookRoutes::noSuchWebhook);
  }

  private static ProblemException noSuchWebhook() {
    return Problem.of(ProblemCode.NOT_FOUND, "No such webhook.").exception();
  }
}
