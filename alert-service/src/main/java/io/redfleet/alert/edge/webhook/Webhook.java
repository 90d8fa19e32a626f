package io.redfleet.alert.edge.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redfleet.alert.delivery.Answer;
import io.redfleet.alert.delivery.Delivery;
import io.redfleet.alert.delivery.Receiver;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A receiver that takes JSON by POST. {@code Idempotency-Key} is the notice's key, the same in every attempt. Any 2xx is
 * taken; 408, 425, 429 and 5xx are tried again; every other answer is final. The body of an answer is not read.
 *
 * <p>The name is looked up, and its addresses judged, anew for each attempt. A name that changes its address between
 * that look and the connection is not caught; what it could reach by it answers with nothing that we show.
 */
public final class Webhook implements Receiver {
    /** A receiver may ask for an hour at most: longer, and the budget of most notices would be gone unused. */
    private static final Duration LONGEST_ASKED = Duration.ofHours(1);

    private final Target target;
    private final Addresses addresses;
    private final HttpClient client;

    /**
     * @param secret sent as a bearer token; null for none
     * @param deadline for one attempt as a whole
     */
    public record Target(URI url, @Nullable Secret secret, Duration deadline) {
        public Target {
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (!http || url.getHost() == null || url.getUserInfo() != null) {
                throw new IllegalArgumentException("a webhook's url is http or https, with a host and no user");
            }
        }
    }

    public Webhook(Target target, Addresses addresses) {
        this.target = target;
        this.addresses = addresses;
        this.client = HttpClient.newBuilder()
                .connectTimeout(target.deadline())
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Override
    public Answer deliver(Delivery delivery) {
        try {
            Optional<String> forbidden = addresses.forbids(target.url().getHost());
            if (forbidden.isPresent()) {
                return new Answer.Never("its host has " + forbidden.get() + ", where no notice is sent");
            }
            return judged(client.send(request(delivery), HttpResponse.BodyHandlers.discarding()));
        } catch (UnknownHostException e) {
            return Answer.Again.because("its host name has no address");
        } catch (HttpTimeoutException e) {
            return Answer.Again.because("no answer within " + target.deadline());
        } catch (IOException e) {
            return Answer.Again.because("no connection: " + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.Again.because("this process ended meanwhile");
        }
    }

    @Override
    public Duration deadline() {
        return target.deadline();
    }

    private HttpRequest request(Delivery delivery) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.url())
                .timeout(target.deadline())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", delivery.key())
                .header("User-Agent", "redfleet-alert")
                .POST(HttpRequest.BodyPublishers.ofString(delivery.body(), UTF_8));
        Secret secret = target.secret();
        if (secret != null) {
            request.header("Authorization", "Bearer " + secret.value());
        }
        return request.build();
    }

    private static Answer judged(HttpResponse<Void> response) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return new Answer.Taken();
        }
        boolean passing = status / 100 == 5 || status == 408 || status == 425 || status == 429;
        return passing
                ? new Answer.Again("HTTP " + status, asked(response))
                : new Answer.Never("HTTP " + status + (status / 100 == 3 ? ": redirects are not followed" : ""));
    }

    /** Retry-After in seconds; a date, or nothing, asks for nothing. */
    private static Duration asked(HttpResponse<Void> response) {
        String header = response.headers().firstValue("Retry-After").orElse("");
        if (!header.matches("\\d{1,6}")) {
            return Duration.ZERO;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(header));
        return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
    }

    @Override
    public String toString() {
        return "webhook at " + target.url().getHost();
    }
}
