"""One whole check through the client: the example of docs/callers.md, and what a caller sees of a refusal.

drive.py <address of the gateway> <access token> <idempotency key>
"""

import sys

from liveness_gateway_client import LivenessGateway, ProblemError
from liveness_gateway_client.models import OpenSessionRequest

url, token, key = sys.argv[1:]


def tokens():
    return token


def check(return_url, title):
    gateway = LivenessGateway(url, tokens)
    try:
        order = OpenSessionRequest(return_url=return_url, title=title)
        opened = gateway.open_session(key, order, within=60)
        # Now send the person to opened.check_url.
        checked = gateway.wait_for_verdict(opened.id, within=300)
        print(f"{checked.status.value}, {checked.charge.status.value}")
    except ProblemError as e:
        fields = [error.field for error in e.problem.errors or []]
        print(f"{e.status}, {e.problem.code}, {','.join(fields)}")


check("https://shop.example/done", "sandbox:pass")
# A rule is broken.
check("javascript:alert(1)", "sandbox:pass")
