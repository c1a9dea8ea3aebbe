package shop;

import io.liveness.gateway.client.ApiClient;
import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.api.LivenessSessionsApi;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Session;

public final class Shop {

    private Shop() {}

    public static void main(String[] arguments) throws ApiException {
        ApiClient client = new ApiClient();
        client.updateBaseUri(arguments[0]);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + arguments[1]));
        LivenessSessionsApi sessions = new LivenessSessionsApi(client);
        OpenSessionRequest order =
                new OpenSessionRequest().returnUrl("https://shop.example/done").title("sandbox:pass");
        Session opened = sessions.openSession("java", order);
        Session checked = sessions.getSession(opened.getId(), 30);
        System.out.println(checked.getStatus() + ", " + checked.getCharge().getStatus());
    }
}
