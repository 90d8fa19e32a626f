package io.redfleet.contracts.wire;

/**
 * Who caused something: a person or program by token, or Redfleet itself.
 *
 * @param name the token's name, or the service's
 * @param tokenId the token; empty when Redfleet acted on its own
 */
public record Actor(String name, String tokenId) {
    public static Actor self(ServiceName service) {
        return new Actor("redfleet/" + service.word(), "");
    }
}
