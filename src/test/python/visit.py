"""Makes checks until its input ends, and reads the feed: each verdict, and what the feed tells, is a line of output.

visit.py <address of the gateway> <access token>
"""

import logging
import sys
import threading
import time
import uuid

from liveness_gateway_client import LivenessGateway, ProblemError
from liveness_gateway_client.models import OpenSessionRequest

WITHIN = 180
url, token = sys.argv[1:]
gateway = LivenessGateway(url, lambda: token)
running = True
enough = threading.Event()


class Cursors:
    place = None

    def load(self):
        return self.place

    def save(self, cursor):
        self.place = cursor


def say(line):
    sys.stdout.write(f"{line}\n")


def handler(event):
    say(f"told {event.data.session_id}")


def read(cursors):
    while running:
        try:
            gateway.read_events(cursors, handler, from_="latest")
        except Exception:
            logging.exception("The feed is read again in 5 s")
            time.sleep(5)


def visit():
    while not enough.is_set():
        key = str(uuid.uuid4())
        order = OpenSessionRequest(return_url=f"https://shop.example/done/{key}", title="sandbox:pass")
        try:
            opened = gateway.open_session(key, order, WITHIN)
            checked = gateway.wait_for_verdict(opened.id, WITHIN)
            say(f"{checked.id} {checked.status.value}")
        except ProblemError as e:
            if e.problem.code != "vendor-outcome-unknown":
                raise
            say(f"{e.problem.session_id} UNKNOWN")


threading.Thread(target=read, args=[Cursors()], daemon=True).start()
visits = [threading.Thread(target=visit) for _ in range(2)]
for one in visits:
    one.start()
sys.stdin.read()
enough.set()
for one in visits:
    one.join()
say("done")
# Until it is ended from outside.
threading.Event().wait()
