#!/usr/bin/env python3
"""Charges balances for payments that a provider took, and takes the service's webhooks.

A template: a provider's names, signature and events are its own; see where it says "provider".

  CONCERT_URL      http://127.0.0.1:8080
  CONCERT_TOKEN    of an operator of the role payments
  PROVIDER_SECRET  what the provider signs its webhooks with
  CONCERT_SECRETS  k1=<base64>[,k2=<base64>]: the secrets that the service's webhook was made with
  JOURNAL          a file: payments that are charged, for good
  PORT             9000; listens on 127.0.0.1
"""

import base64
import hashlib
import hmac
import json
import os
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONCERT_URL = os.environ.get("CONCERT_URL", "http://127.0.0.1:8080")
CONCERT_TOKEN = os.environ["CONCERT_TOKEN"]
PROVIDER_SECRET = os.environ["PROVIDER_SECRET"].encode()
CONCERT_SECRETS = {
    key: base64.b64decode(secret)
    for key, _, secret in (
        part.partition("=") for part in os.environ.get("CONCERT_SECRETS", "").split(",") if part
    )
}
JOURNAL = os.environ.get("JOURNAL", "payments.journal")

OLDEST_SECONDS = 300
LONGEST_BODY = 1_000_000
# The provider waits for our answer this long at most; then it sends its webhook again, later.
KEEP_TRYING_SECONDS = 20
# Nothing was done, or it isn't known what: the same request with the same key finds out.
ASK_AGAIN = (409, 429, 503, 504)


def signed(secret, timestamp, body):
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_fresh(timestamp):
    return timestamp.isdigit() and abs(time.time() - int(timestamp)) <= OLDEST_SECONDS


def is_from_concert(timestamp, signatures, body):
    """The service's signature: `Webhook-Timestamp` and `Webhook-Signature: k2=<hex> k1=<hex>`."""
    if not is_fresh(timestamp):
        return False
    for part in signatures.split(" "):
        key, _, given = part.partition("=")
        secret = CONCERT_SECRETS.get(key)
        if secret and hmac.compare_digest(signed(secret, timestamp, body), given):
            return True
    return False


def is_from_provider(header, body):
    """The provider's: here `t=<seconds>,v1=<hex>`."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    timestamp = parts.get("t", "")
    return is_fresh(timestamp) and hmac.compare_digest(
        signed(PROVIDER_SECRET, timestamp, body), parts.get("v1", "")
    )


class Refused(Exception):
    """The service won't do it, however often it is asked."""


def charge(user, won, payment):
    """Charges once for each payment id, however often it is called, and says the balance.

    The key is what makes it once: the service keeps its answer for a day. TimeoutError: nobody
    knows yet; call again.
    """
    body = json.dumps({"userId": user, "balanceAdjustment": won}).encode()
    request = urllib.request.Request(
        CONCERT_URL + "/api/v1/accounts/balances",
        data=body,
        method="PATCH",
        headers={
            "Authorization": "Bearer " + CONCERT_TOKEN,
            "Content-Type": "application/json",
            "Idempotency-Key": payment,
        },
    )
    until = time.monotonic() + KEEP_TRYING_SECONDS
    pause = 0.2
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)["balance"]
        except urllib.error.HTTPError as problem:
            if problem.code not in ASK_AGAIN:
                raise Refused("%d %s" % (problem.code, problem.read(2000).decode())) from problem
        except OSError:
            pass  # No answer: perhaps charged, perhaps not.
        if time.monotonic() + pause > until:
            raise TimeoutError(payment)
        time.sleep(pause)
        pause = min(2 * pause, 3)


class Journal:
    """Payments that are charged. A provider may repeat itself after days, when the key is forgotten."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "a+", encoding="utf-8")
        self.file.seek(0)
        self.charged = set(self.file.read().split())

    def add(self, payment):
        with self.lock:
            if payment not in self.charged:
                self.file.write(payment + "\n")
                self.file.flush()
                os.fsync(self.file.fileno())
                self.charged.add(payment)


journal = Journal(JOURNAL)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        if length > LONGEST_BODY:
            return self.answer(413)
        body = self.rfile.read(length)
        if self.path == "/provider":
            return self.answer(self.payment(body))
        if self.path == "/concert":
            return self.answer(self.events(body))
        return self.answer(404)

    def payment(self, body):
        """2xx only when it is charged: until then the provider has to say it again."""
        if not is_from_provider(self.headers.get("Provider-Signature", ""), body):
            return 401
        event = json.loads(body)
        if event["type"] != "payment.succeeded":
            return 200
        payment = event["paymentId"]
        if payment in journal.charged:
            return 200
        try:
            balance = charge(event["userId"], event["amount"], payment)
        except TimeoutError:
            return 503
        except Refused as refused:
            # Unknown user, balance over the ceiling, the id of another payment: give the money back.
            print("payment %s can't be charged: %s" % (payment, refused), flush=True)
            return 422
        journal.add(payment)
        print("payment %s charged, balance %d" % (payment, balance), flush=True)
        return 200

    def events(self, body):
        """At least once: an event may come again, by the same id."""
        timestamp = self.headers.get("Webhook-Timestamp", "")
        if not is_from_concert(timestamp, self.headers.get("Webhook-Signature", ""), body):
            return 401
        for event in json.loads(body)["events"]:
            print("event %s %s %s" % (event["id"], event["kind"], event.get("billId", "")), flush=True)
        return 204

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass  # Bodies name people.


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Handler)
    print("listening on %d" % server.server_address[1], flush=True)
    server.serve_forever()
