package plain;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.RestClient;

@Component
class Vendor {

    private final RestClient client;

    Vendor(RestClient.Builder clients, @Value("${vendor}") String address) {
        this.client = clients.baseUrl(address).build();
    }

    InitAnswer init(String returnUrl) {
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        form.add("appId", "bench");
        form.add("returnUrl", returnUrl);
        return client.post()
                .uri("/lifecheck/h5/v2-1/init")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(form)
                .retrieve()
                .body(InitAnswer.class);
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record InitAnswer(int code, String taskNo, boolean charge, Data data) {

        @JsonIgnoreProperties(ignoreUnknown = true)
        record Data(String token, String checkUrl) {}
    }
}
