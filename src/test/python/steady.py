"""What the client does by itself when the gateway does not simply answer.

steady.py <address of a scripted gateway>
"""

import base64
import hmac
import sys
import time

from liveness_gateway_client import LivenessGateway, ProblemError, WebhookVerificationError, verify_webhook
from liveness_gateway_client.api import LivenessSessionsApi
from liveness_gateway_client.models import CallerEventType, OpenSessionRequest

tokens = iter(["first", "second"])
gateway = LivenessGateway(sys.argv[1], lambda: next(tokens))
order = OpenSessionRequest(return_url="https://shop.example/done")


def told(of):
    try:
        print(of().status.value)
    except ProblemError as e:
        print(e.problem.code)


class Place:
    at = None

    def load(self):
        return self.at

    def save(self, cursor):
        self.at = cursor

    def restored(self):
        print("restored")


def read(place):
    gateway.read_events(
        place,
        lambda event: print(f"{event.type} after {place.at or 'undefined'}"),
        from_="latest",
        type=CallerEventType.LIVENESS_DOT_SESSION_DOT_SETTLED,
    )


def webhook():
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = (
        b'{"id":"019e52f0-5a07-7c53-9d3e-5a1f0c4b7a10","type":"liveness.session.settled",'
        b'"timestamp":"2026-11-25T08:02:00.000Z","data":{"status":"PASSED"}}'
    )
    key = base64.b64decode(secret[len("whsec_") :])

    def signed(at):
        signature = base64.b64encode(hmac.digest(key, f"sent.{at}.".encode() + body, "sha256")).decode()
        return {"Webhook-Id": "sent", "Webhook-Timestamp": f"{at}", "Webhook-Signature": ["v1,of-another", f"v1,{signature}"]}

    now = int(time.time())
    for given in (body, body.decode()):
        event = verify_webhook(secret, signed(now), given)
        print(f"{event.id}, {event.data.status}")
    for headers, given in ((signed(now), body + b" "), (signed(now - 301), body), ({}, body)):
        try:
            print(verify_webhook(secret, headers, given))
        except WebhookVerificationError:
            print("forged")


told(lambda: gateway.open_session("order-4711", order, within=60))
told(lambda: gateway.open_session("order-4712", order, within=60))
told(lambda: gateway.open_session("order-4713", order, within=60))
told(lambda: gateway.wait_for_verdict("019e52f0-5a07-7c53-9d3e-5a1f0c4b7a10", within=60))
told(lambda: LivenessSessionsApi(gateway.client).check_session("019e52f0-5a07-7c53-9d3e-5a1f0c4b7a10"))
place = Place()
read(place)
read(place)
webhook()
