import sys

from liveness_gateway_client import LivenessGateway
from liveness_gateway_client.models import OpenSessionRequest

url, token = sys.argv[1:]
key = "python"
gateway = LivenessGateway(url, lambda: token)
order = OpenSessionRequest(return_url="https://shop.example/done", title="sandbox:pass")
opened = gateway.open_session(key, order, within=60)
checked = gateway.wait_for_verdict(opened.id, within=60)
print(f"{checked.status.value}, {checked.charge.status.value}")
