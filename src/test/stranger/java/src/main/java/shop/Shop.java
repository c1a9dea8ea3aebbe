package shop;

import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.LivenessGateway;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Session;
import java.time.Duration;

public final class Shop {

    private Shop() {}

    public static void main(String[] arguments) throws ApiException {
        String url = arguments[0];
        String token = arguments[1];
        String key = "java";
        LivenessGateway gateway = new LivenessGateway(url, () -> token);
        OpenSessionRequest order =
                new OpenSessionRequest().returnUrl("https://shop.example/done").title("sandbox:pass");
        Session opened = gateway.openSession(key, order, Duration.ofMinutes(1));
        Session checked = gateway.waitForVerdict(opened.getId(), Duration.ofMinutes(1));
        System.out.println(checked.getStatus() + ", " + checked.getCharge().getStatus());

        Session named = gateway.openSession("java-named", order.reference("订单"), Duration.ofMinutes(1));
        if (!named.getReference().equals("订单")) {
            throw new AssertionError("It was read as " + named.getReference());
        }
    }
}
