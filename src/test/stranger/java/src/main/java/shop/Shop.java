package shop;

import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.LivenessGateway;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Session;
import java.time.Duration;

public final class Shop {

    private Shop() {}

    public static void main(String[] arguments) throws ApiException {
        LivenessGateway gateway = new LivenessGateway(arguments[0], () -> arguments[1]);
        OpenSessionRequest order =
                new OpenSessionRequest().returnUrl("https://shop.example/done").title("sandbox:pass");
        Session opened = gateway.openSession("java", order, Duration.ofMinutes(1));
        Session checked = gateway.waitForVerdict(opened.getId(), Duration.ofMinutes(1));
        System.out.println(checked.getStatus() + ", " + checked.getCharge().getStatus());
    }
}
